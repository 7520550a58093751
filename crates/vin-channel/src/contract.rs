//! What a channel is asked, what it answers, and what is known of it before it is asked.

use crate::{Billed, ChannelName, Fault, FaultKind, Repeat};
use std::pin::Pin;
use std::time::Duration;
use vin_core::{Date, FieldId, Lang, Level, Parsed, Value, Vehicle};

/// A question about one vehicle.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// The VIN.
    pub vin: Parsed,
    /// The model year that the caller believes in.
    pub year: Option<u16>,
    /// The language of the values.
    pub lang: Lang,
    /// The date in China when it was asked.
    pub today: Date,
}

/// What came of asking a channel.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It knows the vehicle, at least its brand.
    Hit(Box<Found>),
    /// It works, and does not know the vehicle.
    NoRecord,
    /// It gave no answer.
    Fault(Fault),
}

/// A vehicle as a channel tells it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it tells, in our fields and types; `vin`, `logo` and `iscorrect` are never from outside.
    pub vehicle: Vehicle<'static>,
    /// How precise that is, see [`level`].
    pub level: Level,
    /// The number under which the upstream keeps the call, for reconciliation.
    pub upstream_order: Option<String>,
    /// The fields that it told in a form that they cannot hold; they stay empty.
    pub misfits: Vec<FieldId>,
}

/// How precisely a vehicle is known by what is filled of it; `None` without a brand.
///
/// A full name or the id of a car is the car, a group's name or id the group, a series' name the
/// series (`type`).
pub fn level(vehicle: &Vehicle<'_>) -> Option<Level> {
    let knows = |field| match vehicle.get(field) {
        Value::Unknown => false,
        Value::Int(number) => *number != 0,
        Value::Text(text) => !text.is_empty(),
        Value::Texts(texts) => !texts.is_empty(),
    };
    let any = |fields: &[FieldId]| fields.iter().any(|field| knows(*field));
    if !knows(FieldId::Brand) {
        None
    } else if any(&[FieldId::CarId, FieldId::Name]) {
        Some(Level::Car)
    } else if any(&[FieldId::GroupId, FieldId::GroupName]) {
        Some(Level::Group)
    } else if any(&[FieldId::TypeName]) {
        Some(Level::Type)
    } else {
        Some(Level::Brand)
    }
}

/// What one call costs us, in 1/10000 yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// For every answered question, whether it was a vehicle or "no record".
    pub per_call: u32,
    /// For a vehicle, on top of `per_call`.
    pub per_hit: u32,
}

impl Price {
    /// The most that one call can cost.
    pub const fn most(self) -> u32 {
        self.per_call.saturating_add(self.per_hit)
    }
}

/// What an attempt cost, in 1/10000 yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Whether the upstream asks for it.
    pub billed: Billed,
    /// How much; where it is unknown whether it is asked for, the most that it can be.
    pub amount: u32,
}

/// How many questions an upstream allows in a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many questions.
    pub count: u32,
    /// In how long.
    pub per: Duration,
}

/// What is known of a channel before it is asked.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its name, unique among the channels of a server.
    pub name: ChannelName,
    /// What it is called for people.
    pub title: String,
    /// What a call costs us.
    pub price: Price,
    /// Whether the upstream bills a repeated question about the same VIN once.
    pub idempotent: bool,
    /// How long one attempt may take, when its deadline allows as much.
    pub timeout: Duration,
    /// How often the upstream may be asked, by all of our nodes together.
    pub rate: Option<Rate>,
    /// Whether the operator declares that the contract allows keeping what its answers teach.
    pub learns: bool,
    /// Whose value holds when channels differ, 0 … 100: that of the higher one.
    pub trust: u8,
}

impl Facts {
    /// Whether no call costs anything.
    pub const fn is_free(&self) -> bool {
        self.price.most() == 0
    }

    /// Whether a question may be put a second time, or to two channels at once, at no extra cost.
    pub const fn may_hedge(&self) -> bool {
        self.is_free() || self.idempotent
    }

    /// Whether the same question may be put again after that fault.
    pub const fn may_repeat(&self, kind: FaultKind) -> bool {
        match kind.repeat() {
            Repeat::Never => false,
            Repeat::IfFree => self.may_hedge(),
            Repeat::Always => true,
        }
    }

