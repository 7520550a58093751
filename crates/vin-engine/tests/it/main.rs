//! The decoder over the built-in pack.

mod golden;
