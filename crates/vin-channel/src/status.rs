//! What an upstream's codes mean: headers first, then the HTTP status, then the code in the answer.

use crate::map::path::Path;
use crate::meaning::Meaning;
use crate::{Fault, FaultKind, Outcome};
use std::collections::BTreeMap;

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
