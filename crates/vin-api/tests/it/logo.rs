//! Marks of brands: monograms, an operator's own pictures, and what is none.

use crate::{app, exchange, get};
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::{Request, Response};
use std::path::Path;
use tower::ServiceExt as _;
use vin_api::App;

const PORSCHE: &str = "/logo/brand/1000299.svg";

#[test]
fn a_brand_has_a_monogram_that_can_do_nothing() {
    let answer = get(PORSCHE);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert!(answer.header("cache-control").starts_with("public"));
    assert!(answer.text().contains(">保</text>"), "{}", answer.text());
    assert!(!answer.text().contains("script") && !answer.text().contains("href"));
    let held = exchange(
        format!(
            "GET {PORSCHE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: {}\r\n\r\n",
            answer.header("etag")
        )
        .as_bytes(),
    );
    assert_eq!((held.status, held.body.len()), (304, 0));
}

#[test]
fn what_is_no_brand_is_not_there() {
    for path in [
        "/logo/brand/1.svg",
        "/logo/brand/01000299.svg",
        "/logo/brand/1000299",
        "/logo/brand/1000299.png",
        "/logo/brand/..%2f..%2fchejia.db",
        "/logo/brand/..%2f1000299.svg",
        "/logo/brand/%00.svg",
        "/logo/brand/",
        "/logo/brand/a/1000299.svg",
        "/logo/",
    ] {
        assert_eq!(get(path).status, 404, "{path}");
    }
}

async fn fetch(app: App) -> Response<Body> {
    let request = Request::get(PORSCHE)
        .body(Body::empty())
        .expect("a request");
    vin_api::router(app)
        .oneshot(request)
        .await
        .expect("answered")
}

/// The content type that is shown when the folder of logos holds this file, and whether it is shown.
async fn shown(file: &str, bytes: &[u8]) -> (String, bool) {
    let dir = tempfile::tempdir().expect("a directory");
    let logos = dir.path().join("logos");
    std::fs::create_dir_all(&logos).expect("made");
    std::fs::write(logos.join(file), bytes).expect("written");
    let response = fetch(app(dir.path()).await).await;
    let content_type = response.headers()["content-type"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(response.headers().contains_key("content-security-policy"));
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    (content_type, body == bytes)
}

#[tokio::test]
async fn a_picture_of_the_operator_is_shown_with_its_own_type() {
    let svg = "\u{feff}<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let own = |content_type: &str| (content_type.to_owned(), true);
    assert_eq!(
        shown("1000299.svg", svg.as_bytes()).await,
        own("image/svg+xml")
    );
    assert_eq!(
        shown("1000299.png", b"\x89PNG\r\n\x1a\nrest").await,
        own("image/png")
    );
    assert_eq!(
        shown("1000299.webp", b"RIFF\x04\0\0\0WEBPrest").await,
        own("image/webp")
    );
}

#[tokio::test]
async fn a_file_that_is_no_such_picture_is_not_shown() {
    let monogram = ("image/svg+xml".to_owned(), false);
    for (file, bytes) in [
        (
            "1000299.svg",
            &b"<html><script>alert(1)</script></html>"[..],
        ),
        ("1000299.svg", b"\x89PNG\r\n\x1a\n"),
        ("1000299.png", b"<svg/>"),
        ("1000299.webp", b"RIFF"),
        ("1000299.gif", b"GIF89a"),
        ("1000300.svg", b"<svg/>"),
    ] {
        assert_eq!(shown(file, bytes).await, monogram, "{file}");
    }
    let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
    large.resize(256 * 1024, 0);
    assert_eq!(
        shown("1000299.png", &large).await,
        ("image/png".to_owned(), true)
    );
    large.push(0);
    assert_eq!(shown("1000299.png", &large).await, monogram);
}

#[tokio::test]
async fn a_folder_in_place_of_a_file_is_passed_over() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::create_dir_all(dir.path().join("logos/1000299.svg")).expect("made");
    assert_eq!(fetch(app(dir.path()).await).await.status(), 200);
}

/// The logo that an answer about a car of this brand names.
async fn logo_of(dir: &Path, change: impl FnOnce(&mut App), headers: &[(&str, &str)]) -> String {
    let mut app = app(dir).await;
    change(&mut app);
    let mut request = Request::get("/api/vin/get?key=demo&vin=WP0AA2978BL012976");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = vin_api::router(app)
        .oneshot(request)
        .await
        .expect("answered");
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let json: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    json["data"]["result"]["logo"]
        .as_str()
        .expect("a text")
        .to_owned()
}

#[tokio::test]
async fn an_answer_names_the_mark_on_this_server() {
    let dir = tempfile::tempdir().expect("a directory");
    let same = |_: &mut App| {};
    assert_eq!(
        logo_of(dir.path(), same, &[("host", "a:8080")]).await,
        format!("http://a:8080{PORSCHE}")
    );
    assert_eq!(logo_of(dir.path(), same, &[]).await, PORSCHE);
    let forwarded = [
        ("host", "a"),
        ("x-forwarded-host", "vin.example.com"),
        ("x-forwarded-proto", "https"),
    ];
    assert_eq!(
        logo_of(dir.path(), same, &forwarded).await,
        format!("http://a{PORSCHE}")
    );
    let trust = |app: &mut App| {
        app.trusted_proxies = vin_service::Networks::parse("127.0.0.1").expect("one")
    };
    assert_eq!(
        logo_of(dir.path(), trust, &forwarded).await,
        format!("https://vin.example.com{PORSCHE}")
    );
    let set = |app: &mut App| app.public_url = Some("https://example.com/vin".to_owned());
    assert_eq!(
        logo_of(dir.path(), set, &forwarded).await,
        format!("https://example.com/vin{PORSCHE}")
    );
}
