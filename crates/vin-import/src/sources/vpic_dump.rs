//! NHTSA's vPIC as its monthly dump: PostgreSQL's plain text, rows in COPY blocks.
//!
//! Source: the publisher's `vPICList_lite_YYYY_MM.plain.zip`, US public domain. The dump is read
//! as data, line by line; nothing of its SQL is run. Of its tables only the needed columns are
//! held, and of the largest ones (the cache of valid characters) nothing.

use super::vpic::{Published, Rows};
use super::vpic_block::{Block, LOOKUP, TABLES};
use super::vpic_csv::LOOKUPS;
use super::vpic_patterns::Patterns;
use crate::report::Refusal;
use crate::{ImportError, limits};
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Read};
use std::path::Path;

/// The lookup tables that every dump has.
const NEEDED_LOOKUPS: [&str; 4] = ["make", "model", "manufacturer", "vehicletype"];
/// The tables that may be empty.
const MAY_BE_EMPTY: [&str; 3] = ["Conversion", "DefaultValue", "VinException"];
/// How much a dump may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes in all.
    pub bytes: u64,
    /// Bytes of what is held.
    pub held: u64,
    /// Bytes of one line.
    pub line: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: limits::UNPACKED_BYTES,
            held: limits::TABLE_BYTES,
            line: limits::LINE_BYTES,
        }
    }
}

/// The needed tables of a dump.
#[derive(Default)]
pub struct Dump {
    /// By name in small letters: the columns that are held, and the rows.
    tables: HashMap<String, (&'static [&'static str], Rows)>,
    patterns: Patterns,
    /// How many rows of needed tables there were.
    pub rows: u64,
    /// When the dump was made, `YYYY-MM-DD…`, where it says so.
    pub started: Option<String>,
}

/// Reads a dump.
///
/// `refuse` takes the rows that cannot be right; `progress` is told how many bytes were read.
///
/// # Errors
/// When it is no such dump, a needed table is missing or cut off, or a limit is exceeded.
pub fn read(
    mut reader: impl BufRead,
    path: &Path,
    limits: Limits,
    refuse: &mut dyn FnMut(Refusal),
    progress: &dyn Fn(u64),
) -> Result<Dump, ImportError> {
    let file = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut dump = Dump::default();
    let (mut number, mut bytes, mut held) = (0_u64, 0_u64, 0_u64);
    let mut block: Option<Block> = None;
    let mut skipping: Option<String> = None;
    let mut line = Vec::new();
    let form = |line: u64, reason: String| ImportError::Form {
        path: path.to_owned(),
        line,
        reason,
    };
    let exceeded = |what, limit| ImportError::Limit {
        file: file.clone(),
        what,
        limit,
    };
    loop {
        line.clear();
        let read = (&mut reader)
            .take(limits.line + 1)
            .read_until(b'\n', &mut line);
        let read = read.map_err(|error| ImportError::Io {
            path: path.to_owned(),
            error,
        })?;
        if read == 0 {
            break;
        }
        number += 1;
        bytes += read as u64;
        if read as u64 > limits.line {
            return Err(exceeded("bytes in a line", limits.line));
        }
        if bytes > limits.bytes {
            return Err(exceeded("bytes", limits.bytes));
        }
        if number % 16_384 == 0 {
            progress(bytes);
        }
        if block.is_some() && !line.ends_with(b"\n") {
            // Half a row, and no end of the table.
            break;
        }
        let text = std::str::from_utf8(&line).map_err(|_| form(number, "not UTF-8".to_owned()))?;
        let text = text.trim_end_matches(['\n', '\r']);
        if text == "\\." {
            block = None;
            skipping = None;
        } else if let Some(block) = &block {
            dump.rows += 1;
            let row = block.row(text).map_err(|reason| form(number, reason))?;
            let checked = block
                .check(&row)
                .and_then(|()| dump.add(block, row, &mut held));
            if let Err((column, value, reason)) = checked {
                refuse(Refusal {
                    file: format!("{file}#{}", block.table),
                    line: number,
                    column,
                    value,
                    reason,
                });
            }
            if held + dump.patterns.bytes() > limits.held {
                return Err(exceeded("bytes of tables", limits.held));
            }
        } else if skipping.is_none() && text.starts_with("COPY ") {
            match Block::open(text).map_err(|reason| form(number, reason))? {
                Ok(open) => {
                    dump.tables
                        .entry(open.table.clone())
                        .or_insert((open.columns, Rows::new()));
                    block = Some(open);
                }
                Err(table) => skipping = Some(table),
            }
        } else if let Some(started) = text.strip_prefix("-- Started on ") {
            dump.started = Some(started.to_owned());
        }
    }
    progress(bytes);
    if let Some(table) = block.map(|block| block.table).or(skipping) {
        let reason = format!("the file ends within the rows of table {table}");
        return Err(form(number, reason));
    }
    dump.complete().map_err(|reason| form(0, reason))?;
    Ok(dump)
}

