//! Files of VINs: rows in, decoded rows out, in constant memory.
//!
//! [`input`] reads a table of any format piece by piece, [`find`] says which column holds the VINs,
//! [`decode`] adds the columns of a [`choice`], [`output`] writes the table in any format, [`part`]
//! keeps what is written so far so that a run that was killed goes on, and [`run`] does all of it on
//! any number of threads. Nothing here reads a clock, knows a server, or charges anybody.

pub mod choice;
pub mod decode;
mod error;
pub mod find;
mod format;
pub mod input;
pub mod kind;
pub mod limits;
pub mod output;
mod own;
pub mod part;
pub mod run;

pub use arrow_schema::SchemaRef;
pub use error::{BatchError, Remark};
pub use format::Format;
