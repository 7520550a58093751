//! The result of a comparison, for people and for a file.

use super::compare::{Difference, compare};
use super::deviations::Deviations;
use super::oracle::Oracle;
use crate::run;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// The corpus and the lines of the deviations, with the oracle's answers. Each member has a line for each.
pub struct Asked {
    /// The questions.
    pub lines: String,
    kinds: String,
    expected: String,
}

impl Asked {
    /// Reads the corpus in `folder`; what an entry speaks of and the corpus lacks comes on top.
    pub fn read(oracle: &Oracle, folder: &Path, deviations: &Deviations) -> Result<Self, String> {
        let mut asked = Self {
            lines: run::read(&folder.join("corpus.txt"))?,
            kinds: run::read(&folder.join("kinds.txt"))?,
            expected: run::read(&folder.join("expected.jsonl"))?,
        };
        for line in deviations.lines() {
            if asked.lines.split('\n').all(|l| l != line) {
                asked.lines += &format!("{line}\n");
                asked.kinds += "deviation\n";
                asked.expected += &oracle.answer(folder, line)?;
            }
        }
        Ok(asked)
    }
}

/// A line of the corpus whose answers differ.
struct Unequal {
    line: String,
    kind: String,
    differences: Vec<Difference>,
}

/// The whole comparison.
pub struct Report {
    /// Lines and unequal lines of each kind.
    kinds: BTreeMap<String, (usize, usize)>,
    unequal: Vec<Unequal>,
    /// How many lines an entry excused, by its name.
    excused: BTreeMap<String, usize>,
    /// Entries that no difference needs any more.
    expired: Vec<String>,
    answers: usize,
}

impl Report {
    /// Compares line by line.
    pub fn of(asked: &Asked, found: &str, deviations: &Deviations) -> Result<Self, String> {
        // Only a line feed ends a line: the corpus holds other control characters.
        let lines = |text: &'_ str| {
            text.strip_suffix('\n')
                .unwrap_or(text)
                .matches('\n')
                .count()
                + 1
        };
        let answers = lines(found);
        if lines(&asked.lines) != answers {
            let (asked, found) = (lines(&asked.lines), answers);
            return Err(format!(
                "{asked} lines were asked and {found} were answered"
            ));
        }
        let mut report = Self {
            kinds: BTreeMap::new(),
            unequal: Vec::new(),
            excused: BTreeMap::new(),
            expired: Vec::new(),
            answers,
        };
        let mut used = BTreeSet::new();
        let mut spoken_of = BTreeSet::new();
        let answers = asked.expected.split('\n').zip(found.split('\n'));
        let questions = asked.lines.split('\n').zip(asked.kinds.split('\n'));
        for ((line, kind), (expected, found)) in questions.zip(answers).take(report.answers) {
            let (excused, differences): (Vec<_>, Vec<_>) = compare(expected, found)?
                .into_iter()
                .partition(|d| deviations.excusing(line, &d.what).is_some());
            let excusing = excused
                .iter()
                .filter_map(|d| deviations.excusing(line, &d.what));
            used.extend(excusing);
            let all = deviations.0.iter().enumerate();
            spoken_of.extend(all.filter(|(_, d)| d.is_about(line)).map(|(at, _)| at));
            let count = report.kinds.entry(kind.to_owned()).or_default();
            count.0 += 1;
            if !differences.is_empty() {
                count.1 += 1;
                let (line, kind) = (line.to_owned(), kind.to_owned());
                report.unequal.push(Unequal {
                    line,
                    kind,
                    differences,
                });
            } else if let Some(first) = excused.first() {
                let entry = deviations
                    .excusing(line, &first.what)
                    .map(|at| &deviations.0[at]);
                let name = entry.map(|entry| entry.name.clone()).unwrap_or_default();
                *report.excused.entry(name).or_default() += 1;
            }
        }
        let expired = spoken_of
            .difference(&used)
            .map(|&at| deviations.0[at].name.clone());
        report.expired = expired.collect();
        Ok(report)
    }

    /// Whether everything is equal or excused, and every entry still holds.
    pub fn holds(&self) -> bool {
        self.unequal.is_empty() && self.expired.is_empty()
    }

    /// One JSON line per difference.
    pub fn differences_as_lines(&self) -> String {
        let mut out = String::new();
        for unequal in &self.unequal {
            for d in &unequal.differences {
                let line = json!({
                    "line": unequal.line, "kind": unequal.kind, "what": d.what,
                    "expected": d.expected, "found": d.found,
                });
                let _ = writeln!(out, "{line}");
            }
        }
        out
    }

    /// Counts, and the first `show` unequal lines.
    pub fn text(&self, show: usize) -> String {
        let mut out = String::new();
        for unequal in self.unequal.iter().take(show) {
            let _ = writeln!(out, "{} ({})", unequal.line, unequal.kind);
            for d in &unequal.differences {
                let _ = writeln!(
                    out,
                    "  {}\n    expected {}\n    found    {}",
                    d.what, d.expected, d.found
                );
            }
        }
        let mut by_attribute: BTreeMap<&str, usize> = BTreeMap::new();
        for d in self.unequal.iter().flat_map(|u| &u.differences) {
            *by_attribute.entry(&d.what).or_default() += 1;
        }
        let mut by_attribute: Vec<_> = by_attribute.into_iter().collect();
        by_attribute.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        for (what, n) in by_attribute {
            let _ = writeln!(out, "{n:>7} differ in {what}");
        }
        let _ = writeln!(out, "{:>7} {:>7}  kind", "lines", "unequal");
        for (kind, (lines, unequal)) in &self.kinds {
            let _ = writeln!(out, "{lines:>7} {unequal:>7}  {kind}");
        }
        for (name, n) in &self.excused {
            let _ = writeln!(out, "{n} lines differ as the deviation {name} says");
        }
        for name in &self.expired {
            let _ = writeln!(out, "the deviation {name} no longer holds: take it out");
        }
        let excused: usize = self.excused.values().sum();
        let equal = self.answers - self.unequal.len() - excused;
        let percent = 100.0 * equal as f64 / self.answers as f64;
        let _ = writeln!(
            out,
            "{equal} of {} lines are equal ({percent:.3} %), {excused} are deviations, {} differ",
            self.answers,
            self.unequal.len()
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        r#"{"vin":"A","model_year":2003,"error_codes":[0],"attributes":{"Make":"HONDA"}}"#;
    const B: &str =
        r#"{"vin":"A","model_year":2003,"error_codes":[0],"attributes":{"Make":"ACURA"}}"#;

    fn asked(lines: &str, expected: &str) -> Asked {
        Asked {
            lines: lines.to_owned(),
            kinds: "clean\n".to_owned(),
            expected: format!("{expected}\n"),
        }
    }

    fn report(expected: &str, found: &str, deviations: &str) -> Report {
        let deviations = Deviations::parse(deviations).expect("deviations");
        let asked = asked("A\n", expected);
        Report::of(&asked, &format!("{found}\n"), &deviations).expect("a report")
    }

    #[test]
    fn a_difference_fails_unless_an_entry_excuses_it() {
        const ENTRY: &str = "## make\n- attribute: Make\n- line: A\n";
        assert!(report(A, A, "").holds());
        assert!(!report(A, B, "").holds());
        assert!(report(A, B, ENTRY).holds());
        assert!(!report(A, A, ENTRY).holds(), "the entry expired");
    }

    #[test]
    fn a_missing_answer_is_an_error() {
        let none = Deviations(Vec::new());
        assert!(Report::of(&asked("A\nB\n", A), A, &none).is_err());
    }
}
