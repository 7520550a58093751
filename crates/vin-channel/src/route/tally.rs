//! What a process counts of a channel, for its metrics.

use crate::route::End;
use std::collections::BTreeMap;
use std::time::Duration;

/// The upper ends of the histogram of durations, in milliseconds.
pub const BUCKETS: [u32; 10] = [25, 50, 100, 200, 400, 800, 1200, 1600, 2000, 2500];

/// How many of the latest durations are kept to tell what is usual.
const KEPT: usize = 64;
/// With fewer nothing is usual.
const ENOUGH: usize = 20;

/// Counts since the process began.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often it was asked.
    pub calls: u64,
    /// How often in vain, by what came of it: `hit`, `no_record`, `abandoned`, the name of a fault.
    pub ends: BTreeMap<&'static str, u64>,
    /// How many took no longer than each of [`BUCKETS`], and how many longer.
    pub buckets: [u64; BUCKETS.len() + 1],
    /// How long all took together.
    pub total: Duration,
    /// What was spent, in 1/10000 yuan, unknown bills included.
    pub cost: u64,
    latest: Vec<Duration>,
    at: usize,
}

impl Tally {
    pub(super) fn count(&mut self, end: End, took: Duration, cost: u32) {
        self.calls += 1;
        *self.ends.entry(end.name()).or_default() += 1;
        let longer = |end: &&u32| took > Duration::from_millis(u64::from(**end));
        self.buckets[BUCKETS.iter().take_while(longer).count()] += 1;
        self.total += took;
        self.cost += u64::from(cost);
        if end.is_answer() {
            match self.latest.len() < KEPT {
                true => self.latest.push(took),
                false => self.latest[self.at] = took,
            }
            self.at = (self.at + 1) % KEPT;
        }
    }

    /// What 95 of 100 answers do not exceed; `None` while there are too few.
    pub fn usual(&self) -> Option<Duration> {
        let mut latest = self.latest.clone();
        latest.sort_unstable();
        let place = (latest.len() * 95).div_ceil(100).checked_sub(1)?;
        (latest.len() >= ENOUGH).then(|| latest[place])
    }
}
