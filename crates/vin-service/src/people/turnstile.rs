//! Counters by address: how often something may be done from one place. Nodes share them through Redis;
//! without it, or while it is away, each node counts for itself.

use crate::{Accounts, CHINA_OFFSET};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use vin_redis::{Cap, Limits, Taken};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Accounts that are made.
    Register,
    /// Vehicles that guests ask for, so many a day.
    Guest(u32),
    /// Requests of the debugging page.
    Debug,
    /// Tickets and posts.
    Post,
    /// Ask a provider where a purchase stands.
    Look,
    /// Try a code.
    Redeem,
    /// Mail with a link.
    Mail,
    /// Messages for trying.
    Test,
}

impl Gate {
    /// How often in how long.
    pub const fn limit(self) -> (u32, Duration) {
        match self {
            Self::Register => (5, Duration::from_secs(3_600)),
            Self::Guest(most) => (most, Duration::from_secs(86_400)),
            Self::Debug => (1, Duration::from_secs(5)),
            Self::Post => (10, Duration::from_secs(3_600)),
            Self::Look => (1, Duration::from_secs(3)),
            Self::Redeem => (30, Duration::from_secs(3_600)),
            Self::Mail => (5, Duration::from_secs(3_600)),
            Self::Test => (20, Duration::from_secs(3_600)),
        }
    }
}

/// How many places are counted at once; beyond that the ones longest unheard of are forgotten.
const MOST: usize = 100_000;

#[derive(Clone, Copy)]
struct Window {
    since: Duration,
    taken: u32,
}

/// The counters.
#[derive(Default)]
pub struct Turnstile(Mutex<HashMap<(Gate, String), Window>>);

impl Turnstile {
    /// Lets one through; how many more may follow, or for how long nobody may.
    ///
    /// # Errors
    /// The time until somebody may again.
    pub fn take(&self, gate: Gate, place: &str, now: Duration) -> Result<u32, Duration> {
        let (limit, length) = gate.limit();
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST {
            windows.retain(|(gate, _), window| now < window.since + gate.limit().1);
        }
        if windows.len() >= MOST {
            windows.clear();
        }
        let window = windows.entry((gate, place.to_owned())).or_insert(Window {
            since: now,
            taken: 0,
        });
        if now >= window.since + length {
            *window = Window {
                since: now,
                taken: 0,
            };
        }
        if window.taken >= limit {
            return Err((window.since + length).saturating_sub(now));
        }
        window.taken += 1;
        Ok(limit - window.taken)
    }
}

impl Accounts {
    /// Lets one through a gate; how many more may follow, or for how long nobody may.
    ///
    /// # Errors
    /// The time until somebody may again.
    pub async fn pass(&self, gate: Gate, address: &str) -> Result<u32, Duration> {
        match self.pass_shared(gate, address).await {
            Some(passed) => passed,
            None => self.turnstile().take(gate, address, self.clock().steady()),
        }
    }

    /// The same by what all nodes count; `None` when that is not to be had.
    async fn pass_shared(&self, gate: Gate, address: &str) -> Option<Result<u32, Duration>> {
        let (most, length) = gate.limit();
        let link = self.redis()?.link()?;
        if most == 0 {
            return Some(Err(length));
        }
        // Addresses of people do not lie there in the clear.
        let name = self.vault().tag("gate", &format!("{gate:?} {address}"));
        let now = self.clock().unix() + i64::from(CHINA_OFFSET);
        let left = 86_400 - now.rem_euclid(86_400);
        let limits = match gate {
            Gate::Guest(_) => Limits {
                cap: Some(Cap {
                    limit: most,
                    day: self.clock().china_date().number(),
                    left: left.cast_unsigned(),
                    counted: 0,
                    is_fresh: true,
                }),
                ..Limits::default()
            },
            _ => Limits {
                rate: Some((most, length.as_secs() as u32)),
                ..Limits::default()
            },
        };
        match link.take(&format!("gate:{name}"), &limits).await {
            Ok(Taken::Told {
                day_is_over: true, ..
            }) => Some(Err(Duration::from_secs(left.cast_unsigned()))),
            Ok(Taken::Told {
                rate_is_over: true,
                debt,
                ..
            }) => Some(Err(debt)),
            Ok(Taken::Told { today, .. }) => Some(Ok(most.saturating_sub(today))),
            Ok(Taken::CountFirst) | Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_pass_in_a_window_and_each_place_has_its_own() {
        let turnstile = Turnstile::default();
        let at = Duration::from_secs;
        let take = |place, now| turnstile.take(Gate::Guest(2), place, at(now));
        assert_eq!(take("a", 0), Ok(1));
        assert_eq!(take("a", 1), Ok(0));
        assert_eq!(take("a", 2), Err(at(86_398)));
        assert_eq!(take("b", 2), Ok(1));
        assert_eq!(take("a", 86_400), Ok(1));
    }
}
