//! What an operator looks at first.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use askama::Template;
use std::sync::Arc;
use vin_service::people::AuditRow;

#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct Dashboard {
    f: Frame,
    nodes: usize,
    tickets: usize,
    deeds: Vec<DeedLine>,
}

/// A deed as a line.
pub struct DeedLine {
    pub at: String,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    pub address: String,
}

impl From<&AuditRow> for DeedLine {
    fn from(row: &AuditRow) -> Self {
        Self {
            at: format::time(row.at),
            actor: row.actor.clone(),
            action: row.action.clone(),
            subject: row.subject.clone(),
            detail: row.detail.clone(),
            address: row.address.clone(),
        }
    }
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
    html(&Dashboard {
        f: cx.frame("总览", "Dashboard"),
        nodes: store.beats().await?.len(),
        tickets: open.await?.len(),
        deeds: deeds.iter().map(DeedLine::from).collect(),
    })
}
