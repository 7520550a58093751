//! Notices of the providers of payments: paths for those that are set up, and for no other.
//!
//! Not the JSON contract: what is answered is what each provider wants to hear. Anything that was not
//! acted on is answered so that the provider tells again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use std::sync::Arc;
use vin_service::Service;
use vin_service::purchases::{ALIPAY_PATH, CounterError, NoticeHeaders, WECHAT_PATH};

/// The most bytes of a notice.
const MOST_BYTES: usize = 64 << 10;

/// The paths on which providers tell of payments.
pub fn pay_router(service: Arc<Service>) -> Router {
    let counter = service.counter();
    let mut router = Router::new();
    if counter.alipay.is_some() {
        router = router.route(ALIPAY_PATH, post(alipay));
    }
    if counter.wechat.is_some() {
        router = router.route(WECHAT_PATH, post(wechat));
    }
    router
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(service)
}

async fn alipay(State(service): State<Arc<Service>>, body: Bytes) -> Response {
    match service.alipay_notice(&body).await {
        Ok(()) => "success".into_response(),
        Err(error) => refused(&error, "failure"),
    }
}

async fn wechat(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let of = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    };
    let signed = NoticeHeaders {
        timestamp: of("wechatpay-timestamp"),
        nonce: of("wechatpay-nonce"),
        serial: of("wechatpay-serial"),
        signature: of("wechatpay-signature"),
    };
    match service.wechat_notice(&signed, &body).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(&error, r#"{"code":"FAIL","message":"not taken"}"#),
    }
}

fn refused(error: &CounterError, text: &'static str) -> Response {
    tracing::warn!(%error, "a notice of a payment was not taken");
    let status = match error {
        CounterError::Pay(_) | CounterError::NotSetUp | CounterError::NotPaid => {
            StatusCode::BAD_REQUEST
        }
        CounterError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, text).into_response()
}
