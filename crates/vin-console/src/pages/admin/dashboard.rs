//! What an operator looks at first.

use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::{Cell, Table, column};
use askama::Template;
use std::sync::Arc;
use vin_service::people::AuditRow;
use vin_service::verification::SubmissionState;

#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct Dashboard {
    f: Frame,
    nodes: usize,
    tickets: usize,
    /// How many real names wait to be decided, up to 100.
    submissions: usize,
    /// The channels that this node does not ask for now, because they failed.
    down: String,
    deeds: Table,
}

/// What operators did, as a table.
pub fn deed_table(cx: &Context, deeds: &[AuditRow]) -> Table {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("actor", cx.t("操作员", "Operator")),
        column("action", cx.t("操作", "Action")),
        column("subject", cx.t("对象", "Subject")),
        column("detail", cx.t("详情", "Detail")),
        column("address", cx.t("地址", "Address")),
    ];
    let row = |row: &AuditRow| {
        vec![
            Cell::time(row.at, ""),
            Cell::text(row.actor.clone()),
            Cell::text(row.action.clone()).code(),
            Cell::text(row.subject.clone()),
            Cell::text(row.detail.clone()),
            Cell::text(row.address.clone()),
        ]
    };
    Table::new(cx, "", &columns, deeds.iter().map(row).collect())
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let store = cx.accounts().store();
    let deeds = store.deeds("", "", i64::MAX, 8).await?;
    let open = store.tickets(
        None,
        Some(vin_service::people::TicketState::Open),
        i64::MAX,
        100,
    );
    let waiting = store.submissions(None, Some(SubmissionState::Submitted), i64::MAX, 100);
    let mut down = cx.service().channels();
    down.retain(|channel| channel.breaker.name() == "open");
    let down: Vec<_> = down.iter().map(|c| c.facts.name.as_str()).collect();
    html(&Dashboard {
        f: cx.frame("总览", "Dashboard"),
        nodes: store.beats().await?.len(),
        tickets: open.await?.len(),
        submissions: waiting.await?.len(),
        down: down.join(", "),
        deeds: deed_table(&cx, &deeds),
    })
}
