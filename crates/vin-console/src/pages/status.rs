//! How the service is doing, and the texts of the operator.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use askama::Template;
use std::sync::Arc;
use std::time::Duration;

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    f: Frame,
    database: bool,
    nodes: usize,
    /// Since when this node answers.
    uptime: String,
    /// The newest month of its data, `YYYY-MM`; `""` when that cannot be read.
    month: String,
    data: String,
    channels: usize,
}

#[derive(Template)]
#[template(path = "text.html")]
struct Text {
    f: Frame,
    paragraphs: Vec<String>,
    own: bool,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let service = cx.service();
    let store = cx.accounts().store();
    let database = service.ping().await.is_ok();
    html(&Status {
        f: cx.frame("服务状态", "Status"),
        database,
        nodes: if database {
            store.beats().await?.len()
        } else {
            0
        },
        uptime: lasting(&cx, service.uptime()),
        month: cx.app.parts.desk.month(),
        data: (cx.app.parts.data)(),
        channels: service.working_channels(),
    })
}

/// A length of time in its two largest units.
fn lasting(cx: &Context, time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} {}", cx.t("分钟", "min")),
        (0, _) => format!(
            "{hours} {} {minutes} {}",
            cx.t("小时", "h"),
            cx.t("分钟", "min")
        ),
        _ => format!(
            "{days} {} {hours} {}",
            cx.t("天", "days"),
            cx.t("小时", "h")
        ),
    }
}

pub async fn terms(cx: Arc<Context>) -> Result<Reply, Problem> {
    text(&cx, "terms", cx.frame("服务条款", "Terms")).await
}

pub async fn privacy(cx: Arc<Context>) -> Result<Reply, Problem> {
    text(&cx, "privacy", cx.frame("隐私政策", "Privacy")).await
}

async fn text(cx: &Context, name: &str, f: Frame) -> Result<Reply, Problem> {
    let built_in = match name {
        "terms" => [
            cx.t(
                "运营者尚未填写服务条款。请在使用前向客服索取。",
                "The operator has not written terms yet. Ask for them before use.",
            ),
            "",
        ],
        _ => [
            cx.t(
                "运营者尚未填写隐私政策。本程序保存：手机号、密码的哈希、登录记录、调用日志（含车架号）与账目；不使用第三方统计，不向其他网站发送请求。",
                "The operator has not written a policy yet. This program keeps phone numbers, hashes of passwords, sign-ins, the log of calls (with VINs) and the ledger; it uses no statistics of others and no page asks another host for anything.",
            ),
            "",
        ],
    };
    let own = Some(cx.site.get(name)).filter(|text| !text.is_empty());
    let whole = own.map_or_else(|| built_in.join("\n\n"), str::to_owned);
    let paragraphs = whole.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    html(&Text {
        f,
        paragraphs: paragraphs.map(str::to_owned).collect(),
        own: own.is_some(),
    })
}
