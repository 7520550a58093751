//! Passkeys: made by someone who is signed in, used at the two doors.

use super::login;
use super::security::recovery_page;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Door, PasskeyError, Person, Said, Shown, SignInError};

#[derive(Template)]
#[template(path = "passkey.html")]
struct New {
    f: Frame,
    ask: Ask,
    /// What devices call the person.
    user: String,
    user_name: String,
    error: &'static str,
}

/// What a device is asked.
pub struct Ask {
    pub challenge: String,
    /// The host that passkeys belong to.
    pub site: String,
}

impl Ask {
    pub fn new(cx: &Context) -> Self {
        let base = (cx.app.parts.base)(&cx.head);
        let host = base.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split([':', '/']).next().unwrap_or_default();
        Self {
            challenge: cx.accounts().passkey_challenge(&cx.form_token),
            site: host.to_owned(),
        }
    }
}

/// What a form carries of what a device said.
fn shown(cx: &Context) -> Shown {
    let bytes = |name: &str| unhex(cx.form.text(name)).unwrap_or_default();
    Shown {
        challenge: cx.form.text("challenge").to_owned(),
        credential: bytes("credential"),
        said: Said {
            client: bytes("client"),
            data: bytes("data"),
        },
        signature: bytes("signature"),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let plain = text.is_ascii() && text.len().is_multiple_of(2);
    plain.then(|| (0..text.len()).step_by(2).map(byte).collect())?
}

/// Where the site is, as devices are told.
fn origin(cx: &Context) -> String {
    (cx.app.parts.base)(&cx.head)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    html(&page(&cx, "")?)
}

fn page(cx: &Context, error: &'static str) -> Result<New, Problem> {
    let person = &cx.signed_in()?.person;
    Ok(New {
        f: cx.frame("添加通行密钥", "Add a passkey"),
        ask: Ask::new(cx),
        user: cx.accounts().passkey_user(person),
        user_name: match person {
            Person::Customer(row) => crate::frame::masked(&row.phone),
            Person::Operator(row) => row.name.clone(),
        },
        error,
    })
}

pub async fn add(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let person = &cx.signed_in()?.person;
    let name = match cx.form.text("name") {
        "" => cx.t("通行密钥", "passkey"),
        name => name,
    };
    let key = unhex(cx.form.text("key")).unwrap_or_default();
    let (shown, site) = (shown(&cx), origin(&cx));
    let added = cx
        .accounts()
        .add_passkey(person, name, &shown, &key, &cx.form_token, &site);
    let error = match added.await {
        Ok(codes) if codes.is_empty() => return see("/security?done=saved"),
        Ok(codes) => return html(&recovery_page(&cx, codes)),
        Err(PasskeyError::Wrong) => cx.t(
            "设备没有确认，或等待太久，请重试。",
            "The device did not confirm it, or took too long: try again.",
        ),
        Err(PasskeyError::Taken) => cx.t(
            "该设备的通行密钥已添加过。",
            "This passkey is known already.",
        ),
        Err(PasskeyError::TooMany) => cx.t(
            "最多 20 个通行密钥，请先删除不用的。",
            "At most 20 passkeys: remove one first.",
        ),
        Err(PasskeyError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "a passkey could not be added");
            return Err(Problem::Broken);
        }
    };
    again(&page(&cx, error)?)
}

pub async fn remove(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let (holder, id) = (cx.signed_in()?.person.holder(), cx.id("id")?);
    let removed = match id {
        1.. => cx.accounts().store().remove_passkeys(holder, id).await?,
        _ => 0,
    };
    match removed {
        0 => Err(Problem::NotFound),
        _ => see("/security?done=saved"),
    }
}

pub async fn sign_in(cx: Arc<Context>) -> Result<Reply, Problem> {
    enter(cx, Door::Customer).await
}

pub async fn sign_in_operator(cx: Arc<Context>) -> Result<Reply, Problem> {
    enter(cx, Door::Operator).await
}

async fn enter(cx: Arc<Context>, door: Door) -> Result<Reply, Problem> {
    let (pending, back) = (cx.form.get("pending"), cx.form.get("back"));
    let (shown, site) = (shown(&cx), origin(&cx));
    let signed =
        cx.accounts()
            .sign_in_passkey(door, pending, &shown, &cx.form_token, &site, cx.origin());
    match signed.await {
        Ok(token) => {
            cx.keep_session(&token);
            see(cx.back_to(back, login::home(door == Door::Operator)))
        }
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error) => {
            let text = match &error {
                SignInError::WrongFactor => cx.t(
                    "通行密钥未被接受，请重试或使用密码登录。",
                    "The passkey was not accepted: try again, or use your password.",
                ),
                error => login::told(&cx, error),
            };
            again(&login::page(&cx, door, back, text))
        }
    }
}
