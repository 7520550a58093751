//! Who can answer a question about a vehicle beside our own engine, and in which form.
//!
//! A **channel** is asked about one VIN and answers with an [`Outcome`]: a vehicle, no record, or a
//! typed [`Fault`]. Every channel of this crate is an upstream that is reached over HTTP. The channel
//! `local`, our own engine, answers without waiting and borrows its texts from the pack; it stays
//! where the engine is, and nothing here asks it to copy or to box. What both have in common is a
//! [`ChannelName`] and, once an answer is to outlive its question, a `Vehicle<'static>`.
//!
//! Which channel is asked when, how often and for whose money is not decided here.

mod contract;
mod fault;
mod name;

pub use contract::{Asking, Channel, Cost, Facts, Found, Outcome, Price, Query, Rate, level};
pub use fault::{Billed, Fault, FaultKind, Repeat, Whose};
pub use name::{ChannelName, NameError};
