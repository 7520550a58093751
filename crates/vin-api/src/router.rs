//! The list of routes.

use crate::account::{account_balance, account_usage};
use crate::call::query_lang;
use crate::envelope::{self, Failure};
use crate::health::{self, Pack};
use crate::vin_get::{self, vin_get};
use crate::{cors, home, openapi};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use hyper::{Method, StatusCode, Uri};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use vin_core::Lang;
use vin_service::{Networks, Service};

/// What the routes work with.
pub struct App {
    /// The service.
    pub service: Arc<Service>,
    /// The vehicle data.
    pub pack: Pack,
    /// Whether this is a demo, so that the home page may show its key.
    pub demo: bool,
    /// The proxies whose word about a client's address is believed.
    pub trusted_proxies: Networks,
}

/// The paths of the interfaces that an operator can switch off.
pub const PAID_PATHS: [&str; 1] = [vin_get::PATH];

/// Every route of the interface.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/openapi.json", get(openapi::openapi))
        .fallback(no_such_path)
        .layer(CatchPanicLayer::custom(panicked))
        // Added last: it catches its panics itself, and is spared what the layer costs.
        .route(vin_get::PATH, any(vin_get))
        .route("/api/account/balance", any(account_balance))
        .route("/api/account/usage", any(account_usage))
        .with_state(Arc::new(app))
}

/// Below `/api/` an envelope, elsewhere HTTP 404.
async fn no_such_path(method: Method, uri: Uri) -> Response {
    let is_api = uri.path() == "/api" || uri.path().starts_with("/api/");
    match (is_api, method) {
        (true, Method::OPTIONS) => cors::preflight(),
        (true, _) => envelope::failed(&Failure::NoPath, query_lang(&uri)),
        (false, _) => (StatusCode::NOT_FOUND, "404 没有这个页面 no such page\n").into_response(),
    }
}

fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    envelope::failed(&Failure::Panic, Lang::Zh)
}
