//! The importers on files of their publishers' form, with rows made up for the tests.

mod catalogue;
#[path = "../common/dump.rs"]
mod dump;
mod importers;
mod operator;
