//! What nodes share, over a real Redis: exact while it is there, quick when it is not.

mod away;
mod encrypted;
mod shared;

use std::time::Duration;
use vin_redis::{Link, Redis, RedisUrl};
use vin_testkit::RedisServer;

/// For tests that count: a busy machine is no reason to give up.
const LONG: Duration = Duration::from_secs(10);

/// How long a server may take to be found.
const FOUND: Duration = Duration::from_secs(10);

fn node(url: &str, patience: Duration) -> Redis {
    Redis::start(RedisUrl::parse(url).expect("a URL"), "test", patience)
}

async fn link(redis: &Redis) -> Link {
    redis.wait(FOUND).await.expect("it is there")
}

/// A node and its connection.
async fn linked(server: &RedisServer) -> (Redis, Link) {
    let redis = node(&server.url(), LONG);
    let link = link(&redis).await;
    (redis, link)
}
