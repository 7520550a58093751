//! What happens every second: this instance says that it lives, hears of the others, gives back
//! what it does not need, and takes back what the dead held.

use super::{Job, Meter};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use vin_store::{InstanceId, StoreError};

/// An instance that was not heard of for so long, while we were, is dead. It may be wrong: the
/// instance then finds its lease gone when it charges, and stops.
pub const DEAD_AFTER: Duration = Duration::from_secs(10);

/// How often packages are looked at for their end.
const EXPIRE_EVERY: Duration = Duration::from_secs(60);

/// How often old answers and months are dropped.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// For how long an answer is kept for the same request, in seconds.
const KEPT_FOR: i64 = 86_400;
/// For how many seconds attempts to sign in are kept.
const SIGN_INS_FOR: i64 = 180 * 86_400;

/// What was heard of the others.
#[derive(Default)]
pub(super) struct Pulse {
    /// The last beat of each, and when it changed.
    heard: HashMap<InstanceId, (i64, Duration)>,
    expired_at: Option<Duration>,
    tidied_at: Option<Duration>,
}

impl Meter {
    /// Does what is due.
    ///
    /// # Errors
    /// [`StoreError::Passing`] when the database does not answer.
    pub(crate) async fn pulse(&self, keep_months: u32) -> Result<(), StoreError> {
        let mut pulse = self.pulse.lock().await;
        let (now, steady) = (self.clock.unix(), self.clock.steady());
        self.send(Job::Beat(None));
        match self.store.beats().await {
            Ok(beats) => {
                let mut heard = HashMap::new();
                for beat in beats {
                    let known = pulse.heard.get(&beat.instance);
                    let since = known.filter(|(last, _)| *last == beat.beat);
                    heard.insert(
                        beat.instance,
                        (beat.beat, since.map_or(steady, |(_, at)| *at)),
                    );
                }
                pulse.heard = heard;
            }
            Err(error) => {
                // While the database was gone nobody could be heard.
                pulse.heard.clear();
                return Err(error);
            }
        }
        let silent = |at: Duration| steady.saturating_sub(at) > DEAD_AFTER;
        let mut dead = Vec::new();
        pulse.heard.retain(|instance, (_, at)| {
            let is_dead = *instance != self.instance && silent(*at);
            dead.extend(is_dead.then_some(*instance));
            !is_dead
        });
        for instance in dead {
            let calls = self.store.end_instance(instance).await?;
            tracing::warn!(
                instance = instance.0,
                calls,
                "an instance is dead, what it held is back"
            );
        }
        let lively = u32::try_from(pulse.heard.len()).unwrap_or(u32::MAX);
        self.nodes.store(lively.max(1), Ordering::Relaxed);
        self.give_back(now, steady).await?;
        let due = |last: Option<Duration>, every| {
            last.is_none_or(|at| steady.saturating_sub(at) >= every)
        };
        if due(pulse.expired_at, EXPIRE_EVERY) {
            pulse.expired_at = Some(steady);
            self.store.expire(now).await?;
        }
        if due(pulse.tidied_at, TIDY_EVERY) {
            pulse.tidied_at = Some(steady);
            self.store.forget_kept(now - KEPT_FOR).await?;
            self.store.forget_sign_ins(now - SIGN_INS_FOR).await?;
            let month = self.clock.china_date().number() / 100;
            let oldest = months_before(month, keep_months);
            self.store.drop_months(oldest.into(), now).await?;
        }
        Ok(())
    }

    async fn give_back(&self, now: i64, steady: Duration) -> Result<(), StoreError> {
        let recalled = self.store.recalled(self.instance).await?;
        let purses: Vec<_> = self.purses().values().map(Arc::clone).collect();
        for purse in purses {
            let all = recalled.contains(&purse.account);
            for (lot, calls) in purse.empty(now, steady, all) {
                let purse = purse.clone();
                self.send(Job::Back { purse, lot, calls });
            }
        }
        Ok(())
    }
}

/// The month `YYYYMM` so many months before another.
fn months_before(month: u32, months: u32) -> u32 {
    let count = (month / 100 * 12 + month % 100 - 1).saturating_sub(months);
    count / 12 * 100 + count % 12 + 1
}

#[cfg(test)]
mod tests {
    use super::months_before;

    #[test]
    fn months_are_counted_back_over_years() {
        assert_eq!(months_before(202_611, 0), 202_611);
        assert_eq!(months_before(202_611, 10), 202_601);
        assert_eq!(months_before(202_611, 11), 202_512);
        assert_eq!(months_before(202_601, 13), 202_412);
    }
}
