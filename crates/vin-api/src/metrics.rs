//! `/metrics`, the Prometheus text format: for whoever watches over the service, on an address of
//! its own. Nothing in it is about an account, a key or a VIN.

use crate::metric::{CHANNEL_METRICS, ChannelMetric, METRICS, Metric, Row};
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::header::CONTENT_TYPE;
use std::fmt::Write as _;
use std::sync::Arc;
use vin_service::{BUCKETS, ChannelState, Health, Service, Tally};

/// Where the metrics are.
pub const METRICS_PATH: &str = "/metrics";

/// The routes of the metrics; they are none of the interface.
pub fn metrics_router(service: Arc<Service>) -> Router {
    let router = Router::new().route(METRICS_PATH, get(metrics));
    router.with_state(service)
}

async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let mut page = page(&service.health());
    channels(&mut page, &service.channels());
    (kind, page)
}

/// What a metric is, as the format wants it before its values.
fn head<M>(page: &mut String, row: &Row<M>) {
    let (name, kind) = (row.name, row.kind.name());
    // Writing into a String cannot fail.
    let _ = writeln!(page, "# HELP {name} {}\n# TYPE {name} {kind}", row.text.en);
}

/// The states that a breaker can have.
const STATES: [&str; 3] = ["closed", "open", "half_open"];

/// What each channel has, metric by metric, as the format wants it.
fn channels(page: &mut String, channels: &[ChannelState]) {
    if channels.is_empty() {
        return;
    }
    for row in &CHANNEL_METRICS {
        let name = row.name;
        head(page, row);
        for one in channels {
            let (channel, tally) = (one.facts.name, &one.tally);
            let label = format!("channel=\"{channel}\"");
            let _ = match row.metric {
                ChannelMetric::Calls => writeln!(page, "{name}{{{label}}} {}", tally.calls),
                ChannelMetric::Ends => tally.ends.iter().try_for_each(|(end, count)| {
                    writeln!(page, "{name}{{{label},end=\"{end}\"}} {count}")
                }),
                ChannelMetric::Breaker => STATES.iter().try_for_each(|state| {
                    let is = u8::from(*state == one.breaker.name());
                    writeln!(page, "{name}{{{label},state=\"{state}\"}} {is}")
                }),
                ChannelMetric::Cost => {
                    let (whole, part) = (tally.cost / 10_000, tally.cost % 10_000);
                    writeln!(page, "{name}{{{label}}} {whole}.{part:04}")
                }
                ChannelMetric::Seconds => histogram(page, name, &label, tally),
            };
        }
    }
}

fn histogram(page: &mut String, name: &str, label: &str, tally: &Tally) -> std::fmt::Result {
    let mut count = 0;
    for (end, of) in BUCKETS.iter().zip(&tally.buckets) {
        count += of;
        let end = f64::from(*end) / 1_000.0;
        writeln!(page, "{name}_bucket{{{label},le=\"{end}\"}} {count}")?;
    }
    let (calls, sum) = (tally.calls, tally.total.as_secs_f64());
    writeln!(page, "{name}_bucket{{{label},le=\"+Inf\"}} {calls}")?;
    writeln!(
        page,
        "{name}_sum{{{label}}} {sum}\n{name}_count{{{label}}} {calls}"
    )
}

fn page(health: &Health) -> String {
    let mut page = String::new();
    for row in &METRICS {
        if let Some(value) = value(row.metric, health) {
            head(&mut page, row);
            // Writing into a String cannot fail.
            let _ = writeln!(page, "{} {value}", row.name);
        }
    }
    page
}

/// `None` for what is not there.
fn value(metric: Metric, health: &Health) -> Option<f64> {
    let redis = health.redis.as_ref();
    let flag = |yes: bool| if yes { 1.0 } else { 0.0 };
    // A count is exact up to 2^53.
    let count = |count: u64| count as f64;
    match metric {
        Metric::Nodes => Some(health.nodes.into()),
        Metric::KeysAge => Some(health.keys_age.as_secs_f64()),
        Metric::LimitsDegraded => Some(flag(redis.is_some_and(|redis| !redis.is_there))),
        Metric::LimitsAlone => Some(redis.map_or(0.0, |redis| count(redis.alone))),
        Metric::RedisUp => redis.map(|redis| flag(redis.is_there)),
        Metric::RedisLosses => redis.map(|redis| count(redis.losses)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use vin_service::RedisHealth;

    #[test]
    fn the_page_has_every_metric_in_the_order_of_the_table() {
        let redis = RedisHealth {
            is_there: false,
            losses: 2,
            alone: 7,
        };
        let health = Health {
            nodes: 3,
            keys_age: Duration::from_millis(250),
            redis: Some(redis),
        };
        let values = |page: &str| -> Vec<String> {
            let lines = page.lines().filter(|line| !line.starts_with('#'));
            lines.map(str::to_owned).collect()
        };
        let away = page(&health);
        let names = METRICS.map(|row| row.name);
        let wanted = ["3", "0.25", "1", "7", "0", "2"];
        let pairs = names.iter().zip(wanted).map(|(n, v)| format!("{n} {v}"));
        assert_eq!(values(&away), pairs.collect::<Vec<_>>());
        assert!(
            away.contains("# TYPE chejia_limits_alone_total counter\n"),
            "{away}"
        );
        let none = Health {
            redis: None,
            ..health
        };
        let none = values(&page(&none));
        assert_eq!(
            none[2..],
            ["chejia_limits_degraded 0", "chejia_limits_alone_total 0"]
        );
    }
}
