//! Workbooks: every sheet, cell by cell, so that a far-off cell costs no room.

use super::{Line, Sheet, limit, trimmed, zip};
use crate::{ImportError, limits, operator::form};
use calamine::{DataRef, Reader, Xlsx};
use std::collections::BTreeMap;
use std::path::Path;

/// The sheets of a workbook.
///
/// # Errors
/// When it is none, cannot be unpacked, or exceeds a limit.
pub fn sheets(path: &Path, name: &str) -> Result<Vec<Sheet>, ImportError> {
    zip::check(path, name)?;
    let broken = |error: calamine::XlsxError| form(path, 0, format!("no whole workbook: {error}"));
    let file = std::fs::File::open(path).map_err(super::io(path))?;
    let mut book: Xlsx<_> = Xlsx::new(std::io::BufReader::new(file)).map_err(broken)?;
    let mut sheets = Vec::new();
    let mut count = 0;
    for title in book.sheet_names() {
        let name = format!("{name}#{title}");
        let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        // A sheet of charts alone has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&title) else {
            continue;
        };
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            let column = column as usize;
            if column >= limits::COLUMNS {
                return Err(limit(name, "columns", limits::COLUMNS as u64));
            }
            let cells = rows.entry(row).or_default();
            if cells.is_empty() {
                count += 1;
            }
            if count > limits::ROWS {
                return Err(limit(name, "rows", limits::ROWS));
            }
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
        let rows = rows.into_iter().map(|(row, cells)| Line {
            line: u64::from(row) + 1,
            cells,
        });
        sheets.push(Sheet {
            name,
            header: Vec::new(),
            rows: rows.collect(),
        });
    }
    Ok(sheets)
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            trimmed(text)
        }
        DataRef::SharedString(text) => trimmed(text),
        DataRef::Bool(yes) => u8::from(*yes).to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
