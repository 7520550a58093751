//! What the service is told by the world outside: the time, and random bytes.

use std::time::Duration;
use vin_core::Date;

/// China time is eight hours east of UTC, all year.
pub const CHINA_OFFSET: i32 = 8 * 3600;

/// The two clocks of the machine.
pub trait Clock: Send + Sync {
    /// Seconds since 1970-01-01 UTC. It may step, even backwards.
    fn unix(&self) -> i64;

    /// The time since some fixed moment. It never steps.
    fn steady(&self) -> Duration;

    /// The date in China.
    fn china_date(&self) -> Date {
        Date::from_unix(self.unix(), CHINA_OFFSET)
    }
}

/// A source of random bytes that nobody can foresee.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}
