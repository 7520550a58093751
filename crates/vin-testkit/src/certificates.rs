//! Certificates for servers on loopback, made anew by each test and signed by an authority of its own.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::fs;
use std::path::{Path, PathBuf};

/// Whom a client may be told to trust.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// The files of one server, PEM.
pub struct ServerFiles {
    /// Its certificate.
    pub certificate: PathBuf,
    /// The key of that.
    pub key: PathBuf,
}

impl Authority {
    /// A new one, which nobody trusts yet.
    ///
    /// # Panics
    /// When no key can be made.
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        Self { issuer }
    }

    /// Writes its certificate to a file, for clients.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn save(&self, file: &Path) {
        fs::write(file, self.issuer.pem()).expect("written");
    }

    /// Writes `server.crt` and `server.key` for one host name or address into a folder.
    ///
    /// # Panics
    /// When the name is none, or a file cannot be written.
    pub fn certify(&self, host: &str, folder: &Path) -> ServerFiles {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([host.to_owned()]).expect("a name");
        let signed = params.signed_by(&key, &self.issuer).expect("signed");
        let files = ServerFiles {
            certificate: folder.join("server.crt"),
            key: folder.join("server.key"),
        };
        fs::write(&files.certificate, signed.pem()).expect("written");
        fs::write(&files.key, key.serialize_pem()).expect("written");
        files
    }
}
