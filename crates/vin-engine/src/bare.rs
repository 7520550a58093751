//! What a VIN says without any table: its repairs, its check digit, the years that position 10 can mean.

use crate::Ask;
use crate::notes::CHECK_DIGIT;
use vin_core::{Answer, FieldId, Level, Match, Note, Parsed, Vehicle, YearMatch, model_year};

/// An answer without a vehicle; its confidence is 0.
pub(crate) fn answer(parsed: &Parsed, ask: &Ask) -> Answer<'static> {
    let right = parsed.vin.check_digit_is_right();
    let mut vehicle = Vehicle::default();
    vehicle.set(FieldId::Vin, parsed.vin.to_string());
    vehicle.set_int(FieldId::IsCorrect, right.into());
    let repairs = parsed.repairs.iter().map(|repair| Note {
        code: repair.code(),
        text: repair.text(),
    });
    Answer {
        lang: ask.lang,
        vehicle,
        matched: Match {
            level: Level::Brand,
            confidence: 0.0,
            year: YearMatch {
                from_vin: None,
                candidates: model_year::candidates(parsed.vin.year_code(), ask.today.year + 2),
            },
            notes: repairs.chain((!right).then_some(CHECK_DIGIT)).collect(),
        },
        facts: Vec::new(),
    }
}
