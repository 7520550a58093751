//! Webhooks: an event as JSON, signed, posted to a URL.
//!
//! The header `X-Chejia-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal digits, of the header
//! `X-Chejia-Timestamp`, a full stop and the body. The address that is connected to is the one that was
//! checked, and no redirect is followed.

use crate::Undelivered;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ipnet::IpNet;
use serde_json::{Value, json};
use sha2::Sha256;
use std::net::IpAddr;
use std::time::Duration;
use url::{Host, Url};
use vin_channel::{FaultKind, Fetch, Network, fetch};

/// The header with the time of the try, in seconds since 1970-01-01 UTC.
pub const TIMESTAMP: &str = "x-chejia-timestamp";
/// The header with the signature.
pub const SIGNATURE: &str = "x-chejia-signature";
/// How many random bytes a secret has; as a text it has twice as many digits.
pub const SECRET_BYTES: usize = 32;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer, which is not read.
const MOST_ANSWER: usize = 64 << 10;
/// The longest URL.
const MOST_URL: usize = 1_000;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Its id: the same event keeps it, however often it is sent.
    pub id: &'a str,
    /// What happened, such as `alert.balance`.
    pub kind: &'a str,
    /// Whose it is; `None` for the operators.
    pub account: Option<i64>,
    /// When it happened, in seconds since 1970-01-01 UTC.
    pub time: i64,
    /// What else is known of it.
    pub data: &'a Value,
}

/// A place that events are posted to.
#[derive(Clone, Copy)]
pub struct Hook<'a> {
    /// The URL.
    pub url: &'a str,
    /// What its requests are signed with.
    pub secret: &'a str,
    /// Networks that it may be in beside the public internet.
    pub allowed: &'a [IpNet],
}

/// Why nothing can be posted to a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// It is none, is too long, or holds a password or a fragment.
    #[error("must be https://HOST/PATH, at most {MOST_URL} characters")]
    Url,
    /// It is not encrypted, and its host is in no network that may go without.
    #[error("must be https://")]
    Clear,
}

/// Checks a URL. Without TLS only an address in one of the networks may be posted to.
///
/// # Errors
/// [`HookError`].
pub fn is_url(text: &str, allowed: &[IpNet]) -> Result<(), HookError> {
    let url = Url::parse(text).map_err(|_| HookError::Url)?;
    let plain = text.bytes().all(|b| (0x21..0x7f).contains(&b)) && text.len() <= MOST_URL;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let host = url.host().filter(|_| plain && bare);
    let address: Option<IpAddr> = match host.ok_or(HookError::Url)? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    };
    let within = |address: IpAddr| allowed.iter().any(|network| network.contains(&address));
    match url.scheme() {
        "https" => Ok(()),
        "http" if address.is_some_and(within) => Ok(()),
        "http" => Err(HookError::Clear),
        _ => Err(HookError::Url),
    }
}

/// The value of the header [`SIGNATURE`].
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    // A key of any length will do for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{timestamp}.{body}").as_bytes());
    let digits = mac.finalize().into_bytes();
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v1={digits}")
}

impl Event<'_> {
    /// The body.
    pub fn body(&self) -> String {
        let (id, kind, account, time, data) =
            (self.id, self.kind, self.account, self.time, self.data);
        json!({ "id": id, "kind": kind, "account": account, "time": time, "data": data })
            .to_string()
    }
}

impl Hook<'_> {
    /// Posts an event at this time; once this returns `Ok` the receiver has answered that it has it.
    ///
    /// # Errors
    /// [`Undelivered`].
    pub async fn post(
        &self,
        network: &Network,
        event: &Event<'_>,
        now: i64,
    ) -> Result<(), Undelivered> {
        let lasting = false;
        is_url(self.url, self.allowed).map_err(|error| Undelivered {
            why: error.to_string(),
            lasting,
        })?;
        let body = event.body();
        let (time, signed) = (now.to_string(), signature(self.secret, now, &body));
        let headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("user-agent", "chejia"),
            (TIMESTAMP, time.as_str()),
            (SIGNATURE, signed.as_str()),
        ];
        let asked = Fetch {
            method: "POST",
            url: self.url,
            headers: &headers,
            body: body.into_bytes(),
            allowed: self.allowed,
            timeout: PATIENCE,
            most_bytes: MOST_ANSWER,
        };
        match fetch(network, asked).await {
            Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
            Ok(reply) => Err(Undelivered {
                why: format!("HTTP {}", reply.status),
                lasting,
            }),
            Err(fault) => Err(Undelivered {
                why: match fault.kind {
                    // Where names of our own networks lead is nobody else's business.
                    FaultKind::Address => "leads to no public address".to_owned(),
                    _ => fault.to_string(),
                },
                lasting,
            }),
        }
    }
}
