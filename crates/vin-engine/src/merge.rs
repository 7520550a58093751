//! What the overlay tells, laid over the fields that the vPIC tables filled.

use crate::fields::Filler;
use crate::overlay::{About, Told};
use vin_core::{Candidate, FieldId};

impl<'p> Filler<'_, 'p> {
    /// Takes the overlay's values. Where the tables are sure of the car (`trusted`), the overlay
    /// only fills what they leave open; elsewhere it has the first word, for each of its rules
    /// was written for that maker.
    ///
    /// Of several equal values none is shown: series become candidates, other fields stay as
    /// they are.
    pub fn lay_over(&mut self, told: &[Told<'p>], trusted: bool) {
        for one in told {
            let About::Field(field) = one.about else {
                continue;
            };
            if one.several || (trusted && self.vehicle.knows(field)) {
                continue;
            }
            let text = one.text(self.lang);
            self.replace(field, text);
            if field == FieldId::TypeName {
                self.replace(FieldId::CarType, text);
            }
        }
        if !self.vehicle.knows(FieldId::TypeName) {
            self.candidates(told);
        }
    }

    /// Sets a field whatever it held, and forgets what it was made from.
    fn replace(&mut self, field: FieldId, text: &'p str) {
        if text.is_empty() {
            return;
        }
        if let Some(uses) = &mut self.uses {
            uses.retain(|(_, used)| *used != field);
        }
        self.vehicle.set(field, text);
    }

    /// Lists the series that the car may be of, the likeliest first.
    fn candidates(&mut self, told: &[Told<'p>]) {
        let brand = self.vehicle.text(FieldId::Brand).to_owned();
        let series = told
            .iter()
            .filter(|one| one.several && one.about == About::Field(FieldId::TypeName));
        self.vehicle.candidates = series
            .map(|one| {
                let name = one.text(self.lang);
                Candidate {
                    name: format!("{brand} {name}").trim_start().to_owned().into(),
                    typename: name.into(),
                    ..Candidate::default()
                }
            })
            .collect();
    }
}
