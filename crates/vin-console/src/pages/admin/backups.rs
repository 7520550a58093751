//! Backups: made and taken away here, never restored from here.

use super::data::size;
use super::{WorkLine, begin, note, work_line};
use crate::context::Context;
use crate::desk::Backup;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html, see};
use crate::table::{Button, Cell, Table, column, numbers, unsorted};
use crate::work::Kind;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin/backups.html")]
struct Backups {
    f: Frame,
    backups: Table,
    work: Option<WorkLine>,
    error: String,
}

/// The backups as a table.
fn table(cx: &Context, backups: &[Backup]) -> Result<Table, Problem> {
    let columns = [
        column("made", cx.t("时间", "Made")),
        column("file", cx.t("文件", "File")),
        numbers("size", cx.t("大小", "Size")),
        unsorted(cx.t("下载", "Download")),
    ];
    let row = |backup: &Backup| {
        let text = cx.t("下载", "Download");
        let button = Button {
            token: &cx.form_token,
            path: format!("/admin/backups/{}", backup.name),
            text,
            label: format!("{text} {}", backup.name),
            first: "",
        };
        Ok(vec![
            Cell::time(backup.made, "—"),
            Cell::text(backup.name.clone()).code(),
            Cell::number(size(backup.bytes), backup.bytes as f64),
            Cell::forms(&button, 0)?,
        ])
    };
    let rows = backups.iter().map(row).collect::<Result<_, Problem>>()?;
    Ok(Table::new(cx, "", &columns, rows).with_search(cx))
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (backups, error) = match cx.app.parts.desk.backups() {
        Ok(backups) => (backups, String::new()),
        Err(error) => (Vec::new(), error),
    };
    html(&Backups {
        f: cx.frame("备份", "Backups"),
        backups: table(&cx, &backups)?,
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
