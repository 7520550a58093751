//! Signing in and out, at the two doors.

use super::passkeys::Ask;
use crate::context::Context;
use crate::cookie;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Door, SignIn, SignInError};

#[derive(Template)]
#[template(path = "login.html")]
struct Login {
    f: Frame,
    operator: bool,
    name: String,
    back: String,
    ask: Ask,
    error: &'static str,
}

#[derive(Template)]
#[template(path = "factor.html")]
struct Factor {
    f: Frame,
    operator: bool,
    pending: String,
    back: String,
    ask: Ask,
    error: &'static str,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, Door::Customer, cx.query.get("back"), ""))
}

pub async fn show_operator(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, Door::Operator, cx.query.get("back"), ""))
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    sign_in(cx, Door::Customer).await
}

pub async fn send_operator(cx: Arc<Context>) -> Result<Reply, Problem> {
    sign_in(cx, Door::Operator).await
}

/// The page of a door.
pub fn page(cx: &Context, door: Door, back: &str, error: &'static str) -> impl Template {
    let operator = door == Door::Operator;
    Login {
        f: match operator {
            true => cx.frame("操作员登录", "Operators: sign in"),
            false => cx.frame("登录", "Sign in"),
        },
        operator,
        name: cx.form.text("name").to_owned(),
        back: cx.back_to(back, ""),
        ask: Ask::new(cx),
        error,
    }
}

async fn sign_in(cx: Arc<Context>, door: Door) -> Result<Reply, Problem> {
    let (name, password) = (cx.form.get("name"), cx.form.get("password"));
    let back = cx.form.get("back");
    let signed = cx.accounts().sign_in(door, name, password, cx.origin());
    match signed.await {
        Ok(SignIn::In(token)) => {
            cx.keep_session(&token);
            see(cx.back_to(back, home(door == Door::Operator)))
        }
        Ok(SignIn::Factor(pending)) => html(&Factor {
            f: cx.frame("两步验证", "Second factor"),
            operator: door == Door::Operator,
            pending,
            back: cx.back_to(back, ""),
            ask: Ask::new(&cx),
            error: "",
        }),
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error) => again(&page(&cx, door, back, told(&cx, &error))),
    }
}

pub async fn factor(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (pending, code) = (cx.form.get("pending"), cx.form.get("code"));
    let (back, operator) = (cx.form.get("back"), cx.form.is_set("operator"));
    match cx
        .accounts()
        .sign_in_factor(pending, code, cx.origin())
        .await
    {
        Ok(token) => {
            cx.keep_session(&token);
            see(cx.back_to(back, home(operator)))
        }
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error @ SignInError::WrongFactor) => again(&Factor {
            f: cx.frame("两步验证", "Second factor"),
            operator,
            pending: pending.to_owned(),
            back: cx.back_to(back, ""),
            ask: Ask::new(&cx),
            error: told(&cx, &error),
        }),
        Err(error) => {
            let door = if operator {
                Door::Operator
            } else {
                Door::Customer
            };
            again(&page(&cx, door, back, told(&cx, &error)))
        }
    }
}

pub async fn out(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.accounts().sign_out(cx.signed_in()?).await?;
    cx.set_cookie(cookie::clear(cookie::SESSION));
    see("/")
}

/// Where somebody goes who has come in.
pub const fn home(operator: bool) -> &'static str {
    if operator { "/admin" } else { "/overview" }
}

/// What is wrong with an attempt, in words.
pub fn told(cx: &Context, error: &SignInError) -> &'static str {
    match error {
        SignInError::Wrong => cx.t("账号或密码不正确。", "The name or the password is wrong."),
        SignInError::WrongFactor => cx.t(
            "验证码不正确或已使用过。",
            "The code is wrong or was used before.",
        ),
        SignInError::TooLate => cx.t(
            "登录已超时，请重新输入密码。",
            "The password was given too long ago: enter it again.",
        ),
        SignInError::Barred => cx.t(
            "尝试次数过多，请 15 分钟后再试。",
            "Too many attempts failed; wait 15 minutes.",
        ),
        SignInError::Suspended => cx.t(
            "该账户已停用，请联系客服。",
            "This account is suspended; contact us.",
        ),
        SignInError::Store(_) => "",
    }
}
