//! What a decoder answers: the vehicle, how sure it is, and where each fact comes from.

use crate::{Bilingual, FieldId, Lang, Vehicle};
use std::borrow::Cow;

/// How precisely the vehicle is known; the order is from vague to exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The brand alone.
    Brand,
    /// The series (车系).
    Type,
    /// The group: same body, engine, gearbox and drive.
    Group,
    /// The car: one trim of one model year (年款).
    Car,
}

impl Level {
    /// The name in `match.level`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Type => "type",
            Self::Group => "group",
            Self::Car => "car",
        }
    }
}

/// Something the caller should know about the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The stable code.
    pub code: &'static str,
    /// The text for people.
    pub text: Bilingual,
}

/// The model year as the VIN tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YearMatch {
    /// The year that the decoder settled on.
    pub from_vin: Option<u16>,
    /// Every year that position 10 can mean, oldest first.
    pub candidates: Vec<u16>,
}

/// How the answer was found and how much it can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// How precisely the vehicle is known.
    pub level: Level,
    /// The share of such answers that are right, 0 … 1.
    pub confidence: f32,
    /// The model year and its alternatives.
    pub year: YearMatch,
    /// Repairs, doubts and warnings, in a fixed order.
    pub notes: Vec<Note>,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The kind of rule: `pattern`, `formula`, `engine-model`, `wmi`, `model-year`,
    /// `make-of-model`, `conversion`, `vehicle-spec`, `default`, `vin`.
    pub rule: &'static str,
    /// The rule's own text, such as the key `CM82[67]`, or empty.
    pub key: Cow<'a, str>,
    /// The VIN positions (1–17) that the rule looked at, as a bit set (bit 0 = position 1).
    pub positions: u32,
    /// The table of rules that it stands in, such as `vpic/schema/9774`.
    pub source: Cow<'a, str>,
}

/// One fact behind the answer (`explain=1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<'a> {
    /// The vPIC variable name, such as `Displacement (L)`.
    pub variable: &'a str,
    /// The value in the source's own words.
    pub value: Cow<'a, str>,
    /// The result fields that were filled from it.
    pub fields: Vec<FieldId>,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// A complete answer; texts are borrowed from the pack that they stand in.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The language that the values are in.
    pub lang: Lang,
    /// The vehicle, all fields.
    pub vehicle: Vehicle<'a>,
    /// How it was found.
    pub matched: Match,
    /// Where each value comes from; empty unless it was asked for.
    pub facts: Vec<Fact<'a>>,
}
