//! Two nodes that share a Redis: what happens on one holds on the other at once.
//!
//! The clocks of these nodes stand still, so that nothing happens by age: what the second node
//! knows, it was told.

use crate::{HandClock, NOON, accounts_on, noon, start};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use vin_redis::RedisUrl;
use vin_service::{
    IssuedKey, KeySpec, Paced, Password, Phone, Proof, Rate, Refusal, Service, Visit,
};
use vin_store::{AccountId, DatabaseUrl, Deed, NEVER};
use vin_testkit::{Cluster, RedisServer};

/// For tests that count: a busy machine is no reason to give up.
const LONG: Duration = Duration::from_secs(10);

struct Net {
    redis: RedisServer,
    nodes: [Arc<Service>; 2],
    account: AccountId,
}

impl Net {
    async fn open() -> Self {
        let url = DatabaseUrl::parse(&Cluster::shared().database()).expect("a URL");
        let (redis, clock) = (RedisServer::start(), noon());
        let first = node(&url, &clock, &redis).await;
        let second = node(&url, &clock, &redis).await;
        let phone = Phone::parse("13812345678").expect("a number");
        let password = Password::parse("correct horse").expect("long enough");
        let accounts = first.accounts();
        let account = accounts.create_account(&phone, &password, true).await;
        let account = account.expect("made");
        let deed = Deed {
            at: NOON,
            reason: "test",
            actor: "test",
        };
        let granted = accounts.store().grant(account, 1_000, NEVER, deed).await;
        granted.expect("granted");
        let nodes = [first, second];
        for node in &nodes {
            let node = node.clone();
            tokio::spawn(async move { node.keep_fresh().await });
        }
        let net = Self {
            redis,
            nodes,
            account,
        };
        net.until("both know two nodes and a Redis", async || {
            let healths = net.nodes.iter().map(|node| node.health());
            let mut well = healths.map(|h| h.nodes == 2 && h.redis.is_some_and(|r| r.is_there));
            well.all(|well| well)
        })
        .await;
        net
    }

    async fn key(&self, spec: KeySpec) -> IssuedKey {
        let made = self.nodes[0].accounts().create_key(self.account, &spec);
        made.await.expect("made")
    }

    /// Whether a node lets a call through its limits; the call is answered when it does.
    async fn paces(&self, node: usize, key: &IssuedKey) -> Result<Paced, Refusal> {
        let node = &self.nodes[node];
        let caller = node.authenticate(&key.key).await.expect("a key");
        node.pace(&caller).await
    }

