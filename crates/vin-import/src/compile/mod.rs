//! Canonical tables to a pack: number the values, lay out the indexes, write.

mod later;
mod mapping;
pub mod numeric;
pub mod overlay;
mod patterns;
pub mod records;
mod specs;
mod units;
mod values;
mod wmis;

use crate::report::Judge;
use crate::table::Table;
use crate::{ImportError, catalogue};
use std::path::Path;
use vin_index::overlay::OPERATORS;
use vin_index::vpic::{self, FIRST_YEAR};
use vin_index::zerocopy::little_endian::U32;
use vin_index::{StringPool, Writer};

/// The folder of an operator's own tables within that of all data.
pub const OPERATOR: &str = "operator";

/// Compiles the tables in `data` (the folder that holds `vpic/`) into the bytes of a pack, with an
/// operator's own cars and rules where it holds such.
///
/// Equal tables give equal bytes.
///
/// # Errors
/// When a table cannot be read, a row cannot be right, or there is more than a pack can hold.
pub fn compile(data: &Path) -> Result<Vec<u8>, ImportError> {
    compile_with(data, &mut Judge::strict())
}

/// The same, where `judge` says what becomes of a row that cannot be right.
///
/// # Errors
/// The same.
pub fn compile_with(data: &Path, judge: &mut Judge) -> Result<Vec<u8>, ImportError> {
    let folder = data.join("vpic");
    let mut pool = StringPool::default();
    let mut writer = Writer::default();
    let mut values = values::Values::read(&folder, &mut pool)?;
    let patterns = patterns::Patterns::read(&folder, &mut values)?;
    let wmis = wmis::Wmis::read(&folder, &mut values)?;
    let specs = specs::Specs::read(&folder, &mut values)?;
    let years: Vec<_> = (FIRST_YEAR..FIRST_YEAR + 256)
        .map(|year| values.add(29, &year.to_string()))
        .collect();
    let converted = values.convert(&folder)?;
    let mut numbered = values.number(&mut pool)?;

    units::write_out(&mut numbered, &mut pool);
    let mapping = data.join("mapping");
    mapping::join(&mapping, &mut numbered, &mut pool, &mut writer, judge)?;
    let mut makes = Vec::new();
    wmis.write(&patterns, &numbered, &mut makes, &mut writer)?;
    specs.write(&mut numbered, &mut makes, &mut writer);
    writer.table(vpic::MAKES, &makes);
    writer.table(vpic::CONVERSIONS, &numbered.conversions(&converted));
    let (keys, rows, class_sets, formulas) = patterns.sections(&numbered);
    writer.table(vpic::KEYS, keys);
    writer.table(vpic::ROWS, &rows);
    writer.table(vpic::CLASS_SETS, class_sets);
    writer.table(vpic::FORMULAS, &formulas);
    writer.table(vpic::DATE_STARTS, &patterns.date_starts);
    let years: Vec<_> = years.into_iter().map(|draft| numbered.get(draft)).collect();
    writer.table(vpic::YEAR_VALUES, &years);
    writer.table(vpic::ELEMENTS, &values.element_records());
    writer.table(vpic::ERROR_TEXTS, &error_texts(&values, &mut pool));
    let exceptions = exceptions(&folder)?;
    writer.section(vpic::EXCEPTION_FILTER, exception_filter(&exceptions));
    writer.table(vpic::EXCEPTIONS, &exceptions);
    writer.table(vpic::VALUES, &numbered.records);
    let placed = catalogue::compile(data, &mut pool, &mut writer, judge)?;
    let mut records = records::Records::new(placed);
    records.read_folder(&data.join("records"), &mut pool, judge)?;
    let operators = data.join(OPERATOR);
    let (own_cars, own_rules) = (operators.join("cars.tsv"), operators.join("rules.tsv"));
    if own_cars.exists() {
        records.read(&own_cars, &mut pool, judge)?;
    }
    let cars = records.write(&mut writer);
    let mut rules = overlay::Rules::default();
    rules.read_folder(&data.join("overlay"), &cars, &mut pool, judge)?;
    if own_rules.exists() {
        rules.read(&own_rules, OPERATORS, &cars, &mut pool, judge)?;
    }
    rules.write(&mut writer)?;
    writer.section(vpic::STRINGS, pool.finish());
    Ok(writer.finish())
}

/// The error texts as pairs of code and string, sorted by code.
fn error_texts(values: &values::Values, pool: &mut StringPool) -> Vec<U32> {
    let mut texts: Vec<(u32, &str)> = values
        .lookup("errorcode")
        .filter_map(|(id, name)| Some((id.parse().ok()?, name)))
        .collect();
    texts.sort_unstable();
    let pairs = texts.into_iter();
    pairs
        .flat_map(|(code, text)| [U32::new(code), U32::new(pool.add(text))])
        .collect()
}

/// The VINs whose check digit is not checked, sorted.
fn exceptions(folder: &Path) -> Result<Vec<[u8; 17]>, ImportError> {
    let table = Table::read(&folder.join("exception.tsv.zst"), &["vin"])?;
    let mut vins = Vec::new();
    for row in table.rows() {
        let [vin] = row.cells()?;
        let bytes: [u8; 17] = vin
            .as_bytes()
            .try_into()
            .map_err(|_| row.wrong("vin", vin, "not 17 characters"))?;
        vins.push(bytes);
    }
    vins.sort_unstable();
    Ok(vins)
}

/// A bit for each of the VINs, so that most others need no search.
fn exception_filter(vins: &[[u8; 17]]) -> Vec<u8> {
    let mut bits = vec![0; vpic::EXCEPTION_BITS / 8];
    for vin in vins {
        let bit = vpic::exception_bit(vin);
        bits[bit / 8] |= 1 << (bit % 8);
    }
    bits
}
