//! Long work of operators: one of each kind at a time, on this node, and how far it is.

use crate::desk::{Made, Tell};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Vehicle data are imported.
    Import,
    /// A backup is made.
    Backup,
    /// The ledger is checked.
    Check,
}

/// Work of one kind, the last that there was.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// When it began.
    pub began: i64,
    /// Who began it.
    pub by: String,
    /// The step that it is at.
    pub step: String,
    /// How much of the step is done.
    pub done: u64,
    /// Of how much, 0 when that is not known.
    pub total: u64,
    /// What came of it, `None` while it goes on.
    pub made: Option<Made>,
}

impl Work {
    /// How much is done, in hundredths of the step.
    pub fn part(&self) -> Option<u64> {
        (self.total > 0).then(|| (self.done * 100 / self.total).min(100))
    }
}

/// The work of this node.
#[derive(Clone, Default)]
pub struct Works(Arc<Mutex<BTreeMap<Kind, Work>>>);

impl Works {
    /// The last work of a kind.
    pub fn last(&self, kind: Kind) -> Option<Work> {
        self.with(|works| works.get(&kind).cloned())
    }

    /// Begins work, unless work of its kind goes on; where it tells how far it is.
    pub fn begin(&self, kind: Kind, by: &str, now: i64) -> Option<Tell> {
        let begun = self.with(|works| {
            let goes_on = works.get(&kind).is_some_and(|work| work.made.is_none());
            let work = Work {
                began: now,
                by: by.to_owned(),
                ..Work::default()
            };
            (!goes_on).then(|| works.insert(kind, work))
        });
        begun?;
        let own = self.clone();
        Some(Arc::new(move |step, done, total| {
            own.with(|works| {
                if let Some(work) = works.get_mut(&kind) {
                    work.step = step.to_owned();
                    (work.done, work.total) = (done, total);
                }
            });
        }))
    }

    /// Work has ended.
    pub fn end(&self, kind: Kind, made: Made) {
        self.with(|works| {
            if let Some(work) = works.get_mut(&kind) {
                work.made = Some(made);
            }
        });
    }

    fn with<R>(&self, look: impl FnOnce(&mut BTreeMap<Kind, Work>) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_work_of_a_kind_goes_on_at_a_time() {
        let works = Works::default();
        let tell = works.begin(Kind::Import, "ada", 1).expect("begun");
        assert!(works.begin(Kind::Import, "bob", 2).is_none());
        assert!(works.begin(Kind::Backup, "bob", 2).is_some());
        tell("reading", 1, 4);
        let work = works.last(Kind::Import).expect("there");
        assert_eq!(
            (work.by.as_str(), work.step.as_str(), work.part()),
            ("ada", "reading", Some(25))
        );
        works.end(Kind::Import, Err("no".to_owned()));
        assert!(works.begin(Kind::Import, "bob", 3).is_some());
    }
}
