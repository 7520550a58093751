//! The sections of the overlay: hand-made rules by WMI, and the records that they hold.
//!
//! A *rule* is a key over positions 4–8 and 10–14 with the model years that it holds for; its
//! *facts* say what such a car is. Rules of a WMI stand together, the most specific ones first.

use crate::layout::records;
use crate::vpic::{ANY, CLASS};
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Maker`]s, sorted by code.
pub const MAKERS: u32 = 40;
/// [`Rule`]s.
pub const RULES: u32 = 41;
/// [`Fact`]s.
pub const FACTS: u32 = 42;
/// [`crate::vpic::ClassSet`]s of the rules; number 0 means "no class".
pub const CLASS_SETS: u32 = 43;

records! {
    /// The rules of a WMI.
    Maker {
        /// The three or six characters, then zeros.
        code: [u8; 6],
        /// How many rules.
        rules: U16,
        /// Index in [`RULES`] of the first.
        rules_at: U32,
    }

    /// A key and the model years that it holds for.
    Rule {
        /// Per position the character, [`ANY`] or [`CLASS`].
        chars: [u8; 10],
        /// Index in [`CLASS_SETS`], or 0.
        classes: U16,
        /// The first model year, 0 when open.
        from: U16,
        /// The last model year, [`OPEN_END`] when open.
        to: U16,
        /// Index in [`FACTS`] of the first.
        facts_at: U32,
        /// How many facts.
        facts: U16,
        /// Whose rule it is: [`BUILT_IN`] or [`OPERATORS`].
        layer: u8,
        /// Padding.
        reserved: u8,
    }

    /// What a rule says about one field.
    Fact {
        /// String: the Chinese value.
        zh: U32,
        /// String: the English value.
        en: U32,
        /// String: where it is from.
        source: U32,
        /// The field: its number in the registry, or [`PLANT`] and its like.
        field: u8,
        /// The share of such cars that it is right for, in percent.
        confidence: u8,
        /// Padding.
        reserved: [u8; 2],
    }
}

/// In [`Rule::layer`]: a rule of the project's own tables.
pub const BUILT_IN: u8 = 0;
/// In [`Rule::layer`]: a rule of an operator.
pub const OPERATORS: u8 = 1;

/// In [`Rule::to`]: no last year.
pub const OPEN_END: u16 = u16::MAX;

/// In [`Fact::field`]: the plant (its name, which is no field of a result).
pub const PLANT: u8 = 250;
/// In [`Fact::field`]: the position that holds the model year, or [`NO_YEAR`].
pub const YEAR_CODE: u8 = 251;

/// In [`Fact::field`]: ids of cars of the catalogue or of records, blanks between: such a VIN is
/// the first of them, and the others are possible.
pub const CARS: u8 = 252;

/// The value of a [`YEAR_CODE`] fact: no position holds the year.
pub const NO_YEAR: &str = "none";
/// The value of a [`YEAR_CODE`] fact: position 10, as in ISO 3779.
pub const YEAR_IN_10: &str = "10";
/// The value of a [`YEAR_CODE`] fact: position 11 holds the year of production.
pub const YEAR_IN_11: &str = "11";

impl Rule {
    /// The order of precedence: how much it looks at, then whose it is.
    pub fn precedence(&self) -> (u8, u8, u8) {
        let (looked, literal) = self.specificity();
        (looked, literal, self.layer)
    }

    /// How many positions it looks at, and how many of them by a literal.
    pub fn specificity(&self) -> (u8, u8) {
        let count = |matches: fn(u8) -> bool| self.chars.iter().filter(|c| matches(**c)).count();
        let looked = count(|c| c != ANY);
        let literal = count(|c| c != ANY && c != CLASS);
        (looked as u8, literal as u8)
    }

    /// Whether the rule holds for `year`; without a year it holds.
    pub fn holds_in(&self, year: Option<u16>) -> bool {
        year.is_none_or(|year| (self.from.get()..=self.to.get()).contains(&year))
    }
}
