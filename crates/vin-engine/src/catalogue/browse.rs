//! The catalogue to leaf through: brands, their series, and the cars of these.

use super::view::Catalogue;
use vin_core::field::{FIELDS, Kind};
use vin_core::{Candidate, FieldId, Lang, Value, Vehicle};
use vin_index::catalogue::{Brand, Car, Group, Type};
use vin_index::names::Spelling;
use vin_index::records::Record;

/// So many cars of a group or series are listed with it.
const MOST_LISTED: usize = 48;

/// A car of a list: one of a source's rows, or one given field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'p> {
    /// A row of a source.
    Car(&'p Car),
    /// Given field by field.
    Record(&'p Record),
}

/// A group of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    /// Its id, 0 when it has none.
    pub id: u32,
    /// What it is called.
    pub name: String,
}

impl<'p> Catalogue<'p> {
    /// The brand with this id.
    pub fn brand_by_id(&self, id: u32) -> Option<&'p Brand> {
        self.brands.iter().find(|brand| brand.id.get() == id)
    }

    /// Every brand, by its letter in that language.
    pub fn listed_brands(&self, lang: Lang) -> Vec<&'p Brand> {
        let mut listed: Vec<_> = self.brands.iter().zip(self.brand_spellings).collect();
        listed.sort_by_cached_key(|(_, spelling)| self.order(spelling, lang));
        listed.into_iter().map(|(brand, _)| brand).collect()
    }

    /// The series of a brand, by their letter in that language.
    pub fn listed_types(&self, brand: &Brand, lang: Lang) -> Vec<&'p Type> {
        let spellings = super::view::range(self.type_spellings, brand.types);
        let mut listed: Vec<_> = self.types(brand).iter().zip(spellings).collect();
        listed.sort_by_cached_key(|(_, spelling)| self.order(spelling, lang));
        listed.into_iter().map(|(kind, _)| kind).collect()
    }

    /// In Chinese the rank of the pack; in English the name, letters before what has none.
    fn order(&self, spelling: &Spelling, lang: Lang) -> (u32, bool, &'p str) {
        match lang {
            Lang::Zh => (spelling.rank.get(), false, ""),
            Lang::En => (
                0,
                self.initial(spelling, lang) == '#',
                self.text(spelling.en),
            ),
        }
    }

    /// The letter under which a brand stands.
    pub fn brand_initial(&self, brand: &Brand, lang: Lang) -> char {
        let at = self.brands.iter().position(|other| other.id == brand.id);
        let spelling = at.and_then(|at| self.brand_spellings.get(at));
        spelling.map_or('#', |spelling| self.initial(spelling, lang))
    }

    /// The letter under which a series stands.
    pub fn type_initial(&self, kind: &Type, lang: Lang) -> char {
        let at = self.type_index(kind.id.get());
        let spelling = at.and_then(|at| self.type_spellings.get(at as usize));
        spelling.map_or('#', |spelling| self.initial(spelling, lang))
    }

    fn initial(&self, spelling: &Spelling, lang: Lang) -> char {
        let letter = match lang {
            Lang::Zh => char::from(spelling.initial),
            Lang::En => self.text(spelling.en).chars().next().unwrap_or('#'),
        };
        match letter.to_ascii_uppercase() {
            letter if letter.is_ascii_uppercase() => letter,
            _ => '#',
        }
    }

    /// The brand of a series.
    pub fn brand_of(&self, kind: &Type) -> Option<&'p Brand> {
        self.brand(kind.brand)
    }

    /// `保时捷 Panamera`.
    pub fn full_name(&self, kind: &Type, lang: Lang) -> String {
        let brand = self.brand_of(kind);
        let brand = brand.map_or("", |brand| self.name(brand.name, lang));
        format!("{brand} {}", self.name(kind.name, lang))
    }

    /// The cars of a series, the newest model year first.
    pub fn entries(&self, kind: &Type) -> Vec<Entry<'p>> {
        let own = self.cars(kind).iter().map(Entry::Car);
        let id = kind.id;
        let given = self.records().iter().filter(|record| record.type_id == id);
        let mut all: Vec<_> = own.chain(given.map(Entry::Record)).collect();
        all.sort_by_cached_key(|entry| std::cmp::Reverse(self.entry_year(*entry)));
        all
    }

    /// How many cars a series has.
    pub fn count(&self, kind: &Type) -> usize {
        let records = self.records().iter();
        self.cars(kind).len() + records.filter(|record| record.type_id == kind.id).count()
    }

    /// The cars of a group, by their id; a record's group is that of its own.
    pub fn entries_of_group(&self, id: u32) -> Vec<Entry<'p>> {
        let group = self.group_by_id(id);
        let kind = group.and_then(|group| self.kind(group.kind));
        let cars = kind.map_or(&[][..], |kind| self.cars(kind)).iter();
        let is_in = |car: &&Car| self.group(car.group).is_some_and(|of| of.id.get() == id);
        let own = cars.filter(is_in).map(Entry::Car);
        let given = self
            .records()
            .iter()
            .filter(|record| record.group_id.get() == id);
        own.chain(given.map(Entry::Record)).collect()
    }

    /// The car with this `carid`.
    pub fn entry_by_id(&self, id: u32) -> Option<Entry<'p>> {
        let given = self.record_by_id(id).map(Entry::Record);
        given.or_else(|| self.car_by_id(id).map(Entry::Car))
    }

    /// Its `carid`.
    pub fn entry_id(&self, entry: Entry<'_>) -> u32 {
        match entry {
            Entry::Car(car) => car.id.get(),
            Entry::Record(record) => record.id.get(),
        }
    }

    /// Its model year, 0 when it is not known.
    pub fn entry_year(&self, entry: Entry<'_>) -> u16 {
        match entry {
            Entry::Car(car) => car.year.get(),
            Entry::Record(record) => {
                let year = self.record_text(record, FieldId::YearType, Lang::Zh);
                year.parse().unwrap_or(0)
            }
        }
    }

    /// The series of a car, if it has one.
    pub fn entry_type(&self, entry: Entry<'_>) -> Option<&'p Type> {
        match entry {
            Entry::Car(car) => self.kind(car.kind),
            Entry::Record(record) => self.type_by_id(record.type_id.get()),
        }
    }

    /// The group of a car.
    pub fn entry_group(&self, entry: Entry<'_>, lang: Lang) -> ListedGroup {
        match entry {
            Entry::Car(car) => self.group(car.group).map_or_else(
                || ListedGroup {
                    id: 0,
                    name: String::new(),
                },
                |group| self.listed_group(group, lang),
            ),
            Entry::Record(record) => {
                let text = self.record_text(record, FieldId::GroupName, lang);
                let own = self.group_by_id(record.group_id.get());
                match own {
                    Some(group) if text.is_empty() => self.listed_group(group, lang),
                    _ => ListedGroup {
                        id: record.group_id.get(),
                        name: text.to_owned(),
                    },
                }
            }
        }
    }

    fn listed_group(&self, group: &Group, lang: Lang) -> ListedGroup {
        ListedGroup {
            id: group.id.get(),
            name: self.group_name(group, lang),
        }
    }

    /// Everything that is known of a car without a VIN.
    pub fn vehicle(&self, entry: Entry<'p>, lang: Lang) -> Vehicle<'p> {
        let mut vehicle = Vehicle::default();
        let group = self.entry_group(entry, lang);
        vehicle.set_int(FieldId::CarId, self.entry_id(entry).into());
        if group.id > 0 {
            vehicle.set(FieldId::GroupId, group.id.to_string());
        }
        vehicle.set(FieldId::GroupName, group.name);
        match entry {
            Entry::Car(car) => {
                self.name_series(&mut vehicle, self.kind(car.kind), lang);
                for (field, text) in self.identity(car, lang) {
                    vehicle.set(field, text);
                }
                self.only(car)
                    .each(lang, |value| vehicle.set(value.field, value.text));
            }
            Entry::Record(record) => {
                self.name_series(&mut vehicle, self.type_by_id(record.type_id.get()), lang);
                vehicle.set_int(FieldId::TypeId, record.type_id.get().into());
                for (field, value) in self.record_fields(record, lang) {
                    match value {
                        Value::Text(text) => vehicle.set(field, text),
                        Value::Texts(texts) => vehicle.set_texts(field, texts),
                        Value::Int(_) | Value::Unknown => {}
                    }
                }
            }
        }
        vehicle
    }

    /// What the cars of a group have in common; they are its candidates.
    pub fn group_vehicle(&self, id: u32, lang: Lang) -> Option<Vehicle<'p>> {
        let entries = self.entries_of_group(id);
        let first = *entries.first()?;
        let mut vehicle = Vehicle::default();
        self.name_series(&mut vehicle, self.entry_type(first), lang);
        let group = self.entry_group(first, lang);
        vehicle.set(FieldId::GroupId, id.to_string());
        vehicle.set(FieldId::GroupName, group.name);
        let cars = entries.iter().map(|entry| match entry {
            Entry::Car(car) => Some(*car),
            Entry::Record(_) => None,
        });
        let cars: Option<Vec<_>> = cars.collect();
        match cars.and_then(|cars| self.of_cars(&cars)) {
            Some(found) => found.each(lang, |value| vehicle.set(value.field, value.text)),
            None => self.agreed(&mut vehicle, &entries, lang),
        }
        self.list(&mut vehicle, &entries, lang);
        Some(vehicle)
    }

    /// The texts that all of these cars have, save what tells them apart.
    fn agreed(&self, vehicle: &mut Vehicle<'p>, entries: &[Entry<'p>], lang: Lang) {
        let cars: Vec<_> = entries
            .iter()
            .map(|entry| self.vehicle(*entry, lang))
            .collect();
        let texts = FIELDS.iter().filter(|field| {
            let of_car = matches!(
                field.id,
                FieldId::Name | FieldId::YearType | FieldId::Version | FieldId::ListDate
            );
            matches!(field.kind, Kind::Text | Kind::NullableText) && !of_car
        });
        for field in texts {
            let mut values = cars.iter().map(|car| car.get(field.id));
            let first = values.next().cloned().unwrap_or_default();
            if let (Value::Text(text), true) = (&first, values.all(|other| *other == first)) {
                vehicle.set(field.id, text.clone());
            }
        }
    }

    /// A series as a vehicle; its cars are the candidates, the newest first.
    pub fn type_vehicle(&self, id: u32, lang: Lang) -> Option<Vehicle<'p>> {
        let kind = self.type_by_id(id)?;
        let mut vehicle = Vehicle::default();
        self.name_series(&mut vehicle, Some(kind), lang);
        self.list(&mut vehicle, &self.entries(kind), lang);
        Some(vehicle)
    }

    fn list(&self, vehicle: &mut Vehicle<'p>, entries: &[Entry<'p>], lang: Lang) {
        let listed = entries.iter().take(MOST_LISTED);
        vehicle.candidates = listed
            .map(|entry| self.entry_candidate(*entry, lang))
            .collect();
    }

    /// A car as `carlist` shows it.
    pub fn entry_candidate(&self, entry: Entry<'p>, lang: Lang) -> Candidate<'p> {
        match entry {
            Entry::Car(car) => self.candidate(car, lang),
            Entry::Record(record) => self.record_candidate(record, lang),
        }
    }

    /// Brand and series of a vehicle.
    pub fn name_series(&self, vehicle: &mut Vehicle<'p>, kind: Option<&'p Type>, lang: Lang) {
        let Some(kind) = kind else { return };
        if let Some(brand) = self.brand_of(kind) {
            vehicle.set(FieldId::Brand, self.name(brand.name, lang));
        }
        let series = self.name(kind.name, lang);
        vehicle.set(FieldId::TypeName, series);
        vehicle.set(FieldId::CarType, series);
        vehicle.set_int(FieldId::TypeId, kind.id.get().into());
    }
}
