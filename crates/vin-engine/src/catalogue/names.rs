//! What a group and a car of the catalogue are called in full.

use super::found::{Found, displacement_text};
use super::view::Catalogue;
use std::borrow::Cow;
use vin_core::{Candidate, FieldId, Lang};
use vin_index::catalogue::{BODY_WORDS, Car, DRIVE_WORDS, GEARBOX_WORDS, Group, body};

/// The words that are not empty, with a blank between.
fn joined(words: &[&str]) -> String {
    let known: Vec<_> = words
        .iter()
        .filter(|word| !word.is_empty())
        .copied()
        .collect();
    known.join(" ")
}

impl<'p> Catalogue<'p> {
    /// `3.0T`, empty for a car without an engine.
    pub(super) fn engine_text(&self, car: &Car) -> String {
        displacement_text(car)
    }

    /// `宝马 X5 2018款 xDrive35i 3.0T`.
    pub fn car_name(&self, car: &Car, lang: Lang) -> String {
        let kind = self.kind(car.kind);
        let brand = kind.and_then(|kind| self.brand(kind.brand));
        let brand = brand.map_or("", |brand| self.name(brand.name, lang));
        let series = kind.map_or("", |kind| self.name(kind.name, lang));
        let year = match (car.year.get(), lang) {
            (0, _) => String::new(),
            (year, Lang::Zh) => format!("{year}款"),
            (year, Lang::En) => year.to_string(),
        };
        let engine = displacement_text(car);
        // Some versions name the displacement already: `2.0T Sport`.
        let version = self.text(car.version);
        let said = version.contains(engine.trim_end_matches(['L', 'T']));
        let engine = if said { "" } else { engine.as_str() };
        joined(&[brand, series, &year, version, engine])
    }

    /// `X5 3.0T SUV 自动 四驱(2014-2018)`: series, engine, body, gearbox, drive, model years.
    pub fn group_name(&self, group: &Group, lang: Lang) -> String {
        let series = self
            .kind(group.kind)
            .map_or("", |kind| self.name(kind.name, lang));
        let Some(car) = self.cars.get(group.example.get() as usize) else {
            return series.to_owned();
        };
        let bits = car.body.get();
        let forms = (0..body::NAMES.len()).filter(|bit| bits >> bit & 1 == 1);
        let forms: Vec<_> = forms.map(|bit| self.word(BODY_WORDS + bit, lang)).collect();
        // More than two say only that the source does not tell them apart.
        let form = if forms.len() <= 2 {
            forms.join(";")
        } else {
            String::new()
        };
        let name = joined(&[
            series,
            &displacement_text(car),
            &form,
            self.word(GEARBOX_WORDS + usize::from(car.gearbox), lang),
            self.word(DRIVE_WORDS + usize::from(car.drive), lang),
        ]);
        match (group.from.get(), group.to.get()) {
            (0, _) => name,
            (from, to) => format!("{name}({from}-{to})"),
        }
    }
}

impl<'p> Catalogue<'p> {
    /// A car as `carlist` shows it.
    pub fn candidate(&self, car: &Car, lang: Lang) -> Candidate<'p> {
        let kind = self.kind(car.kind);
        Candidate {
            carid: car.id.get().into(),
            name: self.car_name(car, lang).into(),
            typeid: kind.map_or(0, |kind| kind.id.get().into()),
            typename: kind.map_or("", |kind| self.name(kind.name, lang)).into(),
            model: self.text(car.approval).into(),
        }
    }

    /// What a car is called, by field.
    pub fn identity(&self, car: &Car, lang: Lang) -> [(FieldId, Cow<'p, str>); 8] {
        let kind = self.kind(car.kind);
        let brand = kind.and_then(|kind| self.brand(kind.brand));
        let series = kind.map_or("", |kind| self.name(kind.name, lang));
        let group = self.group(car.group);
        let year = match car.year.get() {
            0 => String::new(),
            year => year.to_string(),
        };
        [
            (
                FieldId::Brand,
                brand.map_or("", |brand| self.name(brand.name, lang)).into(),
            ),
            (FieldId::TypeName, series.into()),
            (FieldId::CarType, series.into()),
            (FieldId::Name, self.car_name(car, lang).into()),
            (FieldId::YearType, year.into()),
            (FieldId::Version, self.text(car.version).into()),
            (
                FieldId::GroupName,
                group
                    .map(|group| self.group_name(group, lang))
                    .unwrap_or_default()
                    .into(),
            ),
            (FieldId::Model, self.text(car.approval).into()),
        ]
    }
}

impl<'p> Found<'p> {
    /// The remaining cars as `carlist` shows them, at most `most`.
    pub fn candidates(&self, lang: Lang, most: usize) -> Vec<Candidate<'p>> {
        let catalogue = self.catalogue();
        let cars = self.cars().take(most);
        cars.map(|car| catalogue.candidate(car, lang)).collect()
    }
}
