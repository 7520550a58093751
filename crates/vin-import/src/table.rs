//! The project's own tables: tab-separated text with a header line, sorted, Zstandard-compressed.
//!
//! A tab, line feed, carriage return or backslash within a value is written `\t`, `\n`, `\r`
//! or `\\`. Equal rows give equal bytes. Lines that begin with `#` before the header are remarks.

use crate::ImportError;
use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A table in memory.
pub struct Table {
    path: PathBuf,
    text: String,
    /// How many lines come before the first row.
    skipped: usize,
    header: Range<usize>,
    body: usize,
    width: usize,
}

/// One row, with its place for error messages.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    line: usize,
    text: &'a str,
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> ImportError + '_ {
    move |error| ImportError::Io {
        path: path.to_owned(),
        error,
    }
}

impl Table {
    /// Reads the table at `path` (`.zst` is decompressed), which must have exactly `columns`.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8, or has other columns.
    pub fn read(path: &Path, columns: &[&str]) -> Result<Self, ImportError> {
        let table = Self::read_any(path)?;
        if !table.columns().eq(columns.iter().copied()) {
            return Err(table.wrong_columns(&columns.join(", ")));
        }
        Ok(table)
    }

    /// Reads the table at `path` (`.zst` is decompressed), whatever its columns.
    ///
    /// # Errors
    /// When the file cannot be read or is no UTF-8.
    pub fn read_any(path: &Path) -> Result<Self, ImportError> {
        let bytes = std::fs::read(path).map_err(io(path))?;
        let bytes = match path.extension() {
            Some(extension) if extension == "zst" => {
                zstd::decode_all(bytes.as_slice()).map_err(io(path))?
            }
            _ => bytes,
        };
        let text = String::from_utf8(bytes).map_err(|error| ImportError::Io {
            path: path.to_owned(),
            error: std::io::Error::new(std::io::ErrorKind::InvalidData, error),
        })?;
        let mut body = 0;
        let mut skipped = 0;
        let mut header = 0..0;
        for line in text.split_inclusive('\n') {
            let start = body;
            body += line.len();
            skipped += 1;
            if !line.starts_with('#') {
                header = start..start + line.trim_end_matches(['\n', '\r']).len();
                break;
            }
        }
        let width = text[header.clone()].split('\t').count();
        Ok(Self {
            path: path.to_owned(),
            text,
            skipped,
            header,
            body,
            width,
        })
    }

    /// The names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.text[self.header.clone()].split('\t')
    }

    /// An error about the columns.
    pub fn wrong_columns(&self, expected: &str) -> ImportError {
        ImportError::Columns {
            table: self.path.display().to_string(),
            expected: expected.to_owned(),
            found: self.columns().collect::<Vec<_>>().join(", "),
        }
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let lines = self.text[self.body..].lines().enumerate();
        lines.map(|(i, text)| Row {
            table: self,
            line: i + self.skipped + 1,
            text,
        })
    }
}

impl<'a> Row<'a> {
    /// The cells, as many as the table has columns.
    ///
    /// # Errors
    /// When the row has more or fewer.
    pub fn cells<const N: usize>(self) -> Result<[&'a str; N], ImportError> {
        assert_eq!(N, self.table.width, "the caller names every column");
        let mut cells = [""; N];
        let mut parts = self.text.split('\t');
        for cell in &mut cells {
            *cell = parts
                .next()
                .ok_or_else(|| self.wrong("", self.text, "too few columns"))?;
        }
        match parts.next() {
            None => Ok(cells),
            Some(_) => Err(self.wrong("", self.text, "too many columns")),
        }
    }

    /// The row as it stands, cells separated by tabs.
    pub fn text(self) -> &'a str {
        self.text
    }

    /// The cells, of a table with any number of columns.
    ///
    /// # Errors
    /// When the row has more or fewer than the table.
    pub fn all_cells(self) -> Result<Vec<&'a str>, ImportError> {
        let cells: Vec<_> = self.text.split('\t').collect();
        match cells.len() == self.table.width {
            true => Ok(cells),
            false => Err(self.wrong("", self.text, "another number of columns")),
        }
    }

    /// The first four cells, of a table with at least so many columns.
    ///
    /// # Errors
    /// When the row has another number of columns than the table.
    pub fn first_cells(self) -> Result<[&'a str; 4], ImportError> {
        match self.all_cells()?.as_slice() {
            [a, b, c, d, ..] => Ok([*a, *b, *c, *d]),
            _ => Err(self.wrong("", self.text, "fewer than four columns")),
        }
    }

    /// A number in `column`.
    ///
    /// # Errors
    /// When `text` is none that fits.
    pub fn number<T: std::str::FromStr>(self, column: &str, text: &str) -> Result<T, ImportError> {
        let parsed = text.parse();
        parsed.map_err(|_| self.wrong(column, text, "not a number that fits"))
    }

    /// An error about `value` in `column` of this row.
    pub fn wrong(self, column: &str, value: &str, reason: &str) -> ImportError {
        ImportError::Row {
            table: self.table.path.display().to_string(),
            line: self.line,
            column: column.to_owned(),
            value: value.chars().take(120).collect(),
            reason: reason.to_owned(),
        }
    }
}

/// The value of a cell without its escapes.
pub fn unescape(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\\') {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            (c, false) => c,
        });
    }
    Cow::Owned(out)
}

/// A value with its escapes, fit for a cell.
pub fn escape(value: &str) -> Cow<'_, str> {
    if !value.contains(['\\', '\t', '\n', '\r']) {
        return Cow::Borrowed(value);
    }
    let escaped = value.replace('\\', "\\\\").replace('\t', "\\t");
    Cow::Owned(escaped.replace('\n', "\\n").replace('\r', "\\r"))
}

/// How hard a table is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For the project's own tables, which many people fetch.
    Kept,
    /// For an operator's, who waits for it.
    Quick,
}

/// Writes rows of cells as a table that is kept; they must be sorted by the caller.
///
/// # Errors
/// When the file cannot be written.
pub fn write<'a>(
    path: &Path,
    columns: &[&str],
    rows: impl Iterator<Item = &'a [String]>,
) -> Result<usize, ImportError> {
    let mut text = columns.join("\t");
    text.push('\n');
    let mut count = 0;
    for row in rows {
        debug_assert_eq!(row.len(), columns.len());
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                text.push('\t');
            }
            text.push_str(&escape(cell));
        }
        text.push('\n');
        count += 1;
    }
    save(path, &text, Effort::Kept)?;
    Ok(count)
}

/// Writes the text of a table, compressed where the name ends with `.zst`; its folder is made.
///
/// # Errors
/// When the file cannot be written.
pub fn save(path: &Path, text: &str, effort: Effort) -> Result<(), ImportError> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(io(folder))?;
    if path.extension().is_none_or(|extension| extension != "zst") {
        return std::fs::write(path, text).map_err(io(path));
    }
    let level = match effort {
        Effort::Kept => 19,
        Effort::Quick => 3,
    };
    let mut encoder = zstd::Encoder::new(Vec::new(), level).map_err(io(path))?;
    let all = [
        encoder.include_checksum(true),
        encoder.set_pledged_src_size(Some(text.len() as u64)),
        encoder.long_distance_matching(true),
        encoder.window_log(27),
    ];
    all.into_iter()
        .collect::<Result<(), _>>()
        .map_err(io(path))?;
    std::io::Write::write_all(&mut encoder, text.as_bytes()).map_err(io(path))?;
    let bytes = encoder.finish().map_err(io(path))?;
    std::fs::write(path, bytes).map_err(io(path))
}
