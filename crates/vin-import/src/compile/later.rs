//! Rows whose time of change is finer than the second that their table keeps.

use crate::ImportError;
use crate::table::Table;
use std::collections::HashSet;
use std::path::Path;

/// The rows of one table that were changed later than others of the same second.
pub struct Later(HashSet<u32>);

/// Reads the rows of `table` from the folder of canonical tables.
///
/// # Errors
/// When the file cannot be read or a row cannot be right.
pub fn read(folder: &Path, table: &str) -> Result<Later, ImportError> {
    let file = Table::read(&folder.join("later.tsv"), &["table", "id"])?;
    let mut ids = HashSet::new();
    for row in file.rows() {
        let [of, id] = row.cells()?;
        if of == table {
            ids.insert(row.number("id", id)?);
        }
    }
    Ok(Later(ids))
}

impl Later {
    /// The time of change of row `id`, as a text whose order is that of time.
    pub fn stamp(&self, changed: &str, id: u32) -> String {
        let within = if self.0.contains(&id) { "+" } else { "" };
        format!("{changed}{within}")
    }
}
