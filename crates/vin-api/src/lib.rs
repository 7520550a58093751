//! The HTTP contract: what a request may look like, what an answer looks like, which code means what.
//!
//! The only crate that knows the envelope and the code numbers. [`code::CODES`] and
//! [`param::PARAMS`] are the tables that answers, documents and tests walk.

// The futures of a query nest deeply, down to those of a database's encrypted connection.
#![recursion_limit = "256"]

mod account;
pub mod base_url;
mod body;
mod call;
mod car;
pub mod cause;
pub mod code;
mod cors;
mod dialect;
mod envelope;
mod fault;
mod form;
mod health;
pub mod interface;
pub mod limits;
pub mod line;
mod logo;
pub mod metric;
mod metrics;
mod openapi;
pub mod panics;
pub mod param;
mod pay;
mod question;
mod raw;
mod router;
mod server;
mod vin_batch;
mod vin_get;

use vin_json::{json, record};

pub use call::{Peer, address, is_secure};
pub use health::Pack;
pub use metrics::{METRICS_PATH, metrics_router};
pub use openapi::document as openapi_document;
pub use pay::pay_router;
pub use router::{App, paths, router};
pub use server::serve;
