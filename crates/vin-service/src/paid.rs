//! The use cases of a paid question: may it be asked, set a call aside, charge it.
//!
//! The only place, with [`crate::meter`] below it, where a balance changes because of a question.

use crate::meter::{Hold, Outcome};
use crate::pace::{DayCap, Turn};
use crate::sign::Verdict;
use crate::{CHINA_OFFSET, Caller, Clock, OrderNumber, Pace, Refusal, Service, Visit};
use std::borrow::Cow;
use std::sync::atomic::Ordering;
use std::time::Duration;
use vin_core::{Date, Level};
use vin_store::{Call, DayUsage, Entry, Kept, Lot, Refused};

/// How old the count of a day may be when several nodes count.
const COUNT_AGE: Duration = Duration::from_secs(2);

/// How often the store is told that a key is used, in seconds.
const NOTE_EVERY: i64 = 60;

/// What an answer cost the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Whether it cost anything.
    pub charged: bool,
    /// How many calls it cost.
    pub count: u32,
    /// How many calls are left.
    pub remaining: u64,
}

/// A question that may go on: where its key stands in its limits, and its place in the day.
#[derive(Debug, Default)]
pub struct Paced {
    /// Where the key stands.
    pub pace: Pace,
    pub(crate) turn: Option<Turn>,
}

/// A question that was answered.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// Its number.
    pub order: OrderNumber,
    /// The day in China when it was asked.
    pub today: Date,
    /// What it was about.
    pub vin: &'a str,
    /// The code of the answer.
    pub code: u16,
    /// How precisely the vehicle is known; `None` when it is not.
    pub level: Option<Level>,
    /// Who knew it; `""` when nobody answered.
    pub channel: Cow<'static, str>,
}

/// What became of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is on disk.
    Done(Charge),
    /// The same request was answered elsewhere in the meantime; this one was not charged.
    Repeated,
}

/// What an account has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Calls, over all packages.
    pub remaining: i64,
    /// The packages that can be spent from, the earliest expiry first.
    pub packages: Vec<Lot>,
}

impl Service {
    /// Whether a key may ask for vehicles in this way.
    ///
    /// # Errors
    /// The first that applies of [`Refusal::Suspended`], [`Refusal::SwitchedOff`],
    /// [`Refusal::Unverified`], [`Refusal::NeverServed`], [`Refusal::BadSignature`],
    /// [`Refusal::NotFromHere`].
    pub async fn admit(&self, caller: &Caller, visit: &Visit<'_>) -> Result<(), Refusal> {
        if !caller.suspended && self.policy.off.iter().any(|path| path == visit.proof.path) {
            return Err(Refusal::SwitchedOff);
        }
        caller.standing()?;
        self.admit_owner(caller, visit).await
    }

    /// Whether a key may ask about its own account in this way.
    ///
    /// # Errors
    /// The first that applies of [`Refusal::Suspended`], [`Refusal::BadSignature`],
    /// [`Refusal::NotFromHere`].
    pub async fn admit_owner(&self, caller: &Caller, visit: &Visit<'_>) -> Result<(), Refusal> {
        if caller.suspended {
            return Err(Refusal::Suspended);
        }
        if let Some(secret) = &caller.secret {
            let proven = match visit.proof.check(secret, self.accounts().clock().unix()) {
                Verdict::Good => true,
                Verdict::GoodOnce(nonce) => Box::pin(self.is_first_use(caller, nonce)).await,
                Verdict::Bad => false,
            };
            if !proven {
                return Err(Refusal::BadSignature);
            }
        }
        caller.welcome(visit)
    }

    /// Whether a key may ask now. Dropped unused, the place in the day is given back.
    ///
    /// # Errors
    /// [`Refusal::TooFast`], which leaves no trace; [`Refusal::Broken`].
    pub async fn pace(&self, caller: &Caller) -> Result<Paced, Refusal> {
        if caller.rate.is_none() && caller.daily_cap.is_none() {
            return Ok(Paced::default());
        }
        let clock = self.accounts().clock();
        let steady = clock.steady();
        let mut cap = caller.daily_cap.map(|limit| DayCap {
            limit,
            day: self.today().number(),
            reset: seconds_left_of_day(&**clock),
            outage: None,
        });
        let mut outage = None;
        if let Some(redis) = self.accounts().redis() {
            if let Some(link) = redis.link()
                && let Some(paced) = Box::pin(self.pace_of_all(&link, caller, cap, steady)).await?
            {
                return Ok(paced);
            }
            self.alone.fetch_add(1, Ordering::Relaxed);
            outage = Some(redis.losses());
        }
        if let Some(cap) = &mut cap {
            cap.outage = outage;
            let anew = caller.limiter.needs_share(cap);
            Box::pin(self.count_day(caller, cap.day, steady, anew)).await?;
        }
        let nodes = self.meter.nodes();
        let taken = caller.limiter.take(caller.rate, nodes, cap, steady);
        let (pace, turn) = taken.map_err(Refusal::TooFast)?;
        Ok(Paced { pace, turn })
    }

