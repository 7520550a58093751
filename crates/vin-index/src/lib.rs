//! The pack format: open, look up, verify, write.
//!
//! A pack is one immutable block of bytes: a header, a table of sections, the sections. It is
//! used in place, from the binary itself, from a memory map or from memory, and opening it
//! reads the header only, so it costs the same at any size. [`Pack::verify`] reads every byte.
//! This crate knows sections, tables and strings; what a section means is in [`vpic`], [`overlay`],
//! [`catalogue`], [`names`] and [`records`].

mod bodies;
pub mod catalogue;
mod layout;
pub mod names;
pub mod overlay;
mod pack;
pub mod records;
mod strings;
pub mod vpic;
mod writer;

pub use pack::{Pack, PackError};
pub use strings::Strings;
pub use writer::{StringPool, Writer};
pub use zerocopy;
