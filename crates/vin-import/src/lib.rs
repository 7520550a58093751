//! Open data to canonical tables, canonical tables to packs.
//!
//! [`sources`] know how a publisher writes its data; each turns it into the project's own
//! tables ([`table`]), which are sorted and kept in `data/`. [`compile`] turns those into a
//! pack. Both run before the program serves anything, never on the path of a request.

pub mod catalogue;
pub mod compile;
pub mod error;
pub mod key;
pub mod limits;
#[cfg(feature = "operator")]
pub mod operator;
pub mod report;
pub mod sources;
pub mod table;

pub use error::ImportError;
