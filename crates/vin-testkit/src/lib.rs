//! What tests of several crates stand on. Nothing here is shipped.

mod certificates;
mod postgres;
mod redis;
pub mod smtp;
pub mod till;
pub mod upstream;

pub use certificates::{Authority, ServerFiles};
pub use postgres::Cluster;
pub use redis::RedisServer;

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A port on loopback that nobody listens on.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address").port()
}

/// Ends a server that runs in `folder`, and removes the folder, once this process is gone; `pid` is
/// the shell's command that prints the server's id, where `$0` is the folder.
fn end_with_us(folder: &Path, pid: &str, signal: &str) -> Child {
    let script = format!(
        "read -r line; pid=$({pid} 2>/dev/null); \
         [ -n \"$pid\" ] && kill -{signal} \"$pid\"; sleep 1; rm -rf \"$0\""
    );
    Command::new("sh")
        .args(["-c", &script])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs")
}
