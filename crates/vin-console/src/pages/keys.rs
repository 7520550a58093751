//! The keys of a customer.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use vin_service::people::{HeldKey, KeyError, KeyState, MAX_KEYS, NEVER};
use vin_service::{AccountError, Hosts, KeySpec, Networks, Rate};

/// For how many days a key works on after another took its place.
const OVERLAP_DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "keys.html")]
struct Keys {
    f: Frame,
    keys: Table,
    spec: Fields,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "key.html")]
struct Key {
    f: Frame,
    key: Row,
    spec: Fields,
    /// The key and its secret, right after the password was asked for.
    shown: Option<(String, String)>,
    error: &'static str,
}

struct Row {
    id: i64,
    name: String,
    works: bool,
    signature: bool,
    rate: String,
    daily_cap: String,
    networks: String,
    hosts: String,
    created: String,
    expires: String,
    used: String,
}

/// The fields of the form, as they were typed or as they are.
#[derive(Default)]
struct Fields {
    name: String,
    signature: bool,
    rate: String,
    daily_cap: String,
    networks: String,
    hosts: String,
    days: String,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&list_page(&cx, Fields::default(), "").await?)
}

async fn list_page(cx: &Context, spec: Fields, error: &'static str) -> Result<Keys, Problem> {
    let keys = cx.accounts().keys(cx.account()?).await?;
    Ok(Keys {
        f: cx.frame("密钥", "Keys"),
        keys: table(cx, &keys),
        spec,
        error,
    })
}

/// The keys as a table.
fn table(cx: &Context, keys: &[HeldKey]) -> Table {
    let columns = [
        column("name", cx.t("名称", "Name")),
        column("state", cx.t("状态", "State")),
        column("signed", cx.t("签名", "Signed")),
        numbers("rate", cx.t("频率", "Rate")),
        numbers("cap", cx.t("每日上限", "Daily cap")),
        column("made", cx.t("创建", "Made")),
        column("expires", cx.t("到期", "Expires")),
        column("used", cx.t("最近使用", "Last used")),
    ];
    let cells = |key: &HeldKey| {
        let shown = row(cx, key);
        let rules = &key.rules;
        let rate = f64::from(rules.rate_calls) / f64::from(rules.rate_seconds.max(1));
        vec![
            Cell::text(shown.name).link(format!("/keys/{}", key.id)),
            match shown.works {
                true => Cell::text(cx.t("有效", "in use")).tag("good"),
                false => Cell::text(cx.t("失效", "ended")).tag("plain"),
            },
            Cell::text(match shown.signature {
                true => cx.t("是", "yes"),
                false => cx.t("否", "no"),
            }),
            Cell::number(shown.rate, rate),
            Cell::number(shown.daily_cap, rules.daily_cap),
            Cell::number(shown.created, key.created_at as f64),
            Cell::number(shown.expires, key.expires_at as f64),
            Cell::number(shown.used, key.used_at as f64),
        ]
    };
    Table::new(cx, "", &columns, keys.iter().map(cells).collect()).with_search(cx)
}

/// What a key is called.
pub fn name(cx: &Context, key: &HeldKey) -> String {
    match (key.console, key.name.as_str()) {
        (true, _) => cx.t("网页", "web pages").to_owned(),
        (false, "") => format!("#{}", key.id),
        (false, name) => name.to_owned(),
    }
}

/// What each key of the customer is called, that of the web pages and revoked ones too.
pub async fn names(cx: &Context) -> Result<BTreeMap<i64, String>, Problem> {
    let keys = cx.accounts().store().held_keys(cx.account()?).await?;
    Ok(keys.iter().map(|key| (key.id, name(cx, key))).collect())
}

