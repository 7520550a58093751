//! What a customer is told of the account, and from when on; where is in [`contacts`].

use super::contacts;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see as go};
use crate::table::{Cell, Table, column};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{Alert, AlertKind, AlertRules};
use vin_service::sending::{sentence, title};

/// How many alerts a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "alerts.html")]
pub struct Alerts {
    f: Frame,
    alerts: Table,
    /// The latest of them that was not seen yet, 0 for none.
    unseen: i64,
    older: String,
    rules: Vec<RuleLine>,
    part: contacts::Part,
    /// Which form is shown again: `rules`, `mail`, `webhook` or `""`.
    place: &'static str,
    error: String,
}

/// A rule in the form.
struct RuleLine {
    name: &'static str,
    text: &'static str,
    level: String,
    most: i64,
}

/// What a rule says; its number follows.
fn rule(cx: &Context, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Balance => cx.t("剩余次数少于", "Fewer calls left than"),
        AlertKind::Expiry => cx.t("次数包到期前天数", "Days before a package ends"),
        AlertKind::Errors => cx.t(
            "一小时内错误占比超过（%）",
            "More errors in an hour than (%)",
        ),
    }
}

/// The cause of an alert in a sentence.
pub fn cause(cx: &Context, alert: &Alert) -> String {
    sentence(alert, cx.lang)
}

fn table(cx: &Context, alerts: &[Alert]) -> Table {
    let columns = [
        column("state", cx.t("状态", "State")),
        column("kind", cx.t("告警", "Alert")),
        column("cause", cx.t("原因", "Cause")),
        column("raised", cx.t("发生", "Raised")),
        column("ended", cx.t("解除", "Ended")),
        column("seen", cx.t("已读", "Seen")),
    ];
    let row = |alert: &Alert| {
        let (state, tag) = match alert.ended_at {
            0 => (cx.t("进行中", "open"), "warn"),
            _ => (cx.t("已解除", "ended"), "plain"),
        };
        vec![
            Cell::text(state).tag(tag),
            Cell::text(title(alert.kind, cx.lang)),
            Cell::text(cause(cx, alert)),
            Cell::time(alert.raised_at, ""),
            Cell::time(alert.ended_at, "—"),
            Cell::time(alert.seen_at, "—"),
        ]
    };
    Table::new(cx, "", &columns, alerts.iter().map(row).collect()).with_search(cx)
}

/// The page; a form that is shown again keeps what was typed.
pub async fn page(
    cx: &Context,
    place: &'static str,
    error: String,
    secret: Option<String>,
) -> Result<Alerts, Problem> {
    let account = cx.account()?;
    let store = cx.accounts().store();
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let alerts = store.alerts(account, before, LINES).await?;
    let rules = store.alert_rules(account).await?;
    let last = alerts.last().filter(|_| alerts.len() == LINES as usize);
    let unseen = alerts.iter().find(|alert| alert.seen_at == 0);
    let line = |kind: AlertKind| RuleLine {
        name: kind.name(),
        text: rule(cx, kind),
        level: match place {
            "rules" => cx.form.text(kind.name()).to_owned(),
            _ => rules.level(kind).to_string(),
        },
        most: kind.most(),
    };
    Ok(Alerts {
        f: cx.frame("告警", "Alerts"),
        alerts: table(cx, &alerts),
        unseen: unseen.map_or(0, |alert| alert.id),
        older: last.map_or_else(String::new, |alert| format!("/alerts?before={}", alert.id)),
        rules: AlertKind::ALL.iter().copied().map(line).collect(),
        part: contacts::part(cx, secret).await?,
        place,
        error,
    })
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "", String::new(), None).await?)
}

pub async fn set_rules(cx: Arc<Context>) -> Result<Reply, Problem> {
    let account = cx.account()?;
    let mut rules = AlertRules::default();
    for &kind in AlertKind::ALL {
        let level = cx.form.number::<i64>(kind.name());
        let Some(level) = level.filter(|level| (0..=kind.most()).contains(level)) else {
            let error = cx.t(
                "请填写范围内的整数：次数至 1,000,000,000，天数至 365，占比至 99；0 为不提醒。",
                "Whole numbers, please: up to 1,000,000,000 calls, 365 days, 99 %; 0 is never.",
            );
            return again(&page(&cx, "rules", error.to_owned(), None).await?);
        };
        *rules.level_mut(kind) = level;
    }
    let store = cx.accounts().store();
    store.set_alert_rules(account, &rules).await?;
    // What they say now is seen at once.
    store
        .find_alerts(Some(account), cx.accounts().now())
        .await?;
    go("/alerts?done=saved")
}

pub async fn see(cx: Arc<Context>) -> Result<Reply, Problem> {
    let last = cx.form.number("last").unwrap_or(0);
    let (store, now) = (cx.accounts().store(), cx.accounts().now());
    store.see_alerts(cx.account()?, last, now).await?;
    go("/alerts")
}
