//! The passenger cars of MIIT's notice: those that it gives a common name.

use super::build::Build;
use super::cells::scaled;
use super::draft::Car;
use crate::ImportError;
use crate::sources::miit as miit_table;
use crate::table::Table;
use vin_index::catalogue::{self as pack, electric, source};
use vin_index::zerocopy::little_endian::U16;

/// The notice names no model year.
const YEAR: u16 = 0;

/// Reads the cars of the notice.
pub fn miit(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("miit/cars.tsv.zst");
    let table = Table::read(&path, &miit_table::COLUMNS)?;
    for row in table.rows() {
        let [model, maker, mark, name, _, cc, seats, _, _, kg, l100km] = row.cells()?;
        // The first of several names of one model: `海豹06、海豹06MAX`.
        let series = name.split(['、', ',', '，']).next().unwrap_or_default();
        if series.is_empty() {
            continue;
        }
        let brand = if mark.is_empty() { maker } else { mark };
        let named = build.resolve("miit", brand, &[bare(series, brand)]);
        // Of several masses none is the car's own.
        let kg = if kg.contains(',') { "" } else { kg };
        let weight = scaled(row, "kg", kg, 1.0)?;
        let plug_in = model.contains("HEV");
        let values = pack::Car {
            year: U16::new(YEAR),
            displacement: scaled(row, "cc", cc, 1.0)?,
            consumption: scaled(row, "l100km", l100km, 100.0)?,
            weight,
            weight_source: if weight.get() > 0 { source::MIIT } else { 0 },
            source: source::MIIT,
            electric: if plug_in {
                electric::SOME
            } else {
                electric::NONE
            },
            seats: if seats.is_empty() {
                0
            } else {
                row.number("seats", seats)?
            },
            seats_source: if seats.is_empty() { 0 } else { source::MIIT },
            ..pack::Car::default()
        };
        build.cars.push(Car {
            key: format!("miit/{model}"),
            series: named.series,
            model: named.model,
            version: name.to_owned(),
            approval: model.to_owned(),
            words: Vec::new(),
            values,
        });
    }
    Ok(())
}

/// A series without its brand where the rest is a Chinese name: 宋 of 比亚迪宋, but 坦克300.
fn bare<'a>(series: &'a str, brand: &str) -> &'a str {
    let rest = series.strip_prefix(brand).unwrap_or_default();
    let chinese = rest.chars().next().is_some_and(|c| !c.is_ascii());
    if chinese { rest } else { series }
}
