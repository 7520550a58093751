//! What can be wrong with a table, told so that its row can be found.

use crate::report::Report;
use std::fmt;
use std::path::PathBuf;

/// Why an import or a compilation stopped.
#[derive(Debug)]
pub enum ImportError {
    /// A file could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A table lacks a column or has an unknown one.
    Columns {
        /// The table.
        table: String,
        /// The columns that were expected.
        expected: String,
        /// The columns that were found.
        found: String,
    },
    /// A row cannot be right.
    Row {
        /// The table.
        table: String,
        /// The line in it, counted from 1 with the header.
        line: usize,
        /// The column, or empty when the whole row is meant.
        column: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file is not built as its kind of input is.
    Form {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1; 0 when the whole file is meant.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A file holds more than an import may read.
    Limit {
        /// The file, or its member or sheet.
        file: String,
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: u64,
    },
    /// No row of an input could be taken; the report tells why.
    Nothing(Box<Report>),
    /// The tables together exceed what the pack format can hold.
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Columns {
                table,
                expected,
                found,
            } => {
                write!(f, "{table}: expected the columns {expected}, found {found}")
            }
            Self::Row {
                table,
                line,
                column,
                value,
                reason,
            } => {
                write!(
                    f,
                    "{table}, line {line}, column {column}: {value:?}: {reason}"
                )
            }
            Self::Form { path, line, reason } => {
                write!(f, "{}", path.display())?;
                if *line > 0 {
                    write!(f, ", line {line}")?;
                }
                write!(f, ": {reason}")
            }
            Self::Limit { file, what, limit } => write!(f, "{file}: more than {limit} {what}"),
            Self::Nothing(report) => {
                write!(
                    f,
                    "{}: none of {} rows could be taken",
                    report.file, report.rows_read
                )?;
                match report.refused.rows.first() {
                    None => Ok(()),
                    Some(row) => write!(
                        f,
                        "; line {}, column {}: {:?}: {}",
                        row.line, row.column, row.value, row.reason
                    ),
                }
            }
            Self::TooMany { what, limit } => write!(f, "more than {limit} {what}"),
        }
    }
}

impl std::error::Error for ImportError {}
