//! Making an account.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{RegisterError, WORK_BITS};

#[derive(Template)]
#[template(path = "register.html")]
struct Register {
    f: Frame,
    phone: String,
    challenge: String,
    bits: u32,
    error: &'static str,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, ""))
}

fn page(cx: &Context, error: &'static str) -> Register {
    Register {
        f: cx.frame("注册", "Register"),
        phone: cx.form.text("phone").to_owned(),
        challenge: cx.accounts().challenge(),
        bits: WORK_BITS,
        error,
    }
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let form = &cx.form;
    if form.get("password") != form.get("again") {
        let error = cx.t("两次输入的密码不一致。", "The two passwords differ.");
        return again(&page(&cx, error));
    }
    let (challenge, number) = (form.get("challenge"), form.get("number"));
    let accounts = cx.accounts();
    let made = accounts.register(
        form.get("phone"),
        form.get("password"),
        challenge,
        number,
        &cx.address,
    );
    let error = match made.await {
        Ok(()) => return see("/login?done=registered"),
        Err(RegisterError::Account(error)) => return Err(error.into()),
        Err(RegisterError::Phone) => cx.t(
            "手机号格式不正确：请输入 11 位手机号，境外号码以 + 开头。",
            "This is no phone number: 11 digits, or + and the country code.",
        ),
        Err(RegisterError::Password) => cx.t(
            "密码需要 8 至 256 个字节。",
            "A password has 8 to 256 bytes.",
        ),
        Err(RegisterError::Work) => cx.t(
            "安全验证未完成或已过期，请等待验证完成后再提交。注册需要启用 JavaScript。",
            "The check of this browser was not finished, or is too old. Registering needs JavaScript.",
        ),
        Err(RegisterError::TooMany) => cx.t(
            "该地址注册过于频繁，请一小时后再试。",
            "Too many accounts from this address; try again in an hour.",
        ),
    };
    again(&page(&cx, error))
}
