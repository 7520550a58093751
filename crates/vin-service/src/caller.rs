//! Who asks: a key with all that decides what it may do.

use crate::meter::Purse;
use crate::pace::Limiter;
use crate::{Hosts, Networks, Proof, Rate, Refusal, Secret};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use vin_store::{AccountId, KeyRow};

/// An authenticated key.
pub struct Caller {
    /// The id of the key.
    pub key: i64,
    /// The account that it belongs to.
    pub account: AccountId,
    pub(crate) expires_at: i64,
    pub(crate) suspended: bool,
    pub(crate) verified: bool,
    pub(crate) served: bool,
    /// What requests must be signed with; `None` when they need not be.
    pub(crate) secret: Option<Secret>,
    pub(crate) networks: Networks,
    pub(crate) hosts: Hosts,
    pub(crate) rate: Option<Rate>,
    pub(crate) daily_cap: Option<u32>,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) purse: Arc<Purse>,
    /// When the store was last told that the key is used.
    pub(crate) noted_at: AtomicI64,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Caller(key {} of account {})", self.key, self.account.0)
    }
}

/// How a request came in.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'r> {
    /// The address of the client.
    pub address: IpAddr,
    /// The header `Referer`.
    pub referer: Option<&'r str>,
    /// What the request proves its sender with.
    pub proof: Proof<'r>,
}

impl Caller {
    /// A caller; `None` when the row holds what no version of the program wrote.
    pub(crate) fn new(
        row: &KeyRow,
        secret: Option<Secret>,
        limiter: Arc<Limiter>,
        purse: Arc<Purse>,
    ) -> Option<Self> {
        let rules = &row.rules;
        let rate = match (rules.rate_calls, rules.rate_seconds) {
            (0, _) => None,
            (calls, seconds) => Some(Rate::new(calls, seconds)?),
        };
        Some(Self {
            key: row.id,
            account: row.account,
            expires_at: row.expires_at,
            suspended: row.suspended,
            verified: row.verified,
            served: row.served,
            secret,
            networks: Networks::parse(&rules.addresses)?,
            hosts: Hosts::parse(&rules.referers)?,
            rate,
            daily_cap: (rules.daily_cap > 0).then_some(rules.daily_cap),
            limiter,
            purse,
            noted_at: AtomicI64::new(0),
        })
    }

    /// Whether every request must be signed.
    pub fn must_sign(&self) -> bool {
        self.secret.is_some()
    }

    /// Whether the account may be served at all.
    ///
    /// # Errors
    /// [`Refusal::Suspended`], [`Refusal::Unverified`], [`Refusal::NeverServed`].
    pub(crate) fn standing(&self) -> Result<(), Refusal> {
        match self {
            Self {
                suspended: true, ..
            } => Err(Refusal::Suspended),
            Self {
                verified: false, ..
            } => Err(Refusal::Unverified),
            Self { served: false, .. } => Err(Refusal::NeverServed),
            _ => Ok(()),
        }
    }

    /// Whether the key may be used from there.
    ///
    /// # Errors
    /// [`Refusal::NotFromHere`].
    pub(crate) fn welcome(&self, visit: &Visit<'_>) -> Result<(), Refusal> {
        let admitted = self.networks.admit(visit.address) && self.hosts.admit(visit.referer);
        admitted.then_some(()).ok_or(Refusal::NotFromHere)
    }
}
