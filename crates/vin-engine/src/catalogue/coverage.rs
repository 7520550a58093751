//! How much the data of a pack covers, for people who choose or check it.

use super::browse::Entry;
use super::view::Catalogue;
use crate::Engine;
use vin_core::field::FIELDS;
use vin_core::{FieldId, Lang};
use vin_index::vpic::{self, Wmi};
use vin_index::{catalogue, overlay};

/// What a pack holds, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// WMIs that the tables know.
    pub wmis: usize,
    /// WMIs that rules of the overlay are about, an operator's rules included.
    pub wmis_with_rules: usize,
    /// The rules of the overlay.
    pub rules: usize,
    /// Brands of the catalogue.
    pub brands: usize,
    /// Series of the catalogue.
    pub series: usize,
    /// Groups of the catalogue.
    pub groups: usize,
    /// Cars of the catalogue, records included.
    pub cars: usize,
    /// The first and the last model year of a car.
    pub years: Option<(u16, u16)>,
    /// How many of the cars have a value, for each field that some car has one for.
    pub fields: Vec<(FieldId, usize)>,
}

impl Engine {
    /// Counts what the pack holds. It looks at every car: a fraction of a second.
    pub fn coverage(&self) -> Coverage {
        let pack = self.pack();
        let cars = Catalogue::new(pack);
        let entries = || {
            let own = cars.cars.iter().map(Entry::Car);
            own.chain(cars.records().iter().map(Entry::Record))
        };
        let years = || {
            let years = entries().map(|entry| cars.entry_year(entry));
            years.filter(|year| *year > 0)
        };
        let mut known = [0; FieldId::COUNT];
        for entry in entries() {
            let vehicle = cars.vehicle(entry, Lang::Zh);
            for field in FIELDS.iter().filter(|field| vehicle.knows(field.id)) {
                known[field.id as usize] += 1;
            }
        }
        let fields = FIELDS
            .iter()
            .map(|field| (field.id, known[field.id as usize]));
        Coverage {
            wmis: pack.table::<Wmi>(vpic::WMIS).len(),
            wmis_with_rules: pack.table::<overlay::Maker>(overlay::MAKERS).len(),
            rules: pack.table::<overlay::Rule>(overlay::RULES).len(),
            brands: cars.brands.len(),
            series: cars.types.len(),
            groups: pack.table::<catalogue::Group>(catalogue::GROUPS).len(),
            cars: entries().count(),
            years: years().min().zip(years().max()),
            fields: fields.filter(|(_, cars)| *cars > 0).collect(),
        }
    }
}
