//! Delimited text: commas, tabs or semicolons, whichever its first lines hold most of.

use super::{Line, Sheet, limit, trimmed};
use crate::{ImportError, limits, operator::form};
use std::path::Path;

/// The rows of a text.
///
/// # Errors
/// When it is no delimited text or exceeds a limit.
pub fn rows(text: &str, path: &Path, name: &str) -> Result<Sheet, ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    // The reader counts the empty lines before a row to that row.
    let (mut at, mut line) = (0, 1);
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            form(path, line, error.to_string())
        })?;
        if record.len() > limits::COLUMNS {
            return Err(limit(name, "columns", limits::COLUMNS as u64));
        }
        if rows.len() as u64 > limits::ROWS {
            return Err(limit(name, "rows", limits::ROWS));
        }
        let start = record.position().map_or(0, |at| at.byte() as usize);
        let blank = text.as_bytes()[start..]
            .iter()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let start = start + blank.count();
        line += text.as_bytes()[at..start]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        at = start;
        rows.push(Line {
            line,
            cells: record.iter().map(trimmed).collect(),
        });
    }
    Ok(Sheet {
        name: name.to_owned(),
        header: Vec::new(),
        rows,
    })
}

fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for line in text.lines().take(super::TITLE_ROWS) {
        for (delimiter, count) in &mut counts {
            *count += line.bytes().filter(|byte| byte == delimiter).count();
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(delimiter, _)| *delimiter)
}
