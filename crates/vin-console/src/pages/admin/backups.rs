//! Backups: made and taken away here, never restored from here.

use super::data::size;
use super::{WorkLine, begin, note, work_line};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html, see};
use crate::work::Kind;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin/backups.html")]
struct Backups {
    f: Frame,
    backups: Vec<Line>,
    work: Option<WorkLine>,
    error: String,
}

struct Line {
    name: String,
    made: String,
    size: String,
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (backups, error) = match cx.app.parts.desk.backups() {
        Ok(backups) => (backups, String::new()),
        Err(error) => (Vec::new(), error),
    };
    let line = |backup: &crate::desk::Backup| Line {
        name: backup.name.clone(),
        made: format::time(backup.made),
        size: size(backup.bytes),
    };
    html(&Backups {
        f: cx.frame("备份", "Backups"),
        backups: backups.iter().map(line).collect(),
        work: work_line(&cx, Kind::Backup),
        error,
    })
}

/// Makes one, beside the pages.
pub async fn make(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let desk = cx.app.parts.desk.clone();
    let begun = begin(&cx, Kind::Backup, "backup.make", "backup", |tell| {
        desk.backup(tell)
    });
    match begun? {
        true => see("/admin/backups?done=begun"),
        false => see("/admin/backups?done=busy"),
    }
}

pub async fn download(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let name = cx.param("name").to_owned();
    let opened = cx.app.parts.desk.open_backup(&name);
    let (length, bytes) = opened.ok_or(Problem::NotFound)?;
    note(&cx, "backup.download", &name, "").await?;
    Ok(Reply::Stream(name, length, bytes))
}
