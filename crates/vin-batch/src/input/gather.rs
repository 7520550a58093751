//! Rows of texts, gathered into columns until a piece is full.

use crate::kind::table;
use crate::{BatchError, limits};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// The columns of a piece that is being filled.
pub struct Gather {
    schema: SchemaRef,
    columns: Vec<StringBuilder>,
    rows: usize,
    bytes: usize,
}

impl Gather {
    pub fn new(schema: SchemaRef) -> Self {
        let columns = schema.fields().iter().map(|_| StringBuilder::new());
        Self {
            columns: columns.collect(),
            schema,
            rows: 0,
            bytes: 0,
        }
    }

    /// Adds a row; cells that are missing are empty. Cells beyond the last column must be empty too.
    ///
    /// # Errors
    /// When one of these is not: it would be lost.
    pub fn row<'c>(
        &mut self,
        mut cells: impl Iterator<Item = Option<&'c str>>,
        place: impl Fn() -> String,
    ) -> Result<(), BatchError> {
        for column in &mut self.columns {
            match cells.next().flatten() {
                Some(cell) => {
                    column.append_value(cell);
                    self.bytes += cell.len();
                }
                None => column.append_null(),
            }
            self.bytes += 4;
        }
        if cells.any(|cell| cell.is_some_and(|cell| !cell.is_empty())) {
            let most = self.columns.len();
            let reason = format!("more cells than the {most} columns of the header");
            return Err(BatchError::broken(place(), reason));
        }
        self.rows += 1;
        Ok(())
    }

    /// Whether the piece is full.
    pub fn is_full(&self) -> bool {
        self.rows >= limits::PIECE_ROWS || self.bytes >= limits::PIECE_BYTES
    }

    /// The rows so far; `None` when there are none.
    pub fn take(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        if self.rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter_mut();
        let columns = columns.map(|column| Arc::new(column.finish()) as ArrayRef);
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch =
            RecordBatch::try_new_with_options(self.schema.clone(), columns.collect(), &options);
        (self.rows, self.bytes) = (0, 0);
        batch.map(Some).map_err(table)
    }
}
