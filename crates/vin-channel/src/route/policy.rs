//! How far a question is taken: our own engine alone, the first good answer, or several together.

use std::collections::BTreeMap;

/// How far a question is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Policy {
    /// Our engine answers, nobody else is asked.
    LocalOnly,
    /// The first good answer counts.
    #[default]
    FirstHit,
    /// What one answer lacks is filled from the next.
    Fusion,
}

impl Policy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::LocalOnly, Self::FirstHit, Self::Fusion];

    /// The name in settings, products and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LocalOnly => "local_only",
            Self::FirstHit => "first_hit",
            Self::Fusion => "fusion",
        }
    }

    /// The policy of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }
}

/// The policy of every interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Of interfaces that have none of their own.
    pub otherwise: Policy,
    /// By the path of the interface.
    pub by_path: BTreeMap<String, Policy>,
}

impl Policies {
    /// Reads `first_hit`, or `first_hit /api/vin/get=fusion …`, separated by blanks.
    pub fn parse(text: &str) -> Option<Self> {
        let mut policies = Self::default();
        for word in text.split_whitespace() {
            match word.split_once('=') {
                None => policies.otherwise = Policy::parse(word)?,
                Some((path, name)) if path.starts_with('/') => {
                    let policy = Policy::parse(name)?;
                    policies.by_path.insert(path.to_owned(), policy);
                }
                Some(_) => return None,
            }
        }
        Some(policies)
    }

    /// The policy of a question: what was bought decides, then the interface.
    pub fn of(&self, path: &str, bought: Option<Policy>) -> Policy {
        let own = || self.by_path.get(path).copied().unwrap_or(self.otherwise);
        bought.unwrap_or_else(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_bought_decides_then_the_interface_then_the_rest() {
        let policies = Policies::parse("first_hit /api/vin/get=fusion").expect("policies");
        for (path, bought, wanted) in [
            ("/api/vin/get", None, Policy::Fusion),
            ("/api/vin/get", Some(Policy::LocalOnly), Policy::LocalOnly),
            ("/api/vin/batch", None, Policy::FirstHit),
        ] {
            assert_eq!(policies.of(path, bought), wanted, "{path}");
        }
        for wrong in ["first", "x=fusion", "/a=b", "first_hit,fusion"] {
            assert_eq!(Policies::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Policies::parse(""), Some(Policies::default()));
    }
}
