//! The tools over HTTP, at `/mcp`.
//!
//! No browser is let in: a request with an `Origin` is refused, and so is a `Host` that is not this machine
//! while there is no token, so that no page reaches the tools under another name. No session is kept.

use super::Tools;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use tokio::net::TcpListener;

/// A call has a VIN or a keyword.
const BODY_BYTES: usize = 64 << 10;

/// What clients must send as `Authorization: Bearer …`; only its digest is kept.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// The token of a text.
    pub fn new(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Whether a header holds it. Digests are compared, all of them, so that time tells nothing of it.
    fn opens(&self, header: Option<&[u8]>) -> bool {
        let sent = header.and_then(|header| header.strip_prefix(b"Bearer "));
        let sent: [u8; 32] = Sha256::digest(sent.unwrap_or_default()).into();
        let differ = self.0.iter().zip(sent).fold(0, |all, (a, b)| all | (a ^ b));
        differ == 0
    }
}

/// Serves until `stop` is ready; what is being answered then is answered.
pub async fn serve(
    listener: TcpListener,
    tools: Tools,
    token: Option<Token>,
    stop: impl Future<Output = ()>,
) {
    let mut config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(BODY_BYTES)
        .enforce_origin_validation();
    if token.is_some() {
        config = config.disable_allowed_hosts();
    }
    let stopping = config.cancellation_token.clone();
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(tools.clone()), sessions, config);
    let router =
        Router::new()
            .route_service("/mcp", service)
            .layer(from_fn(move |request, next| {
                guard(token.clone(), request, next)
            }));
    let stop = async move {
        stop.await;
        stopping.cancel();
    };
    vin_api::serve(listener, router, stop).await;
}

async fn guard(token: Option<Token>, request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION);
    match token {
        Some(token) if !token.opens(header.map(|value| value.as_bytes())) => {
            let challenge = [("www-authenticate", "Bearer")];
            (StatusCode::UNAUTHORIZED, challenge, "wrong token\n").into_response()
        }
        _ => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_opens() {
        let token = Token::new("tok-1");
        assert!(token.opens(Some(b"Bearer tok-1")));
        for wrong in [
            "Bearer tok-",
            "Bearer tok-12",
            "tok-1",
            "Basic tok-1",
            "Bearer ",
        ] {
            assert!(!token.opens(Some(wrong.as_bytes())), "{wrong}");
        }
        assert!(!token.opens(None));
    }
}
