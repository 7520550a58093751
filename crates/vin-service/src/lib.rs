//! The use cases: authenticate a key, look up a vehicle, create accounts and keys.
//!
//! Nothing here knows HTTP or SQL, and nothing here reads a clock or makes a random number by
//! itself: both are handed in, see [`Clock`] and [`Random`].

mod accounts;
mod credentials;
mod keys;
mod order;
mod outside;
mod refusal;
mod service;
mod vault;

pub use accounts::{AccountError, Accounts, DEMO_KEY, IssuedKey};
pub use credentials::{ApiKey, Password, Phone, Secret};
pub use keys::{Caller, MAX_AGE};
pub use order::{Node, OrderNumber};
pub use outside::{CHINA_OFFSET, Clock, Random};
pub use refusal::{Refusal, ServiceError};
pub use service::{Charge, Question, Service, ServiceParts};
pub use vault::{MasterKey, Vault};
