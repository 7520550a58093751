//! What an import read, took and refused.

use crate::{ImportError, limits};
use std::path::Path;

/// A kind of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Our own template of cars and rules of VINs.
    Cars,
    /// 公告: the ministry's records of approved products.
    Notices,
    /// NHTSA's dump of vPIC.
    Vpic,
    /// EPA's `vehicles.csv` or `emissions.csv`.
    Epa,
}

/// One row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The file; within an archive or workbook also the member or sheet, after a `#`.
    pub file: String,
    /// The line, counted from 1 with the header; 0 when a whole file is meant.
    pub line: u64,
    /// The column, as the file calls it, or empty when the whole row is meant.
    pub column: String,
    /// The value, cut to [`limits::SHOWN_CHARS`] characters.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Refusal {
    /// The refusal of a row that an error is about, in `file` unless that is empty.
    ///
    /// # Errors
    /// The error itself when it is not about a row.
    pub fn of(error: ImportError, file: &str) -> Result<Self, ImportError> {
        match error {
            ImportError::Row {
                table,
                line,
                column,
                value,
                reason,
            } => Ok(Self {
                file: if file.is_empty() {
                    table
                } else {
                    file.to_owned()
                },
                line: line as u64,
                column,
                value,
                reason,
            }),
            error => Err(error),
        }
    }
}

/// The rows that were not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// The first [`limits::KEPT_REFUSALS`] of them, in the order of the input.
    pub rows: Vec<Refusal>,
    /// How many there are in all.
    pub count: u64,
}

impl Refused {
    /// Counts a row, and keeps it while there is room.
    pub fn add(&mut self, mut row: Refusal) {
        self.count += 1;
        if self.rows.len() < limits::KEPT_REFUSALS {
            row.value = row.value.chars().take(limits::SHOWN_CHARS).collect();
            self.rows.push(row);
        }
    }
}

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The kind of the input.
    pub kind: Kind,
    /// The name of the input file.
    pub file: String,
    /// The month of the data as `YYYY-MM`, where the input says it.
    pub month: Option<String>,
    /// How many rows were read.
    pub rows_read: u64,
    /// How many of them were taken.
    pub rows_taken: u64,
    /// The others.
    pub refused: Refused,
    /// The tables that were written, with their rows after the import.
    pub tables: Vec<(String, u64)>,
    /// Remarks about the whole input, Chinese and English: what was merged, replaced or passed over.
    pub notes: Vec<(String, String)>,
}

impl Report {
    /// Counts a row that was not taken.
    pub fn refuse(&mut self, row: Refusal) {
        self.refused.add(row);
    }

    /// Adds a remark, Chinese and English.
    pub fn note(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.notes.push((zh.into(), en.into()));
    }

    /// A report about a file of which nothing was read yet.
    pub fn new(kind: Kind, input: &Path) -> Self {
        let name = input.file_name().unwrap_or(input.as_os_str());
        Self {
            kind,
            file: name.to_string_lossy().into_owned(),
            month: None,
            rows_read: 0,
            rows_taken: 0,
            refused: Refused::default(),
            tables: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How much of it is done: bytes of an input that is read piece by piece, else rows.
    pub done: u64,
    /// How much there is to do, 0 when that is not known.
    pub total: u64,
}

/// A part of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the input.
    Read,
    /// Writing tables.
    Write,
}

/// What becomes of a row of our own tables that cannot be right.
///
/// The project's tables must be right, so that such a row stops the build. In tables that an
/// operator renewed it may be about a value, a word or a model that is new or gone; it is left
/// out then and told.
#[derive(Debug)]
pub struct Judge {
    lenient: bool,
    left_out: Refused,
}

impl Judge {
    /// Stops at the first wrong row.
    pub fn strict() -> Self {
        Self {
            lenient: false,
            left_out: Refused::default(),
        }
    }

    /// Leaves wrong rows out.
    pub fn lenient() -> Self {
        Self {
            lenient: true,
            left_out: Refused::default(),
        }
    }

    /// Whether rows may be left out and new things get ids.
    pub fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// The result of a row, or `None` when the row is left out.
    ///
    /// # Errors
    /// When the row is wrong and the judge is strict, and when the error is not about a row.
    pub fn rule<T>(&mut self, result: Result<T, ImportError>) -> Result<Option<T>, ImportError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error @ ImportError::Row { .. }) if self.lenient => {
                self.left_out.add(Refusal::of(error, "")?);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The rows that were left out; the names of their tables begin below `folder`.
    pub fn left_out(mut self, folder: &Path) -> Refused {
        for row in &mut self.left_out.rows {
            if let Ok(below) = Path::new(&row.file).strip_prefix(folder) {
                row.file = below.display().to_string();
            }
        }
        self.left_out
    }
}
