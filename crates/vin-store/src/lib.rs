//! What must survive a restart: accounts, keys, order-number blocks, and the master key beside them.
//!
//! The only crate with SQL. It stores what it is given and knows no rule of the business, no
//! clock and no cryptography: times, hashes and sealed secrets arrive ready-made.

mod accounts;
mod data_dir;
mod db;
mod error;
mod keys;
mod orders;
mod settings;

pub use accounts::{AccountId, NewAccount};
pub use data_dir::DataDir;
pub use db::{DatabaseUrl, Store};
pub use error::StoreError;
pub use keys::{KeyRow, KeySnapshot, Lookup, NewKey};
pub use orders::{Block, NUMBERS_PER_DAY};
