//! The words of the trade: mapped Chinese and English texts for values, joined by id.

use super::values::Numbered;
use crate::ImportError;
use crate::report::Judge;
use crate::table::{Row, Table};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use vin_index::vpic::{self, ANY_VALUE, FuelRule, SeriesRule};
use vin_index::zerocopy::little_endian::{U16, U32};
use vin_index::{StringPool, Writer};

/// The field whose texts stand in the second pair of a value; all others stand in the first.
const SECOND: &str = "carbody";
/// The element that feeds two fields, so that it needs the second pair.
const TWO_FIELDS: u8 = 5;
/// The field for which element 135 holds no word but the unit letter; the engine knows it.
const UNIT_LETTER: &str = "displacement";

/// The texts of one value.
#[derive(Default)]
struct Words<'a> {
    first: (&'a str, &'a str),
    second: (&'a str, &'a str),
}

/// Joins the tables in `folder` (`data/mapping`) to the values and adds the sections of rules.
///
/// # Errors
/// When a table cannot be read, or a row names a value that the source does not have.
pub fn join(
    folder: &Path,
    numbered: &mut Numbered,
    pool: &mut StringPool,
    writer: &mut Writer,
    judge: &mut Judge,
) -> Result<(), ImportError> {
    let known: HashMap<(u8, String), u32> = numbered
        .texts
        .iter()
        .zip(0..)
        .map(|((element, raw, _), number)| ((*element, raw.clone()), number))
        .collect();
    let find = |element: u8, raw: &str| known.get(&(element, raw.to_owned())).copied();

    let values = Table::read(
        &folder.join("values.tsv"),
        &["element", "value", "vpic", "field", "zh", "en"],
    )?;
    // In the order of the numbers, so that equal tables give equal bytes.
    let mut words: BTreeMap<u32, Words<'_>> = BTreeMap::new();
    for row in values.rows() {
        let [element, value, vpic, field, zh, en] = row.cells()?;
        let element: u8 = row.number("element", element)?;
        // A value that nothing in the tables uses has no number, and needs none.
        let Some(number) = find(element, value).filter(|_| field != UNIT_LETTER) else {
            continue;
        };
        let same = moved(row, vpic, &numbered.texts[number as usize].2);
        if judge.rule(same)?.is_none() {
            continue;
        }
        let words = words.entry(number).or_default();
        let pair = match (element, field) {
            (TWO_FIELDS, SECOND) => &mut words.second,
            _ => &mut words.first,
        };
        if *pair != ("", "") {
            return Err(row.wrong("field", field, "a second text for this value"));
        }
        *pair = (zh, en);
    }
    let tables: [(&str, u8, &[&str]); 3] = [
        ("vehicle_types.tsv", 39, &["type", "vpic", "zh", "en"]),
        ("brands.tsv", 26, &["make", "vpic", "zh", "en", "source"]),
        ("makers.tsv", 27, &["manufacturer", "vpic", "zh", "en"]),
    ];
    let tables: Vec<_> = tables
        .into_iter()
        .map(|(name, element, columns)| Ok((Table::read(&folder.join(name), columns)?, element)))
        .collect::<Result<_, ImportError>>()?;
    for (table, element) in &tables {
        for row in table.rows() {
            let [id, vpic, zh, en] = row.first_cells()?;
            if let Some(number) = find(*element, id) {
                let same = moved(row, vpic, &numbered.texts[number as usize].2);
                if judge.rule(same)?.is_none() {
                    continue;
                }
                words.entry(number).or_default().first = (zh, en);
            }
        }
    }
    let series = Table::read(
        &folder.join("series.tsv"),
        &["make", "model", "vpic", "zh", "en"],
    )?;
    for row in series.rows() {
        let [_, model, vpic, zh, en] = row.cells()?;
        if let Some(number) = find(28, model) {
            let name = vpic.split_once('/').map_or(vpic, |(_, name)| name);
            let same = moved(row, name, &numbered.texts[number as usize].2);
            if judge.rule(same)?.is_none() {
                continue;
            }
            words.entry(number).or_default().first = (zh, en);
        }
    }
    for (number, words) in words {
        let record = &mut numbered.records[number as usize];
        let mut add = |text: &str| U32::new(if text.is_empty() { 0 } else { pool.add(text) });
        (record.zh, record.en) = (add(words.first.0), add(words.first.1));
        (record.zh2, record.en2) = (add(words.second.0), add(words.second.1));
    }
    writer.table(vpic::SERIES_RULES, &series_rules(folder, &find, pool)?);
    writer.table(vpic::FUELS, &fuel_rules(folder, &find, pool)?);
    Ok(())
}

/// Refuses a row whose id means something else by now.
fn moved(row: Row<'_>, written: &str, found: &str) -> Result<(), ImportError> {
    if written.trim().eq_ignore_ascii_case(found.trim()) {
        return Ok(());
    }
    Err(row.wrong("vpic", written, &format!("the id now means {found:?}")))
}

type Find<'a> = &'a dyn Fn(u8, &str) -> Option<u32>;

/// The series names that hold for some model years, sorted by model.
fn series_rules(
    folder: &Path,
    find: Find<'_>,
    pool: &mut StringPool,
) -> Result<Vec<SeriesRule>, ImportError> {
    let columns = ["make", "model", "vpic", "from", "to", "zh", "en"];
    let table = Table::read(&folder.join("series_years.tsv"), &columns)?;
    let mut rules = Vec::new();
    for row in table.rows() {
        let [_, model, _, from, to, zh, en] = row.cells()?;
        let Some(model) = find(28, model) else {
            continue;
        };
        rules.push(SeriesRule {
            model: U32::new(model),
            from: U16::new(row.number("from", from)?),
            to: U16::new(row.number("to", to)?),
            zh: U32::new(pool.add(zh)),
            en: U32::new(pool.add(en)),
        });
    }
    rules.sort_by_key(|rule| (rule.model.get(), rule.from.get()));
    Ok(rules)
}

/// The rules of fuel, in the order of the table; one about a value that nothing uses is left out.
fn fuel_rules(
    folder: &Path,
    find: Find<'_>,
    pool: &mut StringPool,
) -> Result<Vec<FuelRule>, ImportError> {
    let columns = ["primary", "secondary", "electrification", "zh", "en"];
    let table = Table::read(&folder.join("fuel.tsv"), &columns)?;
    let mut rules = Vec::new();
    for row in table.rows() {
        let [primary, secondary, electrification, zh, en] = row.cells()?;
        let value = |element, raw: &str| match raw {
            "" => Some(0),
            "*" => Some(ANY_VALUE),
            _ => find(element, raw),
        };
        let all = [
            value(24, primary),
            value(66, secondary),
            value(126, electrification),
        ];
        let [Some(primary), Some(secondary), Some(electrification)] = all else {
            continue;
        };
        rules.push(FuelRule {
            primary: U32::new(primary),
            secondary: U32::new(secondary),
            electrification: U32::new(electrification),
            zh: U32::new(pool.add(zh)),
            en: U32::new(pool.add(en)),
        });
    }
    Ok(rules)
}
