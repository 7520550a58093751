//! The vehicle data: what is in force and what it covers, importing a file, returning to earlier data.

use super::{WorkLine, begin, note, work_line};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use crate::table::{Cell, Table, column, numbers};
use crate::work::Kind;
use askama::Template;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin/data.html")]
struct Data {
    f: Frame,
    in_force: String,
    sha256: String,
    coverage: Vec<(&'static str, String)>,
    generations: Table,
    /// The generations that can be put in force, with their names.
    others: Vec<(u32, String)>,
    sources: Table,
    imports: Table,
    /// Whether the password was asked for lately, without which no file is taken.
    confirmed: bool,
    owner: bool,
    most: String,
    work: Option<WorkLine>,
    error: String,
}

/// What a generation is called.
fn name(cx: &Context, number: u32) -> String {
    match number {
        0 => cx.t("内置数据", "built-in data").to_owned(),
        number => match cx.lang {
            vin_core::Lang::Zh => format!("第 {number} 版"),
            vin_core::Lang::En => format!("generation {number}"),
        },
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, String::new())?)
}

fn page(cx: &Context, error: String) -> Result<Data, Problem> {
    let desk = &cx.app.parts.desk;
    let (state, error) = match desk.data() {
        Ok(state) => (state, error),
        Err(reason) => (Default::default(), reason),
    };
    let generation = |g: &crate::desk::Generation| {
        let here = g.number == state.in_force;
        let tag = match (here, g.outdated) {
            (true, false) => Cell::text(cx.t("使用中", "in force")).tag("good"),
            (true, true) => {
                Cell::text(cx.t("使用中，需重新编译", "in force, to be rebuilt")).tag("warn")
            }
            (false, true) => Cell::text(cx.t("需重新编译", "to be rebuilt")).tag("warn"),
            (false, false) => Cell::text("—"),
        };
        vec![
            Cell::number(name(cx, g.number), g.number),
            tag,
            Cell::text(g.made.clone()),
            Cell::text(g.imported.clone()),
            Cell::number(size(g.bytes), g.bytes as f64),
        ]
    };
    let columns = [
        column("number", cx.t("数据", "Data")),
        column("state", cx.t("状态", "State")),
        column("made", cx.t("生成日期", "Made")),
        column("imported", cx.t("导入的文件", "Imported")),
        numbers("bytes", cx.t("大小", "Size")),
    ];
    let rows = state.generations.iter().map(generation).collect();
    let generations = Table::new(cx, "generations", &columns, rows);
    let columns = [
        column("title", cx.t("来源", "Source")),
        column("month", cx.t("数据月份", "Month")),
        column("licence", cx.t("许可", "Licence")),
    ];
    let source = |s: &crate::desk::Source| {
        [&s.title, &s.month, &s.licence]
            .map(|text| Cell::text(text.clone()))
            .into()
    };
    let rows = state.sources.iter().map(source).collect();
    let sources = Table::new(cx, "sources", &columns, rows)
        .with_search(cx)
        .wrapped();
    let columns = [
        column("file", cx.t("文件", "File")),
        column("month", cx.t("数据月份", "Month")),
        column("day", cx.t("导入日期", "Imported")),
        numbers("rows", cx.t("行数", "Rows")),
    ];
    let import = |i: &crate::desk::Import| {
        vec![
            Cell::text(i.source.clone()).small(i.title.get(cx.lang)),
            Cell::text(i.month.clone()),
            Cell::text(i.day.clone()),
            Cell::count(i.rows.cast_signed()),
        ]
    };
    let rows = state.imports.iter().map(import).collect();
    let imports = Table::new(cx, "imports", &columns, rows);
    let others = state
        .generations
        .iter()
        .filter(|g| g.number != state.in_force);
    let count = |(text, number): &(vin_core::Bilingual, u64)| {
        (text.get(cx.lang), format::count(number.cast_signed()))
    };
    Ok(Data {
        f: cx.frame("车辆数据", "Vehicle data"),
        in_force: name(cx, state.in_force),
        sha256: state.sha256.clone(),
        coverage: state.coverage.iter().map(count).collect(),
        generations,
        others: others.map(|g| (g.number, name(cx, g.number))).collect(),
        sources,
        imports,
        confirmed: cx.must_be_confirmed().is_ok(),
        owner: cx.operator()?.role == vin_service::people::Role::Owner,
        most: size(desk.most_bytes()),
        work: work_line(cx, Kind::Import),
        error,
    })
}

/// So many bytes, as people read it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{:.1} KB", bytes as f64 / 1e3),
        10_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Imports a file, beside the pages.
pub async fn import(cx: Arc<Context>) -> Result<Reply, Problem> {
    let Some(upload) = cx.take_upload() else {
        let error = cx.t("请选择要导入的文件。", "Choose a file to import.");
        return again(&page(&cx, error.to_owned())?);
    };
    let (desk, name) = (cx.app.parts.desk.clone(), upload.name.clone());
    let begun = begin(&cx, Kind::Import, "data.import", &name, |tell| {
        let path = upload.path().to_owned();
        let task = desk.import(path, upload.name.clone(), tell);
        Box::pin(async move {
            let made = task.await;
            drop(upload);
            made
        })
    });
    match begun? {
        true => see("/admin/data?done=begun"),
        false => see("/admin/data?done=busy"),
    }
}

/// Puts an earlier generation in force.
pub async fn back(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let to: u32 = cx.form.number("to").ok_or(Problem::NotFound)?;
    match cx.app.parts.desk.back(to).await {
        Ok(text) => {
            note(&cx, "data.back", &format!("generation {to}"), &text).await?;
            see("/admin/data?done=swapped")
        }
        Err(error) => again(&page(&cx, error)?),
    }
}
