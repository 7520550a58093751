//! The clock and the randomness of the machine: the one place that looks instead of being told.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vin_channel::{Outside, Secret, Secrets};
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

/// What upstreams are told: the time and random bytes of the machine.
pub struct SystemOutside;

impl Outside for SystemOutside {
    #[expect(clippy::disallowed_methods, reason = "the clock of the program")]
    fn unix_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            // Before 1970 every signature is wrong anyway.
            Err(_) => 0,
        }
    }

    fn fill(&self, bytes: &mut [u8]) {
        SystemRandom.fill(bytes);
    }
}

/// The secrets that stand in the environment: `CHEJIA_SECRET_JISU_1_APPKEY` is `jisu_1_appkey`.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the program, read once"
)]
pub fn secrets_of_environment() -> Secrets {
    let named = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix("CHEJIA_SECRET_")?;
        let secret = Secret::new(value.to_str()?);
        Some((name.to_ascii_lowercase(), secret))
    });
    named.collect()
}

/// What the environment says of a name that is no setting.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the program, read once"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
