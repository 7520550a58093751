//! The decoder over the built-in pack.

mod answers;
mod damaged;
mod golden;