    async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let mut looks = 0;
        while !is_so().await {
            looks += 1;
            assert!(looks < 1_000, "it never was that {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn node(url: &DatabaseUrl, clock: &Arc<HandClock>, redis: &RedisServer) -> Arc<Service> {
    let accounts = accounts_on(url, 1, clock).await.expect("opens");
    let redis = RedisUrl::parse(&redis.url()).expect("a URL");
    start(accounts.share(redis, LONG).await.expect("shared"), false).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_revoked_or_suspended_stops_on_the_other_node_at_once() {
    let net = Net::open().await;
    let [first, second] = &net.nodes;
    // Once might be by chance: a node looks by itself every second.
    for _ in 0..3 {
        let revoked = net.key(KeySpec::default()).await;
        second.authenticate(&revoked.key).await.expect("it works");
        let done = first.accounts().revoke_key(&revoked.key).await;
        assert!(done.expect("done"));
        let refused = net.until("the key is refused", async || {
            second.authenticate(&revoked.key).await.is_err()
        });
        let in_time = tokio::time::timeout(Duration::from_millis(500), refused).await;
        in_time.expect("at once");
    }
    let other = net.key(KeySpec::default()).await;
    second.authenticate(&other.key).await.expect("it works");
    let done = first.accounts().suspend(net.account, true).await;
    assert!(done.expect("done"));
    net.until("the account is suspended", async || {
        let caller = second.authenticate(&other.key).await.expect("a key");
        matches!(
            second.admit(&caller, &visit(Proof::default())).await,
            Err(Refusal::Suspended)
        )
    })
    .await;
}

fn visit(proof: Proof<'_>) -> Visit<'_> {
    Visit {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        referer: None,
        proof,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_one_node_saw_is_refused_by_the_other() {
    let net = Net::open().await;
    let key = net
        .key(KeySpec {
            signature: true,
            ..KeySpec::default()
        })
        .await;
    let timestamp = NOON.to_string();
    let admit = async |node: usize, nonce: &str| {
        let text = ["GET", "/api/vin/get", "", &timestamp, nonce].join("\n");
        let secret = key.secret.reveal().as_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a secret");
        let sign = mac.chain_update(text).finalize().into_bytes();
        let sign: String = sign.iter().map(|byte| format!("{byte:02x}")).collect();
        let proof = Proof {
            sign_v2: Some(&sign),
            timestamp: Some(&timestamp),
            nonce: Some(nonce),
            method: "GET",
            path: "/api/vin/get",
            ..Proof::default()
        };
        let node = &net.nodes[node];
        let caller = node.authenticate(&key.key).await.expect("a key");
        node.admit(&caller, &visit(proof)).await.is_ok()
    };
    assert!(admit(0, "nonce-01").await && !admit(0, "nonce-01").await);
    assert!(!admit(1, "nonce-01").await, "it was used on the other node");
    assert!(admit(1, "nonce-02").await && !admit(0, "nonce-02").await);
    // Without Redis each node knows its own.
    net.redis.kill();
    assert!(admit(0, "nonce-03").await && !admit(0, "nonce-03").await);
    assert!(!admit(0, "nonce-01").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_is_shared_and_outlives_a_redis_that_forgets() {
    let net = Net::open().await;
    let key = net
        .key(KeySpec {
            daily_cap: Some(5),
            ..KeySpec::default()
        })
        .await;
    let mut held = Vec::new();
    for i in 0..5 {
        let paced = net.paces(i % 2, &key).await.expect("one is left");
        assert_eq!(paced.pace.day.map(|day| day.remaining), Some(4 - i as u32));
        held.push(paced);
    }
    for node in 0..2 {
        let refused = net.paces(node, &key).await;
        assert!(matches!(refused, Err(Refusal::TooFast(_))), "{refused:?}");
    }
    // What was not answered is given back, to either.
    drop(held.pop());
    net.until("one is given back", async || {
        match net.paces(1, &key).await {
            Ok(paced) => {
                held.push(paced);
                true
            }
            Err(_) => false,
        }
    })
    .await;
    assert!(net.paces(0, &key).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_node_allows_its_part_and_with_it_again_all_count() {
    let net = Net::open().await;
    let key = net
        .key(KeySpec {
            rate: Rate::new(10, 3_600),
            daily_cap: Some(100),
            ..KeySpec::default()
        })
        .await;
    let mut held = Vec::new();
    for node in 0..2 {
        held.push(net.paces(node, &key).await.expect("one is left"));
    }
    net.redis.kill();
    // Eight were left when the second node last asked, and nine as far as the first one knows.
    let mut allowed = [0, 0];
    for (node, allowed) in allowed.iter_mut().enumerate() {
        while let Ok(paced) = net.paces(node, &key).await {
            assert_eq!(paced.pace.rate.map(|rate| rate.limit), Some(10));
            held.push(paced);
            *allowed += 1;
        }
    }
    assert_eq!(allowed, [4, 4]);
    let health = net.nodes[0].health().redis.expect("it is set");
    assert!(!health.is_there && health.alone >= 5 && health.losses == 1);
    net.redis.restart();
    net.until("it is back", async || {
        let healths = net.nodes.iter().map(|node| node.health().redis);
        healths.flatten().all(|redis| redis.is_there)
    })
    .await;
    // The first node counts its four calls twice and knows of one before: there may be one more.
    let mut more = 0;
    for i in 0..10 {
        more += usize::from(net.paces(i % 2, &key).await.is_ok());
    }
    assert!(more <= 1, "{more} more");
}
