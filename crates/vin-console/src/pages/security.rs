//! Password, second factor, sessions and history of one who is signed in.

use super::confirm::told;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Enrolment, FactorError, Method, Outcome};

/// How many attempts to sign in are shown.
const HISTORY: u32 = 20;

#[derive(Template)]
#[template(path = "security.html")]
struct Security {
    f: Frame,
    totp: bool,
    recovery: usize,
    passkeys: Vec<PasskeyLine>,
    sessions: Vec<SessionLine>,
    history: Vec<HistoryLine>,
    error: &'static str,
}

struct PasskeyLine {
    id: i64,
    name: String,
    added: String,
    used: String,
}

struct SessionLine {
    here: bool,
    begun: String,
    seen: String,
    address: String,
    agent: String,
}

struct HistoryLine {
    at: String,
    good: bool,
    what: &'static str,
    address: String,
    agent: String,
}

#[derive(Template)]
#[template(path = "totp.html")]
struct Totp {
    f: Frame,
    secret: String,
    uri: String,
    sealed: String,
    qr: String,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "recovery.html")]
pub struct Recovery {
    f: Frame,
    codes: Vec<String>,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Security, Problem> {
    let session = cx.signed_in()?;
    let (accounts, now) = (cx.accounts(), cx.accounts().now());
    let factors = accounts.factors(&session.person).await?;
    let sessions = accounts.sessions(&session.person).await?;
    let history = accounts
        .store()
        .sign_ins(session.person.holder(), HISTORY)
        .await?;
    let passkeys = accounts.passkeys(&session.person).await?;
    let passkey = |row: &vin_service::people::PasskeyRow| PasskeyLine {
        id: row.id,
        name: row.name.clone(),
        added: format::day(row.created_at),
        used: match row.used_at {
            0 => cx.t("从未", "never").to_owned(),
            at => format::ago(now - at, cx.lang),
        },
    };
    let has = |method| factors.iter().filter(|f| f.method == method).count();
    let line = |row: &vin_service::people::SessionRow| SessionLine {
        here: row.lookup == session.lookup,
        begun: format::time(row.created_at),
        seen: format::ago(now - row.seen_at, cx.lang),
        address: row.address.clone(),
        agent: row.agent.clone(),
    };
    let past = |row: &vin_service::people::SignInRow| HistoryLine {
        at: format::time(row.at),
        good: row.outcome == Outcome::In,
        what: match row.outcome {
            Outcome::In => cx.t("登录成功", "signed in"),
            Outcome::Password => cx.t("密码错误", "wrong password"),
            Outcome::Factor => cx.t("验证码错误", "wrong code"),
            Outcome::Barred => cx.t("尝试过多", "barred"),
            Outcome::Suspended => cx.t("账户停用", "suspended"),
        },
        address: row.address.clone(),
        agent: row.agent.clone(),
    };
    Ok(Security {
        f: cx.frame("安全", "Security"),
        totp: has(Method::Totp) > 0,
        recovery: has(Method::Recovery),
        passkeys: passkeys.iter().map(passkey).collect(),
        sessions: sessions.iter().map(line).collect(),
        history: history.iter().map(past).collect(),
        error,
    })
}

pub async fn password(cx: Arc<Context>) -> Result<Reply, Problem> {
    let form = &cx.form;
    if form.get("password") != form.get("again") {
        let error = cx.t("两次输入的密码不一致。", "The two passwords differ.");
        return again(&page(&cx, error).await?);
    }
    let (present, new) = (form.get("present"), form.get("password"));
    let session = cx.signed_in()?;
    let changed = cx
        .accounts()
        .change_password(session, present, new, cx.origin());
    match changed.await {
        Ok(token) => {
            cx.keep_session(&token);
            see("/security?done=password")
        }
        Err(error) => {
            let error = told(&cx, error)?;
            again(&page(&cx, error).await?)
        }
    }
}

pub async fn end_sessions(cx: Arc<Context>) -> Result<Reply, Problem> {
    let session = cx.signed_in()?;
    let holder = session.person.holder();
    let store = cx.accounts().store();
    store.end_sessions(holder, Some(&session.lookup)).await?;
    see("/security?done=ended")
}

pub async fn totp(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let begun = cx.accounts().begin_totp(&session.person, "Chejia");
    html(&totp_page(&cx, begun.map_err(broken)?, ""))
}

fn totp_page(cx: &Context, begun: Enrolment, error: &'static str) -> Totp {
    Totp {
        f: cx.frame("开启两步验证", "Second factor"),
        qr: crate::qr::svg(&begun.uri),
        secret: begun.base32,
        uri: begun.uri,
        sealed: begun.sealed,
        error,
    }
}

pub async fn totp_send(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let (sealed, code) = (cx.form.get("sealed"), cx.form.get("code"));
    match cx.accounts().end_totp(&session.person, sealed, code).await {
        Ok(codes) => html(&recovery_page(&cx, codes)),
        Err(FactorError::Wrong) => {
            let error = cx.t(
                "验证码不正确，请检查手机时间。下面是新的密钥，请重新扫描。",
                "The code is not the present one: is the clock of the phone right? Scan this new secret.",
            );
            let begun = cx.accounts().begin_totp(&session.person, "Chejia");
            again(&totp_page(&cx, begun.map_err(broken)?, error))
        }
        Err(FactorError::Foreign) => Err(Problem::ForeignForm),
        Err(error) => Err(broken(error)),
    }
}

/// The page that tells recovery codes, once.
pub fn recovery_page(cx: &Context, codes: Vec<String>) -> Recovery {
    Recovery {
        f: cx.frame("恢复码", "Recovery codes"),
        codes,
    }
}

pub async fn recovery(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    let codes = cx.accounts().renew_recovery(&session.person).await;
    html(&recovery_page(&cx, codes.map_err(broken)?))
}

pub async fn off(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let session = cx.signed_in()?;
    cx.accounts().remove_factors(&session.person).await?;
    see("/security?done=off")
}

fn broken(error: FactorError) -> Problem {
    tracing::error!(%error, "a second factor could not be set");
    Problem::Broken
}
