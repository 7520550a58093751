//! Whatever bytes arrive as query, body, header or VIN: a code of the table, never a panic or 5xx.

use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use proptest::prelude::*;
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use vin_api::code::CODES;
use vin_api::interface::INTERFACES;

struct InProcess {
    runtime: Runtime,
    router: Router,
    _dir: tempfile::TempDir,
}

static APP: LazyLock<InProcess> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let dir = tempfile::tempdir().expect("a directory");
    let router = vin_api::router(runtime.block_on(crate::app(dir.path())));
    InProcess {
        runtime,
        router,
        _dir: dir,
    }
});

/// Sends a request and sees that a code of the table comes back, but never 500.
fn check(method: Method, query: &str, content_type: &[u8], body: Vec<u8>) {
    check_at("/api/vin/get", method, query, content_type, body);
}

fn check_at(path: &str, method: Method, query: &str, content_type: &[u8], body: Vec<u8>) {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{path}?{query}"));
    if let Ok(value) = hyper::header::HeaderValue::from_bytes(content_type) {
        request = request.header(CONTENT_TYPE, value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let body = APP.runtime.block_on(async {
        let response = APP.router.clone().oneshot(request).await.expect("answered");
        assert_eq!(response.status(), 200);
        response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes()
    });
    let text = std::str::from_utf8(&body).expect("UTF-8");
    // With a callback the envelope stands in parentheses.
    let envelope = match text.strip_prefix("/**/") {
        Some(call) => {
            let start = call.find('(').expect("a call") + 1;
            call[start..].strip_suffix(");").expect("a call")
        }
        None => text,
    };
    let json: serde_json::Value = serde_json::from_str(envelope).expect("JSON");
    let code = json["code"].as_u64().expect("a number");
    assert_ne!(code, 500, "{text}");
    assert!(
        CODES.iter().any(|row| u64::from(row.number) == code),
        "{text}"
    );
}

/// Any bytes, as a client would put them into a query.
fn percent_encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("%{b:02X}")).collect()
}

/// Texts that look like requests, so that more than the first check is reached.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just("key=demo".to_owned()),
        Just("vin=WPOAA2978BL012976".to_owned()),
        "vin=[A-Za-z0-9 ]{0,20}".prop_map(|s| s),
        "(year|lang|explain|callback|reqid|key)=\\PC{0,12}".prop_map(|s| s),
        Just("callback=a.b".to_owned()),
        "\\{\"key\":\"demo\",\"vin\":[\\PC]{0,20}".prop_map(|s| s),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.join("&").into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_a_vin(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        check(Method::GET, &format!("key=demo&vin={}", percent_encoded(&bytes)), b"", Vec::new());
    }

    #[test]
    fn any_well_formed_vin(vin in "[A-HJ-NPR-Z0-9]{17}", year in 1975u16..2035) {
        check(Method::GET, &format!("key=demo&vin={vin}&explain=1&year={year}"), b"", Vec::new());
        check(Method::GET, &format!("key=demo&vin={vin}&lang=en"), b"", Vec::new());
    }

    #[test]
    fn any_question_about_the_catalogue(
        at in 0..INTERFACES.len(),
        keyword in prop_oneof!["[a-z0-9 ]{0,12}", "\\PC{0,20}", "[保时捷雅阁宝马 a-z0-9款]{0,8}"],
        number in prop_oneof![Just("530".to_owned()), "[0-9]{1,11}", "\\PC{0,6}"],
        rest in "(&(page|pagesize|lang)=[0-9a-z]{0,5}){0,2}",
    ) {
        let (keyword, number) = (percent_encoded(keyword.as_bytes()), percent_encoded(number.as_bytes()));
        let query = format!(
            "key=demo&keyword={keyword}&parentid={number}&carid={number}&pagesize=9{rest}"
        );
        check_at(INTERFACES[at].path, Method::GET, &query, b"", Vec::new());
    }

    #[test]
    fn any_query_that_a_uri_can_hold(query in "[!$-;=?-~]{0,80}") {
        check(Method::GET, &query, b"", Vec::new());
    }

    #[test]
    fn any_body_of_any_type(
        content_type in prop_oneof![
            Just(b"application/json".to_vec()),
            Just(b"application/x-www-form-urlencoded;charset:utf-8;".to_vec()),
            Just(b"multipart/form-data; boundary=b".to_vec()),
            prop::collection::vec(any::<u8>(), 0..30),
        ],
        body in prop_oneof![likely(), prop::collection::vec(any::<u8>(), 0..200)],
    ) {
        check(Method::POST, "key=demo", &content_type, body.clone());
        check(Method::GET, "", &content_type, body);
    }

    #[test]
    fn any_multipart(
        parts in prop::collection::vec(
            prop_oneof![
                Just("--b".to_owned()), Just("\r\n".to_owned()), Just("--".to_owned()),
                Just("Content-Disposition: form-data; name=\"vin\"".to_owned()),
                "\\PC{0,10}".prop_map(|s| s),
            ], 0..12),
    ) {
        let body = format!("--b\r\n{}", parts.concat()).into_bytes();
        check(Method::POST, "key=demo", b"multipart/form-data; boundary=b", body);
    }

    #[test]
    fn bytes_after_likely_ones(start in likely(), rest in prop::collection::vec(any::<u8>(), 0..40)) {
        let body = [start, rest].concat();
        check(Method::POST, "", b"", body);
    }
}
