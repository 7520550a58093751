//! Every limit is a number, holds at the number, and says so beyond it.

use crate::{PAGE_VIN, exchange, expect_code, expect_porsche, get, post, try_exchange};
use vin_api::limits::{BODY_BYTES, HEAD_BYTES, QUERY_BYTES};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn padded(len: usize) -> String {
    let start = format!("key=demo&vin={PAGE_VIN}&pad=");
    let pad = "p".repeat(len - start.len());
    start + &pad
}

#[track_caller]
fn expect_limit(answer: &crate::Answer, number: usize) {
    let json = expect_code(answer, 403);
    let msg = json["msg"].as_str().expect("a text");
    assert!(msg.contains(&number.to_string()), "{msg}");
}

#[test]
fn the_query_may_have_16_kib() {
    expect_porsche(&get(&format!("/api/vin/get?{}", padded(QUERY_BYTES))));
    expect_limit(
        &get(&format!("/api/vin/get?{}", padded(QUERY_BYTES + 1))),
        QUERY_BYTES,
    );
}

#[test]
fn the_body_may_have_64_kib() {
    expect_porsche(&post("/api/vin/get", FORM, padded(BODY_BYTES).as_bytes()));
    let over = post("/api/vin/get", FORM, padded(BODY_BYTES + 1).as_bytes());
    expect_limit(&over, BODY_BYTES);
}

#[test]
fn a_body_in_chunks_is_counted_too() {
    let body = |len: usize| {
        let text = padded(len);
        format!(
            "POST /api/vin/get HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{FORM}\
             Transfer-Encoding: chunked\r\n\r\n{len:x}\r\n{text}\r\n0\r\n\r\n"
        )
    };
    expect_porsche(&exchange(body(1000).as_bytes()));
    expect_limit(&exchange(body(BODY_BYTES + 1).as_bytes()), BODY_BYTES);
}

#[test]
fn a_head_far_beyond_64_kib_is_http_431() {
    let header = "h".repeat(2 * HEAD_BYTES);
    let request = format!("GET /api/vin/get HTTP/1.1\r\nHost: x\r\nX: {header}\r\n\r\n");
    let refused = try_exchange(request.as_bytes());
    assert!(refused.is_none_or(|answer| answer.status == 431));
}

#[tokio::test]
async fn a_body_has_ten_seconds_to_arrive() {
    use axum::body::Body;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let dir = tempfile::tempdir().expect("a directory");
    let router = vin_api::router(crate::app(dir.path()).await);
    let never = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let request = hyper::Request::post("/api/vin/get").body(Body::from_stream(never));
    // From here on time passes as soon as everybody waits.
    tokio::time::pause();
    let answer = router
        .oneshot(request.expect("a request"))
        .await
        .expect("answered");
    assert_eq!(answer.status(), 200);
    let body = answer
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let text = std::str::from_utf8(&body).expect("UTF-8");
    assert!(
        text.contains("\"code\":403") && text.contains("10 秒"),
        "{text}"
    );
}
