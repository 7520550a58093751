//! The keys in memory: a snapshot of the store, at most [`MAX_AGE`] old.

use crate::meter::Meter;
use crate::pace::Limiter;
use crate::{Caller, Clock, Secret, Vault};
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::Duration;
use vin_store::{KeyRow, Lookup, Store, StoreError};

/// After this time a snapshot is not believed any more without asking the store.
///
/// A revoked key, whoever revoked it, is therefore refused everywhere within this time.
pub const MAX_AGE: Duration = Duration::from_secs(5);

/// How often the background looks for changes.
pub(crate) const CHECK_EVERY: Duration = Duration::from_secs(1);

/// The least time between two looks that unknown keys cause, so that guessing keys costs the
/// store next to nothing.
const MIN_GAP: Duration = Duration::from_millis(20);

type Callers = HashMap<Lookup, Arc<Caller>, BuildHasherDefault<FirstBytes>>;

#[derive(Debug)]
struct Snapshot {
    revision: i64,
    /// When the look at the store began that found this to be current.
    checked: Duration,
    callers: Arc<Callers>,
}

/// The snapshot and how it is kept fresh.
pub(crate) struct Keys {
    store: Store,
    vault: Vault,
    meter: Arc<Meter>,
    current: ArcSwap<Snapshot>,
    looking: tokio::sync::Mutex<()>,
    /// A key that is refused although it is in the store.
    barred: Option<Lookup>,
}

impl Keys {
    pub(crate) async fn load(
        store: Store,
        vault: Vault,
        meter: Arc<Meter>,
        clock: &dyn Clock,
        barred: Option<Lookup>,
    ) -> Result<Self, StoreError> {
        let first = Snapshot {
            revision: -1,
            checked: Duration::ZERO,
            callers: Arc::default(),
        };
        let keys = Self {
            store,
            vault,
            meter,
            current: ArcSwap::from_pointee(first),
            looking: tokio::sync::Mutex::default(),
            barred,
        };
        keys.look(clock).await?;
        Ok(keys)
    }

    /// The holder of a key. A known key in good standing costs no look at the store; any other waits
    /// for a look that began after the question, so that a new key works at once, and so does one
    /// whose account was verified, given its first package or let go on.
    pub(crate) async fn find(
        &self,
        lookup: &Lookup,
        clock: &dyn Clock,
    ) -> Result<Option<Arc<Caller>>, StoreError> {
        let now = clock.steady();
        {
            let snapshot = self.current.load();
            if now.saturating_sub(snapshot.checked) <= MAX_AGE
                && let Some(caller) = snapshot.callers.get(lookup)
                && caller.standing().is_ok()
            {
                return Ok(Some(caller.clone()));
            }
        }
        Box::pin(self.look_after(now, clock)).await?;
        Ok(self.current.load().callers.get(lookup).cloned())
    }

    /// How old the snapshot is.
    pub(crate) fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.current.load().checked)
    }

    /// Looks at the store and takes over what has changed.
    pub(crate) async fn look(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let _one_at_a_time = self.looking.lock().await;
        self.look_now(clock).await
    }

    /// Sees to it that a look began after `asked`; many callers share one.
    async fn look_after(&self, asked: Duration, clock: &dyn Clock) -> Result<(), StoreError> {
        let _one_at_a_time = self.looking.lock().await;
        let checked = self.current.load().checked;
        if checked > asked {
            return Ok(());
        }
        let since = clock.steady().saturating_sub(checked);
        tokio::time::sleep(MIN_GAP.saturating_sub(since)).await;
        self.look_now(clock).await
    }

    async fn look_now(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let checked = clock.steady();
        let revision = self.store.key_revision().await?;
        let old = self.current.load_full();
        let (revision, callers) = if revision == old.revision {
            (revision, old.callers.clone())
        } else {
            let read = self.store.key_snapshot().await?;
            let mut callers = Callers::default();
            // What a key has used of its limits outlives a change of its row.
            let known: HashMap<i64, &Arc<Caller>> =
                old.callers.values().map(|c| (c.key, c)).collect();
            for row in &read.keys {
                let limiter = known.get(&row.id).map(|caller| caller.limiter.clone());
                match self.caller(row, limiter.unwrap_or_default()) {
                    Some(caller) => drop(callers.insert(row.lookup, Arc::new(caller))),
                    None => tracing::error!(key = row.id, "a key cannot be read and is refused"),
                }
            }
            if let Some(barred) = &self.barred {
                callers.remove(barred);
            }
            (read.revision, Arc::new(callers))
        };
        self.current.store(Arc::new(Snapshot {
            revision,
            checked,
            callers,
        }));
        Ok(())
    }
}

impl Keys {
    fn caller(&self, row: &KeyRow, limiter: Arc<Limiter>) -> Option<Caller> {
        let secret = match row.rules.signature {
            true => {
                let text = self.vault.open(&row.lookup, &row.sealed_secret)?;
                Some(Secret::from_vault(text))
            }
            false => None,
        };
        Caller::new(row, secret, limiter, self.meter.purse(row.account))
    }
}

/// A lookup is a keyed hash already: its first bytes need no hashing again.
#[derive(Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    // The length of the array; it is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
