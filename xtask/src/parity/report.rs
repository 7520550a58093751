//! The result of a comparison, for people and for a file.

use super::compare::{Difference, compare};
use super::deviations::Deviations;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

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
    /// How many differences an entry excused, by its name.
    excused: BTreeMap<String, usize>,
    /// Entries that no difference needs any more.
    expired: Vec<String>,
    answers: usize,
}

impl Report {
    /// Compares line by line.
    pub fn of(
        corpus: &str,
        kinds: &str,
        expected: &str,
        found: &str,
        deviations: &Deviations,
    ) -> Result<Self, String> {
        // Only a line feed ends a line: the corpus holds other control characters.
        let lines = |text: &'_ str| {
            text.strip_suffix('\n')
                .unwrap_or(text)
                .matches('\n')
                .count()
                + 1
        };
        let answers = lines(found);
        if lines(corpus) != answers {
            let (asked, found) = (lines(corpus), answers);
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
        let mut asked = BTreeSet::new();
        let answers = expected.split('\n').zip(found.split('\n'));
        let questions = corpus.split('\n').zip(kinds.split('\n'));
        for ((line, kind), (expected, found)) in questions.zip(answers).take(report.answers) {
            let mut differences = compare(expected, found)?;
            differences.retain(|d| match deviations.excusing(line, &d.what) {
                Some(at) => {
                    used.insert(at);
                    *report
                        .excused
                        .entry(deviations.0[at].name.clone())
                        .or_default() += 1;
                    false
                }
                None => true,
            });
            let about = deviations
                .0
                .iter()
                .enumerate()
                .filter(|(_, d)| d.is_about(line));
            asked.extend(about.map(|(at, _)| at));
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
            }
        }
        let expired = asked
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
            let _ = writeln!(out, "{n} differences are the deviation {name}");
        }
        for name in &self.expired {
            let _ = writeln!(out, "the deviation {name} no longer holds: take it out");
        }
        let equal = self.answers - self.unequal.len();
        let percent = 100.0 * equal as f64 / self.answers as f64;
        let _ = writeln!(
            out,
            "{equal} of {} lines are equal ({percent:.3} %)",
            self.answers
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

    fn report(expected: &str, found: &str, deviations: &str) -> Report {
        let deviations = Deviations::parse(deviations).expect("deviations");
        let (expected, found) = (format!("{expected}\n"), format!("{found}\n"));
        Report::of("A\n", "clean\n", &expected, &found, &deviations).expect("a report")
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
        assert!(Report::of("A\nB\n", "k\nk\n", A, A, &none).is_err());
    }
}
