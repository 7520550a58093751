//! EPA OMEGA base-year fleets: light duty of model years 2019 and 2022, medium duty of 2020.
//!
//! Source: US Environmental Protection Agency, a work of the US government. The header stands on
//! the second line. Rows are averages over what was sold under a name: a size, power or number of
//! seats that shows it by its decimals is left out, and so is a weight that the row's own emission
//! test contradicts.

use super::sheet::{Format, PLAIN, Record, Sheet, short};
use super::units::{KG_PER_POUND, KW_PER_HP, size};
use crate::{ImportError, table};
use std::path::Path;

/// The columns of our table. `key` is the model year and the line of the file.
pub const COLUMNS: [&str; 17] = [
    "key",
    "year",
    "maker",
    "name",
    "drive",
    "electrification",
    "displacement",
    "cylinders",
    "charged",
    "kw",
    "kg",
    "seats",
    "length",
    "width",
    "height",
    "wheelbase",
    "sales",
];

const FORMAT: Format = Format { skip: 1, ..PLAIN };

const FLEET: &[&str] = &[
    "vehicle_name",
    "manufacturer_id",
    "model_year",
    "electrification_class",
    "cost_curve_class",
    "sales",
    "eng_rated_hp",
    "etw_lbs",
    "length_in",
    "width_in",
    "height_in",
    "wheelbase_in",
    "passenger_capacity",
    "drive_system",
    "curbweight_lbs",
    "engine_cylinders",
    "engine_displacement_liters",
];

/// Reads every `omega_*.csv` of `folder` and writes one table.
///
/// # Errors
/// When a file is not as expected or a row cannot be right; it names line and column.
pub fn import(folder: &Path, out: &Path) -> Result<usize, ImportError> {
    let io = |error| ImportError::Io {
        path: folder.to_owned(),
        error,
    };
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let of_fleet = name.ends_with(".csv") || name.ends_with(".csv.zst");
        if !of_fleet || !name.starts_with("omega_") {
            continue;
        }
        let medium = name.contains("mdv");
        let sheet = Sheet::read(&path, FORMAT, FLEET)?;
        for record in sheet.rows() {
            rows.push(row(record, medium)?);
        }
    }
    rows.sort();
    table::write(out, &COLUMNS, rows.iter().map(|row| &row[..]))
}

/// The load in pounds that the class of an emission test has beyond the weight of the car.
const TEST_LOAD: f64 = 300.0;
/// How far, of its size, a weight may be from that of the test: the classes are 125 to 500 lb wide.
const NEAR_TEST: f64 = 0.05;

/// The weight of a name as it was sold, in kg: a mean by its nature, for trims differ by what they
/// carry. One that the row's own emission test contradicts is the mean of other cars too.
fn weight(record: Record<'_>) -> Result<Option<f64>, ImportError> {
    let class = record.positive("etw_lbs")?;
    let near = |pounds: &f64| {
        class.is_none_or(|class| (class - TEST_LOAD - pounds).abs() <= pounds * NEAR_TEST)
    };
    let pounds = record.positive("curbweight_lbs")?.filter(near);
    Ok(pounds.map(|pounds| pounds * KG_PER_POUND))
}

fn row(record: Record<'_>, medium: bool) -> Result<[String; 17], ImportError> {
    let year = record.year("model_year")?;
    let whole = |number: Option<f64>| number.filter(|n| n.fract().abs() < 1e-6);
    let size = |column| Ok::<_, ImportError>(short(record.positive(column)?.and_then(size), 0));
    let power = whole(record.positive("eng_rated_hp")?);
    let cylinders = whole(record.positive("engine_cylinders")?);
    let displacement = record.positive("engine_displacement_liters")?;
    if displacement.is_some_and(|litres| litres > 10.0) {
        return Err(record.wrong("engine_displacement_liters", "more than 10 litres"));
    }
    // The medium-duty file has payloads in the column of the seats.
    let seats = whole(record.positive("passenger_capacity")?).filter(|_| !medium);
    if seats.is_some_and(|seats| seats > 20.0) {
        return Err(record.wrong("passenger_capacity", "more than 20 seats"));
    }
    let class = if medium { "m" } else { "l" };
    Ok([
        format!("{year}{class}{:04}", record.line()),
        year.to_string(),
        record.required("manufacturer_id")?.to_owned(),
        record.required("vehicle_name")?.to_owned(),
        record.required("drive_system")?.to_owned(),
        record.text("electrification_class").to_owned(),
        short(displacement, 3),
        short(cylinders, 0),
        // The class of costs of a turbocharged, downsized engine.
        if record.text("cost_curve_class").contains("_TDS_") {
            "T"
        } else {
            ""
        }
        .to_owned(),
        short(power.map(|hp| hp * KW_PER_HP), 1),
        short(weight(record)?, 0),
        short(seats, 0),
        size("length_in")?,
        size("width_in")?,
        size("height_in")?,
        size("wheelbase_in")?,
        short(record.positive("sales")?, 0),
    ])
}
