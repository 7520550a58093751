//! What can go wrong with the store, with what is needed to act on it.

use std::io;
use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory cannot be made or written.
    #[error("data directory {} cannot be used: {source}", path.display())]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file with the master key cannot be read, or does not hold one.
    #[error("master key file {}: {reason}", path.display())]
    MasterKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The database URL is of a kind that this version does not speak.
    #[error("database URL {url:?}: {reason}")]
    Url {
        /// The URL without its password.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The file is no database, or its contents are damaged.
    #[error("database {} is damaged or no database: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The database's own words.
        detail: String,
    },
    /// The file is a database of another program.
    #[error("database {} belongs to another program: it has tables but none of ours", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program has written it.
    #[error(
        "database {} has schema {found}, this program knows schemas up to {known}: use a newer program",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema in the file.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The database cannot be opened.
    #[error("database {} cannot be opened: {detail}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The database's own words.
        detail: String,
    },
    /// A pragma did not take effect, so that durability is not what was promised.
    #[error("database pragma {name} is {found:?}, not {wanted:?}")]
    Pragma {
        /// The pragma.
        name: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// An account with this phone number exists.
    #[error("an account with this phone number already exists")]
    PhoneTaken,
    /// A key with this value exists.
    #[error("this key already exists")]
    KeyTaken,
    /// No such account.
    #[error("there is no account {0}")]
    NoAccount(i64),
    /// The node has used every order number of the day.
    #[error("node {node:03} has used all order numbers of {day}")]
    OrderNumbersUsedUp {
        /// The node.
        node: u16,
        /// The day, `YYYYMMDD`.
        day: u32,
    },
    /// A statement failed.
    #[error("database: {0}")]
    Database(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.to_string())
    }
}
