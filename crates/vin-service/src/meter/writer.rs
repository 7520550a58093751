//! The one writer: takes all that waits into one transaction, and answers when it is committed.
//!
//! There is no timer. While one batch is being written the next one gathers, so that batches grow
//! with the load and a lone call does not wait.

use super::Stopper;
use super::purse::{Hold, Purse};
use crate::Clock;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use vin_store::{
    AccountId, Attempt, Batch, Committed, Entry, InstanceId, Refused, Store, StoreError, Wish,
};

/// The most that one transaction takes in.
const MOST: usize = 2_048;

/// How long to wait before a database that does not answer is tried again.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_millis(500),
];

/// What is to be written.
pub(crate) enum Job {
    /// A call, charged when there is a hold.
    Call {
        /// Taken when it is put into a batch.
        entry: Option<Box<Entry>>,
        hold: Option<Hold>,
        done: Option<oneshot::Sender<Outcome>>,
    },
    /// Somebody is about to be asked who may take money for it.
    Asked {
        /// Taken when it is put into a batch.
        attempt: Option<Box<Attempt>>,
        done: Option<oneshot::Sender<()>>,
    },
    /// Who was asked for a call.
    Attempts(Vec<Attempt>),
    /// Calls that were refused.
    Refused(Refused),
    /// A key was used.
    Used(i64),
    /// Calls for a purse.
    Fill {
        purse: Arc<Purse>,
        wish: Wish,
        done: Option<oneshot::Sender<()>>,
    },
    /// Calls that a purse does not need.
    Back {
        purse: Arc<Purse>,
        lot: vin_store::LotId,
        calls: u32,
    },
    /// Nothing but that this instance lives; answered when all before it is written.
    Beat(Option<oneshot::Sender<()>>),
}

impl Job {
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Call {
                done: Some(done), ..
            } => done.is_closed(),
            Self::Asked {
                done: Some(done), ..
            } => done.is_closed(),
            _ => false,
        }
    }
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is written.
    Written,
    /// Another request with the same number was faster; it was not charged.
    Repeated,
}

pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) instance: InstanceId,
    pub(super) jobs: mpsc::UnboundedReceiver<Job>,
    pub(super) stopper: Stopper,
    pub(super) number: i64,
}

impl Writer {
    /// Writes until nobody can ask any more, or something is wrong with the money.
    pub(super) async fn run(mut self) {
        // Whoever waits for a writer that is gone learns it, also when it panics.
        let stopper = self.stopper.clone();
        let _end = Ending(stopper);
        let mut jobs = Vec::new();
        while self.jobs.recv_many(&mut jobs, MOST).await > 0 {
            // Whoever is about to ask gets in, too: what a transaction costs is shared by more.
            std::thread::yield_now();
            while jobs.len() < MOST
                && let Ok(job) = self.jobs.try_recv()
            {
                jobs.push(job);
            }
            // Nobody waits for these any more, and nobody was told: they are not charged.
            jobs.retain(|job| !job.is_abandoned());
            self.number += 1;
            let batch = self.batch(&mut jobs);
            match self.write(&batch).await {
                Ok(Some(done)) => self.answer(&mut jobs, &done),
                Ok(None) => {
                    if let Err(error) = self.answer_unknown(&mut jobs, &batch).await {
                        return self.stopper.stop(&error);
                    }
                }
                Err(error) => return self.stopper.stop(&error),
            }
        }
    }

    fn batch(&self, jobs: &mut [Job]) -> Batch {
        let now = self.clock.unix();
        let steady = self.clock.steady();
        let mut batch = Batch {
            now,
            number: self.number,
            ..Batch::default()
        };
        for job in &mut *jobs {
            match job {
                Job::Call { entry, .. } => batch.entries.extend(entry.take().map(|entry| *entry)),
                Job::Asked { attempt, .. } => {
                    batch
                        .attempts
                        .extend(attempt.take().map(|attempt| *attempt));
                }
                Job::Attempts(attempts) => batch.attempts.append(attempts),
                Job::Refused(refused) => batch.refused.push(*refused),
                Job::Used(key) => drop(batch.used.insert(*key, now)),
                Job::Fill { wish, .. } => batch.wishes.push(*wish),
                Job::Back { lot, calls, .. } => {
                    *batch.back.entry(*lot).or_default() += i64::from(*calls);
                }
                Job::Beat(_) => {}
            }
        }
        // What is left elsewhere is asked for along with a charge, now and then.
        for job in &*jobs {
            if let Job::Call {
                hold: Some(hold), ..
            } = job
                && let Some(wish) = hold.purse().news(steady)
            {
                batch.wishes.push(wish);
            }
        }
        batch
    }