    /// Reads how many calls of a key the store counted on a day, when that is not known well enough.
    pub(crate) async fn count_day(
        &self,
        caller: &Caller,
        day: u32,
        steady: Duration,
        anew: bool,
    ) -> Result<(), Refusal> {
        let since = match self.meter.nodes() {
            1 => Duration::ZERO,
            _ => steady.saturating_sub(COUNT_AGE),
        };
        if anew || caller.limiter.needs_count(day, since) {
            let store = self.accounts().store();
            let counted = store.answered(caller.account, caller.key, day).await;
            let counted = counted.map_err(crate::service::broken)?;
            caller.limiter.counted(day, counted, steady);
        }
        Ok(())
    }

    /// Sets one call of the account aside; dropped, it can be spent again.
    ///
    /// # Errors
    /// [`Refusal::UsedUp`], when the database says so; [`Refusal::Broken`].
    pub async fn reserve(&self, caller: &Caller) -> Result<Hold, Refusal> {
        self.meter.reserve(&caller.purse).await
    }

    /// Whether an answer of this precision costs a call.
    pub fn costs(&self, level: Level) -> bool {
        level >= self.policy.charge_min_level
    }

    /// What an answer will cost that the call was set aside for, if all goes well.
    pub fn price(&self, caller: &Caller, costs: bool) -> Charge {
        Charge {
            charged: costs,
            count: costs.into(),
            remaining: caller.purse.remaining(self.accounts().clock().unix()),
        }
    }

    /// Spends the call that was set aside, and returns when that is on disk. Nobody may be told
    /// the answer before.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when it is not known in time whether it is on disk.
    pub async fn settle(
        &self,
        caller: &Caller,
        paced: Paced,
        hold: Hold,
        answered: &Answered<'_>,
        kept: Option<Kept>,
    ) -> Result<Settled, Refusal> {
        let lot = Some(hold.lot());
        let entry = self.entry(caller, answered, lot, kept);
        match self.meter.write(entry, Some(hold)).await? {
            Outcome::Repeated => Ok(Settled::Repeated),
            Outcome::Written => {
                if let Some(turn) = paced.turn {
                    turn.used();
                }
                Ok(Settled::Done(self.price(caller, true)))
            }
        }
    }

    /// Logs an answer that costs nothing. It waits for that only when the answer is kept.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when it is not known in time whether the answer is kept.
    pub async fn settle_free(
        &self,
        caller: &Caller,
        paced: Paced,
        answered: &Answered<'_>,
        kept: Option<Kept>,
    ) -> Result<Settled, Refusal> {
        let waits = kept.is_some();
        let entry = self.entry(caller, answered, None, kept);
        match waits {
            true => {
                if self.meter.write(entry, None).await? == Outcome::Repeated {
                    return Ok(Settled::Repeated);
                }
            }
            false => self.meter.note(entry),
        }
        if let Some(turn) = paced.turn {
            turn.used();
        }
        Ok(Settled::Done(self.price(caller, false)))
    }

    /// Logs a question that nobody answered. It takes no place in the day of the key.
    pub fn settle_unanswered(&self, caller: &Caller, answered: &Answered<'_>) {
        self.meter.note(self.entry(caller, answered, None, None));
    }

    /// Counts a question that was refused with a code.
    pub fn refused(&self, caller: &Caller, code: u16) {
        let clock = self.accounts().clock();
        self.meter.refused(Refused {
            account: caller.account,
            key: caller.key,
            code,
            at: clock.unix(),
            day: clock.china_date().number(),
            calls: 1,
        });
    }

    /// What the account of a key has left.
    ///
    /// # Errors
    /// [`Refusal::Broken`].
    pub async fn balance(&self, caller: &Caller) -> Result<Balance, Refusal> {
        let now = self.accounts().clock().unix();
        let packages = self.accounts().store().lots(caller.account, now).await;
        let packages = packages.map_err(crate::service::broken)?;
        let remaining = packages.iter().map(|lot| lot.remaining).sum();
        Ok(Balance {
            remaining,
            packages,
        })
    }

    /// The usage of the account of a key on each day that has any.
    ///
    /// # Errors
    /// [`Refusal::Broken`].
    pub async fn usage(
        &self,
        caller: &Caller,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayUsage>, Refusal> {
        let store = self.accounts().store();
        let usage = store
            .usage_by_day(caller.account, from.number(), to.number())
            .await;
        usage.map_err(crate::service::broken)
    }

    fn entry(
        &self,
        caller: &Caller,
        answered: &Answered<'_>,
        lot: Option<vin_store::LotId>,
        kept: Option<Kept>,
    ) -> Entry {
        let now = self.accounts().clock().unix();
        let noted = caller.noted_at.load(Ordering::Relaxed);
        if now - noted >= NOTE_EVERY
            && caller
                .noted_at
                .compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            self.meter.used(caller.key);
        }
        Entry {
            call: Call {
                order: answered.order.number(),
                at: now,
                account: caller.account,
                key: caller.key,
                lot,
                count: lot.is_some().into(),
                code: answered.code,
                level: answered.level.map_or("", Level::name),
                channel: answered.channel.clone(),
                vin: answered.vin.to_owned(),
            },
            day: answered.today.number(),
            kept,
        }
    }
}

fn seconds_left_of_day(clock: &dyn Clock) -> u64 {
    let of_day = (clock.unix() + i64::from(CHINA_OFFSET)).rem_euclid(86_400);
    (86_400 - of_day).cast_unsigned()
}
