//! The nonces of signed requests: each is good once for as long as its timestamp is.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// For how long one set takes nonces in. A timestamp is good for twice the skew at most, so that
/// the last two sets hold every nonce that could come again.
const PERIOD: Duration = Duration::from_secs(600);

/// The most nonces of one period; beyond it signed requests are refused until the next.
pub(crate) const MOST: usize = 4_000_000;

/// What was used.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<Sets>);

#[derive(Debug, Default)]
struct Sets {
    began: Duration,
    now: HashSet<(i64, Box<str>)>,
    before: HashSet<(i64, Box<str>)>,
}

impl Nonces {
    /// Uses a nonce of a key; whether that was its first time.
    pub(crate) fn is_new(&self, key: i64, nonce: &str, steady: Duration) -> bool {
        let mut sets = self.locked();
        if steady.saturating_sub(sets.began) >= PERIOD {
            let is_next = steady.saturating_sub(sets.began) < 2 * PERIOD;
            let old = std::mem::take(&mut sets.now);
            sets.before = if is_next { old } else { HashSet::new() };
            sets.began = steady;
        }
        let nonce = (key, Box::from(nonce));
        let room = sets.now.len() < MOST;
        room && !sets.before.contains(&nonce) && sets.now.insert(nonce)
    }

    fn locked(&self) -> MutexGuard<'_, Sets> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_once_for_each_key() {
        let nonces = Nonces::default();
        let at = Duration::from_secs;
        assert!(nonces.is_new(1, "abcdefgh", at(1_000)));
        assert!(!nonces.is_new(1, "abcdefgh", at(1_000)));
        assert!(nonces.is_new(2, "abcdefgh", at(1_000)));
        assert!(!nonces.is_new(1, "abcdefgh", at(1_599)));
        assert!(
            !nonces.is_new(1, "abcdefgh", at(1_601)),
            "in the set before"
        );
        assert!(nonces.is_new(1, "abcdefgh", at(2_900)));
    }
}
