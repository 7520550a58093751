//! What one node knows of the limits of one key, and what it allows when it is alone.

use super::{DayCap, Pace, Rate, Verdicts};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use vin_redis::Link;

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
    /// Calls of that day that the store knew of.
    counted: u32,
    /// When the count of the day was last read from the store.
    counted_at: Option<Duration>,
    /// The connection whose server knows what this node allowed.
    told: u64,
    /// What this node may allow while Redis is away.
    share: Option<Share>,
}

/// A node's part of what was left of a day when Redis was lost, for as long as it is away.
#[derive(Debug)]
struct Share {
    outage: u64,
    day: u32,
    left: u32,
}

/// The right to one call of the day; given back unless it is used.
#[derive(Debug)]
pub(crate) struct Turn {
    day: u32,
    used: bool,
    from: From,
}

/// Who counts the day.
#[derive(Debug)]
enum From {
    /// This node, in an outage or without Redis.
    Node(Arc<Limiter>, Option<u64>),
    /// All nodes, under a name.
    All(Link, String),
}

impl Turn {
    /// A call that was counted under a name for all nodes.
    pub(crate) fn shared(link: Link, name: String, day: u32) -> Self {
        Self {
            day,
            used: false,
            from: From::All(link, name),
        }
    }

    /// The call was answered.
    pub(crate) fn used(mut self) {
        self.used = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.used {
            return;
        }
        match &self.from {
            From::All(link, name) => link.give_back(name, self.day),
            From::Node(limiter, outage) => {
                let mut state = limiter.locked();
                if state.day == self.day {
                    state.today = state.today.saturating_sub(1);
                }
                if let Some(share) = state.share_in(*outage, self.day) {
                    share.left += 1;
                }
            }
        }
    }
}

impl State {
    fn share_in(&mut self, outage: Option<u64>, day: u32) -> Option<&mut Share> {
        let share = self.share.as_mut()?;
        (Some(share.outage) == outage && share.day == day).then_some(share)
    }
}

impl Limiter {
    /// Whether the count of a day must be read from the store, and was last before `since`.
    pub(crate) fn needs_count(&self, day: u32, since: Duration) -> bool {
        let state = self.locked();
        state.day != day || state.counted_at.is_none_or(|at| at < since)
    }

    /// Whether what is left of a day has not been shared out in this outage.
    pub(crate) fn needs_share(&self, cap: &DayCap) -> bool {
        let mut state = self.locked();
        cap.outage.is_some() && state.share_in(cap.outage, cap.day).is_none()
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
        state.counted = calls;
        state.counted_at = Some(now);
    }

    /// How many calls of a day the store last told; 0 for another day.
    pub(crate) fn count(&self, day: u32) -> u32 {
        let state = self.locked();
        if state.day == day { state.counted } else { 0 }
    }

    /// What this node allowed without telling the server of a connection; `None` when it was told.
    pub(crate) fn untold(&self, link: u64, now: Duration) -> Option<Duration> {
        let state = self.locked();
        (state.told != link).then(|| state.full_at.saturating_sub(now))
    }

    /// Follows the state that all nodes share, so that this node alone goes on from there.
    pub(crate) fn follow(&self, link: u64, debt: Duration, asked: Duration) {
        let mut state = self.locked();
        state.told = link;
        // Of several answers on their way the one that allows least.
        state.full_at = state.full_at.max(asked + debt);
    }

