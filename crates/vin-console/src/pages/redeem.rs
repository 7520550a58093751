//! Codes that are redeemed for calls, and the free trial.

use super::buy::refused;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::sync::Arc;
use vin_service::people::Gate;

#[derive(Template)]
#[template(path = "redeem.html")]
struct Redeem {
    f: Frame,
    typed: String,
    error: &'static str,
}

fn page(cx: &Context, error: &'static str) -> Redeem {
    Redeem {
        f: cx.frame("兑换次数", "Redeem a code"),
        typed: cx.form.text("code").to_owned(),
        error,
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, ""))
}

pub async fn send(cx: Arc<Context>) -> Result<Reply, Problem> {
    let place = format!("account {}", cx.account()?.0);
    if cx.accounts().pass(Gate::Redeem, &place).await.is_err() {
        let error = cx.t(
            "尝试过多，请一小时后再试。",
            "Too many tries; wait an hour.",
        );
        return again(&page(&cx, error));
    }
    match cx
        .accounts()
        .redeem(cx.account()?, cx.form.get("code"))
        .await
    {
        Ok(_) => see("/packages?done=granted"),
        Err(error) => again(&page(&cx, refused(&cx, error)?)),
    }
}

pub async fn trial(cx: Arc<Context>) -> Result<Reply, Problem> {
    match cx.service().grant_trial(cx.customer()?).await {
        Ok(_) => see("/packages?done=granted"),
        Err(error) => again(&page(&cx, refused(&cx, error)?)),
    }
}
