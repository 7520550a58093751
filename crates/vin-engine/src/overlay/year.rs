//! Which of the years that position 10 can mean is the car's.
//!
//! The letters and digits of position 10 come round every 30 years. A year in which some rule
//! knows the car beats one in which none does. Where no rule knows it, a maker's first and last
//! year, and what is possible at all, decide; the rule that a digit in position 7 means "before
//! 2010" is the law of one market, and is left to the procedure that was made for it.

use super::Rules;
use vin_core::{Date, FieldId, model_year};
use vin_index::overlay::{CARS, Fact, NO_YEAR, Rule, YEAR_CODE, YEAR_IN_11};

/// The standard of China puts the year into position 10 since then (GB/T 16735—1997).
const FIRST_YEAR_OF_CHINA: u16 = 1997;

/// The model year of a car, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// A rule knows such a car in this year only.
    Rule(u16),
    /// The only year that the maker and the calendar allow.
    Only(u16),
    /// The likelier of several.
    Likely(u16),
    /// The maker puts no year into its VINs, or nothing tells what it puts there.
    Nothing,
}

impl Evidence {
    /// The year, if there is one.
    pub fn year(self) -> Option<u16> {
        match self {
            Self::Rule(year) | Self::Only(year) | Self::Likely(year) => Some(year),
            Self::Nothing => None,
        }
    }

    /// Whether another year is possible.
    pub fn in_doubt(self) -> bool {
        matches!(self, Self::Likely(_))
    }
}

/// How well a rule knows a car: the maker alone, or the series too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    No,
    Maker,
    Series,
}

impl Rules<'_, '_> {
    /// The model year. `vpic` is the year in which the pure procedure knows the model, if it does.
    pub fn year(&self, vpic: Option<u16>, today: Date) -> Evidence {
        let code = match self.year_place() {
            // What a rule of the maker says about its own VINs is surer than the procedure.
            Some(NO_YEAR) => return Evidence::Nothing,
            Some(YEAR_IN_11) => self.vin.plant_code(),
            Some(_) => self.vin.year_code(),
            None if self.vin.wmi().is_china() => self.vin.year_code(),
            None => return vpic.map_or(Evidence::Nothing, Evidence::Rule),
        };
        // A model year begins in the calendar year before it.
        let mut years = model_year::candidates(code, today.year + 1);
        if self.vin.wmi().is_china() {
            years.retain(|&year| year >= FIRST_YEAR_OF_CHINA);
        }
        let known: Vec<_> = years.iter().map(|&year| self.known(year, vpic)).collect();
        let best = known.iter().copied().max().unwrap_or(Known::No);
        let mut index = 0..known.len();
        years.retain(|_| index.next().is_some_and(|at| known[at] == best));
        match (years.as_slice(), best) {
            ([year], Known::Series) => Evidence::Rule(*year),
            ([year], _) => Evidence::Only(*year),
            ([.., newest], _) => Evidence::Likely(*newest),
            ([], _) => Evidence::Nothing,
        }
    }

    /// How well the rules know a car of `year` with these characters.
    fn known(&self, year: u16, vpic: Option<u16>) -> Known {
        if vpic == Some(year) {
            return Known::Series;
        }
        let mut known = Known::No;
        for rule in self.fitting().filter(|rule| rule.holds_in(Some(year))) {
            let about = |field: FieldId| move |fact: &Fact| fact.field == field as u8;
            let facts = self.overlay.facts_of(rule);
            let of_car = |fact: &Fact| fact.field == CARS || about(FieldId::TypeName)(fact);
            if facts.iter().any(of_car) {
                return Known::Series;
            }
            if facts.iter().any(about(FieldId::Brand)) {
                known = Known::Maker;
            }
        }
        known
    }

    /// The position of the year code by the most specific rule that says so.
    fn year_place(&self) -> Option<&str> {
        let of_rule = |rule: &Rule| {
            let facts = self.overlay.facts_of(rule);
            facts.iter().find(|fact| fact.field == YEAR_CODE)
        };
        let fact = self.fitting().find_map(of_rule)?;
        Some(self.overlay.strings.get(fact.zh.get()))
    }
}
