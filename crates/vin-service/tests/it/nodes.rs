//! Metering on one node and on several, over both databases: nobody gets a call that is not there,
//! and no call is lost with a node.

use crate::{HandClock, NOON, noon, service_on};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use vin_service::{
    Answered, ApiKey, Hold, KeySpec, Paced, Password, Phone, Refusal, Service, Settled,
};
use vin_store::{AccountId, DatabaseUrl, Deed, NEVER};
use vin_testkit::Cluster;

const DEED: Deed<'static> = Deed {
    at: NOON,
    reason: "test",
    actor: "test",
};

/// One database, and as many nodes on it as are started.
struct Net {
    _dir: tempfile::TempDir,
    url: DatabaseUrl,
    clock: Arc<HandClock>,
}

impl Net {
    fn both() -> [Self; 2] {
        let postgres = DatabaseUrl::parse(&Cluster::shared().database()).expect("a URL");
        let sqlite = |dir: &tempfile::TempDir| DatabaseUrl::Sqlite(dir.path().join("chejia.db"));
        [None, Some(postgres)].map(|url| {
            let dir = tempfile::tempdir().expect("a directory");
            Self {
                url: url.unwrap_or_else(|| sqlite(&dir)),
                _dir: dir,
                clock: noon(),
            }
        })
    }

    async fn node(&self) -> Arc<Service> {
        service_on(&self.url, &self.clock).await
    }

    /// An account with so many calls, and its key.
    async fn account(&self, node: &Service, calls: u32) -> (AccountId, ApiKey) {
        let phone = Phone::parse("13812345678").expect("a number");
        let password = Password::parse("correct horse").expect("long enough");
        let accounts = node.accounts();
        let id = accounts
            .create_account(&phone, &password, true)
            .await
            .expect("made");
        let made = accounts
            .create_key(id, &KeySpec::default())
            .await
            .expect("made");
        let granted = accounts.store().grant(id, calls, NEVER, DEED).await;
        granted.expect("granted");
        (id, made.key)
    }
}

async fn reserve(node: &Service, key: &ApiKey) -> Result<Hold, Refusal> {
    let caller = node.authenticate(key).await.expect("a key");
    node.reserve(&caller).await
}

async fn settle(node: &Service, key: &ApiKey, hold: Hold) -> Settled {
    let caller = node.authenticate(key).await.expect("a key");
    let today = node.today();
    let answered = Answered {
        order: node.order_number(today).await.expect("a number"),
        today,
        vin: "1HGCM82633A004352",
        code: 200,
        level: Some(vin_core::Level::Type),
        channel: "local".into(),
    };
    let done = node
        .settle(&caller, Paced::default(), hold, &answered, None)
        .await;
    done.expect("settled")
}

/// Asks and is charged; whether there was a call.
async fn ask(node: &Service, key: &ApiKey) -> bool {
    match reserve(node, key).await {
        Ok(hold) => matches!(settle(node, key, hold).await, Settled::Done(_)),
        Err(Refusal::UsedUp) => false,
        Err(other) => panic!("{other:?}"),
    }
}

/// What is left, and what of it no node holds.
async fn left(node: &Service, id: AccountId) -> i64 {
    let lots = node.accounts().store().lots(id, NOON).await.expect("read");
    lots.iter().map(|lot| lot.remaining).sum()
}

async fn check(node: &Service, charges: i64) {
    let checked = node.accounts().store().check().await.expect("checked");
    assert_eq!((checked.wrong, checked.charges), (Vec::new(), charges));
}

fn run(test: impl AsyncFn(&Net)) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for net in Net::both() {
        runtime.block_on(test(&net));
    }
}

