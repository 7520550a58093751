//! A file of rows in any of the forms that people keep them in, read into sheets with a header.
//!
//! It knows CSV, workbooks, JSON and saved pages, and what encoding a text has; never what a
//! column means. Which texts are labels of columns it is told, because a page or a title line
//! shows it in no other way.

mod csv;
mod html;
mod json;
mod text;
mod xlsx;
pub mod zip;

use crate::{ImportError, limits};
use std::io::Read;
use std::path::Path;

/// Rows under one header.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The file, with the sheet, table or member behind a `#`.
    pub name: String,
    /// The labels of the columns.
    pub header: Vec<String>,
    /// The rows below them.
    pub rows: Vec<Line>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its line in the file, its row in the sheet, or its row among those of a page.
    pub line: u64,
    /// Its cells, without blanks around them; there may be fewer than labels.
    pub cells: Vec<String>,
}

/// Tells whether a text is the label of a column.
pub type IsLabel<'a> = &'a dyn Fn(&str) -> bool;

/// How many rows a title may take before the header.
const TITLE_ROWS: usize = 20;

/// How a file is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Delimited text.
    Csv,
    /// A workbook.
    Xlsx,
    /// An array of objects, an object that holds one, or an object on each line.
    Json,
    /// A saved page.
    Html,
    /// An archive that is no workbook.
    Zip,
    /// A dump of PostgreSQL as plain text.
    Dump,
}

/// How the first bytes of a dump read.
const DUMP: [&str; 2] = ["PostgreSQL database dump", "COPY vpic."];
/// How a workbook of the former binary form begins, and a dump of PostgreSQL's own form.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
const CUSTOM_DUMP: &[u8] = b"PGDMP";

impl Form {
    /// The form of a file, by what it holds.
    ///
    /// # Errors
    /// When it cannot be read, is too big, or is of a form that is known and not read.
    pub fn of(path: &Path) -> Result<Self, ImportError> {
        let head = head(path)?;
        if head.starts_with(b"PK\x03\x04") {
            return Ok(match zip::has(path, "xl/workbook.xml")? {
                true => Self::Xlsx,
                false => Self::Zip,
            });
        }
        if head.starts_with(OLE) {
            let reason = "a workbook of the former form (.xls); save it as .xlsx";
            return Err(super::form(path, 0, reason));
        }
        if head.starts_with(CUSTOM_DUMP) {
            let reason =
                "a dump in PostgreSQL's own form; take the one whose name ends with .plain.zip";
            return Err(super::form(path, 0, reason));
        }
        let text = text::start(&head);
        if is_dump(&head) {
            return Ok(Self::Dump);
        }
        Ok(match text.trim_start().chars().next() {
            Some('<') => Self::Html,
            Some('{' | '[') => Self::Json,
            _ => Self::Csv,
        })
    }
}

/// Whether the first bytes are those of a dump in plain text.
pub fn is_dump(head: &[u8]) -> bool {
    let text = text::start(head);
    DUMP.iter().any(|words| text.contains(words))
}

/// The first bytes of a file, or of the one file in an archive.
///
/// # Errors
/// When it cannot be read, or an archive does not hold exactly one file.
pub fn head_within(path: &Path) -> Result<Vec<u8>, ImportError> {
    match Form::of(path)? {
        Form::Zip => zip::head(path),
        _ => head(path),
    }
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> ImportError + '_ {
    move |error| ImportError::Io {
        path: path.to_owned(),
        error,
    }
}

/// An error about what there is too much of.
pub fn limit(file: impl Into<String>, what: &'static str, limit: u64) -> ImportError {
    ImportError::Limit {
        file: file.into(),
        what,
        limit,
    }
}

