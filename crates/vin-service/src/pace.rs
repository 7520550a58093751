//! How fast a key may ask: GCRA "N calls per M seconds", and a cap for each day.
//!
//! A call that is refused leaves no trace. With several nodes each allows its share of the rate.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The longest period of a rate, in seconds.
pub const MAX_RATE_SECONDS: u32 = 86_400;

/// The most calls in it.
pub const MAX_RATE_CALLS: u32 = 1_000_000;

/// At most so many calls in so many seconds; a caller that was quiet may use them all at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub calls: u32,
    /// In how many seconds.
    pub seconds: u32,
}

impl Rate {
    /// Reads `CALLS/SECONDS`, such as `100/60`.
    pub fn parse(text: &str) -> Option<Self> {
        let (calls, seconds) = text.split_once('/')?;
        Self::new(calls.trim().parse().ok()?, seconds.trim().parse().ok()?)
    }

    /// `None` for what is no rate, or beyond [`MAX_RATE_CALLS`] and [`MAX_RATE_SECONDS`].
    pub fn new(calls: u32, seconds: u32) -> Option<Self> {
        let right =
            (1..=MAX_RATE_CALLS).contains(&calls) && (1..=MAX_RATE_SECONDS).contains(&seconds);
        right.then_some(Self { calls, seconds })
    }
}

/// Where a key stands in its limits; what is not limited is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The rate.
    pub rate: Option<Standing>,
    /// The cap of the day.
    pub day: Option<Standing>,
    /// After how many seconds a call that is refused now can succeed; 0 when this one may go on.
    pub retry_after: u64,
}

/// Where a key stands in one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The limit.
    pub limit: u32,
    /// How many calls are left.
    pub remaining: u32,
    /// In how many seconds all of them are there again.
    pub reset: u64,
}

/// The state of one key's limits.
#[derive(Debug, Default)]
pub struct Limiter {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the key has all its calls again: the theoretical arrival time.
    full_at: Duration,
    /// The day that is counted, `YYYYMMDD`.
    day: u32,
    /// Calls of that day, those under way included.
    today: u32,
    /// When the count of the day was last read from the store.
    counted_at: Option<Duration>,
}

/// The right to one call of the day; given back unless it is used.
#[derive(Debug)]
pub struct Turn {
    limiter: Arc<Limiter>,
    day: u32,
    used: bool,
}

impl Turn {
    /// The call was answered.
    pub fn used(mut self) {
        self.used = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.used {
            let mut state = self.limiter.locked();
            if state.day == self.day {
                state.today = state.today.saturating_sub(1);
            }
        }
    }
}

impl Limiter {
    /// Whether the count of a day must be read from the store, and was last before `since`.
    pub(crate) fn needs_count(&self, day: u32, since: Duration) -> bool {
        let state = self.locked();
        state.day != day || state.counted_at.is_none_or(|at| at < since)
    }

    /// Tells how many calls of a day the store has counted.
    pub(crate) fn counted(&self, day: u32, calls: i64, now: Duration) {
        let mut state = self.locked();
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        // What is under way is not in the store yet, so that a count never goes down.
        state.today = match state.day == day {
            true => state.today.max(calls),
            false => calls,
        };
        state.day = day;
        state.counted_at = Some(now);
    }

