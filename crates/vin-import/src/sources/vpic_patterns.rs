//! The patterns of vPIC, more than a million rows: held as one text and sorted by numbers.

use crate::ImportError;
use crate::table::{self, Effort, escape};
use std::path::Path;

/// The columns that are read, as the CSV form calls them.
pub const PATTERN: [&str; 6] = [
    "VinSchemaId",
    "Keys",
    "ElementId",
    "AttributeId",
    "ChangedOn",
    "Id",
];

/// The columns of our table.
const COLUMNS: &str = "schema\tkey\telement\tvalue\tchanged\tid\n";

/// The rows, each as its line of our table.
#[derive(Default)]
pub struct Patterns {
    text: String,
    rows: Vec<Row>,
}

/// Where a line stands, and what it is sorted by.
struct Row {
    start: u64,
    schema: u32,
    id: u32,
    /// Keys that are numbers come first, by size.
    number: u64,
    key: u8,
    element: u16,
}

impl Patterns {
    /// Adds a row with the cells of [`PATTERN`].
    ///
    /// # Errors
    /// The number of the cell that cannot be right, and why.
    pub fn add(&mut self, cells: [&str; 6]) -> Result<(), (usize, String)> {
        let [schema, key, element, value, changed, id] = cells;
        let wrong = |at: usize| move |_| (at, "not a number that fits".to_owned());
        let row = Row {
            start: self.text.len() as u64,
            schema: schema.parse().map_err(wrong(0))?,
            id: id.parse().map_err(wrong(5))?,
            number: key.parse().unwrap_or(u64::MAX),
            key: u8::try_from(key.len()).map_err(|_| (1, "longer than 255 bytes".to_owned()))?,
            element: element.parse().map_err(wrong(2))?,
        };
        if key.contains(['\\', '\t', '\n', '\r']) {
            return Err((1, "holds what no key can hold".to_owned()));
        }
        self.rows.push(row);
        for cell in [schema, key, element, &escape(value), changed] {
            self.text.push_str(cell);
            self.text.push('\t');
        }
        self.text.push_str(id);
        self.text.push('\n');
        Ok(())
    }

    /// How many bytes the rows take.
    pub fn bytes(&self) -> u64 {
        (self.text.len() + self.rows.len() * size_of::<Row>()) as u64
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Drops the rows whose schema is one of these.
    pub fn drop_schemas(&mut self, schemas: &std::collections::HashSet<String>) {
        let schemas: std::collections::HashSet<u32> = schemas
            .iter()
            .filter_map(|schema| schema.parse().ok())
            .collect();
        self.rows.retain(|row| !schemas.contains(&row.schema));
    }

    fn line(&self, row: &Row) -> &str {
        let rest = &self.text[row.start as usize..];
        rest.find('\n').map_or(rest, |end| &rest[..=end])
    }

    /// The key of a row, which stands after its schema.
    fn key(&self, row: &Row) -> &str {
        let line = self.line(row);
        let at = line.find('\t').map_or(0, |at| at + 1);
        &line[at..at + usize::from(row.key)]
    }

    /// Writes the table, sorted by schema, key, element and id.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(mut self, path: &Path, effort: Effort) -> Result<usize, ImportError> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_unstable_by(|a, b| {
            let by_key = || self.key(a).cmp(self.key(b));
            (a.schema.cmp(&b.schema))
                .then_with(|| a.number.cmp(&b.number))
                .then_with(by_key)
                .then_with(|| (a.element, a.id).cmp(&(b.element, b.id)))
        });
        let mut text = String::with_capacity(self.text.len() + COLUMNS.len());
        text.push_str(COLUMNS);
        for row in &rows {
            text.push_str(self.line(row));
        }
        table::save(path, &text, effort)?;
        Ok(rows.len())
    }
}
