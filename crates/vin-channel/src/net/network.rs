//! What all channels of a process share to reach the network: a resolver, and what TLS trusts.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, crypto::ring::default_provider};
use rustls_platform_verifier::Verifier;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

/// The addresses that a resolver is looking up.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Who turns the name of a host into addresses. Its answer is not trusted: every address is checked,
/// and the one that was checked is the one that is connected to.
pub trait Resolve: Send + Sync {
    /// The addresses of a host.
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            // The port plays no part in the look-up.
            let found = tokio::net::lookup_host((host, 443)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What reaches the network.
#[derive(Clone)]
pub struct Network {
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) tls: Arc<ClientConfig>,
}

/// TLS cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The extra certificates are no PEM.
    #[error("the extra certificates are no PEM: {0}")]
    Pem(rustls::pki_types::pem::Error),
    /// There is nothing to trust, or it cannot be used.
    #[error("TLS cannot be prepared: {0}")]
    Tls(#[from] rustls::Error),
}

impl Network {
    /// Trusts what the operating system trusts, and the certificates of `extra` in PEM, which may be
    /// empty. Certificates are always verified.
    ///
    /// # Errors
    /// [`NetworkError`].
    pub fn new(resolver: Arc<dyn Resolve>, extra: &[u8]) -> Result<Self, NetworkError> {
        let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(extra).collect();
        let roots = roots.map_err(NetworkError::Pem)?;
        let provider = Arc::new(default_provider());
        let verifier = Verifier::new_with_extra_roots(roots, provider.clone())?;
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            // The verifier is the platform's own; the method is called so because it takes any.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            resolver,
            tls: Arc::new(tls),
        })
    }
}
