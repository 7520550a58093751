//! A publisher's CSV file, read whole: the named columns, each row with its line for messages.
//!
//! It knows delimiters, encodings and lines before the header, never what a column means.

use crate::ImportError;
use std::path::{Path, PathBuf};

/// How a file is written.
#[derive(Clone, Copy)]
pub struct Format {
    /// Between two cells.
    pub delimiter: u8,
    /// Lines before the header.
    pub skip: usize,
    /// Whether the text is Windows-1252 and not UTF-8.
    pub windows_1252: bool,
    /// What a cell holds when nothing is known; an empty one says so too.
    pub unknown: &'static str,
}

/// Comma-separated UTF-8 with the header in the first line.
pub const PLAIN: Format = Format {
    delimiter: b',',
    skip: 0,
    windows_1252: false,
    unknown: "",
};

/// What becomes of a row that cannot be right: an error that stops, or none.
pub type Refuse<'a> = &'a mut dyn FnMut(ImportError) -> Result<(), ImportError>;

/// The rows of a file.
pub struct Sheet {
    path: PathBuf,
    columns: &'static [&'static str],
    rows: Vec<(usize, Vec<String>)>,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    sheet: &'a Sheet,
    line: usize,
    cells: &'a [String],
}

/// The text of a file, `.zst` decompressed.
fn text(path: &Path, format: Format) -> Result<String, ImportError> {
    let io = |error| ImportError::Io {
        path: path.to_owned(),
        error,
    };
    let mut bytes = std::fs::read(path).map_err(io)?;
    if path.extension().is_some_and(|extension| extension == "zst") {
        bytes = zstd::decode_all(bytes.as_slice()).map_err(io)?;
    }
    if format.windows_1252 {
        return Ok(bytes.into_iter().map(windows_1252).collect());
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| io(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The character of a byte; those of the range that Latin-1 leaves to controls are quotes and dashes.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x91 | 0x92 => '\'',
        0x93 | 0x94 => '"',
        0x96 | 0x97 => '-',
        other => char::from(other),
    }
}

impl Sheet {
    /// Reads the file at `path`, which must have all of `columns`.
    ///
    /// # Errors
    /// When it cannot be read, is no CSV, or lacks a column.
    pub fn read(
        path: &Path,
        format: Format,
        columns: &'static [&'static str],
    ) -> Result<Self, ImportError> {
        Self::of(path, &text(path, format)?, format, columns, &mut Err)
    }

    /// The same of a text that was read from `path`; `refuse` says what becomes of a row with too
    /// many or too few cells.
    ///
    /// # Errors
    /// When it is no CSV, lacks a column, or `refuse` says so.
    pub fn of(
        path: &Path,
        text: &str,
        format: Format,
        columns: &'static [&'static str],
        refuse: Refuse<'_>,
    ) -> Result<Self, ImportError> {
        let mut body = text;
        for _ in 0..format.skip {
            body = body.split_once('\n').map_or("", |(_, rest)| rest);
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .from_reader(body.as_bytes());
        let broken = |error: csv::Error| ImportError::Row {
            table: path.display().to_string(),
            line: error
                .position()
                .map_or(0, |position| position.line() as usize + format.skip),
            column: String::new(),
            value: String::new(),
            reason: error.to_string(),
        };
        let headers = reader.headers().map_err(broken)?.clone();
        let places: Option<Vec<_>> = columns
            .iter()
            .map(|column| headers.iter().position(|header| header.trim() == *column))
            .collect();
        let places = places.ok_or_else(|| ImportError::Columns {
            table: path.display().to_string(),
            expected: columns.join(", "),
            found: headers.iter().collect::<Vec<_>>().join(", "),
        })?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record.map_err(broken) {
                Ok(record) => record,
                Err(error) => {
                    refuse(error)?;
                    continue;
                }
            };
            let line = record.position().map_or(0, |at| at.line() as usize);
            // Runs of blanks, also those that break no line, mean nothing in any of the files.
            let cell = |&at: &usize| {
                let words: Vec<_> = record[at].split_whitespace().collect();
                match words.join(" ") {
                    text if text == format.unknown => String::new(),
                    text => text,
                }
            };
            rows.push((line + format.skip, places.iter().map(cell).collect()));
        }
        Ok(Self {
            path: path.to_owned(),
            columns,
            rows,
        })
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Record<'_>> {
        self.rows.iter().map(|(line, cells)| Record {
            sheet: self,
            line: *line,
            cells,
        })
    }
}

impl<'a> Record<'a> {
    /// The line in the file, counted from 1.
    pub fn line(self) -> usize {
        self.line
    }

    /// The text of a column that the sheet was read with.
    pub fn text(self, column: &'static str) -> &'a str {
        let at = self.sheet.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell)
    }

    /// A number that is not negative; `None` when the cell is empty.
    ///
    /// # Errors
    /// When the text is no such number.
    pub fn number(self, column: &'static str) -> Result<Option<f64>, ImportError> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        // France writes a comma before the decimals.
        let parsed = text.replace(',', ".").parse::<f64>();
        match parsed {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            _ => Err(self.wrong(column, "not a number of at least 0")),
        }
    }

    /// The same, where 0 means that it is not known.
    ///
    /// # Errors
    /// When the text is no such number.
    pub fn positive(self, column: &'static str) -> Result<Option<f64>, ImportError> {
        Ok(self.number(column)?.filter(|number| *number > 0.0))
    }

    /// A model year.
    ///
    /// # Errors
    /// When it is none between 1970 and 2060.
    pub fn year(self, column: &'static str) -> Result<u16, ImportError> {
        let year = self.text(column).parse().ok();
        year.filter(|year| (1970..=2060).contains(year))
            .ok_or_else(|| self.wrong(column, "not a model year between 1970 and 2060"))
    }

    /// A text that must not be empty.
    ///
    /// # Errors
    /// When it is.
    pub fn required(self, column: &'static str) -> Result<&'a str, ImportError> {
        match self.text(column) {
            "" => Err(self.wrong(column, "must not be empty")),
            text => Ok(text),
        }
    }

    /// An error about the value of `column`.
    pub fn wrong(self, column: &'static str, reason: &str) -> ImportError {
        ImportError::Row {
            table: self.sheet.path.display().to_string(),
            line: self.line,
            column: column.to_owned(),
            value: self.text(column).chars().take(120).collect(),
            reason: reason.to_owned(),
        }
    }
}

/// A number as short text with at most `decimals`, empty for none.
pub fn short(number: Option<f64>, decimals: usize) -> String {
    let Some(number) = number else {
        return String::new();
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
