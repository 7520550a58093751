//! JSON: an array of flat objects, an object with such an array, or one object on each line.

use super::{Line, Sheet, limit};
use crate::{ImportError, limits, operator::form};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The records of a text as one sheet; its columns are the names of all members.
///
/// # Errors
/// When it is no such JSON or exceeds a limit.
pub fn sheets(text: &str, path: &Path, name: &str) -> Result<Vec<Sheet>, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let records = records(text, path)?;
    if records.len() as u64 > limits::ROWS {
        return Err(limit(name, "rows", limits::ROWS));
    }
    let mut header = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::with_capacity(records.len());
    for (line, record) in records {
        let wrong = |reason: String| form(path, line, reason);
        let members: Map<String, Value> = serde_json::from_str(record)
            .map_err(|error| wrong(format!("not an object: {error}")))?;
        let mut cells = Vec::new();
        for (key, value) in members {
            let next = header.len();
            let at = *places.entry(key).or_insert_with_key(|key| {
                header.push(key.clone());
                next
            });
            if header.len() > limits::COLUMNS {
                return Err(limit(name, "columns", limits::COLUMNS as u64));
            }
            if cells.len() <= at {
                cells.resize(at + 1, String::new());
            }
            cells[at] = cell(&value)
                .ok_or_else(|| wrong(format!("{:?} holds an object, not a value", header[at])))?;
        }
        rows.push(Line { line, cells });
    }
    Ok(vec![Sheet {
        name: name.to_owned(),
        header,
        rows,
    }])
}

/// The text of each record, with its line.
fn records<'a>(text: &'a str, path: &Path) -> Result<Vec<(u64, &'a str)>, ImportError> {
    let broken =
        |error: serde_json::Error| form(path, error.line() as u64, format!("no JSON: {error}"));
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    let mut list = |array: &'a RawValue| -> Result<Vec<_>, ImportError> {
        let records: Vec<&'a RawValue> = serde_json::from_str(array.get()).map_err(broken)?;
        Ok(records
            .into_iter()
            .map(|r| (lines.of(r.get()), r.get()))
            .collect())
    };
    let whole: Result<&'a RawValue, _> = serde_json::from_str(text);
    let whole = match whole {
        Ok(whole) => whole,
        // More than one value: one on each line.
        Err(error) if error.to_string().starts_with("trailing characters") => {
            let lines = text
                .lines()
                .zip(1..)
                .filter(|(line, _)| !line.trim().is_empty());
            return Ok(lines.map(|(text, line)| (line, text)).collect());
        }
        Err(error) => return Err(broken(error)),
    };
    if whole.get().starts_with('[') {
        return list(whole);
    }
    let members: BTreeMap<String, &'a RawValue> = serde_json::from_str(text).map_err(broken)?;
    let holds_objects = |value: &&&RawValue| {
        let rest = value.get().strip_prefix('[').map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with('{'))
    };
    let mut arrays = members.values().filter(holds_objects);
    match (arrays.next(), arrays.next()) {
        (Some(array), None) => list(array),
        (None, _) => Ok(vec![(1, text)]),
        (Some(_), Some(_)) => Err(form(path, 1, "more than one list of objects")),
    }
}

/// Finds lines of parts that follow one another.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, part: &str) -> u64 {
        let at = part.as_ptr() as usize - self.text.as_ptr() as usize;
        let between = &self.text.as_bytes()[self.at..at];
        self.line += between.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = at;
        self.line
    }
}

/// A value as the text of a cell; those of a list stand on lines of their own.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(yes) => Some(u8::from(*yes).to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(super::trimmed(text)),
        Value::Array(list) => {
            let cells: Option<Vec<_>> = list.iter().map(cell).collect();
            Some(cells?.join("\n"))
        }
        Value::Object(_) => None,
    }
}
