//! The way to an upstream: names, addresses, TLS, connections.

pub(crate) mod address;
mod connect;
mod exchange;
mod fetch;
mod network;

pub(crate) use connect::Connection;
pub(crate) use exchange::exchange;
pub(crate) use fetch::once;
pub use fetch::{Fetch, fetch};
pub use network::{Network, NetworkError, Resolve, Resolving, SystemResolver};
