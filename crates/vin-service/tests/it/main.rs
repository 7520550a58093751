//! The service's behaviour over a real database, with a clock that is turned by hand.

mod accounts;
mod keys;
mod nodes;
mod orders;
mod people;
mod reconcile;
mod redis;
mod sending;
mod verification;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use vin_service::{
    Accounts, Clock, MasterKey, Node, Policy, Random, Service, ServiceError, ServiceParts, Vault,
};
use vin_store::{DatabaseUrl, Store};

/// A clock that stands still until it is turned.
#[derive(Default)]
struct HandClock {
    unix: AtomicI64,
    steady_ms: AtomicU64,
}

impl HandClock {
    fn set(&self, unix: i64) {
        self.unix.store(unix, Ordering::Relaxed);
    }

    fn pass(&self, time: Duration) {
        self.steady_ms
            .fetch_add(time.as_millis() as u64, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn unix(&self) -> i64 {
        self.unix.load(Ordering::Relaxed)
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(self.steady_ms.load(Ordering::Relaxed))
    }
}

/// Bytes that differ from call to call and are the same in every run.
#[derive(Default)]
struct Sequence(AtomicU64);

impl Random for Sequence {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self
                .0
                .fetch_add(1, Ordering::Relaxed)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Noon of 2026-11-24 in China.
const NOON: i64 = 1_795_492_800;

async fn accounts(
    dir: &Path,
    master: u8,
    clock: &Arc<HandClock>,
) -> Result<Accounts, ServiceError> {
    accounts_on(&DatabaseUrl::Sqlite(dir.join("chejia.db")), master, clock).await
}

async fn accounts_on(
    url: &DatabaseUrl,
    master: u8,
    clock: &Arc<HandClock>,
) -> Result<Accounts, ServiceError> {
    let store = Store::open(url).await.expect("opens");
    let vault = Vault::new(&MasterKey([master; 32]));
    Accounts::open(store, vault, clock.clone(), Arc::new(Sequence::default())).await
}

async fn start(accounts: Accounts, demo: bool) -> Arc<Service> {
    let parts = ServiceParts {
        accounts,
        engine: vin_data::engine(),
        node: Node::new(123).expect("a node"),
        demo,
        policy: Policy::default(),
        upstreams: None,
    };
    Service::start(parts).await.expect("starts")
}

async fn service(dir: &Path, clock: &Arc<HandClock>, demo: bool) -> Arc<Service> {
    let accounts = accounts(dir, 1, clock).await;
    start(accounts.expect("the same master key"), demo).await
}

/// A node on a database that others may be on, too.
async fn service_on(url: &DatabaseUrl, clock: &Arc<HandClock>) -> Arc<Service> {
    let accounts = accounts_on(url, 1, clock).await;
    start(accounts.expect("the same master key"), false).await
}

fn noon() -> Arc<HandClock> {
    let clock = HandClock::default();
    clock.set(NOON);
    clock.pass(Duration::from_secs(1));
    Arc::new(clock)
}
