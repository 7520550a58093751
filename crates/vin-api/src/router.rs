//! The list of routes.

use crate::account::{account_balance, account_usage};
use crate::call::query_lang;
use crate::dialect::Dialect;
use crate::envelope::{self, Failure};
use crate::health::{self, Pack};
use crate::interface::INTERFACES;
use crate::vin_batch::{self, vin_batch};
use crate::vin_get::vin_get;
use crate::{car, cors, logo, openapi};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use hyper::{Method, StatusCode, Uri};
use std::any::Any;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use vin_core::Lang;
use vin_service::{Networks, Service};

/// What the routes work with.
pub struct App {
    /// The service.
    pub service: Arc<Service>,
    /// The vehicle data; it may become another while the server runs.
    pub pack: watch::Receiver<Pack>,
    /// Where the server is, as clients see it; else the request says it. See [`base_url`](crate::base_url).
    pub public_url: Option<String>,
    /// The folder of the operator's own marks of brands.
    pub logos: Option<PathBuf>,
    /// The proxies whose word about a client's address is believed.
    pub trusted_proxies: Networks,
}

/// The paths of the interfaces that an operator can switch off.
pub fn paths() -> impl Iterator<Item = &'static str> {
    let look_ups = Dialect::ALL.into_iter().map(Dialect::path);
    look_ups
        .chain([vin_batch::PATH])
        .chain(INTERFACES.iter().map(|row| row.path))
}

/// Every route of the interface.
pub fn router(app: App) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/openapi.json", get(openapi::openapi))
        .route("/logo/brand/{file}", get(logo::brand))
        .fallback(no_such_path)
        .layer(CatchPanicLayer::custom(panicked))
        // Added last: it catches its panics itself, and is spared what the layer costs.
        .route(vin_batch::PATH, any(vin_batch))
        .route("/api/account/balance", any(account_balance))
        .route("/api/account/usage", any(account_usage));
    for dialect in Dialect::ALL {
        router = router.route(dialect.path(), any(vin_get));
    }
    for row in &INTERFACES {
        let interface = row.interface;
        let handle =
            move |State(app): State<Arc<App>>, request| car::handle(app, request, interface);
        router = router.route(row.path, any(handle));
    }
    router.with_state(Arc::new(app))
}

/// Below `/api/` an envelope, elsewhere HTTP 404.
async fn no_such_path(method: Method, uri: Uri) -> Response {
    let is_api = uri.path() == "/api" || uri.path().starts_with("/api/");
    match (is_api, method) {
        (true, Method::OPTIONS) => cors::preflight(),
        (true, _) => envelope::failed(Dialect::Own, &Failure::NoPath, query_lang(&uri)),
        (false, _) => (StatusCode::NOT_FOUND, "404 没有这个页面 no such page\n").into_response(),
    }
}

fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    envelope::failed(Dialect::Own, &Failure::Panic, Lang::Zh)
}
