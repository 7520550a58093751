//! The use cases: authenticate a key, meter its calls, look up a vehicle, ask channels, manage accounts,
//! tell people what happens.
//!
//! Nothing here knows HTTP or SQL, and nothing here reads a clock or makes a random number by
//! itself: both are handed in, see [`Clock`] and [`Random`].

mod accounts;
mod alerts;
mod caller;
mod catalogue;
mod channels;
mod credentials;
pub mod format;
mod guard;
mod health;
mod keys;
mod look_up;
mod meter;
mod nonces;
mod once;
mod order;
mod outside;
mod pace;
mod paid;
pub mod people;
pub mod purchases;
mod refusal;
pub mod sending;
mod service;
mod shared;
mod sign;
mod vault;
pub mod verification;

pub use accounts::{AccountError, Accounts, DEMO_CALLS, DEMO_KEY, IssuedKey, KeySpec};
pub use caller::{Caller, Visit};
pub use catalogue::{Find, Listed, Part, Shelf};
pub use channels::{
    ChannelState, Open, Plan, Routed, Routing, TOTAL, Trial, Upstreams, Wanted, Way, bill, try_out,
};
pub use credentials::{ApiKey, Password, Phone, Secret};
pub use guard::{Hosts, MAX_GUARDS, Networks};
pub use health::{Health, RedisHealth};
pub use keys::MAX_AGE;
pub use look_up::{Looked, Shown};
pub use meter::Hold;
pub use once::{Asked, Once, REQID_CHARS, ReqId, Working};
pub use order::{Node, OrderNumber};
pub use outside::{CHINA_OFFSET, Clock, Random};
pub use pace::{MAX_RATE_CALLS, MAX_RATE_SECONDS, Pace, Rate, Standing};
pub use paid::{Answered, Balance, Charge, Paced, Settled};
pub use people::{LinkToken, SessionToken};
pub use refusal::{Refusal, ServiceError};
pub use service::{Policy, Question, Service, ServiceParts};
pub use sign::{MAX_SKEW, NONCE_CHARS, Proof};
pub use vault::{MasterKey, Vault};
pub use vin_channel::Outcome as Told;
pub use vin_channel::route::{BUCKETS, Tally};
