//! The answer for a VIN: its fields, how precisely and how surely the vehicle is known, notes.

use crate::Ask;
use crate::catalogue::Found;
use crate::decode::Decoder;
use crate::fields::Filler;
use crate::join::{Given, Joined};
use crate::overlay::{About, Rules, Told};
use crate::pass::element;
use vin_core::{Answer, FieldId, Level, Match, Parsed, Vehicle, YearMatch, model_year};

/// The share of such answers that are right, set below what was measured on labelled cars
/// (docs/data.md): right brand, series and model year; for a brand-only answer the brand.
mod share {
    use vin_core::Level;

    /// Series known, nothing wrong with the VIN.
    pub const CLEAN: f32 = 0.98;
    /// Series known, some positions without a meaning in the tables.
    pub const UNUSED_POSITIONS: f32 = 0.9;
    /// Series known, the check digit or the year in doubt.
    pub const DOUBT: f32 = 0.85;
    /// Series known, characters that the maker's scheme does not hold.
    pub const UNKNOWN_CHARACTERS: f32 = 0.6;
    /// Brand known.
    pub const BRAND: f32 = 0.9;
    /// The catalogue's group is the right one.
    const GROUP: f32 = 0.9;
    /// The catalogue's car is the right one.
    const CAR: f32 = 0.9;
    /// The same when the series is not sure.
    const CAR_IN_DOUBT: f32 = 0.65;

    /// How sure an answer of that level is whose series is `sure`.
    pub fn of(level: Level, sure: f32) -> f32 {
        match level {
            Level::Brand | Level::Type => sure,
            Level::Group => sure.min(GROUP),
            Level::Car if sure < CAR => sure.min(CAR_IN_DOUBT),
            Level::Car => CAR,
        }
    }
}

/// The finest level that is settled.
fn level(vehicle: &Vehicle<'_>, joined: &Joined) -> Level {
    match (vehicle.knows(FieldId::TypeName), joined.level) {
        (false, _) => Level::Brand,
        (true, level) => level.unwrap_or(Level::Type),
    }
}

/// The model year of an answer.
#[derive(Clone, Copy)]
pub(crate) struct Year {
    pub value: Option<u16>,
    /// Another year is possible.
    pub in_doubt: bool,
}