fn row(cx: &Context, key: &HeldKey) -> Row {
    let now = cx.accounts().now();
    let rules = &key.rules;
    let none = || cx.t("不限", "no limit").to_owned();
    Row {
        id: key.id,
        name: name(cx, key),
        works: key.state == KeyState::Active && key.expires_at > now,
        signature: rules.signature,
        rate: match rules.rate_calls {
            0 => none(),
            calls => format!("{} / {} s", format::count(calls.into()), rules.rate_seconds),
        },
        daily_cap: match rules.daily_cap {
            0 => none(),
            calls => format::count(calls.into()),
        },
        networks: rules.addresses.clone(),
        hosts: rules.referers.clone(),
        created: format::time(key.created_at),
        expires: match key.expires_at {
            NEVER => cx.t("长期有效", "never").to_owned(),
            at => format::time(at),
        },
        used: crate::table::ago(cx, key.used_at),
    }
}

fn typed(cx: &Context) -> Fields {
    let text = |name: &str| cx.form.text(name).to_owned();
    Fields {
        name: text("name"),
        signature: cx.form.is_set("signature"),
        rate: text("rate"),
        daily_cap: text("daily_cap"),
        networks: text("networks"),
        hosts: text("hosts"),
        days: text("days"),
    }
}

/// What a key is to be, or what is wrong with the form.
fn spec(cx: &Context, fields: &Fields) -> Result<KeySpec, &'static str> {
    let rate = match fields.rate.as_str() {
        "" => None,
        text => Some(Rate::parse(text).ok_or(cx.t(
            "频率格式为 次数/秒数，例如 100/60；次数不超过 1000000，秒数不超过 86400。",
            "A rate is CALLS/SECONDS, such as 100/60; at most 1000000 calls and 86400 seconds.",
        ))?),
    };
    let number = |text: &str, most: i64| match text {
        "" => Ok(None),
        text => match text.parse::<i64>() {
            Ok(n) if (1..=most).contains(&n) => Ok(Some(n)),
            _ => Err(()),
        },
    };
    let cap = number(&fields.daily_cap, u32::MAX.into()).map_err(|()| {
        cx.t(
            "每日上限必须是正整数。",
            "A daily cap is a positive whole number.",
        )
    })?;
    let days = number(&fields.days, 3_650)
        .map_err(|()| cx.t("有效天数为 1 至 3650。", "A key lives 1 to 3650 days."))?;
    Ok(KeySpec {
        name: fields.name.clone(),
        signature: fields.signature,
        rate,
        daily_cap: cap.and_then(|n| u32::try_from(n).ok()),
        networks: Networks::parse(&fields.networks).ok_or(cx.t(
            "IP 白名单须为以空格分隔的地址或网段，例如 203.0.113.7 10.0.0.0/8，最多 64 个。",
            "Networks are addresses or CIDRs separated by blanks, at most 64.",
        ))?,
        hosts: Hosts::parse(&fields.hosts).ok_or(cx.t(
            "来源白名单须为以空格分隔的域名，最多 64 个。",
            "Pages are hosts separated by blanks, at most 64.",
        ))?,
        lives: days.map(|days| days * 86_400),
    })
}

/// What is wrong with a key, unless it is our fault.
fn told(cx: &Context, error: KeyError) -> Result<&'static str, Problem> {
    match error {
        KeyError::TooMany => Ok(cx.t(
            "每个账户最多 50 个有效密钥，请先吊销不用的密钥。",
            "An account has at most 50 keys in use; revoke one first.",
        )),
        KeyError::Account(AccountError::Name) => Ok(cx.t(
            "名称最多 64 个字符，不含控制字符。",
            "A name has at most 64 characters and no control characters.",
        )),
        error => Err(error.into()),
    }
}

