//! What this process may spend of one account, and holds on it.
//!
//! A call in a purse is in a lease of this instance and nowhere else, so that taking one from
//! memory is exact. At every commit `left + held + returning` of a slot is what its lease has.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use vin_store::{AccountId, Granted, Leased, LotId, Wish};

/// How many calls a quiet account is lent at once.
const LEAST_BLOCK: u32 = 64;

/// How many a busy one is.
const MOST_BLOCK: u32 = 65_536;

/// A block that lasts shorter than this is doubled, the next time.
const BUSY: Duration = Duration::from_secs(1);

/// A purse that nobody took from for so long is emptied.
const IDLE: Duration = Duration::from_secs(2);

/// How old what a purse knows of calls elsewhere may get while it is used.
const FRESH: Duration = Duration::from_millis(250);

/// The calls of one account that are here.
#[derive(Debug)]
pub(crate) struct Purse {
    pub(crate) account: AccountId,
    state: Mutex<State>,
    /// One caller at a time asks for more.
    pub(crate) filling: tokio::sync::Mutex<()>,
    waiting: AtomicU32,
}

#[derive(Debug, Default)]
struct State {
    /// By expiry, then by package.
    slots: Vec<Slot>,
    /// What is left in packages that nobody holds, when the store last said so.
    free: i64,
    /// What other instances hold, when the store last said so.
    elsewhere: i64,
    told_at: Duration,
    filled_at: Duration,
    taken_at: Duration,
    block: u32,
    /// Whether more was asked for ahead of need.
    asked: bool,
}

#[derive(Debug)]
struct Slot {
    lot: LotId,
    policy: &'static str,
    expires_at: i64,
    left: u32,
    held: u32,
    returning: u32,
}

/// One call that is set aside; dropped, it can be taken again.
#[derive(Debug)]
pub struct Hold {
    purse: Arc<Purse>,
    lot: LotId,
    policy: &'static str,
    spent: bool,
}

/// Counts a caller who waits for as long as it is there.
pub(crate) struct Waiting<'p>(&'p Purse);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hold {
    /// The package that it is from.
    pub(crate) fn lot(&self) -> LotId {
        self.lot
    }

    /// How far questions are taken that this package pays for.
    pub(crate) fn policy(&self) -> &'static str {
        self.policy
    }

    pub(crate) fn purse(&self) -> &Arc<Purse> {
        &self.purse
    }

    /// The store has it: the call is gone.
    pub(crate) fn spent(mut self) {
        self.spent = true;
        let mut state = self.purse.locked();
        if let Some(slot) = state.slot(self.lot) {
            slot.held -= 1;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.spent {
            return;
        }
        let mut state = self.purse.locked();
        if let Some(slot) = state.slot(self.lot) {
            slot.held -= 1;
            slot.left += 1;
        }
    }
}

impl Purse {
    pub(crate) fn new(account: AccountId) -> Self {
        Self {
            account,
            state: Mutex::default(),
            filling: tokio::sync::Mutex::default(),
            waiting: AtomicU32::new(0),
        }
    }

    /// Sets one call aside, of the package that ends first; `None` when none is here.
    pub(crate) fn take(self: &Arc<Self>, now: i64, steady: Duration) -> Option<Hold> {
        let mut state = self.locked();
        let slot = state
            .slots
            .iter_mut()
            .find(|s| s.left > 0 && s.expires_at > now)?;
        slot.left -= 1;
        slot.held += 1;
        let (lot, policy) = (slot.lot, slot.policy);
        state.taken_at = steady;
        Some(Hold {
            purse: self.clone(),
            lot,
            policy,
            spent: false,
        })
    }

    /// What to ask for before the purse is empty; `None` when there is enough, or somebody asks.
    pub(crate) fn wish_ahead(&self, now: i64, steady: Duration) -> Option<Wish> {
        let mut state = self.locked();
        let left = state.left(now);
        if state.asked || state.free == 0 || left >= u64::from(state.block / 2) {
            return None;
        }
        state.asked = true;
        let most = state.next_block(steady);
        Some(Wish {
            account: self.account,
            most,
            waiting: 0,
        })
    }

