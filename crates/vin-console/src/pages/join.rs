//! Becoming an operator by an invitation.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::LinkToken;
use vin_service::people::{LinkError, OperatorError, PasswordError, Role};

#[derive(Template)]
#[template(path = "join.html")]
struct Join {
    f: Frame,
    link: String,
    role: &'static str,
    name: String,
    error: &'static str,
}

/// What a role is called.
pub const fn role_name(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Owner => ("所有者", "Owner"),
        Role::Finance => ("财务", "Finance"),
        Role::Support => ("客服", "Support"),
        Role::Reader => ("只读", "Read-only"),
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Join, Problem> {
    let role = match LinkToken::parse(cx.param("link")) {
        Some(link) => cx.accounts().invited(&link).await?,
        None => None,
    };
    let (zh, en) = role.map_or(("", ""), role_name);
    Ok(Join {
        f: cx.frame("成为操作员", "Become an operator"),
        link: cx.param("link").to_owned(),
        role: cx.t(zh, en),
        name: cx.form.text("name").to_owned(),
        error,
    })
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let link = LinkToken::parse(cx.param("link")).ok_or(Problem::NotFound)?;
    let form = &cx.form;
    if form.get("password") != form.get("again") {
        let error = cx.t("两次输入的密码不一致。", "The two passwords differ.");
        return again(&page(&cx, error).await?);
    }
    let (name, password) = (form.get("name"), form.get("password"));
    let error = match cx.accounts().join(&link, name, password, cx.origin()).await {
        Ok(token) => {
            cx.keep_session(&token);
            return see("/admin");
        }
        Err(OperatorError::Name) => cx.t(
            "名称需要 2 至 32 个字母、数字、点、短横或下划线。",
            "A name has 2 to 32 letters, digits, dots, dashes or underscores.",
        ),
        Err(OperatorError::Taken) => cx.t("该名称已被使用。", "There is an operator of this name."),
        Err(OperatorError::Link(LinkError::Over)) => "",
        Err(OperatorError::Link(LinkError::Password(PasswordError::New))) => cx.t(
            "密码需要 8 至 256 个字节。",
            "A password has 8 to 256 bytes.",
        ),
        Err(OperatorError::Link(LinkError::Store(error))) => return Err(error.into()),
        Err(OperatorError::Link(LinkError::Password(error))) => {
            tracing::error!(%error, "an operator could not be made");
            return Err(Problem::Broken);
        }
    };
    again(&page(&cx, error).await?)
}
