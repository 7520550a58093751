//! The hand-made rules of `data/overlay/`, one table per maker, to the sections of the overlay.
//!
//! Every cell is checked here, so that a wrong one stops the build and is told with its place.

use crate::ImportError;
use crate::key::{self, ParsedKey};
use crate::report::Judge;
use crate::table::{Row, Table};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use vin_core::field::{FIELDS, Kind};
use vin_index::overlay::{self, Fact, Maker, OPEN_END, Rule};
use vin_index::vpic::{ANY, CLASS, ClassSet, symbol};
use vin_index::zerocopy::little_endian::{U16, U32, U64};
use vin_index::{StringPool, Writer};

/// The columns of a table of rules.
pub const COLUMNS: [&str; 9] = [
    "wmi",
    "key",
    "from",
    "to",
    "field",
    "zh",
    "en",
    "confidence",
    "source",
];

/// What may stand in position 11 or 10 and mean a year.
const YEAR_PLACES: [&str; 3] = [overlay::NO_YEAR, overlay::YEAR_IN_10, overlay::YEAR_IN_11];

/// A rule before it is numbered: key, first year, last year, layer.
type Head = ([u8; 10], [u64; 10], u16, u16, u8);

/// The rules of all tables, in the order of code and key, so that equal tables give equal bytes.
#[derive(Default)]
pub struct Rules(BTreeMap<[u8; 6], BTreeMap<Head, Vec<Fact>>>);

impl Rules {
    /// Adds the rules of every table in `folder`; a folder that is not there holds none. A rule
    /// may lead to the cars in `cars` only.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read_folder(
        &mut self,
        folder: &Path,
        cars: &BTreeSet<u32>,
        pool: &mut StringPool,
        judge: &mut Judge,
    ) -> Result<(), ImportError> {
        for path in tables(folder)? {
            self.read(&path, overlay::BUILT_IN, cars, pool, judge)?;
        }
        Ok(())
    }

    /// Adds the rules of one table.
    ///
    /// # Errors
    /// When it cannot be read or a row cannot be right.
    pub fn read(
        &mut self,
        path: &Path,
        layer: u8,
        cars: &BTreeSet<u32>,
        pool: &mut StringPool,
        judge: &mut Judge,
    ) -> Result<(), ImportError> {
        let table = Table::read(path, &COLUMNS)?;
        let mut last = "";
        for row in table.rows() {
            if row.text() <= last {
                return Err(row.wrong("", row.text(), "not sorted, or twice"));
            }
            last = row.text();
            let added = self.add(row, layer, cars, pool);
            judge.rule(added)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        row: Row<'_>,
        layer: u8,
        cars: &BTreeSet<u32>,
        pool: &mut StringPool,
    ) -> Result<(), ImportError> {
        let [codes, key, from, to, ..] = row.cells::<9>()?;
        let head = head(row, key, from, to, layer)?;
        let fact = fact(row, cars, pool)?;
        for code in codes.split(',') {
            let rules = self.0.entry(wmi(row, code)?).or_default();
            rules.entry(head).or_default().push(fact);
        }
        Ok(())
    }

    /// Writes the sections.
    ///
    /// # Errors
    /// When there is more than a pack can hold.
    pub fn write(&self, writer: &mut Writer) -> Result<(), ImportError> {
        let mut sections = Sections::default();
        for (code, rules) in &self.0 {
            sections.add(*code, rules)?;
        }
        writer.table(overlay::MAKERS, &sections.makers);
        writer.table(overlay::RULES, &sections.rules);
        writer.table(overlay::FACTS, &sections.facts);
        writer.table(overlay::CLASS_SETS, &sections.class_sets);
        Ok(())
    }
}

