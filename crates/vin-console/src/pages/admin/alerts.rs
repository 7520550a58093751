//! What operators are told of channels, whether messages leave, and the log of all.

use super::note;
use crate::context::Context;
use crate::frame::Frame;
use crate::pages::contacts;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{ChannelAlert, ChannelReason, SendState, SendWay};

#[derive(Template)]
#[template(path = "admin/alerts.html")]
struct Alerts {
    f: Frame,
    channels: Table,
    /// Which server sends mail and as whom, `""` for none.
    server: String,
    sender: String,
    /// Where operators are told.
    mail: String,
    url: String,
    sent: Table,
    older: String,
    error: String,
}

fn channels(cx: &Context, alerts: &[ChannelAlert]) -> Table {
    let columns = [
        column("state", cx.t("状态", "State")),
        column("channel", cx.t("通道", "Channel")),
        column("reason", cx.t("原因", "Reason")),
        column("since", cx.t("自", "Since")),
        column("raised", cx.t("告知", "Told")),
        column("ended", cx.t("解除", "Ended")),
    ];
    let row = |alert: &ChannelAlert| {
        let (state, tag) = match alert.ended_at {
            0 => (cx.t("进行中", "open"), "warn"),
            _ => (cx.t("已解除", "ended"), "plain"),
        };
        vec![
            Cell::text(state).tag(tag),
            Cell::text(alert.name.clone()).code(),
            Cell::text(match alert.reason {
                ChannelReason::Down => cx.t("中断", "down"),
                ChannelReason::Draining => cx.t("不再询问", "draining"),
            }),
            Cell::time(alert.since, ""),
            Cell::time(alert.raised_at, ""),
            Cell::time(alert.ended_at, "—"),
        ]
    };
    Table::new(cx, "", &columns, alerts.iter().map(row).collect())
}

async fn page(cx: &Context, error: String) -> Result<Alerts, Problem> {
    let store = cx.accounts().store();
    let out = cx.service().outgoing();
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let messages = store.messages(None, before, contacts::LINES).await?;
    let alerts = store.channel_alerts(false, contacts::LINES).await?;
    let last = messages.last();
    let last = last.filter(|_| messages.len() == contacts::LINES as usize);
    let mailer = out.mailer.as_ref();
    Ok(Alerts {
        f: cx.frame("告警", "Alerts"),
        channels: channels(cx, &alerts),
        server: mailer.map_or_else(String::new, |mailer| mailer.server().to_owned()),
        sender: mailer.map_or_else(String::new, |mailer| mailer.sender()),
        mail: out.operator_mail.clone(),
        url: out.operator_url.clone(),
        sent: contacts::table(cx, &messages, "/admin/alerts")?,
        older: last.map_or_else(String::new, |message| {
            format!("/admin/alerts?before={}", message.id)
        }),
        error,
    })
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, String::new()).await?)
}

pub async fn test(cx: Arc<Context>) -> Result<Reply, Problem> {
    let way = SendWay::parse(cx.form.get("way")).unwrap_or(SendWay::Mail);
    let sent = cx.service().test_operators(way).await;
    match sent {
        Ok(message) => {
            let subject = format!("message {}", message.id);
            note(&cx, "message.test", &subject, way.name()).await?;
            match message.state {
                SendState::Sent => see("/admin/alerts?done=tested"),
                SendState::Waiting | SendState::Failed => see("/admin/alerts?done=untested"),
            }
        }
        Err(error) => again(&page(&cx, contacts::told(cx.lang, &error)?).await?),
    }
}

pub async fn send_again(cx: Arc<Context>) -> Result<Reply, Problem> {
    let id = cx.id("id")?;
    let (store, now) = (cx.accounts().store(), cx.accounts().now());
    if !store.send_again(id, None, now).await? {
        return Err(Problem::NotFound);
    }
    note(&cx, "message.again", &format!("message {id}"), "").await?;
    see("/admin/alerts?done=again")
}
