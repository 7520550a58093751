//! Packages, and every change of the balance but charges.

use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use askama::Template;
use std::sync::Arc;
use vin_service::people::{EntryRow, Lot, NEVER};

/// How many entries a page has.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "packages.html")]
struct Packages {
    f: Frame,
    lots: Vec<LotLine>,
    entries: Vec<EntryLine>,
    older: String,
}

/// A package as a line.
pub struct LotLine {
    pub id: i64,
    pub total: String,
    pub remaining: String,
    /// How much is left, in hundredths.
    pub part: i64,
    pub expires: String,
}

/// A ledger entry as a line.
pub struct EntryLine {
    pub at: String,
    pub lot: i64,
    pub kind: &'static str,
    pub delta: String,
    pub reason: String,
    pub actor: String,
}

pub fn lot_line(cx: &Context, lot: &Lot) -> LotLine {
    LotLine {
        id: lot.id.0,
        total: format::count(lot.total),
        remaining: format::count(lot.remaining),
        part: lot.remaining * 100 / lot.total.max(1),
        expires: match lot.expires_at {
            NEVER => cx.t("长期有效", "never").to_owned(),
            at => format::day(at),
        },
    }
}

pub fn entry_line(cx: &Context, entry: &EntryRow) -> EntryLine {
    EntryLine {
        at: format::time(entry.at),
        lot: entry.lot.0,
        kind: match entry.kind.as_str() {
            "grant" => cx.t("发放", "grant"),
            "charge" => cx.t("历史计费", "charges of past months"),
            "refund" => cx.t("退还", "refund"),
            "expire" => cx.t("过期", "expired"),
            _ => cx.t("调整", "adjustment"),
        },
        delta: match entry.delta {
            n if n > 0 => format!("+{}", format::count(n)),
            n => format::count(n),
        },
        reason: entry.reason.clone(),
        actor: entry.actor.clone(),
    }
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let (account, store) = (cx.account()?, cx.accounts().store());
    let lots = store.lots(account, cx.accounts().now()).await?;
    let before = cx.query.number("before").unwrap_or(i64::MAX);
    let entries = store.entries(account, before, LINES).await?;
    let last = entries.last().filter(|_| entries.len() == LINES as usize);
    html(&Packages {
        f: cx.frame("次数包与账本", "Packages and ledger"),
        lots: lots.iter().map(|lot| lot_line(&cx, lot)).collect(),
        older: last.map_or_else(String::new, |row| format!("/packages?before={}", row.id)),
        entries: entries.iter().map(|row| entry_line(&cx, row)).collect(),
    })
}