    /// Writes a batch; `None` when it was written, and what became of it is not known.
    async fn write(&self, batch: &Batch) -> Result<Option<Committed>, StoreError> {
        let mut tries = 0;
        loop {
            match self.store.commit(self.instance, batch).await {
                Ok(done) => {
                    if tries > 0 {
                        tracing::info!("the database answers again");
                    }
                    return Ok(Some(done));
                }
                Err(StoreError::Passing(error)) => {
                    // Said once, not with every try.
                    if tries == 0 {
                        tracing::error!(%error, "a batch could not be written, and is tried again");
                    }
                    tokio::time::sleep(PAUSES[tries.min(PAUSES.len() - 1)]).await;
                    tries += 1;
                }
                Err(StoreError::Written) if tries > 0 => {
                    tracing::info!("the database answers again, and had written the batch");
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn answer(&self, jobs: &mut Vec<Job>, done: &Committed) {
        let (now, mut place) = (self.clock.steady(), 0);
        let mut granted = done.granted.iter();
        let mut calls = Vec::new();
        let mut news = Vec::new();
        for job in jobs.drain(..) {
            match job {
                Job::Call {
                    hold, done: tell, ..
                } => {
                    let is_repeated = done.repeated.contains(&place);
                    place += 1;
                    let purse = hold.as_ref().map(|hold| hold.purse().clone());
                    match (hold, is_repeated) {
                        (Some(hold), false) => hold.spent(),
                        (hold, _) => drop(hold),
                    }
                    news.extend(purse);
                    calls.extend(tell.map(|tell| (tell, is_repeated)));
                }
                Job::Fill {
                    purse, done: tell, ..
                } => {
                    if let Some(granted) = granted.next() {
                        purse.fill(granted, now);
                    }
                    tell.map(|tell| tell.send(()));
                }
                Job::Back { purse, lot, calls } => purse.returned(lot, calls),
                Job::Asked { done: tell, .. } | Job::Beat(tell) => {
                    tell.map(|tell| tell.send(()));
                }
                Job::Attempts(_) | Job::Refused(_) | Job::Used(_) => {}
            }
        }
        // What is left are the answers to the questions that the batch added by itself.
        self.tell_news(&news, granted);
        for (tell, is_repeated) in calls {
            let outcome = if is_repeated {
                Outcome::Repeated
            } else {
                Outcome::Written
            };
            // Whoever does not wait any more had broken off.
            let _ = tell.send(outcome);
        }
    }

    fn tell_news<'g>(
        &self,
        purses: &[Arc<Purse>],
        granted: impl Iterator<Item = &'g vin_store::Granted>,
    ) {
        let now = self.clock.steady();
        for granted in granted {
            if let Some(purse) = purses.iter().find(|purse| granted.account == purse.account) {
                purse.fill(granted, now);
            }
        }
    }

    /// Answers a batch of which only is known that it was written: the log tells which calls were,
    /// the leases tell what was granted.
    async fn answer_unknown(&self, jobs: &mut Vec<Job>, batch: &Batch) -> Result<(), StoreError> {
        let mut done = Committed::default();
        for (place, entry) in batch.entries.iter().enumerate() {
            if entry.kept.is_some()
                && !self
                    .retried(|| self.store.has_order(entry.call.order))
                    .await?
            {
                done.repeated.insert(place);
            }
        }
        let mut purses: HashMap<AccountId, Arc<Purse>> = HashMap::new();
        for job in &*jobs {
            if let Job::Fill { purse, .. } = job {
                purses.insert(purse.account, purse.clone());
            }
        }
        let held = self.retried(|| self.store.held(self.instance)).await?;
        // Nobody is told before the purses are right.
        let mut fills = Vec::new();
        let mut others = Vec::new();
        for job in jobs.drain(..) {
            match job {
                Job::Fill { done, .. } => fills.extend(done),
                job => others.push(job),
            }
        }
        self.answer(&mut others, &done);
        for (account, leased) in &held {
            if let Some(purse) = purses.get(account) {
                purse.settle(leased);
            }
        }
        for tell in fills {
            let _ = tell.send(());
        }
        Ok(())
    }

    /// Asks until the database answers.
    async fn retried<R, F>(&self, ask: impl Fn() -> F) -> Result<R, StoreError>
    where
        F: Future<Output = Result<R, StoreError>>,
    {
        loop {
            match ask().await {
                Err(StoreError::Passing(_)) => tokio::time::sleep(PAUSES[1]).await,
                answer => return answer,
            }
        }
    }
}

/// Says that the writer is gone when it is dropped.
struct Ending(Stopper);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.stop_with("nothing can be written any more");
    }
}
