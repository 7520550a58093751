//! How often an upstream may be asked: never more than it allows in any span of that length.

use crate::Rate;
use std::time::Duration;

/// Into how many parts a span is cut. A question counts until its whole part is over, so that no
/// span holds more than is allowed, wherever it begins.
const PARTS: u32 = 16;

/// The questions of the last span.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// Questions by part, the number of the part in front; the oldest first.
    parts: Vec<(u64, u32)>,
}

impl Pace {
    /// Takes a place at `now`; `share` is how many nodes ask beside each other.
    ///
    /// # Errors
    /// The earliest moment at which a place may be free.
    pub fn take(&mut self, rate: Rate, share: u32, now: Duration) -> Result<(), Duration> {
        let part = (rate.per / PARTS).max(Duration::from_nanos(1));
        let number = |at: Duration| (at.as_nanos() / part.as_nanos()) as u64;
        let current = number(now);
        let oldest = current.saturating_sub(u64::from(PARTS));
        self.parts.retain(|(number, _)| *number >= oldest);
        let taken: u32 = self.parts.iter().map(|(_, count)| count).sum();
        if taken >= (rate.count / share.max(1)).max(1) {
            let first = self.parts.first().map_or(current, |(number, _)| *number);
            let free = first + u64::from(PARTS) + 1;
            return Err(Duration::from_nanos(
                u64::try_from(part.as_nanos())
                    .unwrap_or(u64::MAX)
                    .saturating_mul(free),
            ));
        }
        match self.parts.last_mut() {
            Some((number, count)) if *number == current => *count += 1,
            _ => self.parts.push((current, 1)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_span_holds_more_than_allowed_and_the_told_moment_is_free() {
        let rate = Rate {
            count: 5,
            per: Duration::from_secs(1),
        };
        let (mut pace, mut taken) = (Pace::default(), Vec::new());
        let mut now = Duration::from_millis(313);
        for _ in 0..200 {
            match pace.take(rate, 1, now) {
                Ok(()) => {
                    taken.push(now);
                    now += Duration::from_millis(7);
                }
                Err(free) => {
                    assert!(free > now && free <= now + rate.per * 17 / 16, "{free:?}");
                    now = free;
                }
            }
        }
        for (at, first) in taken.iter().enumerate() {
            let inside = taken[at..].iter().filter(|t| **t < *first + rate.per);
            assert!(inside.count() <= 5);
        }
        assert!(taken.len() > 100, "{}", taken.len());
    }
}
