//! Requests that carry the client's own number: each is answered once, and then again from memory.

use crate::{Question, Refusal, Service};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;
use vin_core::Vin;
use vin_store::{AccountId, Kept};

/// The longest number, in characters.
pub const REQID_CHARS: usize = 64;

/// The client's own number for a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReqId(String);

impl ReqId {
    /// The number of one VIN of a batch that has this number. No client can have chosen it, for it is
    /// longer than a client's may be.
    pub fn of_vin(&self, vin: &Vin) -> Self {
        let digest = Sha256::digest(format!("{}\n{}", self.0, vin.as_str()));
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("batch-{digits}"))
    }

    /// Reads 1 to [`REQID_CHARS`] visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        (plain && (1..=REQID_CHARS).contains(&text.len())).then(|| Self(text.to_owned()))
    }
}

/// What was asked under a number.
#[derive(Debug)]
pub struct Asked {
    reqid: ReqId,
    request: [u8; 32],
}

/// Whether a request was answered before.
pub enum Once {
    /// It was, with this.
    Before(Vec<u8>),
    /// It was not. Nobody else works on it in this process for as long as this is there.
    First(Working),
}

/// The right to work on one request.
pub struct Working {
    asked: Asked,
    _alone: OwnedMutexGuard<()>,
    _entry: Entry,
}

type ByRequest = HashMap<(AccountId, ReqId), Arc<tokio::sync::Mutex<()>>>;
type Locks = Mutex<ByRequest>;

/// The requests that are being worked on.
#[derive(Default)]
pub(crate) struct Requests(Arc<Locks>);

/// Forgets a request that nobody works on any more when it is dropped.
struct Entry {
    locks: Arc<Locks>,
    name: (AccountId, ReqId),
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut locks = locked(&self.locks);
        // One in the map, and one in the guard that is dropped just now.
        if locks
            .get(&self.name)
            .is_some_and(|lock| Arc::strong_count(lock) <= 2)
        {
            locks.remove(&self.name);
        }
    }
}

fn locked(locks: &Locks) -> MutexGuard<'_, ByRequest> {
    // No code panics while it holds the lock.
    locks.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Asked {
    /// What a question asks under a number.
    pub fn new(reqid: ReqId, path: &str, question: &Question) -> Self {
        let vin = question.vin.vin;
        let year = question.year.unwrap_or(0);
        let (lang, explain) = (question.lang, question.explain);
        let text = format!("{path}\n{}\n{year}\n{lang:?}\n{explain}", vin.as_str());
        Self {
            reqid,
            request: Sha256::digest(text).into(),
        }
    }
}

impl Working {
    /// The answer as it is kept.
    pub fn keep(&self, answer: Vec<u8>) -> Kept {
        Kept {
            reqid: self.asked.reqid.0.clone(),
            request: self.asked.request,
            answer,
        }
    }

    /// What is worked on.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }
}

impl Service {
    /// Begins to work on a request, once nobody else does.
    ///
    /// # Errors
    /// [`Refusal::OtherRequest`] when the number stands for another request.
    pub async fn once(&self, account: AccountId, asked: Asked) -> Result<Once, Refusal> {
        let name = (account, asked.reqid.clone());
        let lock = locked(&self.requests.0)
            .entry(name.clone())
            .or_default()
            .clone();
        let alone = lock.lock_owned().await;
        let entry = Entry {
            locks: self.requests.0.clone(),
            name,
        };
        match self.kept(account, &asked).await? {
            Some(answer) => Ok(Once::Before(answer)),
            None => Ok(Once::First(Working {
                asked,
                _alone: alone,
                _entry: entry,
            })),
        }
    }

    /// The answer that is kept for a request, if there is one.
    ///
    /// # Errors
    /// [`Refusal::OtherRequest`] when the number stands for another request.
    pub async fn kept(
        &self,
        account: AccountId,
        asked: &Asked,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let kept = self.accounts().store().kept(account, &asked.reqid.0).await;
        match kept.map_err(crate::service::broken)? {
            None => Ok(None),
            Some((request, answer)) if request == asked.request => Ok(Some(answer)),
            Some(_) => Err(Refusal::OtherRequest),
        }
    }
}
