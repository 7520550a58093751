//! Prepaid metering: a call is set aside in memory, asked, written, and only then answered.
//!
//! Only the database may say that a balance is used up; memory only ever spends what the database
//! lent it before. Whatever is wrong with that stops the process: see [`Meter::stopped`].

mod pulse;
mod purse;
mod writer;

use crate::{Clock, Refusal};
pub use purse::Hold;
pub(crate) use purse::Purse;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};
use vin_store::{AccountId, Attempt, Entry, InstanceId, Refused, Store, StoreError};
use writer::Writer;
pub(crate) use writer::{Job, Outcome};

/// How long an answer may wait for its charge to be written. A client that is not told in time is
/// told of a fault; the charge may have been written all the same.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// How long to look for calls that other instances hold before a balance counts as used up.
const RECALL: Duration = Duration::from_secs(2);

/// How often to look.
const RECALL_EVERY: Duration = Duration::from_millis(100);

/// The purses of this process, and the way to its writer.
pub(crate) struct Meter {
    store: Store,
    clock: Arc<dyn Clock>,
    instance: InstanceId,
    purses: Mutex<HashMap<AccountId, Arc<Purse>>>,
    jobs: mpsc::UnboundedSender<Job>,
    stopper: Stopper,
    pulse: tokio::sync::Mutex<pulse::Pulse>,
    /// How many instances live, this one included.
    nodes: AtomicU32,
}

/// Says once, to all who ask, that the process must stop.
#[derive(Clone)]
pub(crate) struct Stopper(Arc<watch::Sender<Option<String>>>);

impl Stopper {
    fn stop(&self, error: &StoreError) {
        tracing::error!(%error, "the money is not certain any more, stopping");
        self.stop_with(&error.to_string());
    }

    fn stop_with(&self, why: &str) {
        self.0.send_if_modified(|held| {
            let is_first = held.is_none();
            held.get_or_insert_with(|| why.to_owned());
            is_first
        });
    }
}

impl Meter {
    /// Begins to spend on a database; the writer runs until the meter is dropped.
    pub(crate) async fn start(
        store: Store,
        clock: Arc<dyn Clock>,
        node: u16,
    ) -> Result<Arc<Self>, StoreError> {
        let instance = store.begin_instance(node, clock.unix()).await?;
        let nodes = u32::try_from(store.beats().await?.len()).unwrap_or(u32::MAX);
        let (jobs, received) = mpsc::unbounded_channel();
        let stopper = Stopper(Arc::new(watch::Sender::new(None)));
        let writer = Writer {
            store: store.clone(),
            clock: clock.clone(),
            instance,
            jobs: received,
            stopper: stopper.clone(),
            number: 0,
        };
        // A thread of its own: as one task among those of all requests it would wait for its turn
        // with every statement, and every answer with it.
        let runtime = Handle::current();
        let writing = move || runtime.block_on(writer.run());
        let named = std::thread::Builder::new().name("writer".to_owned());
        let started = named.spawn(writing);
        started.map_err(|e| StoreError::Database(format!("no thread for the writer: {e}")))?;
        Ok(Arc::new(Self {
            store,
            clock,
            instance,
            purses: Mutex::default(),
            jobs,
            stopper,
            pulse: tokio::sync::Mutex::default(),
            nodes: AtomicU32::new(nodes.max(1)),
        }))
    }

    /// The purse of an account.
    pub(crate) fn purse(&self, account: AccountId) -> Arc<Purse> {
        let mut purses = self.purses();
        let purse = purses
            .entry(account)
            .or_insert_with(|| Arc::new(Purse::new(account)));
        purse.clone()
    }

    /// This process, as other nodes know it.
    pub(crate) fn instance(&self) -> InstanceId {
        self.instance
    }

    /// How many instances live, this one included.
    pub(crate) fn nodes(&self) -> u32 {
        self.nodes.load(Ordering::Relaxed)
    }

    /// Sets one call aside.
    ///
    /// # Errors
    /// [`Refusal::UsedUp`] when the database says so.
    pub(crate) async fn reserve(&self, purse: &Arc<Purse>) -> Result<Hold, Refusal> {
        match purse.take(self.clock.unix(), self.clock.steady()) {
            Some(hold) => {
                self.ask_ahead(purse);
                Ok(hold)
            }
            None => Box::pin(self.wait_for_one(purse)).await,
        }
    }

