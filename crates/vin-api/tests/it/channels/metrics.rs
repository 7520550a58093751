//! What `/metrics` tells of each channel.

use super::{Market, STRANGER};
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::Request;
use tower::ServiceExt as _;
use vin_testkit::upstream::Script;

async fn page(market: &Market) -> String {
    let router = vin_api::metrics_router(market.service.clone());
    let request = Request::get("/metrics").body(Body::empty());
    let answer = router.oneshot(request.expect("a request")).await;
    let body = answer.expect("answered").into_body().collect().await;
    String::from_utf8(body.expect("a body").to_bytes().to_vec()).expect("UTF-8")
}

/// Whether the page has each line.
#[track_caller]
fn check(page: &str, lines: &[&str]) {
    for line in lines {
        assert!(page.lines().any(|has| has == *line), "{line}\n{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_channel_has_its_counts_its_breaker_its_cost_and_its_times() {
    let market = Market::open(&[Script::Status(500), Script::Hit]).await;
    let zero = page(&market).await;
    check(
        &zero,
        &[
            "chejia_channel_calls_total{channel=\"a\"} 0",
            "chejia_channel_breaker{channel=\"a\",state=\"closed\"} 1",
        ],
    );
    // After five failures in a row the breaker of `a` opens, and only `b` is asked.
    for _ in 0..6 {
        let answer = market.ask(&format!("vin={STRANGER}")).await;
        assert_eq!(answer["data"]["match"]["channel"], "b", "{answer}");
    }
    assert_eq!(market.calls(), [5, 6]);
    let page = page(&market).await;
    check(
        &page,
        &[
            "# TYPE chejia_channel_calls_total counter",
            "chejia_channel_calls_total{channel=\"a\"} 5",
            "chejia_channel_calls_total{channel=\"b\"} 6",
            "chejia_channel_ends_total{channel=\"a\",end=\"http_status\"} 5",
            "chejia_channel_ends_total{channel=\"b\",end=\"hit\"} 6",
            "# TYPE chejia_channel_breaker gauge",
            "chejia_channel_breaker{channel=\"a\",state=\"closed\"} 0",
            "chejia_channel_breaker{channel=\"a\",state=\"open\"} 1",
            "chejia_channel_breaker{channel=\"b\",state=\"closed\"} 1",
            // Of an error of the upstream only its bill tells the cost: the most that it can be.
            "chejia_channel_cost_yuan_total{channel=\"a\"} 0.2500",
            "chejia_channel_cost_yuan_total{channel=\"b\"} 0.3000",
            "# TYPE chejia_channel_seconds histogram",
            "chejia_channel_seconds_bucket{channel=\"a\",le=\"+Inf\"} 5",
            "chejia_channel_seconds_count{channel=\"b\"} 6",
        ],
    );
    for name in ["calls_total", "ends_total", "breaker", "seconds"] {
        let head = format!("# HELP chejia_channel_{name} ");
        assert_eq!(page.matches(&head).count(), 1, "{name}\n{page}");
    }
}
