//! What is asked of all nodes at once, when there is a Redis: may this key ask, was this nonce used.
//!
//! Every question has an answer of this node alone, for while Redis is away.

use crate::pace::{DayCap, Turn, Verdicts};
use crate::{Caller, MAX_SKEW, Paced, Refusal, Service};
use std::time::Duration;
use vin_redis::{Cap, Limits, Link, Taken};

/// For how long a nonce is remembered: a timestamp is good from [`MAX_SKEW`] before to as long after
/// it, and the clocks of nodes differ.
const NONCE_TIME: Duration = Duration::from_secs(2 * MAX_SKEW.unsigned_abs() + 60);

impl Service {
    /// Takes one call of the limits that all nodes share; `None` when Redis is away.
    ///
    /// # Errors
    /// [`Refusal::TooFast`], which leaves no trace; [`Refusal::Broken`].
    pub(crate) async fn pace_of_all(
        &self,
        link: &Link,
        caller: &Caller,
        cap: Option<DayCap>,
        steady: Duration,
    ) -> Result<Option<Paced>, Refusal> {
        let name = format!("limit:{}", caller.key);
        // A server that was entered anew may have forgotten, and does not know what went on.
        let untold = caller.limiter.untold(link.number(), steady);
        let mut limits = Limits {
            rate: caller.rate.map(|rate| (rate.calls, rate.seconds)),
            least_debt: untold.unwrap_or_default(),
            cap: None,
        };
        let mut is_fresh = untold.is_some();
        loop {
            if let Some(cap) = &cap {
                self.count_day(caller, cap.day, steady, is_fresh).await?;
                limits.cap = Some(Cap {
                    limit: cap.limit,
                    day: cap.day,
                    left: cap.reset,
                    counted: caller.limiter.count(cap.day),
                    is_fresh,
                });
            }
            match link.take(&name, &limits).await {
                Ok(Taken::CountFirst) if !is_fresh => is_fresh = true,
                Ok(Taken::Told {
                    rate_is_over,
                    day_is_over,
                    debt,
                    today,
                }) => {
                    caller.limiter.follow(link.number(), debt, steady);
                    let verdicts = Verdicts {
                        debt,
                        rate_is_over,
                        day_is_over,
                        left_today: cap.map_or(0, |cap| cap.limit.saturating_sub(today)),
                    };
                    let rate = caller.rate.map(|rate| (rate, rate.period() / rate.calls));
                    let pace = verdicts.pace(rate, cap.as_ref());
                    let pace = pace.map_err(Refusal::TooFast)?;
                    let turn = cap.map(|cap| Turn::shared(link.clone(), name, cap.day));
                    return Ok(Some(Paced { pace, turn }));
                }
                Ok(Taken::CountFirst) | Err(_) => return Ok(None),
            }
        }
    }

    /// Uses a nonce of a key; whether that was its first time on any node. While Redis is away,
    /// on this one.
    pub(crate) async fn is_first_use(&self, caller: &Caller, nonce: &str) -> bool {
        let steady = self.accounts().clock().steady();
        if !self.nonces.is_new(caller.key, nonce, steady) {
            return false;
        }
        let link = self.accounts().redis().and_then(|redis| redis.link());
        let Some(link) = link else { return true };
        let name = format!("nonce:{}:{nonce}", caller.key);
        link.first(&name, NONCE_TIME).await.unwrap_or(true)
    }
}
