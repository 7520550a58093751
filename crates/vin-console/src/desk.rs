//! What the pages of operators need of the machine: vehicle data and backups. The program implements it.
//! Restoring a backup is no part of it: that is done at the machine, never from the web.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vin_core::Bilingual;

/// Is told how far long work is: the step, how much of it is done, of how much; 0 when that is not known.
pub type Tell = Arc<dyn Fn(&str, u64, u64) + Send + Sync>;

/// What becomes of long work: what it made, or what went wrong, in words for the operator.
pub type Made = Result<String, String>;

/// The machine.
pub trait Desk: Send + Sync {
    /// Runs a task beside the pages.
    fn spawn(&self, task: BoxFuture<'static, ()>);

    /// Which vehicle data there is. Reads files.
    ///
    /// # Errors
    /// What is wrong, in words.
    fn data(&self) -> Result<DataState, String>;

    /// The newest month of what the data in force were made from, `YYYY-MM`; `""` when that cannot be
    /// read. It is asked for by pages that everybody may see, and is kept.
    fn month(&self) -> String;

    /// The most bytes that a file to import may have.
    fn most_bytes(&self) -> u64;

    /// A folder for files while they are imported.
    ///
    /// # Errors
    /// When it cannot be made.
    fn uploads(&self) -> std::io::Result<PathBuf>;

    /// Makes a generation of vehicle data out of a file that the operator called `name`, and puts it in
    /// force.
    fn import(&self, file: PathBuf, name: String, tell: Tell) -> BoxFuture<'static, Made>;

    /// Puts another generation in force, after checking it.
    fn back(&self, to: u32) -> BoxFuture<'static, Made>;

    /// The backups that are kept, the latest first.
    ///
    /// # Errors
    /// What is wrong, in words.
    fn backups(&self) -> Result<Vec<Backup>, String>;

    /// Makes a backup of everything in the database.
    fn backup(&self, tell: Tell) -> BoxFuture<'static, Made>;

    /// The bytes of a backup, with their number; `None` when there is none of that name.
    fn open_backup(&self, name: &str) -> Option<(u64, Bytes)>;
}

/// Bytes as they are read.
pub type Bytes = BoxStream<'static, std::io::Result<Vec<u8>>>;

/// A backup.
#[derive(Clone, Debug)]
pub struct Backup {
    /// The name of its file.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was made, seconds since 1970-01-01 UTC.
    pub made: i64,
}

/// Which vehicle data there is.
#[derive(Clone, Debug, Default)]
pub struct DataState {
    /// The generation in force, 0 for what is built in.
    pub in_force: u32,
    /// SHA-256 of the pack in force.
    pub sha256: String,
    /// Every generation that is kept, the built-in one first.
    pub generations: Vec<Generation>,
    /// What the built-in data was made from.
    pub sources: Vec<Source>,
    /// What was imported beside it.
    pub imports: Vec<Import>,
    /// What the data in force covers.
    pub coverage: Vec<(Bilingual, u64)>,
}

/// A generation of vehicle data.
#[derive(Clone, Debug)]
pub struct Generation {
    /// Its number, 0 for what is built in.
    pub number: u32,
    /// The day on which it was made, `""` for what is built in.
    pub made: String,
    /// What was imported with it.
    pub imported: String,
    /// The size of its pack.
    pub bytes: u64,
    /// Whether it was made with other built-in data than that of this program.
    pub outdated: bool,
}

/// A source of the built-in data.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// The month of its data.
    pub month: String,
    /// Its licence.
    pub licence: String,
}

/// A file that was imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is, in words.
    pub title: Bilingual,
    /// The name of the file.
    pub source: String,
    /// The month of its data, where it says so.
    pub month: String,
    /// The day of the import.
    pub day: String,
    /// How many rows were taken.
    pub rows: u64,
}

/// A file that an operator sent; it is removed when this is dropped.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    /// What the operator calls it.
    pub name: String,
}

impl Upload {
    /// A file that lies there.
    pub(crate) fn new(path: PathBuf, name: String) -> Self {
        Self { path, name }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What cannot be removed now is removed with the folder at the next start.
        let _ = std::fs::remove_file(&self.path);
    }
}