impl Dump {
    fn add(
        &mut self,
        block: &Block,
        mut row: Vec<String>,
        held: &mut u64,
    ) -> Result<(), (String, String, String)> {
        if block.table == "pattern" {
            // The comparison with a VIN does not mind the case of letters.
            row[1].make_ascii_uppercase();
            let cells = [&row[0], &row[1], &row[2], &row[3], &row[4], &row[5]].map(String::as_str);
            return self.patterns.add(cells).map_err(|(at, reason)| {
                (
                    block.columns[at].to_ascii_lowercase(),
                    row[at].clone(),
                    reason,
                )
            });
        }
        if block.table == "wmi_vinschema" {
            // No VIN means an earlier year than the first.
            let first = vin_index::vpic::FIRST_YEAR;
            if row[2].parse::<u16>().is_ok_and(|from| from < first) {
                row[2] = first.to_string();
            }
        }
        *held += row
            .iter()
            .map(|cell| (cell.len() + size_of::<String>()) as u64)
            .sum::<u64>();
        if let Some((_, rows)) = self.tables.get_mut(&block.table) {
            rows.push(row);
        }
        Ok(())
    }

    /// Whether all needed tables are there, and what is missing.
    fn complete(&self) -> Result<(), String> {
        let tables = TABLES.iter().map(|(name, _)| *name).chain(NEEDED_LOOKUPS);
        let missing: Vec<_> = tables
            .clone()
            .filter(|name| !self.tables.contains_key(&name.to_ascii_lowercase()))
            .map(str::to_ascii_lowercase)
            .collect();
        if !missing.is_empty() {
            return Err(format!(
                "no dump of vPIC: it lacks the tables {}",
                missing.join(", ")
            ));
        }
        let is_empty = |name: &&str| match *name {
            "Pattern" => self.patterns.is_empty(),
            name => self.tables[&name.to_ascii_lowercase()].1.is_empty(),
        };
        let mut empty = tables
            .filter(|name| !MAY_BE_EMPTY.contains(name))
            .filter(is_empty);
        match empty.next() {
            Some(name) => Err(format!(
                "the table {} has no row",
                name.to_ascii_lowercase()
            )),
            None => Ok(()),
        }
    }

    /// How many patterns there are.
    pub fn patterns(&self) -> usize {
        self.patterns.len()
    }
}

impl Published for Dump {
    fn read(&mut self, table: &str, columns: &[&str]) -> Result<Rows, ImportError> {
        let missing = |found: String| ImportError::Columns {
            table: table.to_owned(),
            expected: columns.join(", "),
            found,
        };
        let name = table.to_ascii_lowercase();
        let (present, rows) = self
            .tables
            .get(&name)
            .ok_or_else(|| missing(String::new()))?;
        let places: Option<Vec<_>> = columns
            .iter()
            .map(|column| present.iter().position(|name| name == column))
            .collect();
        let places = places.ok_or_else(|| missing(present.join(", ")))?;
        // An exception that does not hold any more is none.
        let flag = present.iter().position(|column| *column == "CheckDigit");
        let holds = |row: &&Vec<String>| flag.is_none_or(|at| row[at] == "1");
        let of = |row: &Vec<String>| places.iter().map(|&at| row[at].clone()).collect();
        Ok(rows.iter().filter(holds).map(of).collect())
    }

    fn patterns(&mut self, waiting: &HashSet<String>) -> Result<Patterns, ImportError> {
        let mut patterns = std::mem::take(&mut self.patterns);
        patterns.drop_schemas(waiting);
        Ok(patterns)
    }

    fn lookups(&mut self) -> Result<Rows, ImportError> {
        let elements = self.read("Element", &["Id"])?;
        let mut names: Vec<_> = elements.iter().map(|row| self.lookup_of(&row[0])).collect();
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        let mut rows = Rows::new();
        for name in names {
            let table = self.read(&name, LOOKUP)?;
            rows.extend(table.into_iter().map(|row| {
                let [id, text] = <[String; 2]>::try_from(row).unwrap_or_default();
                vec![name.clone(), id, text]
            }));
        }
        Ok(rows)
    }

    fn lookup_of(&self, element: &str) -> String {
        let known = LOOKUPS.iter().find(|(id, _)| id.to_string() == element);
        let named = || {
            // An element that came after our list; the dump says where its texts stand.
            let (columns, rows) = &self.tables.get("element")?;
            let place = |name| columns.iter().position(|column| *column == name);
            let (id, table, kind) = (place("Id")?, place("LookupTable")?, place("DataType")?);
            let row = rows.iter().find(|row| row[id] == element)?;
            (row[kind] == "lookup").then(|| row[table].to_ascii_lowercase())
        };
        let name = known.map(|(_, table)| (*table).to_owned()).or_else(named);
        name.filter(|name| {
            self.tables
                .get(name)
                .is_some_and(|(columns, _)| *columns == LOOKUP)
        })
        .unwrap_or_default()
    }
}
