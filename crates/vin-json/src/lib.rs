//! A decoded vehicle as JSON, written straight into bytes.
//!
//! Its shapes are the same over HTTP, on the command line, in files and in Python; envelopes and
//! codes are no part of them.

pub mod json;
pub mod record;
