//! Signatures: ours on what is asked, WeChat's on what it says.

use super::{Headers, WeChat};
use crate::PayError;

/// By how many seconds a signature may be older or younger than now.
const SKEW: i64 = 300;

impl WeChat {
    /// The header that signs a request.
    pub(super) fn authorization(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<String, PayError> {
        let (now, nonce) = (self.line.now(), self.line.nonce());
        let text = format!("{method}\n{path}\n{now}\n{nonce}\n{body}\n");
        let signature = self.key.sign(text.as_bytes());
        let signature = signature.ok_or(PayError::Garbage("nothing can be signed"))?;
        let (mch_id, serial) = (&self.mch_id, &self.serial);
        Ok(format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{mch_id}\",nonce_str=\"{nonce}\",\
             signature=\"{signature}\",timestamp=\"{now}\",serial_no=\"{serial}\""
        ))
    }

    /// Whether WeChat has signed a body, just now and with a key that is known.
    pub(super) fn check(&self, headers: &Headers<'_>, body: &[u8]) -> Result<(), PayError> {
        let at = headers.timestamp.parse::<i64>().ok();
        let near = at.is_some_and(|at| at.abs_diff(self.line.now()) <= SKEW as u64);
        if !near {
            return Err(PayError::Forged("the signature is old"));
        }
        let known = self.wechat.iter().find(|(id, _)| id == headers.serial);
        let (_, key) = known.ok_or(PayError::Forged("signed with a key that is not known"))?;
        let mut text = format!("{}\n{}\n", headers.timestamp, headers.nonce).into_bytes();
        text.extend_from_slice(body);
        text.push(b'\n');
        match key.verifies(&text, headers.signature) {
            true => Ok(()),
            false => Err(PayError::Forged("the signature is wrong")),
        }
    }
}
