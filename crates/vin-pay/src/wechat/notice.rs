//! What WeChat tells by itself: JSON, signed, and what matters in it encrypted.

use super::{ApiKey, WeChat};
use crate::{PayError, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::Value as Json;
use std::fmt;
use std::sync::Arc;

/// The headers that sign what WeChat says; `""` for those that are missing.
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    /// `Wechatpay-Timestamp`.
    pub timestamp: &'a str,
    /// `Wechatpay-Nonce`.
    pub nonce: &'a str,
    /// `Wechatpay-Serial`.
    pub serial: &'a str,
    /// `Wechatpay-Signature`.
    pub signature: &'a str,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

impl ApiKey {
    /// Reads a key of 32 bytes; `None` for any other.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).ok()?;
        Some(Self(Arc::new(LessSafeKey::new(key))))
    }

    /// Decrypts what was encrypted with AES-256-GCM; the tag stands at the end.
    pub fn open(&self, nonce: &[u8], associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = sealed.to_vec();
        let opened = self
            .0
            .open_in_place(nonce, Aad::from(associated), &mut bytes);
        opened.ok().map(|text| text.to_vec())
    }
}

impl WeChat {
    /// What a notice says, once its signature, seller and application were checked. Whether the amount
    /// is that of the order is for the caller to see.
    ///
    /// # Errors
    /// [`PayError::Forged`], [`PayError::Differs`], [`PayError::Garbage`].
    pub fn notice(&self, headers: &Headers<'_>, body: &[u8]) -> Result<State, PayError> {
        self.check(headers, body)?;
        let notice: Json =
            serde_json::from_slice(body).map_err(|_| PayError::Garbage("not JSON"))?;
        if notice["event_type"].as_str() != Some("TRANSACTION.SUCCESS") {
            // What tells of a refund tells nothing of a payment.
            return Ok(State::Closed);
        }
        let resource = &notice["resource"];
        let of = |name: &str| resource[name].as_str().unwrap_or_default();
        if of("algorithm") != "AEAD_AES_256_GCM" {
            return Err(PayError::Garbage("encrypted in another way"));
        }
        let sealed = STANDARD.decode(of("ciphertext"));
        let sealed = sealed.map_err(|_| PayError::Garbage("not base64"))?;
        let (nonce, associated) = (of("nonce").as_bytes(), of("associated_data").as_bytes());
        let opened = self.api_key.open(nonce, associated, &sealed);
        let opened = opened.ok_or(PayError::Forged("encrypted with another key"))?;
        let transaction: Json =
            serde_json::from_slice(&opened).map_err(|_| PayError::Garbage("not JSON"))?;
        self.state(&transaction)
    }
}
