//! The tool to try the interface with an own key: what is sent, what is signed, what comes back,
//! what it cost.

use super::docs::{base, working_keys};
use crate::answer;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html};
use crate::router::encoded;
use crate::samples::{Filling, SAMPLES, Sample};
use askama::Template;
use std::sync::Arc;
use vin_service::people::Gate;

#[derive(Template)]
#[template(path = "debug.html")]
struct Debug {
    f: Frame,
    keys: Vec<(i64, String)>,
    key: i64,
    vin: String,
    post: bool,
    explain: bool,
    example: &'static str,
    done: Option<Done>,
    error: &'static str,
}

/// A request that was made.
struct Done {
    sent: String,
    /// What was hashed, with stars for the secret; `""` when the key needs no signature.
    signed: String,
    answer: String,
    code: i64,
    took_ms: u128,
    charged: bool,
    remaining: String,
    order: String,
    samples: &'static [Sample],
    sample: String,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, None, "").await?)
}

async fn page(cx: &Context, done: Option<Done>, error: &'static str) -> Result<Debug, Problem> {
    let keys = working_keys(cx, cx.account()?).await?;
    let wanted = cx.form.number("key").unwrap_or(0);
    let key = keys.iter().find(|(id, _)| *id == wanted).or(keys.first());
    Ok(Debug {
        f: cx.frame("调试工具", "Debug tool"),
        key: key.map_or(0, |(id, _)| *id),
        keys,
        vin: cx.form.text("vin").to_owned(),
        post: cx.form.get("method") == "POST",
        explain: cx.form.is_set("explain"),
        example: cx.app.parts.reference.example_vin,
        done,
        error,
    })
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let account = cx.account()?;
    let key = cx.form.number("key").ok_or(Problem::NotFound)?;
    let held = cx.accounts().keys(account).await?;
    let held = held.into_iter().find(|held| held.id == key);
    let held = held.ok_or(Problem::NotFound)?;
    if let Err(wait) = cx
        .accounts()
        .pass(Gate::Debug, &format!("account {}", account.0))
        .await
    {
        tracing::debug!(?wait, "the debug tool is asked too fast");
        let error = cx.t(
            "每 5 秒可调试 1 次，请稍候。",
            "One request in 5 s; wait a moment.",
        );
        return again(&page(&cx, None, error).await?);
    }
    let issued = cx.accounts().reveal_key(account, key).await?;
    let vin = cx.form.text("vin").to_owned();
    let explain = if cx.form.is_set("explain") {
        "&explain=1"
    } else {
        ""
    };
    let raw = format!("key={}&vin={}{explain}", issued.key.reveal(), encoded(&vin));
    let sign = held.rules.signature.then(|| issued.secret.sign(&raw));
    let post = cx.form.get("method") == "POST";
    let began = cx.accounts().steady();
    let answer = answer::tried(&cx, post, &raw, sign.as_deref()).await?;
    let took = cx.accounts().steady().saturating_sub(began);
    let confirmed = cx.signed_in()?.confirmed;
    let hidden = |text: &str| match confirmed {
        true => text.to_owned(),
        false => text.replace(issued.key.reveal(), "••••••••"),
    };
    let base = base(&cx);
    let header = sign
        .as_ref()
        .map_or_else(String::new, |sign| format!("sign: {sign}\n"));
    let host = base.split("://").nth(1).unwrap_or(&base).to_owned();
    let sent = match post {
        false => format!("GET /api/vin/get?{raw} HTTP/1.1\nHost: {host}\n{header}"),
        true => format!(
            "POST /api/vin/get HTTP/1.1\nHost: {host}\nContent-Type: application/x-www-form-urlencoded\n{header}\n{raw}"
        ),
    };
    let (own_key, own_secret) = match confirmed {
        true => (issued.key.reveal(), issued.secret.reveal()),
        false => (cx.t("您的密钥", "YOUR_KEY"), cx.t("您的SK", "YOUR_SK")),
    };
    let sample = Sample::find("shell").unwrap_or(&SAMPLES[0]);
    let vin_of_sample: String = vin.chars().filter(char::is_ascii_alphanumeric).collect();
    let done = Done {
        sent: hidden(&sent),
        signed: match sign {
            Some(_) => hidden(&format!("md5(\"{raw}\" + \"********\")")),
            None => String::new(),
        },
        code: answer.code,
        took_ms: took.as_millis(),
        charged: answer.charged,
        remaining: answer.remaining.map_or_else(String::new, format::count),
        order: answer.order,
        samples: SAMPLES,
        sample: sample.filled(
            held.rules.signature,
            &Filling {
                base: &base,
                key: own_key,
                secret: own_secret,
                vin: &vin_of_sample,
            },
        ),
        answer: hidden(&pretty(&answer.raw)),
    };
    html(&page(&cx, Some(done), "").await?)
}

/// JSON with a line for each value.
fn pretty(raw: &str) -> String {
    let json: Result<serde_json::Value, _> = serde_json::from_str(raw);
    let pretty = json
        .ok()
        .and_then(|json| serde_json::to_string_pretty(&json).ok());
    pretty.unwrap_or_else(|| raw.to_owned())
}