/// The name of a file without its folder.
pub fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The first bytes of a file, whose size is checked.
///
/// # Errors
/// When it cannot be read, is empty or is too big.
pub fn head(path: &Path) -> Result<Vec<u8>, ImportError> {
    let file = std::fs::File::open(path).map_err(io(path))?;
    let bytes = file.metadata().map_err(io(path))?.len();
    if bytes > limits::FILE_BYTES {
        return Err(limit(name(path), "bytes", limits::FILE_BYTES));
    }
    let mut head = Vec::new();
    let mut start = file.take(64 << 10);
    start.read_to_end(&mut head).map_err(io(path))?;
    match head.is_empty() {
        true => Err(super::form(path, 0, "the file is empty")),
        false => Ok(head),
    }
}

/// All bytes of a reader that gives no more than may be held in memory.
///
/// # Errors
/// When there are more, or it cannot be read.
pub fn whole(reader: impl Read, path: &Path, name: &str) -> Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(limits::WHOLE_BYTES + 1);
    reader.read_to_end(&mut bytes).map_err(io(path))?;
    match bytes.len() as u64 > limits::WHOLE_BYTES {
        true => Err(limit(name, "bytes", limits::WHOLE_BYTES)),
        false => Ok(bytes),
    }
}

/// The text of a file that is held in memory.
///
/// # Errors
/// When it cannot be read, is no text or is too big.
pub fn text_of(path: &Path) -> Result<String, ImportError> {
    let file = std::fs::File::open(path).map_err(io(path))?;
    text::decode(whole(file, path, &name(path))?, path)
}

/// The sheets of a file that have a header with at least two labels.
///
/// # Errors
/// When the file cannot be read, exceeds a limit, or has no such sheet.
pub fn sheets(path: &Path, is_label: IsLabel<'_>) -> Result<Vec<Sheet>, ImportError> {
    let form = Form::of(path)?;
    let name = name(path);
    let file = std::fs::File::open(path).map_err(io(path))?;
    let sheets = match form {
        Form::Xlsx => xlsx::sheets(path, &name)?,
        Form::Csv => vec![csv::rows(&text_of(path)?, path, &name)?],
        Form::Json => json::sheets(&text_of(path)?, path, &name)?,
        Form::Html => html::sheets(
            &text::page(whole(file, path, &name)?, path)?,
            &name,
            is_label,
        )?,
        Form::Zip => zip::sheets(path, &name)?,
        Form::Dump => Vec::new(),
    };
    let rows: usize = sheets.iter().map(|sheet| sheet.rows.len()).sum();
    if rows as u64 > limits::ROWS {
        return Err(limit(name, "rows", limits::ROWS));
    }
    let found: Vec<_> = sheets.iter().map(first_texts).collect();
    let sheets: Vec<_> = sheets
        .into_iter()
        .filter_map(|sheet| below_header(sheet, is_label))
        .collect();
    match sheets.is_empty() {
        true => {
            let reason = format!(
                "no row holds two known labels of columns; found {}",
                found.join("; ")
            );
            Err(super::form(path, 0, reason))
        }
        false => Ok(sheets),
    }
}

/// What the first row of a sheet says, for the message that it is no header.
fn first_texts(sheet: &Sheet) -> String {
    let mut texts = sheet
        .header
        .iter()
        .chain(sheet.rows.iter().flat_map(|row| &row.cells));
    let texts: Vec<_> = texts
        .by_ref()
        .filter(|text| !text.is_empty())
        .take(6)
        .collect();
    let texts = texts.iter().map(|text| text.chars().take(20).collect());
    texts.collect::<Vec<String>>().join(", ")
}

/// The sheet without what stands above its header; `None` when it has none.
fn below_header(mut sheet: Sheet, is_label: IsLabel<'_>) -> Option<Sheet> {
    let labels = |cells: &[String]| cells.iter().filter(|cell| is_label(cell)).count();
    if labels(&sheet.header) >= 2 {
        return Some(sheet);
    }
    let at = sheet
        .rows
        .iter()
        .take(TITLE_ROWS)
        .position(|row| labels(&row.cells) >= 2)?;
    sheet.header = sheet.rows.drain(..=at).next_back()?.cells;
    Some(sheet)
}

/// A text without blanks around it, a no-break space being one.
fn trimmed(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
        .to_owned()
}

#[cfg(test)]
mod tests;
