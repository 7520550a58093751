//! Who can answer a question about a vehicle beside our own engine, and in which form.
//!
//! A **channel** is asked about one VIN and answers with an [`Outcome`]: a vehicle, no record, or a
//! typed [`Fault`]. Every channel of this crate is an [`Upstream`] that is reached over HTTP. The
//! channel `local`, our own engine, answers without waiting and borrows its texts from the pack; it
//! stays where the engine is, and nothing here asks it to copy or to box. What both have in common is
//! a [`ChannelName`] and, once an answer is to outlive its question, a `Vehicle<'static>`.
//!
//! An upstream is described by a file, not by code: [`Definition::read`] compiles one, usually laid
//! over one of the [`PRESETS`]. Which channel is asked when, how often and for whose money is not
//! decided here; the clock, randomness and secrets are handed in. A [`Verifier`] is asked about persons and
//! companies instead, by the same means.

mod answer;
mod config;
mod contract;
mod fault;
mod hash;
mod identity;
mod map;
mod meaning;
mod name;
mod net;
mod preset;
mod request;
pub mod route;
mod secret;
mod sign;
mod slot;
mod status;
mod template;
mod upstream;

pub use answer::Reply;
pub use config::{ConfigError, Definition, read_secrets};
pub use contract::{Asking, Channel, Cost, Facts, Found, Outcome, Price, Query, Rate, level};
pub use fault::{Billed, Fault, FaultKind, Repeat, Whose};
pub use identity::{Claim, Verdict, Verifier, VerifierFile};
pub use name::{ChannelName, NameError};
pub use net::{Fetch, Network, NetworkError, Resolve, Resolving, SystemResolver, fetch};
pub use preset::{PRESETS, Preset};
pub use secret::{Secret, Secrets};
pub use upstream::{Outside, Upstream};
