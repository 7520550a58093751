//! The clock and the randomness of the machine: the one place that looks instead of being told.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vin_service::{Clock, Random};

/// The machine's clocks.
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose steady time begins now.
    #[expect(clippy::disallowed_methods, reason = "the clock of the program")]
    pub fn new() -> Arc<Self> {
        let start = Instant::now();
        Arc::new(Self { start })
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the clock of the program")]
    fn unix(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_secs().cast_signed(),
            Err(before) => -before.duration().as_secs().cast_signed(),
        }
    }

    fn steady(&self) -> Duration {
        self.start.elapsed()
    }
}

/// The operating system's random bytes.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // A system without randomness must not issue keys.
        getrandom::fill(bytes).expect("the system has random bytes");
    }
}
