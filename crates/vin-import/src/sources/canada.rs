//! Transport Canada's vehicle specifications: sizes of bodies by make, model and model year.
//!
//! Source: Canadian Vehicle Specifications (OGL-Canada) through the set `allcarsdb`
//! (CC BY-SA 4.0). Its table stays one of its own, so that it can be left out.

use super::sheet::{PLAIN, Sheet, short};
use super::units::size;
use crate::{ImportError, table};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The columns of our table: a body and the model years, without a gap, in which it was listed.
pub const COLUMNS: [&str; 12] = [
    "make",
    "model",
    "from",
    "to",
    "ref",
    "style",
    "doors",
    "cab",
    "length",
    "width",
    "height",
    "wheelbase",
];

const BODIES: &[&str] = &[
    "Ref",
    "Body_Style",
    "Doors",
    "Cab_Config",
    "Wheelbase_in",
    "Length_in",
    "Width_in",
    "Height_in",
];
const YEARS: &[&str] = &["Make", "Model", "Year", "Body_Config_Ref"];

/// The file `name` of the folder, compressed or not.
fn file(folder: &Path, name: &str) -> std::path::PathBuf {
    let plain = folder.join(format!("{name}.csv"));
    if plain.exists() {
        plain
    } else {
        folder.join(format!("{name}.csv.zst"))
    }
}

/// Reads `body_configs` and `ymm_body_configs` of `folder` and writes the table.
///
/// # Errors
/// When a file is not as expected or a row cannot be right; it names line and column.
pub fn import(folder: &Path, out: &Path) -> Result<usize, ImportError> {
    let sheet = Sheet::read(&file(folder, "body_configs"), PLAIN, BODIES)?;
    let mut bodies: HashMap<&str, [String; 7]> = HashMap::new();
    for record in sheet.rows() {
        let mm = |column| Ok::<_, ImportError>(short(record.positive(column)?.and_then(size), 0));
        let doors = record.positive("Doors")?;
        if doors.is_some_and(|n| n > 6.0 || n.fract() != 0.0) {
            return Err(record.wrong("Doors", "not a number of doors"));
        }
        let body = [
            record.text("Body_Style").to_owned(),
            short(doors, 0),
            record.text("Cab_Config").to_owned(),
            mm("Length_in")?,
            mm("Width_in")?,
            mm("Height_in")?,
            mm("Wheelbase_in")?,
        ];
        if bodies.insert(record.required("Ref")?, body).is_some() {
            return Err(record.wrong("Ref", "a second body with this name"));
        }
    }
    let years = Sheet::read(&file(folder, "ymm_body_configs"), PLAIN, YEARS)?;
    let mut listed: BTreeMap<[&str; 3], Vec<u16>> = BTreeMap::new();
    for record in years.rows() {
        let body = record.required("Body_Config_Ref")?;
        if !bodies.contains_key(body) {
            return Err(record.wrong("Body_Config_Ref", "no such body"));
        }
        let key = [record.required("Make")?, record.required("Model")?, body];
        listed.entry(key).or_default().push(record.year("Year")?);
    }
    let mut rows = Vec::new();
    for ([make, model, body], mut years) in listed {
        years.sort_unstable();
        years.dedup();
        for run in years.chunk_by(|a, b| a + 1 == *b) {
            let [style, doors, cab, length, width, height, wheelbase] = bodies[body].clone();
            rows.push([
                make.to_owned(),
                model.to_owned(),
                run[0].to_string(),
                run[run.len() - 1].to_string(),
                body.trim_start_matches("nhtsa-").to_owned(),
                style,
                doors,
                cab,
                length,
                width,
                height,
                wheelbase,
            ]);
        }
    }
    rows.sort();
    table::write(out, &COLUMNS, rows.iter().map(|row| &row[..]))
}