/// The tables in a folder, sorted; none when there is no such folder.
pub(crate) fn tables(folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let io = |error| ImportError::Io {
        path: folder.to_owned(),
        error,
    };
    let mut paths = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(paths),
        Err(error) => return Err(io(error)),
    };
    for entry in entries {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Three or six characters that a WMI can have.
fn wmi(row: Row<'_>, code: &str) -> Result<[u8; 6], ImportError> {
    let plain = |c: u8| symbol(c).is_some_and(|bit| bit < 36) && !b"IOQ".contains(&c);
    let mut bytes = [0; 6];
    let whole = code.len() == 3 || (code.len() == 6 && code.as_bytes()[2] == b'9');
    if !whole || !code.bytes().all(plain) {
        return Err(row.wrong(
            "wmi",
            code,
            "not a WMI of three characters, or of six with 9 in the third",
        ));
    }
    bytes[..code.len()].copy_from_slice(code.as_bytes());
    Ok(bytes)
}

fn head(row: Row<'_>, key: &str, from: &str, to: &str, layer: u8) -> Result<Head, ImportError> {
    let ParsedKey {
        chars,
        classes,
        digits,
        ..
    } = key::parse(key).map_err(|reason| row.wrong("key", key, &reason))?;
    if digits != 0 {
        return Err(row.wrong("key", key, "`#` reads a number, which no rule here wants"));
    }
    let year = |column, text: &str, open| match text {
        "" => Ok(open),
        text => {
            let year: u16 = row.number(column, text)?;
            let fits = (1950..2060).contains(&year);
            fits.then_some(year)
                .ok_or_else(|| row.wrong(column, text, "not a year that a car can have"))
        }
    };
    let (first, last) = (year("from", from, 0)?, year("to", to, OPEN_END)?);
    if first > last {
        return Err(row.wrong("from", from, "after the last year"));
    }
    Ok((chars, classes, first, last, layer))
}

fn fact(row: Row<'_>, cars: &BTreeSet<u32>, pool: &mut StringPool) -> Result<Fact, ImportError> {
    let [_, _, _, _, field, zh, en, confidence, source] = row.cells()?;
    let number = match field {
        "plant" => overlay::PLANT,
        "yearcode" => overlay::YEAR_CODE,
        "cars" => {
            for id in zh.split(' ') {
                let known = cars.contains(&row.number("zh", id)?);
                known
                    .then_some(())
                    .ok_or_else(|| row.wrong("zh", id, "no car has this id"))?;
            }
            overlay::CARS
        }
        path => {
            let found = FIELDS.iter().position(|field| {
                field.path == path && matches!(field.kind, Kind::Text | Kind::NullableText)
            });
            found.ok_or_else(|| row.wrong("field", path, "no field of a result that is a text"))?
                as u8
        }
    };
    if number == overlay::YEAR_CODE && !(YEAR_PLACES.contains(&zh) && zh == en) {
        return Err(row.wrong(
            "zh",
            zh,
            "a year code is in position 10 or 11 or `none`, twice",
        ));
    }
    for (column, text) in [("zh", zh), ("en", en), ("source", source)] {
        text_of_cell(row, column, text)?;
    }
    let share: f64 = row.number("confidence", confidence)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(row.wrong("confidence", confidence, "not a share of 0 to 1"));
    }
    Ok(Fact {
        zh: U32::new(pool.add(zh)),
        en: U32::new(pool.add(en)),
        source: U32::new(pool.add(source)),
        field: number,
        confidence: (share * 100.0).round() as u8,
        reserved: [0; 2],
    })
}

/// A text that may be shown.
pub(super) fn text_of_cell<'a>(
    row: Row<'_>,
    column: &str,
    text: &'a str,
) -> Result<&'a str, ImportError> {
    if text.is_empty() || text.trim() != text {
        return Err(row.wrong(column, text, "empty, or spaces around it"));
    }
    // A letter that only looks like a Latin one would make another name of the same car.
    let foreign = |c: &char| ('\u{370}'..='\u{52f}').contains(c) || c.is_control();
    if let Some(c) = text.chars().find(foreign) {
        return Err(row.wrong(column, text, &format!("{c:?} is neither Chinese nor Latin")));
    }
    if text.len() > usize::from(u16::MAX) {
        return Err(row.wrong(column, text, "longer than 65,535 bytes"));
    }
    Ok(text)
}

#[derive(Default)]
struct Sections {
    makers: Vec<Maker>,
    rules: Vec<Rule>,
    facts: Vec<Fact>,
    class_sets: Vec<ClassSet>,
    known_sets: HashMap<[u64; 10], u16>,
}

impl Sections {
    fn add(&mut self, code: [u8; 6], heads: &BTreeMap<Head, Vec<Fact>>) -> Result<(), ImportError> {
        let first = self.rules.len();
        let limit = |what| {
            move |_| ImportError::TooMany {
                what,
                limit: 65_535,
            }
        };
        for ((chars, classes, from, to, layer), facts) in heads {
            let mut facts = facts.clone();
            facts.sort_by_key(|fact| (fact.field, std::cmp::Reverse(fact.confidence)));
            let classes = self.class_set(chars, classes)?;
            self.rules.push(Rule {
                chars: *chars,
                classes: U16::new(classes),
                from: U16::new(*from),
                to: U16::new(*to),
                facts_at: U32::new(self.facts.len() as u32),
                facts: U16::new(u16::try_from(facts.len()).map_err(limit("facts of a rule"))?),
                layer: *layer,
                reserved: 0,
            });
            self.facts.extend(facts);
        }
        self.rules[first..].sort_by_key(|rule| std::cmp::Reverse(rule.precedence()));
        let count = u16::try_from(self.rules.len() - first).map_err(limit("rules of a WMI"))?;
        self.makers.push(Maker {
            code,
            rules: U16::new(count),
            rules_at: U32::new(first as u32),
        });
        Ok(())
    }

    fn class_set(&mut self, chars: &[u8; 10], classes: &[u64; 10]) -> Result<u16, ImportError> {
        if self.class_sets.is_empty() {
            let none = [U64::new(u64::MAX); 10];
            self.class_sets.push(ClassSet { chars: none });
        }
        if !chars.contains(&CLASS) {
            return Ok(0);
        }
        let mut only = *classes;
        for (set, &c) in only.iter_mut().zip(chars) {
            if c != CLASS {
                *set = u64::MAX;
            }
        }
        debug_assert!(
            chars
                .iter()
                .zip(only)
                .all(|(&c, set)| c != ANY || set == u64::MAX)
        );
        if let Some(&known) = self.known_sets.get(&only) {
            return Ok(known);
        }
        let number = u16::try_from(self.class_sets.len()).map_err(|_| ImportError::TooMany {
            what: "sets of classes",
            limit: 65_535,
        })?;
        let chars = only.map(U64::new);
        self.class_sets.push(ClassSet { chars });
        self.known_sets.insert(only, number);
        Ok(number)
    }
}

#[cfg(test)]
mod tests;
