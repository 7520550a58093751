//! How fast a key may ask: GCRA "N calls per M seconds", and a cap for each day.
//!
//! A call that is refused leaves no trace. Several nodes share one state in Redis, or each allows its
//! share of the rate.

mod limiter;

pub(crate) use limiter::{Limiter, Turn};
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

    /// In how long the calls are counted.
    pub(crate) fn period(self) -> Duration {
        Duration::from_secs(self.seconds.into())
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

/// A cap of a day, and what is left of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayCap {
    pub limit: u32,
    /// `YYYYMMDD`.
    pub day: u32,
    /// Seconds until the day ends.
    pub reset: u64,
    /// Which outage of Redis this is; `None` when no state is shared.
    pub outage: Option<u64>,
}

/// What a rate or a cap says about one call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdicts {
    /// In how long the rate has all its calls again, this one taken.
    pub debt: Duration,
    pub rate_is_over: bool,
    /// Calls left of the day, this one taken.
    pub left_today: u32,
    pub day_is_over: bool,
}

impl Verdicts {
    /// Where the key stands; of a rate a call comes back in every `each`.
    ///
    /// # Errors
    /// The same, when the call is refused.
    pub(crate) fn pace(
        &self,
        rate: Option<(Rate, Duration)>,
        cap: Option<&DayCap>,
    ) -> Result<Pace, Pace> {
        let mut pace = Pace {
            day: cap.map(|cap| Standing {
                limit: cap.limit,
                remaining: self.left_today,
                reset: cap.reset,
            }),
            ..Pace::default()
        };
        if let Some(cap) = cap.filter(|_| self.day_is_over) {
            pace.retry_after = cap.reset.max(1);
        }
        if let Some((rate, each)) = rate {
            // Of the period what is not used up, in whole calls.
            let free = rate.period().saturating_sub(self.debt);
            let remaining = free.as_nanos() / each.as_nanos().max(1);
            pace.rate = Some(Standing {
                limit: rate.calls,
                remaining: u32::try_from(remaining).unwrap_or(u32::MAX).min(rate.calls),
                reset: seconds_up(self.debt),
            });
            if self.rate_is_over {
                let wait = seconds_up((self.debt + each).saturating_sub(rate.period()));
                pace.retry_after = pace.retry_after.max(wait.max(1));
            }
        }
        match pace.retry_after {
            0 => Ok(pace),
            _ => Err(pace),
        }
    }
}

fn seconds_up(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
