//! How much was used, by day, key and code.

use super::keys;
use super::overview::days_before;
use crate::chart::{self, Bar};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::{Cell, Table, column, numbers};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;
use vin_service::people::UsageSum;

/// How many days can be shown.
const SPANS: [i64; 3] = [7, 30, 90];

#[derive(Template)]
#[template(path = "usage.html")]
struct Usage {
    f: Frame,
    spans: [i64; 3],
    span: i64,
    chart: String,
    days: Table,
    keys: Table,
    codes: Table,
    any: bool,
}

/// What was used, by something.
type Line = (String, i64, i64, i64);

/// Usage as a table.
fn table(cx: &Context, name: &'static str, title: &'static str, lines: Vec<Line>) -> Table {
    let columns = [
        column("name", title),
        numbers("calls", cx.t("调用", "Calls")),
        numbers("found", cx.t("命中", "Found")),
        numbers("charged", cx.t("计费", "Charged")),
    ];
    let row = |(name, calls, found, charged): Line| {
        let counts = [calls, found, charged].map(Cell::count);
        [Cell::text(name)].into_iter().chain(counts).collect()
    };
    Table::new(cx, name, &columns, lines.into_iter().map(row).collect())
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let account = cx.account()?;
    let (accounts, now) = (cx.accounts(), cx.accounts().now());
    let asked = cx.query.number("days").filter(|days| SPANS.contains(days));
    let span = asked.unwrap_or(30);
    let dates: Vec<_> = (0..span)
        .rev()
        .map(|n| days_before(now, n).number())
        .collect();
    let (from, to) = (dates[0], dates[dates.len() - 1]);
    let store = accounts.store();
    let usage = store.usage_by_day(account, from, to).await?;
    let sums = store.usage_sums(account, from, to).await?;
    let names = keys::names(&cx).await?;
    let by_day: BTreeMap<_, _> = usage.iter().map(|day| (day.day, day)).collect();
    let bars: Vec<_> = dates
        .iter()
        .map(|day| Bar {
            name: format::day_number(*day)[5..].to_owned(),
            whole: by_day.get(day).map_or(0, |u| u.calls),
            part: by_day.get(day).map_or(0, |u| u.charged),
        })
        .collect();
    let days = usage.iter().rev().map(|day| {
        let name = format::day_number(day.day);
        (name, day.calls, day.found, day.charged)
    });
    let by_key = lines(&sums, |sum| {
        names.get(&sum.key).cloned().unwrap_or_default()
    });
    let by_code = lines(&sums, |sum| sum.code.to_string());
    let title = cx.t(
        "每日调用次数与计费次数",
        "Calls a day, and those that were charged",
    );
    html(&Usage {
        f: cx.frame("用量", "Usage"),
        spans: SPANS,
        span,
        chart: chart::svg(&bars, title),
        any: !usage.is_empty(),
        days: table(&cx, "days", cx.t("日期", "Day"), days.collect()),
        keys: table(&cx, "keys", cx.t("密钥", "Key"), by_key),
        codes: table(&cx, "codes", cx.t("返回码", "Code"), by_code),
    })
}

fn lines(sums: &[UsageSum], name: impl Fn(&UsageSum) -> String) -> Vec<Line> {
    let mut by_name: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for sum in sums {
        let (calls, found, charged) = by_name.entry(name(sum)).or_default();
        *calls += sum.calls;
        *charged += sum.charged;
        *found += if sum.code == 200 { sum.calls } else { 0 };
    }
    let line = |(name, (calls, found, charged))| (name, calls, found, charged);
    let mut lines: Vec<Line> = by_name.into_iter().map(line).collect();
    lines.sort_by_key(|(_, calls, ..)| std::cmp::Reverse(*calls));
    lines
}
