//! Why a file is not read or written, and what is worth saying about one that is.

use crate::limits;
use std::fmt;
use std::io;

/// Why a table is not read, decoded or written.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The system failed to read or write.
    #[error("{what}: {source}")]
    Io {
        /// What was read or written.
        what: String,
        /// The system's reason.
        source: io::Error,
    },
    /// The input is not what its format demands.
    #[error("{place}: {reason}")]
    Broken {
        /// Where: a line, a row, a sheet.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// The input demands more than is allowed.
    #[error("{place}: more than {most} {what}")]
    Limit {
        /// Where it was noticed.
        place: String,
        /// What there is too much of.
        what: &'static str,
        /// How much of it may be.
        most: u64,
    },
    /// There is nothing in the input.
    #[error("the input is empty: it has no row")]
    Empty,
    /// No column holds VINs.
    #[error(
        "no column holds VINs: none is named vin or 车架号, and in none are half of the first {rows} cells VINs; the columns are {columns}; name one with --column", rows = limits::SAMPLE_ROWS
    )]
    NoVinColumn {
        /// The names of the columns.
        columns: String,
    },
    /// Several columns hold VINs.
    #[error("several columns hold VINs: {columns}; name one with --column")]
    SeveralVinColumns {
        /// Their names.
        columns: String,
    },
    /// The named column is not there.
    #[error("there is no column {name:?}; the columns are {columns}")]
    NoSuchColumn {
        /// The name that was asked for.
        name: String,
        /// The names of the columns.
        columns: String,
    },
    /// What was chosen is no column of the result.
    #[error("{name:?} is no column of the result{hint}")]
    NoSuchChoice {
        /// What was chosen.
        name: String,
        /// The nearest names, in a clause of their own.
        hint: String,
    },
    /// The output cannot hold it.
    #[error("row {row}: {reason}")]
    Unwritable {
        /// The row of the output, from 1.
        row: u64,
        /// Why not, and what to do.
        reason: String,
    },
    /// A thread died; it has said why.
    #[error("a worker ended early")]
    Worker,
}

impl BatchError {
    /// A failure to read or write `what`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// Input that is not as it should be.
    pub(crate) fn broken(place: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::Broken {
            place: place.into(),
            reason: reason.to_string(),
        }
    }

    /// Input that is too much.
    pub(crate) fn limit(place: impl Into<String>, what: &'static str, most: u64) -> Self {
        Self::Limit {
            place: place.into(),
            what,
            most,
        }
    }
}

/// What was repaired or left out, for whoever started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The text was no UTF-8.
    Encoding(&'static str),
    /// Only one sheet of several was read.
    Sheet {
        /// The one that was read.
        read: String,
        /// The others.
        left: String,
    },
    /// The first row is no header.
    NoHeader,
    /// So many rows stand above the header and are no part of the table.
    Above(usize),
    /// Columns without a name, or of the same name, were given one.
    Named(String),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(name) => write!(f, "the text is no UTF-8; it was read as {name}"),
            Self::Sheet { read, left } => {
                write!(f, "only the sheet {read:?} was read, not {left}")
            }
            Self::NoHeader => f.write_str(
                "the first row holds a VIN, so it is no header; the columns are named column1 and so on",
            ),
            Self::Above(rows) => write!(f, "{rows} rows above the header were left out"),
            Self::Named(names) => write!(
                f,
                "columns without a name of their own are called {names}"
            ),
        }
    }
}
