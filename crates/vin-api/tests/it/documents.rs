//! Health, readiness, and the description for programs.

use crate::get;
use serde_json::Value as Json;

#[test]
fn the_process_is_alive_and_ready() {
    assert_eq!(
        (get("/healthz").status, get("/healthz").text()),
        (200, "ok\n")
    );
    let answer = get("/readyz");
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(json["ready"], true);
    assert_eq!(json["parts"]["database"]["ok"], true);
    assert_eq!(json["parts"]["pack"]["ok"], true);
}

#[tokio::test]
async fn without_its_database_it_is_alive_but_not_ready() {
    use axum::body::Body;
    use hyper::Request;
    use tower::ServiceExt as _;
    let dir = tempfile::tempdir().expect("a directory");
    let app = crate::app(dir.path()).await;
    app.service.close().await;
    let router = vin_api::router(app);
    let status = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        router
            .clone()
            .oneshot(request)
            .await
            .expect("answered")
            .status()
    };
    assert_eq!(status("/healthz").await, 200);
    assert_eq!(status("/readyz").await, 503);
}

/// Every `$ref` in the document leads somewhere.
fn check_refs(document: &Json, part: &Json) {
    match part {
        Json::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Json::as_str) {
                let pointer = target.strip_prefix('#').expect("a local reference");
                assert!(document.pointer(pointer).is_some(), "{target}");
            }
            members.values().for_each(|part| check_refs(document, part));
        }
        Json::Array(items) => items.iter().for_each(|part| check_refs(document, part)),
        _ => {}
    }
}

#[test]
fn the_description_is_whole() {
    let answer = get("/openapi.json");
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    check_refs(&document, &document);
    for path in [
        "/api/vin/get",
        "/api/account/balance",
        "/api/account/usage",
        "/healthz",
        "/readyz",
    ] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    for row in &vin_api::interface::INTERFACES {
        let item = &document["paths"][row.path];
        for (param, _) in vin_api::interface::COMMON.iter().chain(row.params) {
            let name = vin_api::param::PARAMS[*param as usize].name;
            let listed = item["get"]["parameters"].as_array().expect("a list");
            assert!(
                listed.iter().any(|one| one["name"] == name),
                "{} {name}",
                row.path
            );
        }
    }
}
