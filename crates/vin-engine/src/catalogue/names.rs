//! What a group and a car of the catalogue are called in full.

use super::found::{Found, displacement_text};
use super::view::Catalogue;
use std::borrow::Cow;
use vin_core::{Candidate, FieldId, Lang};
use vin_index::catalogue::{BODY_WORDS, Car, DRIVE_WORDS, GEARBOX_WORDS, Group, body};

/// Words with a blank between.
struct Joined(String);

impl Joined {
    /// Of most names there is room for all.
    fn new() -> Self {
        Self(String::with_capacity(80))
    }

    fn add(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }
}

impl<'p> Catalogue<'p> {
    /// `3.0T`, empty for a car without an engine.
    pub(super) fn engine_text(&self, car: &Car) -> String {
        displacement_text(car)
    }

    /// `宝马 X5 2018款 xDrive35i 3.0T`.
    pub fn car_name(&self, car: &Car, lang: Lang) -> String {
        let mut name = Joined::new();
        if let Some(kind) = self.kind(car.kind) {
            let brand = self.brand(kind.brand);
            name.add(brand.map_or("", |brand| self.name(brand.name, lang)));
            name.add(self.name(kind.name, lang));
        }
        if car.year.get() > 0 {
            name.add(&car.year.get().to_string());
            name.0.push_str(if lang == Lang::Zh { "款" } else { "" });
        }
        let version = self.text(car.version);
        name.add(version);
        // Some versions name the displacement already: `2.0T Sport`.
        let engine = displacement_text(car);
        if !version.contains(engine.trim_end_matches(['L', 'T'])) {
            name.add(&engine);
        }
        name.0
    }

    /// `X5 3.0T SUV 自动 四驱(2014-2018)`: series, engine, body, gearbox, drive, model years.
    pub fn group_name(&self, group: &Group, lang: Lang) -> String {
        let kind = self.kind(group.kind);
        let mut name = Joined::new();
        name.add(kind.map_or("", |kind| self.name(kind.name, lang)));
        let Some(car) = self.cars.get(group.example.get() as usize) else {
            return name.0;
        };
        name.add(&displacement_text(car));
        // More than two forms say only that the source does not tell them apart.
        let bits = car.body.get();
        if bits.count_ones() <= 2 {
            let mut forms = (0..body::NAMES.len()).filter(|bit| bits >> bit & 1 == 1);
            if let Some(form) = forms.next() {
                name.add(self.word(BODY_WORDS + form, lang));
            }
            for form in forms {
                name.0.push(';');
                name.0.push_str(self.word(BODY_WORDS + form, lang));
            }
        }
        name.add(self.word(GEARBOX_WORDS + usize::from(car.gearbox), lang));
        name.add(self.word(DRIVE_WORDS + usize::from(car.drive), lang));
        if group.from.get() > 0 {
            name.0.push('(');
            name.0.push_str(&group.from.get().to_string());
            name.0.push('-');
            name.0.push_str(&group.to.get().to_string());
            name.0.push(')');
        }
        name.0
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
