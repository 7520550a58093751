//! What the pure procedure gives, variable by variable.

use super::{Outcome, Worker};
use crate::choice::{Column, Own};
use vin_json::json;

/// No column.
const NONE: u16 = u16::MAX;
/// The code of a maker that is not known.
const NO_MAKER: u16 = 7;

/// Where each variable has its column.
pub fn places(columns: &[Column]) -> Box<[u16; 256]> {
    let mut places = Box::new([NONE; 256]);
    for (at, column) in columns.iter().enumerate() {
        if let Column::Variable { number, .. } = column {
            places[usize::from(*number)] = u16::try_from(at).unwrap_or(NONE);
        }
    }
    places
}

impl Worker<'_> {
    pub(super) fn vpic(&mut self, vin: &str) -> Outcome {
        self.decoder.decode(vin, None);
        let outcome = match self.decoder.codes().has(NO_MAKER) {
            true => Outcome::Unknown,
            false => Outcome::Found,
        };
        if !self.keeps(outcome) {
            return outcome;
        }
        let (decoder, cells, row) = (&self.decoder, &mut self.cells, self.rows);
        for (at, column) in self.choice.columns.iter().enumerate() {
            let Column::Own(own) = column else { continue };
            let text = match own {
                Own::Vin => decoder.vin(),
                Own::SuggestedVin => decoder.suggested_vin(),
                Own::ErrorCode => decoder.error_code(),
                Own::PossibleValues => decoder.possible_values(),
                Own::AdditionalErrorText => decoder.additional_error_text(),
                Own::ErrorText => decoder.error_text(),
                Own::VehicleDescriptor => decoder.descriptor(),
                Own::ModelYear => {
                    if let Some(year) = decoder.model_year() {
                        cells[at].int(row, year.into());
                    }
                    continue;
                }
                _ => continue,
            };
            cells[at].text(row, &text);
        }
        decoder.attributes(|variable, value| {
            let at = usize::from(self.places[usize::from(variable)]);
            let Some(Column::Variable { repeats, .. }) = self.choice.columns.get(at) else {
                return;
            };
            if !repeats {
                return cells[at].text(row, decoder.value_text(value));
            }
            self.room.clear();
            let texts = decoder.repeated(variable);
            json::array(&mut self.room, &texts, |out, text| json::string(out, text));
            // What writes JSON writes UTF-8.
            cells[at].text(row, std::str::from_utf8(&self.room).unwrap_or_default());
        });
        outcome
    }
}
