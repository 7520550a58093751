//! What a generation was made of, and with which program.

use super::Generation;
use crate::CommandError;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use vin_import::operator::Kind;

/// The name of the file in a generation's folder.
pub const FILE: &str = "manifest.json";

/// What a generation was made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Its number.
    pub generation: Generation,
    /// The one that was in force when it was made, which `data back` returns to.
    pub parent: Generation,
    /// The day in China on which it was made, `YYYY-MM-DD`.
    pub made: String,
    /// The version of the program that made it.
    pub program: String,
    /// SHA-256 of the built-in pack of that program. A program with another one has other tables
    /// or compiles them in another way.
    pub built_in: String,
    /// The pack's length.
    pub bytes: u64,
    /// SHA-256 of the pack's content.
    pub sha256: String,
    /// What was imported, in this generation and in those that it builds on.
    pub imports: Vec<Import>,
    /// The tables that differ from the built-in ones.
    pub tables: Vec<TableRows>,
}

/// An imported file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Import {
    /// The kind of file.
    pub kind: String,
    /// Its name, or the address it was loaded from, without what may be secret in it.
    pub source: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The month of the data as `YYYY-MM`, where the file says it.
    pub month: Option<String>,
    /// The generation that it came with.
    pub generation: Generation,
    /// The day in China on which it was imported, `YYYY-MM-DD`.
    pub day: String,
    /// How many of its rows were taken.
    pub rows: u64,
    /// The tables that it was written to.
    pub tables: Vec<String>,
}

/// A table and how many rows it has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TableRows {
    /// Its place below the tables' folder.
    pub table: String,
    /// The number of its rows.
    pub rows: u64,
}

impl Manifest {
    /// Reads the manifest in a generation's folder.
    ///
    /// # Errors
    /// When it is missing or is none.
    pub fn read(folder: &Path) -> Result<Self, CommandError> {
        let path = folder.join(FILE);
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).map_err(CommandError::io(&name))?;
        serde_json::from_str(&text)
            .map_err(|error| CommandError::Failed(format!("{name} is no manifest: {error}")))
    }

    /// Whether it was made with other built-in data than this program's.
    pub fn is_outdated(&self) -> bool {
        self.built_in != vin_data::engine().pack().digest()
    }

    /// Adds an import. One that wrote whole tables anew replaces those that wrote the same.
    pub fn add(imports: &mut Vec<Import>, import: Import) {
        let whole = [Kind::Vpic, Kind::Epa].map(|kind| kind.spec().name);
        if whole.contains(&import.kind.as_str()) {
            imports.retain(|old| old.kind != import.kind || old.tables != import.tables);
        }
        imports.push(import);
    }
}
