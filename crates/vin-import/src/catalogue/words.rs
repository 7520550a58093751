//! `words.tsv` and `gearboxes.tsv`: what the words of the sources mean.

use crate::ImportError;
use crate::table::{Row, Table};
use std::collections::HashMap;
use std::path::Path;
use vin_index::catalogue::{self, DRIVES, FUELS, GEARBOXES};

/// The columns of `words.tsv`.
pub const COLUMNS: [&str; 4] = ["kind", "value", "zh", "en"];
/// The columns of `gearboxes.tsv`.
pub const GEARBOX_COLUMNS: [&str; 6] = ["make", "vpic", "code", "from", "to", "gearbox"];

/// Every text, numbered.
pub struct Words {
    /// The texts by their number; number 0 is empty.
    pub texts: Vec<(String, String)>,
    numbers: HashMap<(String, String), u16>,
    known: HashMap<(String, String), u16>,
    gearboxes: Vec<Gearbox>,
}

struct Gearbox {
    make: u32,
    code: String,
    years: std::ops::RangeInclusive<u16>,
    kind: u8,
}

/// The number of `name` in a list of codes.
fn code(list: &[&str], name: &str) -> u8 {
    list.iter().position(|other| *other == name).unwrap_or(0) as u8
}

impl Words {
    /// Reads both tables from the folder of names.
    ///
    /// # Errors
    /// When a table cannot be read, or the words of a code are missing.
    pub fn read(folder: &Path) -> Result<Self, ImportError> {
        let table = Table::read(&folder.join("words.tsv"), &COLUMNS)?;
        let mut rows = HashMap::new();
        let mut order = Vec::new();
        for row in table.rows() {
            let [kind, value, zh, en] = row.cells()?;
            let key = (kind.to_owned(), value.to_owned());
            rows.insert(key.clone(), (zh.to_owned(), en.to_owned()));
            order.push(key);
        }
        let mut words = Self {
            texts: Vec::new(),
            numbers: HashMap::new(),
            known: HashMap::new(),
            gearboxes: Vec::new(),
        };
        // The words of the codes come first, in the order of their codes.
        let codes: [(&str, &[&str]); 4] = [
            ("gearbox", &GEARBOXES),
            ("drive", &DRIVES),
            ("fuel", &FUELS),
            ("body", &catalogue::body::NAMES),
        ];
        for (kind, names) in codes {
            for name in names {
                let key = (kind.to_owned(), (*name).to_owned());
                let text = match rows.get(&key) {
                    Some(text) => text.clone(),
                    None if name.is_empty() => Default::default(),
                    None => {
                        return Err(ImportError::Columns {
                            table: folder.join("words.tsv").display().to_string(),
                            expected: format!("a row {kind} {name}"),
                            found: "none".to_owned(),
                        });
                    }
                };
                words.texts.push(text);
            }
        }
        for key in order {
            let text = rows[&key].clone();
            let next = words.texts.len() as u16;
            let number = *words.known.entry(text.clone()).or_insert(next);
            if number == next {
                words.texts.push(text);
            }
            words.numbers.insert(key, number);
        }
        let table = Table::read(&folder.join("gearboxes.tsv"), &GEARBOX_COLUMNS)?;
        for row in table.rows() {
            let [make, _, prefix, from, to, gearbox] = row.cells()?;
            let kind = code(&GEARBOXES, gearbox);
            if kind == 0 && !gearbox.is_empty() {
                return Err(row.wrong("gearbox", gearbox, "no kind of gearbox"));
            }
            words.gearboxes.push(Gearbox {
                make: row.number("make", make)?,
                code: prefix.to_owned(),
                years: row.number("from", from)?..=row.number("to", to)?,
                kind,
            });
        }
        Ok(words)
    }

    /// The number of a text, 0 for an empty value.
    ///
    /// # Errors
    /// When the table has no row for the value.
    pub fn number(
        &self,
        kind: &'static str,
        value: &str,
        row: Row<'_>,
    ) -> Result<u16, ImportError> {
        if value.is_empty() {
            return Ok(0);
        }
        let key = (kind.to_owned(), value.to_owned());
        let number = self.numbers.get(&key).copied();
        number.ok_or_else(|| row.wrong(kind, value, "no row of names/words.tsv has this text"))
    }

    /// The number of the text of several values, separated by commas.
    ///
    /// # Errors
    /// When the table has no row for one of them.
    pub fn numbers(
        &mut self,
        kind: &'static str,
        values: &str,
        row: Row<'_>,
    ) -> Result<u16, ImportError> {
        let mut text: (Vec<&str>, Vec<&str>) = Default::default();
        for value in values.split(',') {
            let (zh, en) = &self.texts[usize::from(self.number(kind, value, row)?)];
            if !text.0.contains(&zh.as_str()) {
                text.0.push(zh);
                text.1.push(en);
            }
        }
        let text = (text.0.join("/"), text.1.join("/"));
        let next = self.texts.len() as u16;
        let number = *self.known.entry(text.clone()).or_insert(next);
        if number == next {
            self.texts.push(text);
        }
        Ok(number)
    }

    /// The text of a value, if the table has one.
    pub fn text(&self, kind: &str, value: &str) -> Option<&(String, String)> {
        let key = (kind.to_owned(), value.to_owned());
        self.texts.get(usize::from(*self.numbers.get(&key)?))
    }

    /// What a make means by EPA's code of a gearbox (`AM-S7`, `AV`) in a model year; 0 when it has
    /// several with that code.
    pub fn gearbox(&self, make: u32, code: &str, year: u16) -> Option<u8> {
        let fits = |gearbox: &&Gearbox| {
            gearbox.make == make && code.starts_with(&gearbox.code) && gearbox.years.contains(&year)
        };
        self.gearboxes
            .iter()
            .rfind(fits)
            .map(|gearbox| gearbox.kind)
    }
}

/// The code of a kind of gearbox.
pub fn gearbox(name: &str) -> u8 {
    code(&GEARBOXES, name)
}

/// The code of a kind of drive.
pub fn drive(name: &str) -> u8 {
    code(&DRIVES, name)
}

/// The code of a kind of fuel.
pub fn fuel(name: &str) -> u8 {
    code(&FUELS, name)
}
