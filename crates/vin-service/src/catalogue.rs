//! The use cases around the catalogue: leaf through it, search it, look a number up.

use crate::Service;
use std::ops::Range;
use std::sync::Arc;
use vin_core::{FieldId, Lang, Vehicle};
use vin_engine::Engine;
use vin_engine::catalogue::{Brand, Catalogue, Hit, Type};

/// The catalogue of the data in force; it stays the same for as long as it is held.
pub struct Shelf {
    engine: Arc<Engine>,
}

/// A brand or series of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: u32,
    /// Its name in the language that was asked for.
    pub name: String,
    /// Its English name.
    pub english: String,
    /// Its name with that of its brand.
    pub full_name: String,
    /// The letter that it stands under, `#` for none.
    pub initial: char,
    /// The brand that it is, or is of.
    pub brand: u32,
    /// How many series or cars it has.
    pub count: usize,
}

/// What a search found.
pub enum Find<'s> {
    /// A brand.
    Brand(Listed),
    /// A series.
    Type(Listed),
    /// A car.
    Car(Vehicle<'s>),
}

/// A part of a longer list.
pub struct Part<T> {
    /// How long the list is.
    pub total: usize,
    /// What was asked for of it.
    pub items: Vec<T>,
}

impl<T> Part<T> {
    /// Those of `items` that lie in `range`.
    fn of<S>(items: Vec<S>, range: &Range<usize>, show: impl FnMut(S) -> T) -> Self {
        let total = items.len();
        let items = items.into_iter().skip(range.start).take(range.len());
        Self {
            total,
            items: items.map(show).collect(),
        }
    }
}

impl Service {
    /// The catalogue as it is now.
    pub fn shelf(&self) -> Shelf {
        Shelf {
            engine: self.engine(),
        }
    }
}

impl Shelf {
    /// The catalogue of an engine that stands in no service.
    pub fn of(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(self.engine.pack())
    }

    /// The digest of the data.
    pub fn digest(&self) -> String {
        self.engine.pack().digest()
    }

    /// Brands by their letter.
    pub fn brands(&self, lang: Lang, range: &Range<usize>) -> Part<Listed> {
        let catalogue = self.catalogue();
        let brands = catalogue.listed_brands(lang);
        Part::of(brands, range, |brand| brand_row(&catalogue, brand, lang))
    }

    /// The series of a brand by their letter; `None` when there is no such brand.
    pub fn types(&self, brand: u32, lang: Lang, range: &Range<usize>) -> Option<Part<Listed>> {
        let catalogue = self.catalogue();
        let brand = catalogue.brand_by_id(brand)?;
        let types = catalogue.listed_types(brand, lang);
        Some(Part::of(types, range, |kind| {
            type_row(&catalogue, kind, lang)
        }))
    }

    /// The cars of a series, the newest first; `None` when there is no such series.
    pub fn cars(&self, kind: u32, lang: Lang, range: &Range<usize>) -> Option<Part<Vehicle<'_>>> {
        let catalogue = self.catalogue();
        let entries = catalogue.entries(catalogue.type_by_id(kind)?);
        Some(Part::of(entries, range, |entry| {
            catalogue.vehicle(entry, lang)
        }))
    }

    /// What a keyword finds, the best first.
    pub fn search(&self, keyword: &str, lang: Lang, range: &Range<usize>) -> Part<Find<'_>> {
        let catalogue = self.catalogue();
        Part::of(catalogue.keyword(keyword), range, |hit| match hit {
            Hit::Brand(brand) => Find::Brand(brand_row(&catalogue, brand, lang)),
            Hit::Type(kind) => Find::Type(type_row(&catalogue, kind, lang)),
            Hit::Car(entry) => Find::Car(catalogue.vehicle(entry, lang)),
        })
    }

    /// Everything that is known of a car.
    pub fn car(&self, id: u32, lang: Lang) -> Option<Vehicle<'_>> {
        let catalogue = self.catalogue();
        Some(catalogue.vehicle(catalogue.entry_by_id(id)?, lang))
    }

    /// A series with its cars.
    pub fn kind(&self, id: u32, lang: Lang) -> Option<Vehicle<'_>> {
        self.catalogue().type_vehicle(id, lang)
    }

    /// What the cars of a group have in common.
    pub fn group(&self, id: u32, lang: Lang) -> Option<Vehicle<'_>> {
        self.catalogue().group_vehicle(id, lang)
    }

    /// The Chinese name of a brand.
    pub fn brand_name(&self, id: u32) -> Option<String> {
        let catalogue = self.catalogue();
        let brand = catalogue.brand_by_id(id)?;
        Some(catalogue.name(brand.name, Lang::Zh).to_owned())
    }

    /// The brand that a vehicle names.
    pub fn brand_of(&self, vehicle: &Vehicle<'_>) -> Option<u32> {
        brand_of(&self.engine, vehicle)
    }
}

/// The brand that a vehicle names.
pub(crate) fn brand_of(engine: &Engine, vehicle: &Vehicle<'_>) -> Option<u32> {
    let name = vehicle.text(FieldId::Brand);
    let brand = Catalogue::new(engine.pack()).brand_named(name)?;
    Some(brand.id.get())
}

fn brand_row(catalogue: &Catalogue<'_>, brand: &Brand, lang: Lang) -> Listed {
    let name = catalogue.name(brand.name, lang);
    Listed {
        id: brand.id.get(),
        name: name.to_owned(),
        english: catalogue.name(brand.name, Lang::En).to_owned(),
        full_name: name.to_owned(),
        initial: catalogue.brand_initial(brand, lang),
        brand: brand.id.get(),
        count: catalogue.types(brand).len(),
    }
}

fn type_row(catalogue: &Catalogue<'_>, kind: &Type, lang: Lang) -> Listed {
    Listed {
        id: kind.id.get(),
        name: catalogue.name(kind.name, lang).to_owned(),
        english: catalogue.name(kind.name, Lang::En).to_owned(),
        full_name: catalogue.full_name(kind, lang),
        initial: catalogue.type_initial(kind, lang),
        brand: catalogue.brand_of(kind).map_or(0, |brand| brand.id.get()),
        count: catalogue.count(kind),
    }
}
