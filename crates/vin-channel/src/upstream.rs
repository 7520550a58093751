//! A channel that asks an upstream over HTTP, as its file says.

use crate::config::Definition;
use crate::net::{Connection, Network, exchange};
use crate::request::Moment;
use crate::{Asking, Channel, Facts, Fault, FaultKind, Outcome, Query};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What an upstream is told by the world outside: the time, and random bytes.
pub trait Outside: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn unix_ms(&self) -> i64;

    /// Fills `bytes` with what nobody can foresee.
    fn fill(&self, bytes: &mut [u8]);
}

/// The most connections that are kept open for the next question.
const MOST_IDLE: usize = 16;
/// How long one is kept. Shorter than servers keep theirs, so that a question is seldom put on a
/// connection that is just being closed.
const IDLE_MS: i64 = 10_000;

/// An upstream, ready to be asked.
pub struct Upstream {
    definition: Definition,
    network: Network,
    outside: Arc<dyn Outside>,
    idle: Mutex<Vec<Connection>>,
    /// One place for each question that may be on its way.
    places: Semaphore,
}

impl Upstream {
    /// Connects a definition to the network; nothing is sent until a question comes.
    pub fn new(definition: Definition, network: Network, outside: Arc<dyn Outside>) -> Self {
        Self {
            places: Semaphore::new(definition.concurrency),
            definition,
            network,
            outside,
            idle: Mutex::default(),
        }
    }

    async fn answer(&self, query: &Query, deadline: Duration) -> Result<Outcome, Fault> {
        let deadline = deadline.min(self.definition.facts().timeout);
        if deadline.is_zero() {
            let what = "no time was left to ask";
            return Err(Fault::new(FaultKind::ConnectTimeout, what));
        }
        let Ok(_place) = self.places.try_acquire() else {
            let what = format!("{} questions are on their way", self.definition.concurrency);
            return Err(Fault::new(FaultKind::Busy, what));
        };
        let moment = Moment::now(&*self.outside);
        let request = self.definition.ask.request(query, &moment)?;
        let idle = self.take(moment.unix_ms);
        let asked = exchange(&self.network, &self.definition, request, idle, deadline);
        let (reply, sender) = asked.await?;
        if let Some(sender) = sender {
            let since_ms = self.outside.unix_ms();
            self.keep(Connection { sender, since_ms });
        }
        Ok(self.definition.understand(&reply, query))
    }

    /// The connection that was used last, if it is young enough.
    fn take(&self, now_ms: i64) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|connection| {
            let age = now_ms.saturating_sub(connection.since_ms);
            (0..IDLE_MS).contains(&age) && !connection.sender.is_closed()
        });
        idle.pop()
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE {
            idle.push(connection);
        }
    }
}

impl Channel for Upstream {
    fn facts(&self) -> &Facts {
        self.definition.facts()
    }

    fn ask<'a>(&'a self, query: &'a Query, deadline: Duration) -> Asking<'a> {
        Box::pin(async move {
            let answer = self.answer(query, deadline).await;
            let outcome = answer.unwrap_or_else(Outcome::Fault);
            self.definition.without_secrets(outcome)
        })
    }
}
