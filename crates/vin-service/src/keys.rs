//! The keys in memory: a snapshot of the store, at most [`MAX_AGE`] old.

use crate::Clock;
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::Duration;
use vin_store::{AccountId, Lookup, Store, StoreError};

/// After this time a snapshot is not believed any more without asking the store.
///
/// A revoked key, whoever revoked it, is therefore refused everywhere within this time.
pub const MAX_AGE: Duration = Duration::from_secs(5);

/// How often the background looks for changes.
pub(crate) const CHECK_EVERY: Duration = Duration::from_secs(1);

/// The least time between two looks that unknown keys cause, so that guessing keys costs the
/// store next to nothing.
const MIN_GAP: Duration = Duration::from_millis(20);

/// Who asks: an authenticated key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The id of the key.
    pub key: i64,
    /// The account that it belongs to.
    pub account: AccountId,
}

type Callers = HashMap<Lookup, Caller, BuildHasherDefault<FirstBytes>>;

#[derive(Debug)]
struct Snapshot {
    revision: i64,
    /// When the look at the store began that found this to be current.
    checked: Duration,
    callers: Arc<Callers>,
}

/// The snapshot and how it is kept fresh.
#[derive(Debug)]
pub(crate) struct Keys {
    store: Store,
    current: ArcSwap<Snapshot>,
    looking: tokio::sync::Mutex<()>,
    /// A key that is refused although it is in the store.
    barred: Option<Lookup>,
}

impl Keys {
    pub(crate) async fn load(
        store: Store,
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
            current: ArcSwap::from_pointee(first),
            looking: tokio::sync::Mutex::default(),
            barred,
        };
        keys.look(clock).await?;
        Ok(keys)
    }

    /// The holder of a key. A known key costs no look at the store; an unknown one waits for
    /// a look that began after the question, so that a new key works at once.
    pub(crate) async fn find(
        &self,
        lookup: &Lookup,
        clock: &dyn Clock,
    ) -> Result<Option<Caller>, StoreError> {
        let now = clock.steady();
        {
            let snapshot = self.current.load();
            if now.saturating_sub(snapshot.checked) <= MAX_AGE
                && let Some(caller) = snapshot.callers.get(lookup)
            {
                return Ok(Some(*caller));
            }
        }
        self.look_after(now, clock).await?;
        Ok(self.current.load().callers.get(lookup).copied())
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
            for row in read.keys.iter().filter(|row| !row.suspended) {
                let caller = Caller {
                    key: row.id,
                    account: row.account,
                };
                callers.insert(row.lookup, caller);
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