#[test]
fn two_hundred_callers_over_three_nodes_get_exactly_fifty_calls() {
    run(async |net: &Net| {
        let nodes = [net.node().await, net.node().await, net.node().await];
        let (id, key) = net.account(&nodes[0], 50).await;
        // The nodes hear of recalls as they do in a server.
        let beating: Vec<_> = nodes
            .iter()
            .map(|node| {
                let node = node.clone();
                tokio::spawn(async move { node.keep_fresh().await })
            })
            .collect();
        let mut callers = Vec::new();
        for i in 0..200 {
            let (node, key) = (nodes[i % 3].clone(), key.clone());
            callers.push(tokio::spawn(async move { ask(&node, &key).await }));
        }
        let mut hits = BTreeMap::new();
        for caller in callers {
            *hits.entry(caller.await.expect("no panic")).or_insert(0) += 1;
        }
        assert_eq!(hits, BTreeMap::from([(true, 50), (false, 150)]));
        assert_eq!(left(&nodes[0], id).await, 0);
        check(&nodes[0], 50).await;
        beating.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

#[test]
fn a_call_that_is_set_aside_and_dropped_can_be_spent_again() {
    run(async |net: &Net| {
        let node = net.node().await;
        let (id, key) = net.account(&node, 3).await;
        for _ in 0..20 {
            drop(reserve(&node, &key).await.expect("a call"));
        }
        let (a, b, c) = (
            reserve(&node, &key).await.expect("a call"),
            reserve(&node, &key).await.expect("a call"),
            reserve(&node, &key).await.expect("a call"),
        );
        assert!(matches!(reserve(&node, &key).await, Err(Refusal::UsedUp)));
        settle(&node, &key, a).await;
        // A task that panics while it holds one.
        let panicked = tokio::spawn(async move {
            let _held = b;
            panic!("on purpose");
        });
        assert!(panicked.await.is_err());
        drop(c);
        assert!(ask(&node, &key).await && ask(&node, &key).await);
        assert!(!ask(&node, &key).await);
        assert_eq!(left(&node, id).await, 0);
        check(&node, 3).await;
    });
}

#[test]
fn what_a_dead_node_held_comes_back_and_no_more() {
    run(async |net: &Net| {
        let (dead, alive) = (net.node().await, net.node().await);
        let (id, key) = net.account(&dead, 100).await;
        assert!(ask(&dead, &key).await);
        let held = reserve(&dead, &key).await.expect("a call");
        // The dead node says nothing any more; the other hears the silence, second by second.
        let beating = tokio::spawn({
            let alive = alive.clone();
            async move { alive.keep_fresh().await }
        });
        let instances = async || alive.accounts().store().beats().await.expect("read").len();
        assert_eq!(instances().await, 2);
        let mut waited = 0;
        while instances().await > 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            net.clock.pass(Duration::from_millis(1_000));
            waited += 1;
            assert!(waited < 100, "nobody notices");
        }
        assert_eq!(left(&alive, id).await, 99);
        for _ in 0..99 {
            assert!(ask(&alive, &key).await);
        }
        assert!(!ask(&alive, &key).await);
        check(&alive, 100).await;
        // It was not dead after all: it can charge nothing, and stops.
        let caller = dead.authenticate(&key).await.expect("a key");
        let today = dead.today();
        let answered = Answered {
            order: dead.order_number(today).await.expect("a number"),
            today,
            vin: "1HGCM82633A004352",
            code: 200,
            level: None,
            channel: "local".into(),
        };
        let refused = dead
            .settle(&caller, Paced::default(), held, &answered, None)
            .await;
        assert!(matches!(refused, Err(Refusal::Broken)), "{refused:?}");
        let why = tokio::time::timeout(Duration::from_secs(5), dead.stopped()).await;
        assert!(why.expect("it stops").contains("taken for dead"));
        check(&alive, 100).await;
        beating.abort();
    });
}

#[test]
fn a_node_that_ends_in_order_gives_everything_back() {
    run(async |net: &Net| {
        let (first, second) = (net.node().await, net.node().await);
        let (id, key) = net.account(&first, 40).await;
        assert!(ask(&first, &key).await);
        first.close().await;
        assert_eq!(left(&second, id).await, 39);
        for _ in 0..39 {
            assert!(ask(&second, &key).await);
        }
        assert!(!ask(&second, &key).await);
        check(&second, 40).await;
    });
}

#[test]
fn a_revoked_key_stops_on_every_node() {
    run(async |net: &Net| {
        let (first, second) = (net.node().await, net.node().await);
        let (_, key) = net.account(&first, 40).await;
        assert!(ask(&first, &key).await && ask(&second, &key).await);
        assert!(first.accounts().revoke_key(&key).await.expect("done"));
        net.clock
            .pass(vin_service::MAX_AGE + Duration::from_millis(1));
        for node in [&first, &second] {
            assert!(matches!(
                node.authenticate(&key).await,
                Err(Refusal::UnknownKey)
            ));
        }
    });
}
