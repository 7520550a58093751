//! What the overlay tells, laid over the fields that the vPIC tables filled.

use crate::fields::Filler;
use crate::overlay::{About, Told};
use vin_core::{Candidate, FieldId, Lang, Value};

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
            if one.several || (trusted && self.will_know(field)) {
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

    fn replace(&mut self, field: FieldId, text: &'p str) {
        if !text.is_empty() {
            self.give(field, Value::Text(text.into()));
        }
    }

    /// Sets a field whatever it held, and forgets what it was made from.
    pub fn give(&mut self, field: FieldId, value: Value<'p>) {
        if let Some(uses) = &mut self.uses {
            uses.retain(|(_, used)| *used != field);
        }
        self.vehicle.give(field, value);
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
                    typeid: self.type_id(one.text(Lang::Zh)),
                    typename: name.into(),
                    ..Candidate::default()
                }
            })
            .collect();
    }

    /// Sets the id of the series that the overlay told.
    pub fn type_of(&mut self, told: &[Told<'p>]) {
        let mut of_series = told
            .iter()
            .filter(|one| one.about == About::Field(FieldId::TypeName) && !one.several);
        let told =
            of_series.find(|one| one.text(self.lang) == self.vehicle.text(FieldId::TypeName));
        let id = told.map_or(0, |told| self.type_id(told.text(Lang::Zh)));
        if id != 0 {
            self.vehicle.set_int(FieldId::TypeId, id);
        }
    }

    /// The id of a series of the vehicle's brand by its Chinese name, or 0.
    fn type_id(&self, series: &str) -> i64 {
        let catalogue = self.catalogue();
        let brand = catalogue.brand_named(self.vehicle.text(FieldId::Brand));
        let kind = brand.and_then(|brand| {
            let brand = catalogue.name(brand.name, Lang::Zh);
            catalogue.type_named(brand, series)
        });
        kind.map_or(0, |kind| kind.id.get().into())
    }
}
