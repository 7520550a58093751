//! EPA fueleconomy.gov: `vehicles.csv` and `emissions.csv`.
//!
//! Source: US Environmental Protection Agency and Department of Energy, US public domain. The
//! rows keep EPA's own words; what they mean is decided by the tables of the catalogue.

use super::sheet::{Format, PLAIN, Record, Refuse, Sheet, short};
use super::units::L_PER_100_KM_OF_MPG;
use crate::{ImportError, table};
use std::collections::BTreeMap;
use std::path::Path;

/// The columns of our table of cars. `l100km` is the combined consumption; for electricity it is
/// the equivalent in petrol, as EPA counts it. `motor` names motors or the voltage of the battery.
pub const COLUMNS: [&str; 15] = [
    "id",
    "year",
    "make",
    "model",
    "base",
    "displacement",
    "cylinders",
    "gearbox",
    "drive",
    "class",
    "fuel",
    "kind",
    "charger",
    "l100km",
    "motor",
];

/// The columns of our table of emission standards: EPA's codes of the federal and the
/// Californian standard, several separated by commas.
pub const EMISSIONS_COLUMNS: [&str; 3] = ["id", "federal", "california"];

const FORMAT: Format = Format {
    unknown: "NA",
    ..PLAIN
};

const VEHICLES: &[&str] = &[
    "id",
    "year",
    "make",
    "model",
    "baseModel",
    "displ",
    "cylinders",
    "trany",
    "drive",
    "VClass",
    "fuelType1",
    "atvType",
    "tCharger",
    "sCharger",
    "comb08",
    "comb08U",
    "evMotor",
];

/// The rows of our table.
type Rows = Vec<Vec<String>>;
/// Makes them of a file.
type Read = fn(&Sheet, Refuse<'_>) -> Result<Rows, ImportError>;

/// How EPA writes a file and which of its columns are read.
pub struct File {
    /// A column that no other file has.
    pub sign: &'static str,
    /// The columns of our table.
    pub columns: &'static [&'static str],
    format: Format,
    read: &'static [&'static str],
    rows: Read,
}

/// `vehicles.csv`: the cars.
pub const CARS: File = File {
    sign: "VClass",
    columns: &COLUMNS,
    format: FORMAT,
    read: VEHICLES,
    rows: cars,
};

/// `emissions.csv`: the standards.
pub const STANDARDS: File = File {
    sign: "salesArea",
    columns: &EMISSIONS_COLUMNS,
    format: PLAIN,
    read: &["id", "standard"],
    rows: standards,
};

impl File {
    /// The rows of our table, sorted, from the text of the file at `path`, and how many were read;
    /// `refuse` says what becomes of a row that cannot be right.
    ///
    /// # Errors
    /// When a column is missing, or `refuse` says so.
    pub fn table(
        &self,
        path: &Path,
        text: &str,
        refuse: Refuse<'_>,
    ) -> Result<(Rows, u64), ImportError> {
        let sheet = Sheet::of(path, text, self.format, self.read, refuse)?;
        Ok(((self.rows)(&sheet, refuse)?, sheet.rows().count() as u64))
    }

    fn import(&self, file: &Path, out: &Path) -> Result<usize, ImportError> {
        let sheet = Sheet::read(file, self.format, self.read)?;
        let rows = (self.rows)(&sheet, &mut Err)?;
        table::write(out, self.columns, rows.iter().map(Vec::as_slice))
    }
}

/// Reads `vehicles.csv` and writes the table of cars.
///
/// # Errors
/// When the file is not as expected or a row cannot be right; it names line and column.
pub fn import(file: &Path, out: &Path) -> Result<usize, ImportError> {
    CARS.import(file, out)
}

fn cars(sheet: &Sheet, refuse: Refuse<'_>) -> Result<Rows, ImportError> {
    let mut rows: BTreeMap<u32, [String; 15]> = BTreeMap::new();
    for record in sheet.rows() {
        let read = id(record).and_then(|id| match rows.contains_key(&id) {
            true => Err(record.wrong("id", "a second row with this id")),
            false => Ok((id, car(id, record)?)),
        });
        match read {
            Ok((id, row)) => drop(rows.insert(id, row)),
            Err(error) => refuse(error)?,
        }
    }
    Ok(rows.into_values().map(Vec::from).collect())
}

fn id(record: Record<'_>) -> Result<u32, ImportError> {
    let id = record.text("id").parse();
    id.map_err(|_| record.wrong("id", "not an id of EPA"))
}

fn car(id: u32, record: Record<'_>) -> Result<[String; 15], ImportError> {
    let text = |column| record.text(column).to_owned();
    // The label's figure is whole; the unrounded one is given for most years.
    let mpg = match record.positive("comb08U")? {
        Some(exact) => Some(exact),
        None => record.positive("comb08")?,
    };
    let cylinders = record.positive("cylinders")?;
    if cylinders.is_some_and(|n| n.fract() != 0.0 || n > 16.0) {
        return Err(record.wrong("cylinders", "not a number of cylinders"));
    }
    let displacement = record.positive("displ")?;
    if displacement.is_some_and(|litres| litres > 10.0) {
        return Err(record.wrong("displ", "more than 10 litres"));
    }
    Ok([
        id.to_string(),
        record.year("year")?.to_string(),
        record.required("make")?.to_owned(),
        record.required("model")?.to_owned(),
        text("baseModel"),
        short(displacement, 1),
        short(cylinders, 0),
        text("trany"),
        text("drive"),
        record.required("VClass")?.to_owned(),
        record.required("fuelType1")?.to_owned(),
        text("atvType"),
        format!("{}{}", record.text("tCharger"), record.text("sCharger")),
        short(mpg.map(|mpg| L_PER_100_KM_OF_MPG / mpg), 3),
        text("evMotor"),
    ])
}

/// Whether a code of a standard is one of the federal series.
fn is_federal(code: &str) -> bool {
    let bin = code
        .strip_prefix('B')
        .is_some_and(|n| n.parse::<u8>().is_ok());
    bin || code.starts_with("T1") || code.starts_with("T3") || code.starts_with("HDV3")
}

/// Reads `emissions.csv` and writes the table of standards.
///
/// # Errors
/// When the file is not as expected or a row cannot be right.
pub fn import_emissions(file: &Path, out: &Path) -> Result<usize, ImportError> {
    STANDARDS.import(file, out)
}

fn standards(sheet: &Sheet, refuse: Refuse<'_>) -> Result<Rows, ImportError> {
    let mut codes: BTreeMap<u32, [Vec<&str>; 2]> = BTreeMap::new();
    for record in sheet.rows() {
        let read = record
            .required("standard")
            .and_then(|code| Ok((id(record)?, code)));
        let (id, code) = match read {
            Ok(read) => read,
            Err(error) => {
                refuse(error)?;
                continue;
            }
        };
        let sides = codes.entry(id).or_default();
        let side = &mut sides[usize::from(!is_federal(code))];
        if let Err(at) = side.binary_search(&code) {
            side.insert(at, code);
        }
    }
    let rows = codes.into_iter().map(|(id, [federal, california])| {
        vec![id.to_string(), federal.join(","), california.join(",")]
    });
    Ok(rows.collect())
}
