//! Packages, and every change of the balance but charges.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{EntryRow, Lot, NEVER};

/// How many entries a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "packages.html")]
struct Packages {
    f: Frame,
    lots: Table,
    entries: Table,
    older: String,
}

/// What kind of entry it is, in words.
fn kind(cx: &Context, kind: &str) -> &'static str {
    match kind {
        "grant" => cx.t("发放", "grant"),
        "charge" => cx.t("历史计费", "charges of past months"),
        "refund" => cx.t("退还", "refund"),
        "expire" => cx.t("过期", "expired"),
        _ => cx.t("调整", "adjustment"),
    }
}

/// A change with its sign.
fn change(delta: i64) -> String {
    match delta {
        n if n > 0 => format!("+{}", format::count(n)),
        n => format::count(n),
    }
}

/// Packages as a table.
pub fn lot_table(cx: &Context, lots: &[Lot]) -> Table {
    let columns = [
        numbers("number", cx.t("编号", "Number")),
        numbers("left", cx.t("剩余", "Left")),
        numbers("total", cx.t("总数", "Total")),
        column("part", cx.t("剩余比例", "Part left")),
        column("expires", cx.t("到期", "Expires")),
    ];
    let row = |lot: &Lot| {
        let expires = match lot.expires_at {
            NEVER => cx.t("长期有效", "never").to_owned(),
            at => format::day(at),
        };
        vec![
            Cell::number(format!("#{}", lot.id.0), lot.id.0 as f64),
            Cell::count(lot.remaining),
            Cell::count(lot.total),
            Cell::part(lot.remaining * 100 / lot.total.max(1)),
            Cell::number(expires, lot.expires_at as f64),
        ]
    };
    Table::new(cx, "lots", &columns, lots.iter().map(row).collect())
}

/// Entries of the ledger as a table.
pub fn entry_table(cx: &Context, entries: &[EntryRow]) -> Table {
    let columns = [
        column("time", cx.t("时间", "Time")),
        column("lot", cx.t("次数包", "Package")),
        column("kind", cx.t("类型", "Kind")),
        numbers("change", cx.t("变动", "Change")),
        column("reason", cx.t("原因", "Reason")),
        column("actor", cx.t("经办", "By")),
    ];
    let row = |entry: &EntryRow| {
        vec![
            Cell::time(entry.at, ""),
            Cell::number(format!("#{}", entry.lot.0), entry.lot.0 as f64),
            Cell::text(kind(cx, &entry.kind)),
            Cell::number(change(entry.delta), entry.delta as f64),
            Cell::text(entry.reason.clone()),
            Cell::text(entry.actor.clone()),
        ]
    };
    let rows = entries.iter().map(row).collect();
    Table::new(cx, "entries", &columns, rows).with_search(cx)
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (account, store) = (cx.account()?, cx.accounts().store());
    let lots = store.lots(account, cx.accounts().now()).await?;
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let entries = store.entries(account, before, LINES).await?;
    let last = entries.last().filter(|_| entries.len() == LINES as usize);
    html(&Packages {
        f: cx.frame("次数包与账本", "Packages and ledger"),
        lots: lot_table(&cx, &lots),
        older: last.map_or_else(String::new, |row| format!("/packages?before={}", row.id)),
        entries: entry_table(&cx, &entries),
    })
}
