//! The password again, before secrets are shown or much is changed.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::PasswordError;

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm {
    f: Frame,
    back: String,
    error: &'static str,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, cx.query.get("back"), ""))
}

fn page(cx: &Context, back: &str, error: &'static str) -> Confirm {
    Confirm {
        f: cx.frame("确认密码", "Confirm your password"),
        back: cx.back_to(back, cx.home()),
        error,
    }
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let session = cx.signed_in()?;
    let password = cx.form.get("password");
    let back = cx.form.get("back");
    match cx.accounts().confirm(session, password, cx.origin()).await {
        Ok(token) => {
            cx.keep_session(&token);
            see(cx.back_to(back, cx.home()))
        }
        Err(error) => again(&page(&cx, back, told(&cx, error)?)),
    }
}

/// What is wrong with a password, unless it is our fault.
pub fn told(cx: &Context, error: PasswordError) -> Result<&'static str, Problem> {
    Ok(match error {
        PasswordError::Wrong => cx.t("密码不正确。", "The password is wrong."),
        PasswordError::Barred => cx.t(
            "尝试次数过多，请 15 分钟后再试。",
            "Too many attempts failed; wait 15 minutes.",
        ),
        PasswordError::New => cx.t(
            "密码需要 8 至 256 个字节。",
            "A password has 8 to 256 bytes.",
        ),
        PasswordError::Cipher => return Err(Problem::Broken),
        PasswordError::Store(error) => return Err(error.into()),
    })
}
