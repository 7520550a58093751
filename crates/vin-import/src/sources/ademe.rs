//! ADEME, the French agency of energy: the car labelling table, with mass, power and gearbox.
//!
//! Source: ADEME Car Labelling, Licence Ouverte. `;` between cells, a comma before decimals.

use super::sheet::{Format, PLAIN, Sheet, short};
use crate::{ImportError, table};
use std::collections::BTreeMap;
use std::path::Path;

/// The columns of our table; `kg` is without a driver. Figures that differ among joined rows
/// (wheels, options) are the mean of the lowest and the highest.
pub const COLUMNS: [&str; 13] = [
    "make",
    "family",
    "model",
    "description",
    "energy",
    "body",
    "cc",
    "kw",
    "motor_kw",
    "gearbox",
    "gears",
    "kg",
    "l100km",
];

const FORMAT: Format = Format {
    delimiter: b';',
    ..PLAIN
};

const CARS: &[&str] = &[
    "Marque",
    "Libellé modèle",
    "Modèle",
    "Description Commerciale",
    "Energie",
    "Carrosserie",
    "Cylindrée",
    "Puissance maximale",
    "Puissance nominale électrique",
    "Poids à vide",
    "Type de boite",
    "Nombre rapports",
    "Conso vitesse mixte Min",
    "Conso vitesse mixte Max",
];

/// Reads the file and writes the table.
///
/// # Errors
/// When the file is not as expected or a row cannot be right; it names line and column.
pub fn import(file: &Path, out: &Path) -> Result<usize, ImportError> {
    let sheet = Sheet::read(file, FORMAT, CARS)?;
    let mut cars: BTreeMap<[String; 11], [Vec<f64>; 2]> = BTreeMap::new();
    for record in sheet.rows() {
        let volume = record.positive("Cylindrée")?;
        if volume.is_some_and(|cc| cc > 10_000.0) {
            return Err(record.wrong("Cylindrée", "more than 10 litres"));
        }
        let key = [
            record.required("Marque")?.to_owned(),
            record.text("Libellé modèle").to_owned(),
            record.required("Modèle")?.to_owned(),
            record.text("Description Commerciale").to_owned(),
            record.required("Energie")?.to_owned(),
            record.text("Carrosserie").to_owned(),
            short(volume, 0),
            short(record.positive("Puissance maximale")?, 1),
            short(record.positive("Puissance nominale électrique")?, 1),
            record.text("Type de boite").to_owned(),
            short(record.positive("Nombre rapports")?, 0),
        ];
        let [mass, consumption] = cars.entry(key).or_default();
        mass.extend(record.positive("Poids à vide")?);
        consumption.extend(record.positive("Conso vitesse mixte Min")?);
        consumption.extend(record.positive("Conso vitesse mixte Max")?);
    }
    let rows: Vec<_> = cars
        .into_iter()
        .map(|(key, [mass, consumption])| {
            let mut row = key.to_vec();
            row.push(short(super::middle(&mass), 0));
            row.push(short(super::middle(&consumption), 2));
            row
        })
        .collect();
    table::write(out, &COLUMNS, rows.iter().map(Vec::as_slice))
}
