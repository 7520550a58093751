//! What tests of several crates stand on. Nothing here is shipped.

mod certificates;
mod postgres;
mod redis;
pub mod upstream;

pub use certificates::{Authority, ServerFiles};
pub use postgres::Cluster;
pub use redis::RedisServer;

/// A port on loopback that nobody listens on.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address").port()
}
