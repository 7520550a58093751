//! The pages of operators.

pub mod accounts;
pub mod alerts;
pub mod audit;
pub mod backups;
pub mod channels;
pub mod codes;
pub mod dashboard;
pub mod data;
pub mod finance;
pub mod invoices;
pub mod ledger;
pub mod operators;
pub mod purchases;
pub mod reconcile;
pub mod site;
pub mod verification;

use crate::context::Context;
use crate::desk::{Made, Tell};
use crate::format;
use crate::reply::Problem;
use crate::work::Kind;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// How long work goes, for a page that shows it.
pub struct WorkLine {
    pub by: String,
    pub began: String,
    pub step: String,
    /// In hundredths, -1 when it is not known.
    pub part: i64,
    pub runs: bool,
    pub good: bool,
    pub made: String,
}

/// The last work of a kind on this node.
pub fn work_line(cx: &Context, kind: Kind) -> Option<WorkLine> {
    let work = cx.app.works.last(kind)?;
    let (good, made) = match &work.made {
        Some(Ok(text)) => (true, text.clone()),
        Some(Err(text)) => (false, text.clone()),
        None => (false, String::new()),
    };
    Some(WorkLine {
        part: work.part().map_or(-1, |part| part as i64),
        runs: work.made.is_none(),
        began: format::time(work.began),
        by: work.by,
        step: work.step,
        good,
        made,
    })
}

/// Begins work beside the pages, and notes what came of it; whether it began.
pub fn begin(
    cx: &Arc<Context>,
    kind: Kind,
    action: &'static str,
    subject: &str,
    task: impl FnOnce(Tell) -> BoxFuture<'static, Made>,
) -> Result<bool, Problem> {
    let operator = cx.operator()?;
    let works = cx.app.works.clone();
    let Some(tell) = works.begin(kind, &operator.name, cx.accounts().now()) else {
        return Ok(false);
    };
    let (task, cx, subject) = (task(tell), cx.clone(), subject.to_owned());
    let desk = cx.app.parts.desk.clone();
    desk.spawn(Box::pin(async move {
        // A panic ends the work, not the server; that it ended is told.
        let made = AssertUnwindSafe(task).catch_unwind().await;
        let made = made.unwrap_or_else(|_| Err("it broke off; the log says why".to_owned()));
        let detail = match &made {
            Ok(text) => text.clone(),
            Err(text) => format!("failed: {text}"),
        };
        if let Err(problem) = note(&cx, action, &subject, &detail).await {
            tracing::error!(?problem, action, "a deed could not be noted");
        }
        works.end(kind, made);
    }));
    Ok(true)
}

/// How the operator who is signed in is called in the ledger.
pub fn actor(cx: &Context) -> Result<String, Problem> {
    Ok(format!("operator {}", cx.operator()?.name))
}

/// Notes what the operator who is signed in did. Called before the answer is sent, after the deed.
pub async fn note(cx: &Context, action: &str, subject: &str, detail: &str) -> Result<(), Problem> {
    let operator = cx.operator()?;
    let accounts = cx.accounts();
    accounts
        .note_deed(operator, action, subject, detail, cx.origin())
        .await?;
    Ok(())
}