impl<'p> Decoder<'p> {
    /// The answer, or `None` when not even the brand is known.
    pub fn answer(&mut self, parsed: &Parsed, ask: &Ask) -> Option<Answer<'p>> {
        self.today = ask.today;
        self.decode(parsed.vin.as_str(), ask.year);
        let overlay = self.overlay;
        let rules = overlay.of(&parsed.vin);
        let china = parsed.vin.wmi().is_china();
        let maker = china && self.item(element::MANUFACTURER).is_some();
        if self.item(element::MAKE).is_none() && !maker && !rules.know_the_maker() {
            return None;
        }
        let candidates = model_year::candidates(parsed.vin.year_code(), ask.today.year + 2);
        let year = self.year_of_answer(parsed, &rules, ask);
        let mut told = Vec::new();
        rules.facts(year.value, &mut told);
        let given = Given::of(self.catalogue, &told, ask.lang);
        let mut filler = Filler::new(self, ask.lang, ask.explain);
        let series = filler.series(year.value);
        let tables = self.tables_speak_of(series, &told, parsed, year)
            && given.as_ref().is_none_or(|given| given.may_be_of(series));
        let found = match given {
            None if tables => self.found(year.value),
            _ => None,
        };
        let turbo = found.as_ref().and_then(Found::turbocharged);
        filler.fill(&parsed.vin, year.value, tables, turbo);
        filler.lay_over(&told, tables && self.knows_the_car());
        let mut laid = Vec::new();
        let joined = match (&given, &found) {
            (Some(given), _) => filler.lay_given(given),
            (None, Some(found)) => filler.fill_found(found, &mut laid),
            (None, None) => Joined::default(),
        };
        if !filler.vehicle.knows(FieldId::TypeId) {
            filler.type_of(&told);
        }
        filler.compose();
        // Of a Chinese maker of several brands the maker alone is worth an answer.
        let named = |field| filler.vehicle.knows(field);
        if !(named(FieldId::Brand) || china && named(FieldId::Manufacturer)) {
            return None;
        }
        let (vehicle, uses) = (filler.vehicle, filler.uses);
        let level = level(&vehicle, &joined);
        let confidence = match &given {
            Some(given) => self.unless_mistyped(given.confidence),
            None => share::of(level, self.confidence(&vehicle, &told, tables)),
        };
        let matched = Match {
            level,
            confidence,
            notes: self.notes(parsed, ask.year, &vehicle, year, tables, &joined),
            year: YearMatch {
                from_vin: year.value,
                candidates,
            },
        };
        let facts = uses.map(|uses| {
            let own = told.iter().map(|one| one.fact(ask.lang));
            let given = given.iter().flat_map(Given::facts);
            let tables = self.facts(&uses).into_iter();
            tables.chain(own).chain(given).chain(laid).collect()
        });
        Some(Answer {
            lang: ask.lang,
            vehicle,
            matched,
            facts: facts.unwrap_or_default(),
        })
    }

    /// Whether what the tables say is about this car, as far as the overlay knows: it agrees on
    /// the series, or has no word about it. Their rules for North America win over the overlay,
    /// but not for cars built in China, which share codes with others that are exported.
    fn tables_speak_of(
        &self,
        series: &str,
        told: &[Told<'_>],
        parsed: &Parsed,
        year: Year,
    ) -> bool {
        let mut of_series = told
            .iter()
            .filter(|one| one.about == About::Field(FieldId::TypeName))
            .peekable();
        let silent = of_series.peek().is_none();
        let agrees = of_series.all(|one| !one.several && one.text_is(series));
        let same_year = year.value.is_none() || year.value == self.model_year();
        let known = self.knows_the_car() && !parsed.vin.wmi().is_china();
        known || ((silent || agrees) && same_year)
    }

    /// Whether the tables know the model and nothing in the VIN speaks against them.
    fn knows_the_car(&self) -> bool {
        let codes = self.codes();
        let doubtful = [2, 3, 4, 5, 8].into_iter().any(|code| codes.has(code));
        self.item(element::MODEL).is_some() && !doubtful
    }

    /// The model year, where some rule knows the car or the law puts the year into position 10.
    ///
    /// Elsewhere makers use that position as they like, and the rule about position 7 that tells
    /// the century holds for the North American market only.
    fn year_of_answer(&self, parsed: &Parsed, rules: &Rules<'_, '_>, ask: &Ask) -> Year {
        let north_america = matches!(parsed.vin.as_bytes()[0], b'1'..=b'5');
        let own = Year {
            value: self.model_year(),
            in_doubt: self.verdict.year_in_doubt,
        };
        if self.knows_the_car() || (north_america && !rules.know_the_maker()) {
            return own;
        }
        let evidence = rules.year(None, ask.today);
        // The caller's year settles what the rules leave open.
        let asked = ask.year.filter(|&asked| {
            evidence.in_doubt()
                && model_year::candidates(parsed.vin.year_code(), asked).contains(&asked)
        });
        match asked.or(evidence.year()) {
            None if north_america => own,
            value => Year {
                value,
                in_doubt: asked.is_none() && evidence.in_doubt(),
            },
        }
    }

    fn confidence(&self, vehicle: &Vehicle<'_>, told: &[Told<'_>], tables: bool) -> f32 {
        let field = if vehicle.knows(FieldId::TypeName) {
            FieldId::TypeName
        } else {
            FieldId::Brand
        };
        let own = told.iter().find(|one| one.about == About::Field(field));
        match own {
            // The overlay's word, where the tables had none.
            Some(one) if !(one.several || tables && self.knows_the_car()) => match field {
                FieldId::TypeName => self.unless_mistyped(one.confidence()),
                _ => one.confidence(),
            },
            _ => self.confidence_of_tables(field == FieldId::TypeName),
        }
    }

    /// How sure a rule is that more than the brand hangs on: less when the check digit is wrong.
    fn unless_mistyped(&self, confidence: f32) -> f32 {
        if self.codes().has(1) {
            confidence.min(share::DOUBT)
        } else {
            confidence
        }
    }

    fn confidence_of_tables(&self, series_known: bool) -> f32 {
        let codes = self.codes();
        if !series_known {
            share::BRAND
        } else if [2, 3, 4, 5].into_iter().any(|code| codes.has(code)) {
            share::UNKNOWN_CHARACTERS
        } else if codes.has(1) || codes.has(12) || codes.has(400) || self.verdict.year_in_doubt {
            share::DOUBT
        } else if codes.has(14) {
            share::UNUSED_POSITIONS
        } else {
            share::CLEAN
        }
    }
}