pub async fn create(cx: Arc<Context>) -> Result<Reply, Problem> {
    const { assert!(MAX_KEYS == 50, "the text above says 50") };
    let fields = typed(&cx);
    let spec = match spec(&cx, &fields) {
        Ok(spec) => spec,
        Err(error) => return again(&list_page(&cx, fields, error).await?),
    };
    let account = cx.account()?;
    let issued = match cx.accounts().add_key(account, &spec).await {
        Ok(issued) => issued,
        Err(error) => {
            let error = told(&cx, error)?;
            return again(&list_page(&cx, fields, error).await?);
        }
    };
    let keys = cx.accounts().keys(account).await?;
    let made = keys.first().ok_or(Problem::Broken)?;
    let shown = (
        issued.key.reveal().to_owned(),
        issued.secret.reveal().to_owned(),
    );
    html(&key_page(&cx, made, None, Some(shown), ""))
}

fn key_page(
    cx: &Context,
    key: &HeldKey,
    typed: Option<Fields>,
    shown: Option<(String, String)>,
    error: &'static str,
) -> Key {
    let rules = &key.rules;
    let number = |n: u32| if n == 0 { String::new() } else { n.to_string() };
    let own = || Fields {
        name: key.name.clone(),
        signature: rules.signature,
        rate: match rules.rate_calls {
            0 => String::new(),
            calls => format!("{calls}/{}", rules.rate_seconds),
        },
        daily_cap: number(rules.daily_cap),
        networks: rules.addresses.clone(),
        hosts: rules.referers.clone(),
        days: match key.expires_at {
            NEVER => String::new(),
            at => ((at - cx.accounts().now()).max(0) / 86_400 + 1).to_string(),
        },
    };
    Key {
        f: cx.frame("密钥", "Key"),
        key: row(cx, key),
        spec: typed.unwrap_or_else(own),
        shown,
        error,
    }
}

async fn held(cx: &Context) -> Result<HeldKey, Problem> {
    let (account, id) = (cx.account()?, cx.id("id")?);
    let keys = cx.accounts().keys(account).await?;
    keys.into_iter()
        .find(|key| key.id == id)
        .ok_or(Problem::NotFound)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let key = held(&cx).await?;
    html(&key_page(&cx, &key, None, None, ""))
}

pub async fn change(cx: Arc<Context>) -> Result<Reply, Problem> {
    let key = held(&cx).await?;
    let fields = typed(&cx);
    let spec = match spec(&cx, &fields) {
        Ok(spec) => spec,
        Err(error) => return again(&key_page(&cx, &key, Some(fields), None, error)),
    };
    match cx.accounts().change_key(key.account, key.id, &spec).await {
        Ok(()) => see(format!("/keys/{}?done=saved", key.id)),
        Err(error) => {
            let error = told(&cx, error)?;
            again(&key_page(&cx, &key, Some(fields), None, error))
        }
    }
}

pub async fn reveal(cx: Arc<Context>) -> Result<Reply, Problem> {
    let key = held(&cx).await?;
    cx.must_be_confirmed()?;
    let issued = cx.accounts().reveal_key(key.account, key.id).await?;
    let shown = (
        issued.key.reveal().to_owned(),
        issued.secret.reveal().to_owned(),
    );
    html(&key_page(&cx, &key, None, Some(shown), ""))
}

pub async fn rotate(cx: Arc<Context>) -> Result<Reply, Problem> {
    let key = held(&cx).await?;
    cx.must_be_confirmed()?;
    let days = cx.form.number::<i64>("overlap").unwrap_or(0);
    let overlap = days.clamp(0, OVERLAP_DAYS) * 86_400;
    let accounts = cx.accounts();
    let issued = accounts.rotate_key_of(key.account, key.id, overlap).await?;
    let keys = accounts.keys(key.account).await?;
    let made = keys.first().ok_or(Problem::Broken)?;
    let shown = (
        issued.key.reveal().to_owned(),
        issued.secret.reveal().to_owned(),
    );
    html(&key_page(&cx, made, None, Some(shown), ""))
}

pub async fn revoke(cx: Arc<Context>) -> Result<Reply, Problem> {
    let key = held(&cx).await?;
    cx.accounts().revoke_key_of(key.account, key.id).await?;
    see("/keys?done=revoked")
}
