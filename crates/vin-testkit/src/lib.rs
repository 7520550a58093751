//! What tests of several crates stand on. Nothing here is shipped.

mod postgres;

pub use postgres::Cluster;
