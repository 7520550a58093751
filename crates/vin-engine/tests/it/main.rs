//! The decoder over the built-in pack.

mod damaged;
mod golden;
