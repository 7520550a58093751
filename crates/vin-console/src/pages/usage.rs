//! How much was used, by day, key and code.

use super::keys;
use super::overview::days_before;
use crate::chart::{self, Bar};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
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
    days: Vec<Line>,
    keys: Vec<Line>,
    codes: Vec<Line>,
    any: bool,
}

struct Line {
    name: String,
    calls: String,
    found: String,
    charged: String,
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
    let days = usage.iter().rev().map(|day| Line {
        name: format::day_number(day.day),
        calls: format::count(day.calls),
        found: format::count(day.found),
        charged: format::count(day.charged),
    });
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
        days: days.collect(),
        keys: lines(&sums, |sum| {
            names.get(&sum.key).cloned().unwrap_or_default()
        }),
        codes: lines(&sums, |sum| sum.code.to_string()),
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
    let mut lines: Vec<_> = by_name.into_iter().collect();
    lines.sort_by_key(|(_, (calls, ..))| std::cmp::Reverse(*calls));
    let line = |(name, (calls, found, charged))| Line {
        name,
        calls: format::count(calls),
        found: format::count(found),
        charged: format::count(charged),
    };
    lines.into_iter().map(line).collect()
}
