//! `/api/account/balance` and `/api/account/usage`: what is left and what was used. Both are free.

use crate::call::{self, What};
use crate::envelope::{Failure, Reply};
use crate::fault::Fault;
use crate::json;
use crate::limits::USAGE_DAYS;
use crate::param::Params;
use crate::question;
use crate::raw::Raw;
use crate::router::App;
use axum::extract::{Request, State};
use axum::response::Response;
use std::sync::Arc;
use vin_core::Date;
use vin_service::{Balance, CHINA_OFFSET, Caller};

/// Of so many days the usage is shown, when the request does not say of which.
const USUAL_DAYS: i64 = 30;

/// `GET|POST /api/account/balance`
pub async fn account_balance(State(app): State<Arc<App>>, request: Request) -> Response {
    call::handle(&app, request, What::Balance).await
}

/// `GET|POST /api/account/usage`
pub async fn account_usage(State(app): State<Arc<App>>, request: Request) -> Response {
    call::handle(&app, request, What::Usage).await
}

/// Shows what is left.
pub async fn balance(
    app: &App,
    params: &Params<'_>,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let lang = question::lang(params)?;
    let balance = app.service.balance(caller).await?;
    reply.object(lang, |out| write_balance(out, &balance));
    Ok(())
}

/// Shows the usage by day.
pub async fn usage(
    app: &App,
    raw: &Raw,
    params: &Params<'_>,
    caller: &Caller,
    reply: &mut Reply,
) -> Result<(), Failure> {
    let lang = question::lang(params)?;
    let (from, to) = days(raw, app.service.today())?;
    let usage = app.service.usage(caller, from, to).await?;
    reply.object(lang, |out| {
        out.extend_from_slice(b"{\"from\":");
        json::string(out, &shown(from.number()));
        out.extend_from_slice(b",\"to\":");
        json::string(out, &shown(to.number()));
        out.extend_from_slice(b",\"days\":");
        json::array(out, &usage, |out, day| {
            out.extend_from_slice(b"{\"day\":");
            json::string(out, &shown(day.day));
            for (name, number) in [
                ("calls", day.calls),
                ("found", day.found),
                ("charged", day.charged),
            ] {
                out.push(b',');
                json::string(out, name);
                out.push(b':');
                json::int(out, number);
            }
            out.push(b'}');
        });
        out.push(b'}');
    });
    Ok(())
}

fn write_balance(out: &mut Vec<u8>, balance: &Balance) {
    out.extend_from_slice(b"{\"remaining\":");
    json::int(out, balance.remaining);
    out.extend_from_slice(b",\"packages\":");
    json::array(out, &balance.packages, |out, lot| {
        out.extend_from_slice(b"{\"id\":");
        json::int(out, lot.id.0);
        out.extend_from_slice(b",\"name\":");
        json::string(out, &format!("{} 次", lot.total));
        out.extend_from_slice(b",\"total\":");
        json::int(out, lot.total);
        out.extend_from_slice(b",\"remaining\":");
        json::int(out, lot.remaining);
        out.extend_from_slice(b",\"expires_at\":");
        match lot.end() {
            Some(end) => json::string(out, &moment(end)),
            None => out.extend_from_slice(b"null"),
        }
        out.push(b'}');
    });
    out.push(b'}');
}

/// The days that a request asks for, both included.
fn days(raw: &Raw, today: Date) -> Result<(Date, Date), Fault> {
    let read = |name| match raw.value(name) {
        None => Ok(None),
        Some(text) => Date::parse(text.trim()).map(Some).ok_or(Fault::Days),
    };
    let to = read("to")?.unwrap_or(today);
    let from = read("from")?.unwrap_or_else(|| days_before(to, USUAL_DAYS - 1));
    let in_reach =
        from.number() <= to.number() && from.number() > days_before(to, USAGE_DAYS).number();
    in_reach.then_some((from, to)).ok_or(Fault::Days)
}

fn days_before(date: Date, days: i64) -> Date {
    Date::from_unix((date.days() - days) * 86_400, 0)
}

/// `YYYY-MM-DD` of `YYYYMMDD`.
fn shown(day: u32) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        day / 10_000,
        day / 100 % 100,
        day % 100
    )
}

/// A moment as RFC 3339 writes it, in China's time.
fn moment(unix: i64) -> String {
    let day = Date::from_unix(unix, CHINA_OFFSET);
    let second = (unix + i64::from(CHINA_OFFSET)).rem_euclid(86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}+08:00",
        shown(day.number())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_chinas_time() {
        assert_eq!(moment(1_795_492_799), "2026-11-24T11:59:59+08:00");
        assert_eq!(moment(1_795_449_600), "2026-11-24T00:00:00+08:00");
    }

    #[test]
    fn days_are_counted_back_over_months() {
        let date = |text| Date::parse(text).expect("a date");
        assert_eq!(days_before(date("2026-03-01"), 1), date("2026-02-28"));
        assert_eq!(days_before(date("2024-12-31"), 365), date("2024-01-01"));
    }
}
