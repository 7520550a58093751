//! Limits that all nodes share: a rate and a cap of the day, taken together in one round trip.

use crate::{Away, Link};
use redis::Script;
use std::sync::LazyLock;
use std::time::Duration;

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("give_back.lua")));

/// For how long a limit is remembered after it cannot matter any more.
const MARGIN: Duration = Duration::from_secs(60);

/// What one call must keep to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// So many calls in so many seconds, both at least 1.
    pub rate: Option<(u32, u32)>,
    /// The rate counts as used up for this long at least.
    pub least_debt: Duration,
    /// The cap of the day.
    pub cap: Option<Cap>,
}

/// At most so many calls on one day.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    /// How many, at least 1.
    pub limit: u32,
    /// The day, `YYYYMMDD`.
    pub day: u32,
    /// Seconds until it ends.
    pub left: u64,
    /// How many calls of it the store knows of.
    pub counted: u32,
    /// Whether the store was asked for this question.
    pub is_fresh: bool,
}

/// What became of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nobody has counted this day yet: ask the store, and again with what it said.
    CountFirst,
    /// Where the limits stand now.
    Told {
        /// Whether the rate refuses the call; nothing was taken then.
        rate_is_over: bool,
        /// Whether the cap refuses the call; nothing was taken then.
        day_is_over: bool,
        /// In how long the rate has all its calls again.
        debt: Duration,
        /// How many calls the day had, this one included if it was taken.
        today: u32,
    },
}

impl Link {
    /// Takes one call of the limits of `name`, or of none.
    ///
    /// # Errors
    /// [`Away`]; whether the call was taken is not known then.
    pub async fn take(&self, name: &str, limits: &Limits) -> Result<Taken, Away> {
        let (calls, seconds) = limits.rate.unwrap_or_default();
        let period = Duration::from_secs(seconds.into());
        let left = limits.cap.map_or(0, |cap| cap.left);
        let kept = period.max(Duration::from_secs(left)) + MARGIN;
        let cap = limits.cap.as_ref();
        let mut script = TAKE.key(self.name(name));
        script
            .arg(calls)
            .arg(micros(period))
            .arg(micros(limits.least_debt.min(period)))
            .arg(cap.map_or(0, |cap| cap.limit))
            .arg(cap.map_or(0, |cap| cap.day))
            .arg(cap.map_or(0, |cap| cap.counted))
            .arg(cap.map_or(0, |cap| u8::from(cap.is_fresh)))
            .arg(micros(kept) / 1_000);
        let told: Vec<u64> = self.run(&script).await?;
        Ok(match told[..] {
            [1, over, debt, today] => Taken::Told {
                rate_is_over: over & 1 != 0,
                day_is_over: over & 2 != 0,
                debt: Duration::from_micros(debt),
                today: u32::try_from(today).unwrap_or(u32::MAX),
            },
            _ => Taken::CountFirst,
        })
    }

    /// Gives back a call of the day that was taken and not used, some time soon; a server that is
    /// away keeps it.
    pub fn give_back(&self, name: &str, day: u32) {
        // Without a runtime the process is ending.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (link, key) = (self.clone(), self.name(name));
            runtime.spawn(async move {
                let mut script = GIVE_BACK.key(key);
                // Lost, the key has one call less until the day ends.
                let _: Result<(), Away> = link.run(script.arg(day)).await;
            });
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