    /// Takes one call. Of a rate this node allows its part of so many nodes; a cap comes with its
    /// day and the seconds that are left of it.
    ///
    /// # Errors
    /// The standing, when there is none left; nothing was taken then.
    pub(crate) fn take(
        self: &Arc<Self>,
        rate: Option<Rate>,
        nodes: u32,
        cap: Option<(u32, u32, u64)>,
        now: Duration,
    ) -> Result<(Pace, Option<Turn>), Pace> {
        let mut state = self.locked();
        let mut pace = Pace::default();
        if let Some((limit, _, reset)) = cap {
            let remaining = limit.saturating_sub(state.today);
            pace.day = Some(Standing {
                limit,
                remaining,
                reset,
            });
            if remaining == 0 {
                pace.retry_after = reset.max(1);
            }
        }
        let mut full_at = state.full_at.max(now);
        if let Some(rate) = rate {
            let period = Duration::from_secs(rate.seconds.into());
            let each = period * nodes.max(1) / rate.calls;
            let after = full_at + each;
            let is_over = after > now + period;
            if !is_over && pace.retry_after == 0 {
                full_at = after;
            }
            // Of the period what is not used up, in whole calls.
            let free = (now + period).saturating_sub(full_at);
            let remaining = free.as_nanos() / each.as_nanos().max(1);
            pace.rate = Some(Standing {
                limit: rate.calls,
                remaining: u32::try_from(remaining).unwrap_or(u32::MAX).min(rate.calls),
                reset: seconds_up(full_at - now),
            });
            if is_over {
                let wait = seconds_up(after - (now + period)).max(1);
                pace.retry_after = pace.retry_after.max(wait);
            }
        }
        if pace.retry_after > 0 {
            return Err(pace);
        }
        state.full_at = full_at;
        let turn = cap.map(|(_, day, _)| {
            state.today += 1;
            Turn {
                limiter: self.clone(),
                day,
                used: false,
            }
        });
        if let Some(day) = &mut pace.day {
            day.remaining -= 1;
        }
        Ok((pace, turn))
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is consistent at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds_up(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Duration {
        Duration::from_millis(1_000_000 + ms)
    }

    #[test]
    fn a_rate_lets_so_many_through_and_then_one_after_the_other() {
        let limiter = Arc::new(Limiter::default());
        let rate = Rate::parse("3/6");
        let take = |ms| limiter.take(rate, 1, None, at(ms)).map(|(pace, _)| pace);
        let left = |pace: Pace| {
            let rate = pace.rate.expect("a rate");
            (rate.limit, rate.remaining, rate.reset, pace.retry_after)
        };
        assert_eq!(take(0).map(left), Ok((3, 2, 2, 0)));
        assert_eq!(take(0).map(left), Ok((3, 1, 4, 0)));
        assert_eq!(take(0).map(left), Ok((3, 0, 6, 0)));
        assert_eq!(take(0).map_err(left).map(left), Err((3, 0, 6, 2)));
        assert_eq!(
            take(1_999).map_err(left).map(left),
            Err((3, 0, 5, 1)),
            "no trace was left"
        );
        assert_eq!(take(2_000).map(left), Ok((3, 0, 6, 0)));
        assert_eq!(take(2_001).map_err(left).map(left), Err((3, 0, 6, 2)));
        assert_eq!(take(60_000).map(left), Ok((3, 2, 2, 0)));
    }

    #[test]
    fn each_of_several_nodes_allows_its_part() {
        let limiter = Arc::new(Limiter::default());
        let take = || limiter.take(Rate::new(6, 60), 3, None, at(0));
        let allowed = (0..10).filter(|_| take().is_ok()).count();
        assert_eq!(allowed, 2);
    }

    #[test]
    fn a_cap_counts_what_was_answered_and_what_is_under_way() {
        let limiter = Arc::new(Limiter::default());
        let cap = Some((2, 20_261_124, 100));
        assert!(limiter.needs_count(20_261_124, Duration::ZERO));
        limiter.counted(20_261_124, 1, at(0));
        assert!(!limiter.needs_count(20_261_124, at(0)) && limiter.needs_count(20_261_124, at(1)));
        let (pace, turn) = limiter.take(None, 1, cap, at(0)).expect("one is left");
        assert_eq!(
            pace.day.map(|d| (d.limit, d.remaining, d.reset)),
            Some((2, 0, 100))
        );
        let refused = limiter.take(None, 1, cap, at(0)).expect_err("none is left");
        assert_eq!(refused.retry_after, 100);
        drop(turn);
        let (_, turn) = limiter
            .take(None, 1, cap, at(0))
            .expect("it was given back");
        turn.expect("counted").used();
        limiter.take(None, 1, cap, at(0)).expect_err("none is left");
        limiter.counted(20_261_125, 0, at(0));
        limiter
            .take(None, 1, Some((2, 20_261_125, 9)), at(0))
            .expect("a new day");
    }

    #[test]
    fn a_call_that_one_limit_refuses_takes_nothing_from_the_other() {
        let limiter = Arc::new(Limiter::default());
        let rate = Rate::new(1, 10);
        limiter.counted(1, 0, at(0));
        let (_, turn) = limiter.take(rate, 1, Some((1, 1, 9)), at(0)).expect("both");
        turn.expect("counted").used();
        limiter
            .take(rate, 1, Some((1, 1, 9)), at(10_000))
            .expect_err("the day is over");
        limiter
            .take(rate, 1, None, at(10_000))
            .expect("the rate was not touched");
    }

    #[test]
    fn a_rate_is_two_numbers_in_reach() {
        let rate = |text| Rate::parse(text).map(|r| (r.calls, r.seconds));
        assert_eq!(rate("100/60"), Some((100, 60)));
        for text in [
            "",
            "100",
            "0/1",
            "1/0",
            "1/86401",
            "1000001/1",
            "a/b",
            "-1/1",
        ] {
            assert_eq!(rate(text), None, "{text}");
        }
    }
}
