//! What happened on the way of a question.

use crate::{Cost, FaultKind, Outcome};
use std::time::Duration;

/// What happened on the way. Nothing of it names a caller.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Its turn among the attempts of its question, from 0.
    pub number: u32,
    /// Who was asked, by its place in the line-up.
    pub seat: usize,
    /// Why it was.
    pub kind: Kind,
    /// Whether it tried a channel that had rested, or one that rests because nobody else was left.
    pub probe: bool,
    /// When it began, since the same moment as every other time here.
    pub began: Duration,
    /// How long it took.
    pub took: Duration,
    /// What came of it.
    pub end: End,
    /// What it cost.
    pub cost: Cost,
    /// The upstream's own number of it, or what went wrong; no secret.
    pub detail: String,
}

/// Why a channel was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was its turn.
    Turn,
    /// It failed before, nothing was bought by that, and nobody else is left.
    Repeat,
    /// Another one is slower than usual.
    Hedge,
}

impl Kind {
    /// The name in the record of attempts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::Repeat => "repeat",
            Self::Hedge => "hedge",
        }
    }
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A vehicle.
    Hit,
    /// No record.
    NoRecord,
    /// No answer.
    Fault(FaultKind),
    /// It was not waited for.
    Abandoned,
}

impl End {
    /// What came of an attempt that ended by itself, and the upstream's own number of it or what went
    /// wrong.
    pub fn of(outcome: &Outcome) -> (Self, String) {
        match outcome {
            Outcome::Hit(found) => (Self::Hit, found.upstream_order.clone().unwrap_or_default()),
            Outcome::NoRecord => (Self::NoRecord, String::new()),
            Outcome::Fault(fault) => (Self::Fault(fault.kind), fault.detail.clone()),
        }
    }

    /// The name in metrics and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::NoRecord => "no_record",
            Self::Fault(kind) => kind.name(),
            Self::Abandoned => "abandoned",
        }
    }

    /// Whether the channel did its work.
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Hit | Self::NoRecord | Self::Fault(FaultKind::BadVin)
        )
    }
}

/// Why a channel was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It rests after failures.
    Rests,
    /// The upstream allows no more questions for now.
    Paced,
    /// It was switched off.
    Disabled,
}

impl Why {
    /// The name in the record of attempts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rests => "passed_rests",
            Self::Paced => "passed_paced",
            Self::Disabled => "passed_disabled",
        }
    }
}

/// A channel that was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Its place in the line-up.
    pub seat: usize,
    /// Why.
    pub why: Why,
    /// When.
    pub at: Duration,
}

/// What the channels said in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At least one knows a vehicle.
    Hit,
    /// None knows it, and at least one works.
    NoRecord,
    /// Each that was asked says that we have no right to, or have used it up.
    NoRight,
    /// Nobody gave an answer.
    Failed,
    /// There was nobody to ask.
    Nobody,
}
