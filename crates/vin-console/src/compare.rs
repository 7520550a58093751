//! The cars that a VIN may be, side by side: what differs between them first.

use vin_core::field::{FIELDS, Field, Kind};
use vin_core::{Lang, Value, Vehicle};
use vin_service::Service;

/// How many cars stand side by side.
const MOST: usize = 6;

/// Cars side by side.
pub struct Compare {
    /// What each is called.
    pub names: Vec<String>,
    /// The fields that some of them have, those that differ first.
    pub rows: Vec<Row>,
    /// How many of the rows differ.
    pub differ: usize,
}

/// A field of each car.
pub struct Row {
    pub label: &'static str,
    pub unit: &'static str,
    pub values: Vec<String>,
    pub differs: bool,
}

impl Compare {
    /// The first of these cars, by their ids; `None` for fewer than two.
    pub fn of(service: &Service, ids: impl Iterator<Item = i64>, lang: Lang) -> Option<Self> {
        let shelf = service.shelf();
        let ids = ids.filter_map(|id| u32::try_from(id).ok());
        let cars: Vec<_> = ids
            .filter_map(|id| shelf.car(id, lang))
            .take(MOST)
            .collect();
        if cars.len() < 2 {
            return None;
        }
        let name = |car: &Vehicle<'_>| {
            let name = car.text(vin_core::FieldId::Name);
            match name {
                "" => car.text(vin_core::FieldId::TypeName).to_owned(),
                name => name.to_owned(),
            }
        };
        let fields = FIELDS.iter().filter(|field| {
            !matches!(field.kind, Kind::Object | Kind::Candidates)
                && !matches!(
                    field.path,
                    "vin" | "logo" | "carid" | "typeid" | "groupid" | "name"
                )
        });
        let mut rows: Vec<_> = fields.filter_map(|field| row(&cars, field, lang)).collect();
        rows.sort_by_key(|row| !row.differs);
        Some(Self {
            names: cars.iter().map(name).collect(),
            differ: rows.iter().filter(|row| row.differs).count(),
            rows,
        })
    }
}

/// A field of the cars, if one of them has it.
fn row(cars: &[Vehicle<'_>], field: &'static Field, lang: Lang) -> Option<Row> {
    let value = |car: &Vehicle<'_>| match car.get(field.id) {
        Value::Unknown => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Texts(texts) => texts.join("、"),
    };
    let values: Vec<_> = cars.iter().map(value).collect();
    values.iter().any(|value| !value.is_empty()).then(|| Row {
        label: field.label.get(lang),
        unit: field.unit,
        differs: values.windows(2).any(|two| two[0] != two[1]),
        values,
    })
}