    /// Takes one call by this node alone, which allows its part of so many nodes.
    ///
    /// # Errors
    /// The standing, when there is none left; nothing was taken then.
    pub(crate) fn take(
        self: &Arc<Self>,
        rate: Option<Rate>,
        nodes: u32,
        cap: Option<DayCap>,
        now: Duration,
    ) -> Result<(Pace, Option<Turn>), Pace> {
        let mut state = self.locked();
        let mut verdicts = Verdicts {
            debt: state.full_at.saturating_sub(now),
            ..Verdicts::default()
        };
        let rate = rate.map(|rate| (rate, rate.period() * nodes.max(1) / rate.calls));
        if let Some((rate, each)) = rate {
            verdicts.rate_is_over = verdicts.debt + each > rate.period();
        }
        if let Some(cap) = &cap {
            let left = cap.limit.saturating_sub(state.today);
            verdicts.left_today = match cap.outage {
                None => left,
                Some(outage) => {
                    if state.share_in(cap.outage, cap.day).is_none() {
                        state.share = Some(Share {
                            outage,
                            day: cap.day,
                            left: left / nodes.max(1),
                        });
                    }
                    let share = state.share_in(cap.outage, cap.day);
                    left.min(share.map_or(0, |share| share.left))
                }
            };
            verdicts.day_is_over = verdicts.left_today == 0;
        }
        if verdicts.rate_is_over || verdicts.day_is_over {
            return verdicts.pace(rate, cap.as_ref()).map(|pace| (pace, None));
        }
        if let Some((_, each)) = rate {
            verdicts.debt += each;
            state.full_at = now + verdicts.debt;
        }
        let turn = cap.map(|cap| {
            verdicts.left_today -= 1;
            state.today += 1;
            if let Some(share) = state.share_in(cap.outage, cap.day) {
                share.left -= 1;
            }
            Turn {
                day: cap.day,
                used: false,
                from: From::Node(self.clone(), cap.outage),
            }
        });
        verdicts.pace(rate, cap.as_ref()).map(|pace| (pace, turn))
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and the state is consistent at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_day(limit: u32, day: u32, reset: u64) -> Option<DayCap> {
        let outage = None;
        Some(DayCap {
            limit,
            day,
            reset,
            outage,
        })
    }

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
        let cap = of_day(2, 20_261_124, 100);
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
            .take(None, 1, of_day(2, 20_261_125, 9), at(0))
            .expect("a new day");
    }

    #[test]
    fn in_an_outage_each_node_allows_its_part_of_what_was_left() {
        let limiter = Arc::new(Limiter::default());
        let cap = |outage| {
            of_day(10, 1, 9).map(|cap| DayCap {
                outage: Some(outage),
                ..cap
            })
        };
        let take = |outage| limiter.take(None, 3, cap(outage), at(0));
        limiter.counted(1, 1, at(0));
        // Nine were left, of which three are this node's.
        let (pace, first) = take(7).expect("the first");
        assert_eq!(pace.day.map(|day| day.remaining), Some(2));
        let (second, third) = (take(7).expect("the second"), take(7).expect("the third"));
        take(7).expect_err("its part is used up");
        drop(first);
        let (_, again) = take(7).expect("one was given back");
        for turn in [second.1, third.1, again] {
            turn.expect("counted").used();
        }
        limiter.counted(1, 4, at(0));
        assert!(limiter.needs_share(&cap(8).expect("a cap")));
        // Six were left in the next one.
        let taken = (0..9).filter(|_| take(8).map(|(_, t)| t.expect("one").used()).is_ok());
        assert_eq!(taken.count(), 2);
    }

    #[test]
    fn a_node_goes_on_from_what_all_have_used() {
        let limiter = Arc::new(Limiter::default());
        let rate = Rate::parse("10/10");
        assert_eq!(limiter.untold(1, at(0)), Some(Duration::ZERO));
        limiter.follow(1, Duration::from_secs(6), at(0));
        assert_eq!(limiter.untold(1, at(0)), None);
        // Four were left for two nodes.
        let taken = (0..9).filter(|_| limiter.take(rate, 2, None, at(0)).is_ok());
        assert_eq!(taken.count(), 2);
        assert_eq!(limiter.untold(2, at(0)), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_call_that_one_limit_refuses_takes_nothing_from_the_other() {
        let limiter = Arc::new(Limiter::default());
        let rate = Rate::new(1, 10);
        limiter.counted(1, 0, at(0));
        let (_, turn) = limiter.take(rate, 1, of_day(1, 1, 9), at(0)).expect("both");
        turn.expect("counted").used();
        limiter
            .take(rate, 1, of_day(1, 1, 9), at(10_000))
            .expect_err("the day is over");
        limiter
            .take(rate, 1, None, at(10_000))
            .expect("the rate was not touched");
    }
}