    fn ask_ahead(&self, purse: &Arc<Purse>) {
        if let Some(wish) = purse.wish_ahead(self.clock.unix(), self.clock.steady()) {
            let purse = purse.clone();
            self.send(Job::Fill {
                purse,
                wish,
                done: None,
            });
        }
    }

    async fn wait_for_one(&self, purse: &Arc<Purse>) -> Result<Hold, Refusal> {
        let _waiting = purse.wait();
        let began = self.clock.steady();
        let _one_at_a_time = purse.filling.lock().await;
        loop {
            let (now, steady) = (self.clock.unix(), self.clock.steady());
            if let Some(hold) = purse.take(now, steady) {
                return Ok(hold);
            }
            let (done, told) = oneshot::channel();
            self.send(Job::Fill {
                purse: purse.clone(),
                wish: purse.wish(steady),
                done: Some(done),
            });
            match tokio::time::timeout(PATIENCE, told).await {
                Ok(Ok(())) => {}
                _ => return Err(Refusal::Broken),
            }
            if let Some(hold) = purse.take(now, steady) {
                return Ok(hold);
            }
            let waited = self.clock.steady().saturating_sub(began);
            if !purse.is_elsewhere() || waited > RECALL {
                return Err(Refusal::UsedUp);
            }
            let asked = self.store.recall(purse.account, Some(self.instance)).await;
            asked.map_err(crate::service::broken)?;
            tokio::time::sleep(RECALL_EVERY).await;
        }
    }

    /// Writes a call, and returns when it is on disk.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when that is not known in time.
    pub(crate) async fn write(&self, entry: Entry, hold: Option<Hold>) -> Result<Outcome, Refusal> {
        let (done, told) = oneshot::channel();
        self.send(Job::Call {
            entry: Some(Box::new(entry)),
            hold,
            done: Some(done),
        });
        match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(outcome)) => Ok(outcome),
            _ => Err(Refusal::Broken),
        }
    }

    /// Writes a call that costs nothing, some time soon.
    pub(crate) fn note(&self, entry: Entry) {
        self.send(Job::Call {
            entry: Some(Box::new(entry)),
            hold: None,
            done: None,
        });
    }

    /// Writes that somebody is about to be asked; whether that is on disk after `time` at most.
    pub(crate) async fn asked(&self, attempt: Attempt, time: Duration) -> bool {
        let (done, told) = oneshot::channel();
        self.send(Job::Asked {
            attempt: Some(Box::new(attempt)),
            done: Some(done),
        });
        matches!(tokio::time::timeout(time, told).await, Ok(Ok(())))
    }

    /// Writes who was asked for a call, before anything that is handed in later.
    pub(crate) fn attempts(&self, attempts: Vec<Attempt>) {
        self.send(Job::Attempts(attempts));
    }

    /// Counts a call that was refused.
    pub(crate) fn refused(&self, refused: Refused) {
        self.send(Job::Refused(refused));
    }

    /// Remembers that a key was used.
    pub(crate) fn used(&self, key: i64) {
        self.send(Job::Used(key));
    }

    /// Becomes ready with the reason when the process must stop.
    pub(crate) async fn stopped(&self) -> String {
        let mut stopped = self.stopper.0.subscribe();
        match stopped.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Writes what waits and gives back everything.
    pub(crate) async fn end(&self) {
        let (done, told) = oneshot::channel();
        self.send(Job::Beat(Some(done)));
        // A writer that has stopped cannot be waited for; what it held is reclaimed.
        if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, told).await
            && let Err(error) = self.store.end_instance(self.instance).await
        {
            tracing::warn!(%error, "what was not spent is given back later");
        }
    }

    fn send(&self, job: Job) {
        // A writer that is gone has said so; whoever waits for an answer is told.
        let _ = self.jobs.send(job);
    }

    fn purses(&self) -> MutexGuard<'_, HashMap<AccountId, Arc<Purse>>> {
        // No code panics while it holds the lock.
        self.purses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
