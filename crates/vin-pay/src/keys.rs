//! RSA keys from the files that the providers' consoles give: PEM, or its base64 alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{PemObject as _, SectionKind};
use std::fmt;
use std::sync::Arc;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::x509::SubjectPublicKeyInfo;

/// A key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is neither PEM nor base64.
    #[error("this is neither PEM nor base64")]
    Text,
    /// It is no private RSA key of at least 2048 bits, in PKCS#8 or PKCS#1, without a password.
    #[error(
        "this is no private RSA key of at least 2048 bits in PKCS#8 or PKCS#1 without a password"
    )]
    Private,
    /// It is no public RSA key or certificate with one.
    #[error("this is no public RSA key, and no certificate with one")]
    Public,
}

/// What we sign with. It does not print itself.
#[derive(Clone)]
pub struct PrivateKey(Arc<RsaKeyPair>);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(***)")
    }
}

impl PrivateKey {
    /// Reads a key, in PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError::Text`], [`KeyError::Private`].
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let der = der(text)?;
        let pair = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der));
        pair.map(|pair| Self(Arc::new(pair)))
            .map_err(|_| KeyError::Private)
    }

    /// The signature of a text, SHA256 with RSA, in base64. `None` only when the system has no random
    /// bytes.
    pub fn sign(&self, text: &[u8]) -> Option<String> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            text,
            &mut signature,
        );
        signed.ok().map(|()| STANDARD.encode(signature))
    }
}

/// What a provider's signature is verified with.
#[derive(Clone, Debug)]
pub struct PublicKey(UnparsedPublicKey<Vec<u8>>);

impl PublicKey {
    /// Reads a public key or a certificate.
    ///
    /// # Errors
    /// [`KeyError::Text`], [`KeyError::Public`].
    pub fn read(text: &str) -> Result<Self, KeyError> {
        if text.contains("-----BEGIN CERTIFICATE-----") {
            return Certificate::read(text).map(|certificate| certificate.key);
        }
        let der = der(text)?;
        let (_, info) = SubjectPublicKeyInfo::from_der(&der).map_err(|_| KeyError::Public)?;
        Self::of(&info)
    }

    fn of(info: &SubjectPublicKeyInfo<'_>) -> Result<Self, KeyError> {
        // ring takes the key of RSA itself, without the frame around it that names the algorithm.
        let is_rsa = matches!(
            info.parsed(),
            Ok(x509_parser::public_key::PublicKey::RSA(_))
        );
        let key = info.subject_public_key.data.to_vec();
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        is_rsa.then_some(Self(key)).ok_or(KeyError::Public)
    }

    /// Whether a signature in base64 is that of a text.
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else {
            return false;
        };
        self.0.verify(text, &signature).is_ok()
    }
}

/// A provider's certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Its serial number, in capital hexadecimal digits.
    pub serial: String,
    /// Its key.
    pub key: PublicKey,
}

impl Certificate {
    /// Reads a certificate in PEM.
    ///
    /// # Errors
    /// [`KeyError::Text`], [`KeyError::Public`].
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let der = CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError::Text)?;
        let (_, read) = X509Certificate::from_der(&der).map_err(|_| KeyError::Public)?;
        let serial = read.raw_serial().iter().map(|byte| format!("{byte:02X}"));
        Ok(Self {
            serial: serial.collect(),
            key: PublicKey::of(read.public_key())?,
        })
    }
}

/// The bytes of the first section of a PEM, or of base64 alone.
fn der(text: &str) -> Result<Vec<u8>, KeyError> {
    if text.contains("-----BEGIN ") {
        let read = <(SectionKind, Vec<u8>)>::from_pem_slice(text.as_bytes());
        return read.map(|(_, der)| der).map_err(|_| KeyError::Text);
    }
    let plain: String = text.split_whitespace().collect();
    let read = STANDARD.decode(plain).map_err(|_| KeyError::Text)?;
    (!read.is_empty()).then_some(read).ok_or(KeyError::Text)
}
