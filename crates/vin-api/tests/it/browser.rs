//! What browsers need: cross-origin access, JSONP, a page at the root.

use crate::{PAGE_VIN, exchange, get};
use serde_json::Value as Json;

#[test]
fn a_preflight_allows_the_headers_of_signing() {
    for path in ["/api/vin/get", "/api/later"] {
        let answer = exchange(
            format!(
                "OPTIONS {path} HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\n\
                 Access-Control-Request-Method: POST\r\n\
                 Access-Control-Request-Headers: sign\r\nConnection: close\r\n\r\n"
            )
            .as_bytes(),
        );
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let methods = answer.header("access-control-allow-methods");
        assert!(methods.contains("GET") && methods.contains("POST"));
        let headers = answer.header("access-control-allow-headers");
        for name in ["content-type", "sign", "sign-v2", "timestamp", "nonce"] {
            assert!(headers.split(", ").any(|header| header == name), "{name}");
        }
    }
}

#[track_caller]
fn call(query: &str, name: &str) -> Json {
    let answer = get(&format!("/api/vin/get?{query}"));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/javascript; charset=utf-8"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let inner = answer.text().strip_prefix(&format!("/**/{name}("));
    let inner = inner
        .and_then(|text| text.strip_suffix(");"))
        .expect("a call");
    serde_json::from_str(inner).expect("JSON")
}

#[test]
fn jsonp_calls_the_function_also_with_a_failure() {
    let json = call(
        &format!("key=demo&vin={PAGE_VIN}&callback=jQuery_1"),
        "jQuery_1",
    );
    assert_eq!(json["code"], 200);
    assert_eq!(
        call("key=demo&callback=my.app.cb", "my.app.cb")["code"],
        403
    );
    assert_eq!(call("key=x&vin=x&callback=$", "$")["code"], 401);
}

#[test]
fn a_callback_that_is_no_name_is_never_repeated() {
    let answer = get("/api/vin/get?key=demo&vin=x&callback=%3Cscript%3E");
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.json()["code"], 403);
    assert!(!answer.text().contains("script"));
}