    /// What a caller who found nothing asks for.
    pub(crate) fn wish(&self, steady: Duration) -> Wish {
        let waiting = self.waiting.load(Ordering::Relaxed);
        Wish {
            account: self.account,
            most: self.locked().next_block(steady).max(waiting),
            waiting,
        }
    }

    /// A wish that takes nothing and tells what is left; `None` while what is known is fresh.
    pub(crate) fn news(&self, steady: Duration) -> Option<Wish> {
        let mut state = self.locked();
        if steady.saturating_sub(state.told_at) < FRESH {
            return None;
        }
        state.told_at = steady;
        Some(Wish {
            account: self.account,
            most: 0,
            waiting: 0,
        })
    }

    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self)
    }

    /// The store has answered a wish.
    pub(crate) fn fill(&self, granted: &Granted, steady: Duration) {
        let mut state = self.locked();
        state.free = granted.free;
        state.elsewhere = granted.elsewhere;
        state.told_at = steady;
        state.asked = false;
        if granted.leased.is_empty() {
            return;
        }
        state.filled_at = steady;
        for leased in &granted.leased {
            state.open(leased).left += leased.calls;
        }
    }

    /// The store says what the lease of a package has, after a commit of unknown outcome.
    pub(crate) fn settle(&self, leased: &Leased) {
        let mut state = self.locked();
        state.asked = false;
        let slot = state.open(leased);
        let known = slot.held + slot.returning;
        slot.left = leased.calls.saturating_sub(known);
    }

    /// Takes out what is not needed, to be given back: when nobody took anything for a while, when
    /// a package has expired, or all of it. The rest of a purse stays.
    pub(crate) fn empty(&self, now: i64, steady: Duration, all: bool) -> Vec<(LotId, u32)> {
        let mut state = self.locked();
        let idle = all || steady.saturating_sub(state.taken_at.max(state.filled_at)) > IDLE;
        let mut back = Vec::new();
        for slot in &mut state.slots {
            if slot.left > 0 && (idle || slot.expires_at <= now) {
                back.push((slot.lot, slot.left));
                slot.returning += std::mem::take(&mut slot.left);
            }
        }
        if idle {
            state.block = LEAST_BLOCK;
        }
        back
    }

    /// The store has what was taken out.
    pub(crate) fn returned(&self, lot: LotId, calls: u32) {
        let mut state = self.locked();
        state.free += i64::from(calls);
        if let Some(slot) = state.slot(lot) {
            slot.returning -= calls;
        }
        state.slots.retain(|s| s.left + s.held + s.returning > 0);
    }

    /// How many calls the account has left, here and elsewhere, without those set aside.
    pub(crate) fn remaining(&self, now: i64) -> u64 {
        let state = self.locked();
        let elsewhere = u64::try_from(state.free + state.elsewhere).unwrap_or(0);
        state.left(now) + elsewhere
    }

    /// Whether other instances hold calls that this one could use.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.locked().elsewhere > 0
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is consistent at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn slot(&mut self, lot: LotId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.lot == lot)
    }

    /// The slot of a package, made in its place when it is missing.
    fn open(&mut self, leased: &Leased) -> &mut Slot {
        let key = (leased.expires_at, leased.lot);
        let found = self
            .slots
            .binary_search_by_key(&key, |slot| (slot.expires_at, slot.lot));
        let place = found.unwrap_or_else(|place| {
            let slot = Slot {
                lot: leased.lot,
                policy: leased.policy,
                expires_at: leased.expires_at,
                left: 0,
                held: 0,
                returning: 0,
            };
            self.slots.insert(place, slot);
            place
        });
        &mut self.slots[place]
    }

    fn left(&self, now: i64) -> u64 {
        let usable = self.slots.iter().filter(|slot| slot.expires_at > now);
        usable.map(|slot| u64::from(slot.left)).sum()
    }

    fn next_block(&mut self, steady: Duration) -> u32 {
        self.block = match steady.saturating_sub(self.filled_at) < BUSY {
            true => (self.block * 2).clamp(LEAST_BLOCK, MOST_BLOCK),
            false => (self.block / 2).max(LEAST_BLOCK),
        };
        self.block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(lots: &[(i64, i64, u32)], free: i64) -> Granted {
        let leased = |&(lot, expires_at, calls): &(i64, i64, u32)| Leased {
            lot: LotId(lot),
            expires_at,
            calls,
            policy: "",
        };
        Granted {
            account: AccountId(1),
            leased: lots.iter().map(leased).collect(),
            free,
            elsewhere: 5,
        }
    }

    const T: Duration = Duration::from_secs(100);

    #[test]
    fn a_hold_is_released_unless_it_was_spent() {
        let purse = Arc::new(Purse::new(AccountId(1)));
        assert!(purse.take(0, T).is_none());
        purse.fill(&granted(&[(2, 90, 1), (1, 50, 1)], 10), T);
        assert_eq!(purse.remaining(0), 17);
        let first = purse.take(0, T).expect("one");
        assert_eq!(
            (first.lot(), purse.remaining(0)),
            (LotId(1), 16),
            "the earlier end"
        );
        drop(first);
        assert_eq!(purse.remaining(0), 17);
        purse.take(0, T).expect("again").spent();
        let last = purse.take(0, T).expect("the other");
        assert_eq!((last.lot(), purse.take(0, T).is_none()), (LotId(2), true));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _held = last;
            panic!("on purpose");
        }));
        assert!(panicked.is_err());
        assert!(purse.take(0, T).is_some(), "a panic releases too");
        assert!(purse.take(90, T).is_none(), "what has expired is not spent");
    }

    #[test]
    fn what_is_not_needed_is_given_back() {
        let purse = Arc::new(Purse::new(AccountId(1)));
        purse.fill(&granted(&[(1, 50, 3), (2, 90, 4)], 0), T);
        let held = purse.take(0, T).expect("one");
        assert_eq!(purse.empty(0, T, false), []);
        assert_eq!(purse.empty(50, T, false), [(LotId(1), 2)], "expired");
        let later = T + IDLE + Duration::from_millis(1);
        assert_eq!(purse.empty(0, later, false), [(LotId(2), 4)], "idle");
        purse.returned(LotId(2), 4);
        drop(held);
        assert_eq!(purse.empty(0, T, true), [(LotId(1), 1)], "recalled");
    }

    #[test]
    fn a_busy_purse_asks_for_more_each_time() {
        let purse = Arc::new(Purse::new(AccountId(1)));
        assert_eq!(purse.wish(T).most, 64);
        purse.fill(&granted(&[(1, 50, 64)], 1_000_000), T);
        assert_eq!(purse.wish_ahead(0, T), None, "there is enough");
        for _ in 0..33 {
            purse.take(0, T).expect("one").spent();
        }
        assert_eq!(purse.wish_ahead(0, T).map(|w| w.most), Some(128));
        assert_eq!(purse.wish_ahead(0, T), None, "somebody asks");
        let _waiting = (purse.wait(), purse.wait());
        let wish = purse.wish(T + Duration::from_secs(9));
        assert_eq!((wish.most, wish.waiting), (64, 2));
    }

    #[test]
    fn after_a_commit_of_unknown_outcome_the_lease_counts() {
        let purse = Arc::new(Purse::new(AccountId(1)));
        purse.fill(&granted(&[(1, 50, 3)], 0), T);
        let _held = purse.take(0, T).expect("one");
        // The lease has 10: 7 were granted, and nobody was told.
        let leased = granted(&[(1, 50, 10)], 0).leased[0];
        purse.settle(&leased);
        assert_eq!(purse.empty(0, T, true), [(LotId(1), 9)]);
    }
}
