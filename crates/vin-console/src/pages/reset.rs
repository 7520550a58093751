//! A new password for one who forgot it: by a link from the operator, or one that is mailed.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::LinkToken;
use vin_service::people::{LinkError, PasswordError, Purpose};
use vin_service::sending::ContactError;

#[derive(Template)]
#[template(path = "reset.html")]
struct Reset {
    f: Frame,
    /// Whether mail can be sent here.
    can_mail: bool,
    phone: String,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "reset_link.html")]
struct ResetLink {
    f: Frame,
    link: String,
    works: bool,
    error: &'static str,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&asked(&cx, ""))
}

fn asked(cx: &Context, error: &'static str) -> Reset {
    Reset {
        f: cx.frame("找回密码", "Forgotten password"),
        can_mail: cx.service().outgoing().mailer.is_some(),
        phone: cx.form.text("phone").to_owned(),
        error,
    }
}

/// The answer is the same whether or not the number is anybody's.
pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let phone = cx.form.text("phone");
    match cx.service().mail_reset(phone, &cx.address).await {
        Ok(()) => see("/reset?done=reset_mailed"),
        Err(ContactError::TooMany) => {
            let error = cx.t(
                "该地址操作过于频繁，请一小时后再试。",
                "Too often from this address; try again in an hour.",
            );
            again(&asked(&cx, error))
        }
        Err(_) => Err(Problem::NotFound),
    }
}

pub async fn show_link(cx: Arc<Context>) -> Result<Reply, Problem> {
    let works = match LinkToken::parse(cx.param("link")) {
        Some(link) => cx.accounts().link(Purpose::Reset, &link).await?.is_some(),
        None => false,
    };
    html(&page(&cx, works, ""))
}

fn page(cx: &Context, works: bool, error: &'static str) -> ResetLink {
    ResetLink {
        f: cx.frame("设置新密码", "Set a new password"),
        link: cx.param("link").to_owned(),
        works,
        error,
    }
}

pub async fn send_link(cx: Arc<Context>) -> Result<Reply, Problem> {
    let link = LinkToken::parse(cx.param("link")).ok_or(Problem::NotFound)?;
    let form = &cx.form;
    if form.get("password") != form.get("again") {
        let error = cx.t("两次输入的密码不一致。", "The two passwords differ.");
        return again(&page(&cx, true, error));
    }
    match cx
        .accounts()
        .reset_by_link(&link, form.get("password"))
        .await
    {
        Ok(()) => see("/login?done=reset"),
        Err(LinkError::Over) => again(&page(&cx, false, "")),
        Err(LinkError::Password(PasswordError::New)) => {
            let error = cx.t(
                "密码需要 8 至 256 个字节。",
                "A password has 8 to 256 bytes.",
            );
            again(&page(&cx, true, error))
        }
        Err(LinkError::Store(error)) => Err(error.into()),
        Err(LinkError::Password(error)) => {
            tracing::error!(%error, "a password could not be set");
            Err(Problem::Broken)
        }
    }
}
