//! UK Vehicle Certification Agency: new cars on sale, with power, gearbox and Euro standard.
//!
//! Source: VCA car fuel data, Open Government Licence v3. Windows-1252 text.

use super::sheet::{Format, PLAIN, Sheet, short};
use crate::{ImportError, table};
use std::collections::BTreeMap;
use std::path::Path;

/// The columns of our table. The first ones together are the key; `l100km` is the mean of the
/// lowest and the highest figure of the rows that were joined (they differ by wheels and options).
pub const COLUMNS: [&str; 10] = [
    "make",
    "model",
    "description",
    "gearbox",
    "cc",
    "fuel",
    "powertrain",
    "kw",
    "standard",
    "l100km",
];

const FORMAT: Format = Format {
    windows_1252: true,
    ..PLAIN
};

const CARS: &[&str] = &[
    "Manufacturer",
    "Model",
    "Description",
    "Transmission",
    "Engine Capacity",
    "Fuel Type",
    "Powertrain",
    "Engine Power (Kw)",
    "Euro Standard",
    "WLTP Metric Combined",
];

/// Reads the file and writes the table.
///
/// # Errors
/// When the file is not as expected or a row cannot be right; it names line and column.
pub fn import(file: &Path, out: &Path) -> Result<usize, ImportError> {
    let sheet = Sheet::read(file, FORMAT, CARS)?;
    let mut cars: BTreeMap<[String; 9], Vec<f64>> = BTreeMap::new();
    for record in sheet.rows() {
        let volume = record.positive("Engine Capacity")?;
        if volume.is_some_and(|cc| cc > 10_000.0) {
            return Err(record.wrong("Engine Capacity", "more than 10 litres"));
        }
        let key = [
            record.required("Manufacturer")?.to_owned(),
            record.required("Model")?.to_owned(),
            record.text("Description").to_owned(),
            record.text("Transmission").to_owned(),
            short(volume, 0),
            record.required("Fuel Type")?.to_owned(),
            record.text("Powertrain").to_owned(),
            short(record.positive("Engine Power (Kw)")?, 1),
            record.text("Euro Standard").to_owned(),
        ];
        let consumption = record.positive("WLTP Metric Combined")?;
        cars.entry(key).or_default().extend(consumption);
    }
    let rows: Vec<_> = cars
        .into_iter()
        .map(|(key, consumption)| {
            let mut row = key.to_vec();
            row.push(short(super::middle(&consumption), 2));
            row
        })
        .collect();
    table::write(out, &COLUMNS, rows.iter().map(Vec::as_slice))
}
