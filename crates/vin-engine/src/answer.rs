//! The answer for a VIN: its fields, how precisely and how surely the vehicle is known, notes.

use crate::Ask;
use crate::decode::Decoder;
use crate::fields::Filler;
use crate::overlay::{About, Rules, Told};
use crate::pass::element;
use vin_core::{
    Answer, Bilingual, FieldId, Level, Match, Note, Parsed, Vehicle, YearMatch, model_year,
};

/// The check digit is wrong.
const CHECK_DIGIT: Note = Note {
    code: "check_digit",
    text: Bilingual {
        zh: "第 9 位校验码与其余字符不符，请核对车架号",
        en: "the check digit in position 9 does not fit the other characters: check the VIN",
    },
};
/// No rule knows the car, and where it was built position 10 need not be the model year.
const YEAR_UNDETERMINED: Note = Note {
    code: "year_undetermined",
    text: Bilingual {
        zh: "现有规则不能由第 10 位确定年份，match.year.candidates 列出可能的年份",
        en: "no rule at hand tells the model year from position 10; match.year.candidates lists what it can mean",
    },
};
/// Position 10 holds a character that stands for no year.
const YEAR_UNKNOWN: Note = Note {
    code: "year_unknown",
    text: Bilingual {
        zh: "第 10 位不是年份码，无法得知年份",
        en: "position 10 holds no year code: the model year is not known",
    },
};
/// The century was taken as likely, not proven.
const YEAR_IN_DOUBT: Note = Note {
    code: "year_in_doubt",
    text: Bilingual {
        zh: "年份由多个可能中取最符合者，请以行驶证为准",
        en: "the model year is the better fitting of several: compare the registration document",
    },
};
/// The caller's year contradicts the VIN.
const YEAR_CONTRADICTS: Note = Note {
    code: "year_contradicts",
    text: Bilingual {
        zh: "传入的年份与车架号第 10 位不符",
        en: "the year that was sent contradicts position 10 of the VIN",
    },
};
/// Some characters are outside the maker's scheme.
const UNKNOWN_CHARACTERS: Note = Note {
    code: "unknown_characters",
    text: Bilingual {
        zh: "部分字符不在该厂商的编码规则内，车型可能不准",
        en: "some characters are outside the maker's scheme: the vehicle may be another one",
    },
};
/// The characters stand for several series.
const SEVERAL_SERIES: Note = Note {
    code: "several_series",
    text: Bilingual {
        zh: "该车架号对应多个车系，见 carlist",
        en: "the VIN stands for several series, see carlist",
    },
};
/// Only the maker is known.
const NO_DETAILS: Note = Note {
    code: "no_details",
    text: Bilingual {
        zh: "现有数据只能识别到品牌",
        en: "the data at hand tell the brand only",
    },
};

/// The share of such answers that are right, set below what was measured on labelled cars
/// (docs/data.md): right brand, series and model year; for a brand-only answer the brand.
mod share {
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
}

/// The model year of an answer.
#[derive(Clone, Copy)]
struct Year {
    value: Option<u16>,
    /// Another year is possible.
    in_doubt: bool,
}

impl<'p> Decoder<'p> {
    /// The answer, or `None` when not even the brand is known.
    pub fn answer(&mut self, parsed: &Parsed, ask: &Ask) -> Option<Answer<'p>> {
        self.today = ask.today;
        self.decode(parsed.vin.as_str(), ask.year);
        let overlay = self.overlay;
        let rules = overlay.of(&parsed.vin);
        if self.item(element::MAKE).is_none() && !rules.know_the_maker() {
            return None;
        }
        let candidates = model_year::candidates(parsed.vin.year_code(), ask.today.year + 2);
        let year = self.year_of_answer(parsed, &rules, ask);
        let mut told = Vec::new();
        rules.facts(year.value, &mut told);
        let mut filler = Filler::new(self, ask.lang, ask.explain);
        let tables = self.tables_speak_of(filler.series(year.value), &told, parsed, year);
        filler.fill(&parsed.vin, year.value, tables);
        filler.lay_over(&told, tables && self.knows_the_car());
        filler.name();
        // Of a Chinese maker of several brands the maker alone is worth an answer.
        let china = parsed.vin.wmi().is_china();
        let named = |field| filler.vehicle.knows(field);
        if !(named(FieldId::Brand) || china && named(FieldId::Manufacturer)) {
            return None;
        }
        let (vehicle, uses) = (filler.vehicle, filler.uses);
        let known = vehicle.knows(FieldId::TypeName);
        let matched = Match {
            level: if known { Level::Type } else { Level::Brand },
            confidence: self.confidence(&vehicle, &told, tables),
            notes: self.notes(parsed, ask.year, &vehicle, year, tables),
            year: YearMatch {
                from_vin: year.value,
                candidates,
            },
        };
        let facts = uses.map(|uses| {
            let own = told.iter().map(|one| one.fact(ask.lang));
            self.facts(&uses).into_iter().chain(own).collect()
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
            Some(one) if !(one.several || tables && self.knows_the_car()) => {
                match self.codes().has(1) {
                    true if field == FieldId::TypeName => one.confidence().min(share::DOUBT),
                    _ => one.confidence(),
                }
            }
            _ => self.confidence_of_tables(field == FieldId::TypeName),
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

    fn notes(
        &self,
        parsed: &Parsed,
        asked: Option<u16>,
        vehicle: &Vehicle<'_>,
        year: Year,
        tables: bool,
    ) -> Vec<Note> {
        let codes = self.codes();
        let series_known = vehicle.knows(FieldId::TypeName);
        let candidates = !vehicle.candidates.is_empty();
        let tables = tables && self.item(element::MODEL).is_some();
        let repairs = parsed.repairs.iter();
        let repairs = repairs.map(|repair| Note {
            code: repair.code(),
            text: repair.text(),
        });
        let several = codes.has(2) || codes.has(3) || codes.has(4) || codes.has(5);
        // Another year than the answer's, or one that position 10 cannot mean.
        let code = parsed.vin.year_code();
        let possible = |asked| {
            model_year::newest(code)
                .is_none_or(|newest| newest == asked || newest.checked_sub(30) == Some(asked))
        };
        let contradicts = asked.is_some_and(|asked| {
            !possible(asked) || year.value.is_some_and(|value| value != asked)
        });
        let several_years = model_year::newest(parsed.vin.year_code()).is_some();
        let own = [
            (!parsed.vin.check_digit_is_right(), CHECK_DIGIT),
            (year.value.is_none() && several_years, YEAR_UNDETERMINED),
            (year.value.is_none() && !several_years, YEAR_UNKNOWN),
            (year.value.is_some() && year.in_doubt, YEAR_IN_DOUBT),
            (contradicts, YEAR_CONTRADICTS),
            (several && tables, UNKNOWN_CHARACTERS),
            (candidates, SEVERAL_SERIES),
            (!series_known && !candidates, NO_DETAILS),
        ];
        let own = own
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, note)| note);
        repairs.chain(own).collect()
    }
}
