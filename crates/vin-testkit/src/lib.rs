//! What tests of several crates stand on. Nothing here is shipped.

mod postgres;
pub mod upstream;

pub use postgres::Cluster;
