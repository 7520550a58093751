//! What an upstream's codes mean: headers first, then the HTTP status, then the code in the answer.

use crate::map::path::Path;
use crate::{Fault, FaultKind, Outcome};
use std::collections::BTreeMap;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Hit,
    NoRecord,
    Failed,
    Busy,
    Quota,
    NoRight,
    BadVin,
    Misconfigured,
}

/// The meanings, by their names in a channel's file.
pub(crate) const MEANINGS: [(&str, Meaning, &str); 8] = [
    ("hit", Meaning::Hit, "a vehicle is in the answer"),
    (
        "no_record",
        Meaning::NoRecord,
        "the upstream does not know the vehicle",
    ),
    (
        "failed",
        Meaning::Failed,
        "the upstream failed; so does every code that is not listed",
    ),
    ("busy", Meaning::Busy, "too many questions at once"),
    (
        "quota",
        Meaning::Quota,
        "the calls that we paid for are used up",
    ),
    (
        "no_right",
        Meaning::NoRight,
        "key, signature, network or contract do not let us in",
    ),
    (
        "bad_vin",
        Meaning::BadVin,
        "the upstream takes the VIN for none",
    ),
    (
        "misconfigured",
        Meaning::Misconfigured,
        "the question is not as the upstream wants it",
    ),
];

impl Meaning {
    /// The outcome, unless the answer is still to be read.
    pub fn outcome(self, detail: impl FnOnce() -> String) -> Option<Outcome> {
        let kind = match self {
            Self::Hit => return None,
            Self::NoRecord => return Some(Outcome::NoRecord),
            Self::Failed => FaultKind::Failed,
            Self::Busy => FaultKind::Busy,
            Self::Quota => FaultKind::Quota,
            Self::NoRight => FaultKind::NoRight,
            Self::BadVin => FaultKind::BadVin,
            Self::Misconfigured => FaultKind::Misconfigured,
        };
        Some(Outcome::Fault(Fault::new(kind, detail())))
    }
}

/// What the codes of a channel mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statuses {
    /// By a header's name: the beginnings of its values.
    pub headers: Vec<(String, Vec<(String, Meaning)>)>,
    /// By the HTTP status.
    pub http: BTreeMap<u16, Meaning>,
    /// Where the code stands in the answer; without it, every vehicle is a hit.
    pub path: Option<Path>,
    /// By the code.
    pub codes: BTreeMap<String, Meaning>,
    /// Where a message for people stands.
    pub message: Option<Path>,
}
