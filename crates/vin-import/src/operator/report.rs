//! What an import read, took and refused.

use super::{Kind, limits};

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
    /// A report about a file of which nothing was read yet.
    pub fn new(kind: Kind, input: &std::path::Path) -> Self {
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
    /// How much of it is done: bytes of the input, or rows of a table.
    pub done: u64,
    /// How much there is to do, 0 when that is not known.
    pub total: u64,
}

/// A part of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the input; counted in bytes.
    Read,
    /// Writing tables; counted in rows.
    Write,
}
