//! TLS for the upstream, with a certificate made for the test.

use super::http::Stream;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::net::TcpStream;
use std::sync::Arc;

/// A certificate and what serves it.
pub(crate) struct Tls {
    config: Arc<ServerConfig>,
    pub pem: String,
}

impl Tls {
    /// A certificate for `host`.
    pub fn of(host: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]);
        let rcgen::CertifiedKey { cert, signing_key } = made.expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("known versions")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .expect("its key");
        Self {
            config: Arc::new(config),
            pem: cert.pem(),
        }
    }

    /// `None` when the other side does not want it.
    pub fn accept(&self, mut stream: TcpStream) -> Option<Box<dyn Stream>> {
        let mut session = ServerConnection::new(self.config.clone()).ok()?;
        session.complete_io(&mut stream).ok()?;
        Some(Box::new(StreamOwned::new(session, stream)))
    }
}
