//! `/healthz` and `/readyz`: for whoever decides whether this process gets requests.

use crate::router::App;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The vehicle data that answers are made of.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Whether every byte of it was checked and is right.
    pub verified: bool,
    /// Which data it is, or what is wrong with it.
    pub detail: String,
}

/// The process is alive.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can answer: HTTP 200, or 503 with the part that is missing.
pub async fn readyz(State(app): State<Arc<App>>) -> Response {
    let answer = tokio::time::timeout(PATIENCE, app.service.ping()).await;
    let database = matches!(answer, Ok(Ok(())));
    let pack = app.pack.borrow().clone();
    let ready = database && pack.verified;
    let body = json!({
        "ready": ready,
        "parts": {
            "database": { "ok": database },
            "pack": { "ok": pack.verified, "detail": pack.detail },
        },
    });
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let json = [(CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, json, format!("{body}\n")).into_response()
}
