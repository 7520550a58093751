//! The decoder over the built-in pack.

mod answers;
mod catalogue;
mod damaged;
mod golden;
