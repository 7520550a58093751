//! The protocols of Alipay and WeChat Pay: what is sent, how it is signed, and what an answer or a
//! notice says once its signature, application, seller and order were checked.
//!
//! It knows no ledger, no purchase and no page: a caller asks for an [`Order`] to be paid and is told
//! of a [`Trade`]. Nothing that a provider says is believed without its signature, and nothing that is
//! signed is believed when it is about another application or seller. The time and random bytes are
//! handed in; the one exception is what ring draws to blind the computation of a signature.

pub mod alipay;
mod bill;
mod keys;
mod money;
mod time;
pub mod wechat;

pub use alipay::Alipay;
pub use bill::BillLine;
pub use keys::{Certificate, KeyError, PrivateKey, PublicKey};
pub use money::{fen, yuan};
pub use wechat::WeChat;

use ipnet::IpNet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use vin_channel::{Fault, Network, Outside, Reply};

/// How long a provider is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of a provider's answer.
const MOST_BYTES: usize = 1 << 20;

/// What is to be paid.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Our number of it.
    pub number: &'a str,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// What is bought, as the payer sees it.
    pub title: &'a str,
    /// Until when it can be paid, in seconds since 1970-01-01 UTC.
    pub expires_at: i64,
    /// Where notices are sent.
    pub notify_url: &'a str,
    /// Where the payer comes back to.
    pub return_url: &'a str,
}

/// What was paid, as the provider says, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Our number of the order.
    pub number: String,
    /// The provider's number of the payment.
    pub trade: String,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// When, in seconds since 1970-01-01 UTC.
    pub paid_at: i64,
}

/// Where an order stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits to be paid, or the provider does not know it yet.
    Waiting,
    /// It was paid.
    Paid(Trade),
    /// It can not be paid any more. What was paid and sent back is closed, too.
    Closed,
}

/// What is to be sent back.
#[derive(Clone, Copy, Debug)]
pub struct Refund<'a> {
    /// Our number of the refund: asked for again it is the same one.
    pub number: &'a str,
    /// Our number of the order.
    pub order: &'a str,
    /// The provider's number of the payment.
    pub trade: &'a str,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// How much was paid.
    pub paid_fen: i64,
    /// Why, as the payer sees it.
    pub reason: &'a str,
}

/// Where a refund stands at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// The money was sent.
    Done,
    /// The provider works on it; it is to be asked again.
    Pending,
}

/// Why a provider's word cannot be acted on.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The provider cannot be reached, or its answer did not come whole. What was asked may have been
    /// done.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// The provider refuses, with its code and text.
    #[error("the provider refuses: {code}: {text}")]
    Refused {
        /// Its code.
        code: String,
        /// Its text.
        text: String,
    },
    /// The signature is missing, old or not the provider's.
    #[error("not signed by the provider: {0}")]
    Forged(&'static str),
    /// It is signed, and about something else than was asked, or about another application or seller.
    #[error("not about us: {0}")]
    Differs(&'static str),
    /// It is signed and makes no sense.
    #[error("not understood: {0}")]
    Garbage(&'static str),
}

impl From<Fault> for PayError {
    fn from(fault: Fault) -> Self {
        Self::Unreachable(fault.to_string())
    }
}

/// The way to a provider.
#[derive(Clone)]
pub struct Line {
    /// What reaches the network.
    pub network: Network,
    /// The time and random bytes.
    pub outside: Arc<dyn Outside>,
    /// Where the provider is; another place than the default is the operator's own word, and may be
    /// anywhere.
    pub gateway: String,
    /// Networks that the gateway may be in beside the public internet.
    pub allowed: Vec<IpNet>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({})", self.gateway)
    }
}

impl Line {
    async fn ask(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Reply, PayError> {
        let fetch = vin_channel::Fetch {
            method,
            url,
            headers,
            body,
            allowed: &self.allowed,
            timeout: PATIENCE,
            most_bytes: MOST_BYTES,
        };
        Ok(vin_channel::fetch(&self.network, fetch).await?)
    }

    fn now(&self) -> i64 {
        self.outside.unix_ms().div_euclid(1_000)
    }

    /// 32 hexadecimal digits that nobody can foresee.
    fn nonce(&self) -> String {
        let mut bytes = [0; 16];
        self.outside.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
