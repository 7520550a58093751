//! What operators did.

use super::dashboard::deed_table;
use crate::context::Context;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::router::encoded;
use crate::table::Table;
use askama::Template;
use std::sync::Arc;

/// How many lines a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct Audit {
    f: Frame,
    actor: String,
    action: String,
    deeds: Table,
    /// The address of the next page, `""` at the end.
    older: String,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (actor, action) = (cx.query.text("actor"), cx.query.text("action"));
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let store = cx.accounts().store();
    let deeds = store.deeds(actor, action, before, LINES).await?;
    let more = deeds.last().filter(|_| deeds.len() == LINES as usize);
    let older = more.map(|last| {
        let (actor, action) = (encoded(actor), encoded(action));
        format!(
            "/admin/audit?actor={actor}&action={action}&before={}",
            last.id
        )
    });
    html(&Audit {
        f: cx.frame("审计日志", "Audit log"),
        actor: actor.to_owned(),
        action: action.to_owned(),
        deeds: deed_table(&cx, &deeds),
        older: older.unwrap_or_default(),
    })
}
