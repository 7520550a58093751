//! The importers on files of their publishers' form, with rows made up for the tests.

mod catalogue;
mod importers;
mod operator;
