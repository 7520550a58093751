//! TLS to Redis: whom a node trusts.

use crate::{LONG, link, node};
use std::time::Duration;
use vin_testkit::{Authority, RedisServer};

#[tokio::test]
async fn a_server_is_entered_when_its_certificate_is_right() {
    let dir = tempfile::tempdir().expect("a directory");
    let (authority, other) = (Authority::new(), Authority::new());
    let path = |name: &str| dir.path().join(name).display().to_string();
    authority.save(dir.path().join("ca.crt").as_path());
    other.save(dir.path().join("other.crt").as_path());
    let server = RedisServer::secure(&authority, "127.0.0.1");
    let elsewhere = RedisServer::secure(&authority, "redis.example.com");
    let right = format!("{}?sslrootcert={}", server.url(), path("ca.crt"));
    let first = link(&node(&right, LONG)).await.first("n", LONG).await;
    assert_eq!(first, Ok(true));
    for wrong in [
        format!("{}?sslrootcert={}", server.url(), path("other.crt")),
        format!("{}?sslrootcert={}", elsewhere.url(), path("ca.crt")),
        server.url(),
        server.url().replace("rediss:", "redis:"),
    ] {
        let entered = node(&wrong, LONG).wait(Duration::from_millis(500)).await;
        assert!(entered.is_err(), "{wrong}");
    }
}
