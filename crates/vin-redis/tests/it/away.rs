//! A server that is killed, hangs, or was never there: nobody waits for it, and it is found again.

use crate::{FOUND, link, node};
use std::time::{Duration, Instant};
use vin_redis::{Away, Redis};
use vin_testkit::RedisServer;

const SHORT: Duration = Duration::from_millis(100);

/// The connection is gone, once, within a time.
async fn lost(redis: &Redis, losses: u64) {
    let mut looks = 0;
    while redis.losses() < losses || redis.link().is_some() {
        looks += 1;
        assert!(looks < 500, "nobody notices");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(redis.losses(), losses);
}

#[expect(clippy::disallowed_methods, reason = "a test of how long it takes")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn a_killed_server_is_away_at_once_and_found_again() {
    let server = RedisServer::start();
    let redis = node(&server.url(), SHORT);
    let first = link(&redis).await;
    let time = Duration::from_secs(60);
    assert_eq!(first.first("n", time).await, Ok(true));
    server.kill();
    // Nobody asked, and it is noticed.
    lost(&redis, 1).await;
    assert_eq!(first.first("n", time).await, Err(Away));
    assert_eq!(redis.losses(), 1, "lost once");
    server.restart();
    let second = link(&redis).await;
    assert_ne!(first.number(), second.number());
    assert_eq!(second.first("n", time).await, Ok(true), "it forgot");
    let mut news = redis.news();
    news.mark_unchanged();
    second.announce().await.expect("announced");
    news.changed().await.expect("it is heard again");
}

#[tokio::test]
async fn a_server_that_hangs_is_waited_for_once() {
    let server = RedisServer::start();
    let redis = node(&server.url(), SHORT);
    let held = link(&redis).await;
    server.hang();
    let began = now();
    assert_eq!(held.first("n", SHORT).await, Err(Away));
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
    assert!(redis.link().is_none(), "the next need not ask");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(
        redis.link().is_none(),
        "that it takes connections is not enough"
    );
    server.go_on();
    assert_eq!(link(&redis).await.first("m", SHORT).await, Ok(true));
}

#[tokio::test]
async fn a_server_that_refuses_to_write_is_away() {
    let server = RedisServer::start();
    let redis = node(&server.url(), SHORT);
    let held = link(&redis).await;
    server.command("CONFIG SET maxmemory 1");
    assert_eq!(held.first("n", SHORT).await, Err(Away));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(redis.link().is_none());
    server.command("CONFIG SET maxmemory 0");
    link(&redis).await;
}

#[tokio::test]
async fn a_server_that_cannot_be_entered_is_away() {
    let server = RedisServer::start();
    let wrong = server.url().replace(server.password(), "wrong");
    for url in [wrong.as_str(), "redis://127.0.0.1:1"] {
        let redis = node(url, SHORT);
        let entered = redis.wait(Duration::from_millis(300)).await;
        assert_eq!(entered.err(), Some(Away));
        assert_eq!(redis.losses(), 0);
    }
    link(&node(&server.url(), FOUND)).await;
}