    /// What an attempt cost of which nothing was heard.
    pub fn lost(&self) -> Cost {
        self.cost(&Outcome::Fault(Fault::new(FaultKind::AnswerTimeout, "")))
    }

    /// What an attempt cost that ended in that way.
    pub fn cost(&self, outcome: &Outcome) -> Cost {
        let Price { per_call, .. } = self.price;
        let (billed, amount) = match outcome {
            Outcome::Hit(_) => (Billed::Yes, self.price.most()),
            Outcome::NoRecord => (Billed::Yes, per_call),
            Outcome::Fault(fault) => match fault.kind.billed() {
                Billed::No => (Billed::No, 0),
                billed => (billed, self.price.most()),
            },
        };
        let billed = if amount == 0 { Billed::No } else { billed };
        Cost { billed, amount }
    }
}

/// The answer that a channel is working on; dropping it gives the attempt up.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// Someone outside this process who can be asked about a VIN.
///
/// Our own engine is no `Channel`: it answers at once, and its answer borrows from the pack.
pub trait Channel: Send + Sync {
    /// What is known of it.
    fn facts(&self) -> &Facts;

    /// Asks once; it never repeats a question of its own accord. It ends within `deadline` or
    /// [`Facts::timeout`], whichever is shorter, with every failure as [`Outcome::Fault`].
    ///
    /// Whoever drops it earlier cannot know whether the question was billed, and has to take it as
    /// [`FaultKind::AnswerTimeout`].
    fn ask<'a>(&'a self, query: &'a Query, deadline: Duration) -> Asking<'a>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(per_call: u32, per_hit: u32) -> Facts {
        Facts {
            name: ChannelName::LOCAL,
            title: String::new(),
            price: Price { per_call, per_hit },
            idempotent: false,
            timeout: Duration::from_secs(1),
            rate: None,
            learns: false,
            trust: 50,
        }
    }

    #[track_caller]
    fn costs(facts: &Facts, outcome: &Outcome, billed: Billed, amount: u32) {
        assert_eq!(facts.cost(outcome), Cost { billed, amount });
    }

    #[test]
    fn an_attempt_costs_what_was_answered_and_a_lost_answer_may_cost_everything() {
        let vehicle = Vehicle::default();
        let hit = Outcome::Hit(Box::new(Found {
            vehicle,
            level: Level::Brand,
            upstream_order: None,
            misfits: Vec::new(),
        }));
        let lost = Outcome::Fault(Fault::new(FaultKind::AnswerTimeout, ""));
        let refused = Outcome::Fault(Fault::new(FaultKind::Unreachable, ""));
        let paid = facts(10, 500);
        costs(&paid, &hit, Billed::Yes, 510);
        costs(&paid, &Outcome::NoRecord, Billed::Yes, 10);
        costs(&paid, &lost, Billed::Unknown, 510);
        costs(&paid, &refused, Billed::No, 0);
        costs(&facts(0, 500), &Outcome::NoRecord, Billed::No, 0);
        let free = facts(0, 0);
        costs(&free, &lost, Billed::No, 0);
        assert!(free.may_repeat(FaultKind::AnswerTimeout));
        assert!(!paid.may_repeat(FaultKind::AnswerTimeout));
        assert!(paid.may_repeat(FaultKind::Unreachable));
    }

    #[test]
    fn the_level_is_that_of_the_most_precise_field_under_a_brand() {
        let mut vehicle = Vehicle::default();
        vehicle.set(FieldId::Name, "Panamera 4");
        assert_eq!(level(&vehicle), None);
        let mut vehicle = Vehicle::default();
        vehicle.set(FieldId::Brand, "保时捷");
        assert_eq!(level(&vehicle), Some(Level::Brand));
        vehicle.set(FieldId::TypeName, "Panamera");
        vehicle.set_int(FieldId::CarId, 0);
        assert_eq!(level(&vehicle), Some(Level::Type));
        vehicle.set(FieldId::GroupId, "7528");
        assert_eq!(level(&vehicle), Some(Level::Group));
        vehicle.set_int(FieldId::CarId, 7131);
        assert_eq!(level(&vehicle), Some(Level::Car));
    }
}
