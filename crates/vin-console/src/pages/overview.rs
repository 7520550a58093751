//! What a customer has left and used, and what to do first.

use super::alerts;
use super::packages::lot_table;
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, html};
use crate::table::Table;
use askama::Template;
use std::sync::Arc;
use vin_core::Date;
use vin_service::people::{DayUsage, KeyState, Notice};

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    f: Frame,
    verified: bool,
    has_key: bool,
    has_called: bool,
    remaining: String,
    lots: Table,
    today: Sum,
    week: Sum,
    notices: Vec<Notice>,
    /// What is to be told of the account now.
    alerts: Vec<String>,
}

#[derive(Default)]
struct Sum {
    calls: String,
    charged: String,
    found: String,
}

pub async fn show(cx: Arc<Context>) -> Result<Reply, Problem> {
    let account = cx.customer()?;
    let (accounts, now) = (cx.accounts(), cx.accounts().now());
    let lots = accounts.store().lots(account.id, now).await?;
    let keys = accounts.keys(account.id).await?;
    let today = cx.app.today();
    let from = days_before(now, 6);
    let usage = accounts
        .store()
        .usage_by_day(account.id, from.number(), today.number())
        .await?;
    let open = accounts.store().open_alerts(account.id).await?;
    let remaining = lots.iter().map(|lot| lot.remaining).sum();
    html(&Overview {
        f: cx.frame("概览", "Overview"),
        verified: account.verified,
        has_key: keys.iter().any(|key| key.state == KeyState::Active),
        has_called: keys.iter().any(|key| key.used_at > 0),
        remaining: format::count(remaining),
        lots: lot_table(&cx, &lots),
        today: sum(usage.iter().filter(|day| day.day == today.number())),
        week: sum(usage.iter()),
        notices: accounts.store().notices(Some(now)).await?,
        alerts: open.iter().map(|alert| alerts::cause(&cx, alert)).collect(),
    })
}

/// The day in China so many days ago.
pub fn days_before(now: i64, days: i64) -> Date {
    Date::from_unix(now - days * 86_400, vin_service::CHINA_OFFSET)
}

fn sum<'d>(days: impl Iterator<Item = &'d DayUsage>) -> Sum {
    let (mut calls, mut found, mut charged) = (0, 0, 0);
    for day in days {
        calls += day.calls;
        found += day.found;
        charged += day.charged;
    }
    Sum {
        calls: format::count(calls),
        charged: format::count(charged),
        found: match calls {
            0 => "—".to_owned(),
            calls => format!("{:.1} %", found as f64 * 100.0 / calls as f64),
        },
    }
}
