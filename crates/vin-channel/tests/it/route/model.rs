//! The breaker as it is described, for comparison.

use std::time::Duration;
use vin_channel::route::{MOST_REST, REST, State, WINDOW};

/// The breaker as it is described, without anything clever: everything that happened is kept.
#[derive(Default)]
pub struct Model {
    changes: u64,
    open_until: Option<Duration>,
    probing: bool,
    /// How often it has opened in a row.
    pub opened: u32,
    /// When, and whether it was good, since the last change.
    outcomes: Vec<(Duration, bool)>,
}

impl Model {
    pub fn state(&self) -> State {
        match (self.probing, self.open_until) {
            (true, _) => State::HalfOpen,
            (false, Some(until)) => State::Open(until),
            (false, None) => State::Closed,
        }
    }

    pub fn admits(&self, now: Duration) -> bool {
        !self.probing && self.open_until.is_none_or(|until| now >= until)
    }

    /// Asked: how often the state had changed by then, and whether it is the probe.
    pub fn asked(&mut self, now: Duration) -> (u64, bool) {
        let probe = self.admits(now) && self.open_until.is_some();
        if probe {
            self.probing = true;
            self.changed();
        }
        (self.changes, probe)
    }

    fn changed(&mut self) {
        self.changes += 1;
        self.outcomes.clear();
    }

    pub fn ended(&mut self, (changes, probe): (u64, bool), good: Option<bool>, now: Duration) {
        if changes != self.changes {
            return;
        }
        let open = self.probing || self.open_until.is_some();
        match (open, good) {
            (true, Some(true)) => {
                (self.probing, self.open_until, self.opened) = (false, None, 0);
                self.changed();
            }
            (true, Some(false)) if probe => self.trip(now),
            (true, None) if probe => {
                (self.probing, self.open_until) = (false, Some(now));
                self.changed();
            }
            (true, _) | (false, None) => {}
            (false, Some(good)) => {
                self.outcomes.push((now, good));
                let last: Vec<_> = self.outcomes.iter().rev().take(5).collect();
                let row = last.len() == 5 && last.iter().all(|(_, good)| !good);
                let recent = |at: &Duration| at.as_secs() + WINDOW > now.as_secs();
                let recent: Vec<_> = self.outcomes.iter().filter(|(at, _)| recent(at)).collect();
                let failed = recent.iter().filter(|(_, good)| !good).count();
                let half = recent.len() >= 20 && failed * 2 >= recent.len();
                if !good && (row || half) {
                    self.trip(now);
                }
            }
        }
    }

    fn trip(&mut self, now: Duration) {
        let rest = (0..self.opened).fold(REST, |rest, _| (rest * 2).min(MOST_REST));
        self.opened += 1;
        (self.probing, self.open_until) = (false, Some(now + rest));
        self.changed();
    }
}
