//! The decoder over the built-in pack.

mod answers;
mod browse;
mod catalogue;
mod damaged;
mod golden;
