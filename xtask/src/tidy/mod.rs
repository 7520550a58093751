//! The rules that no compiler checks, each one function in one list.
//!
//! A rule looks at the files that git knows or would add, and reports findings with their place.
//! Each carries examples that it must find: a rule that finds nothing any more fails its test.

mod crates;
mod data;
mod reference;
mod rust;
mod source;
mod text;
mod tree;

use crate::run::{Failure, none_left};
pub use tree::{File, Tree};

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    path: String,
    /// Counted from 1; 0 means the file as a whole.
    line: usize,
    what: String,
}

impl Finding {
    fn whole(path: &str, what: impl Into<String>) -> Self {
        Self::at(path, 0, what)
    }

    fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// One rule.
struct Rule {
    name: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
    /// Trees that break the rule, one per way to break it.
    bad: fn() -> Vec<Tree>,
}

const RULES: &[&[Rule]] = &[
    crates::RULES,
    rust::RULES,
    text::RULES,
    data::RULES,
    reference::RULES,
];

/// The examples that their rules no longer find; none, while the rules work.
fn blind_rules() -> Vec<String> {
    let mut blind = Vec::new();
    for rule in RULES.iter().copied().flatten() {
        for (n, tree) in (rule.bad)().iter().enumerate() {
            if (rule.check)(tree).is_empty() {
                blind.push(format!("{:?} misses its bad example {n}", rule.name));
            }
        }
    }
    blind
}

/// Checks every rule, and prints every finding.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    if let Some(blind) = blind_rules().first() {
        return Err(Failure::Failed(format!("a rule is broken: {blind}")));
    }
    let tree = Tree::of_git()?;
    let mut findings = 0;
    let rules: Vec<_> = RULES.iter().copied().flatten().collect();
    for rule in &rules {
        for finding in (rule.check)(&tree) {
            println!("{finding} [{}]", rule.name);
            findings += 1;
        }
    }
    if findings > 0 {
        return Err(Failure::Failed(format!(
            "{findings} findings; each line above names its place and its rule"
        )));
    }
    println!("tidy: {} rules hold over {} files", rules.len(), tree.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rule_finds_its_bad_examples() {
        assert_eq!(blind_rules(), [""; 0]);
    }

    #[test]
    fn every_rule_has_its_own_name_and_a_bad_example() {
        let mut names = HashSet::new();
        for rule in RULES.iter().copied().flatten() {
            assert!(
                names.insert(rule.name),
                "two rules are called {}",
                rule.name
            );
            assert!(!(rule.bad)().is_empty(), "{} has no bad example", rule.name);
        }
    }

    #[test]
    fn a_finding_names_its_place() {
        assert_eq!(Finding::at("a.rs", 3, "bad").to_string(), "a.rs:3: bad");
        assert_eq!(Finding::whole("a.rs", "bad").to_string(), "a.rs: bad");
    }
}
