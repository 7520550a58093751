//! A column that is being filled. Rows that it is told nothing about are empty, and cost nothing.

use arrow_array::builder::{Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{Array as _, ArrayRef};
use arrow_schema::DataType;
use std::sync::Arc;

/// The cells of one column.
pub enum Cells {
    Text(StringBuilder),
    Int(Int64Builder),
    Number(Float64Builder),
}

impl Cells {
    pub fn new(kind: &DataType) -> Self {
        match kind {
            DataType::Int64 => Self::Int(Int64Builder::new()),
            DataType::Float64 => Self::Number(Float64Builder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    /// Sets the cell of `row`, which is none before the last; an empty text is no cell.
    pub fn text(&mut self, row: usize, text: &str) {
        if let Self::Text(cells) = self
            && !text.is_empty()
        {
            let missing = row + 1 - cells.offsets_slice().len();
            if missing > 0 {
                cells.append_nulls(missing);
            }
            cells.append_value(text);
        }
    }

    /// Sets the cell of `row`.
    pub fn int(&mut self, row: usize, int: i64) {
        if let Self::Int(cells) = self {
            cells.append_nulls(row - cells.values_slice().len());
            cells.append_value(int);
        }
    }

    /// Sets the cell of `row`.
    pub fn number(&mut self, row: usize, number: f64) {
        if let Self::Number(cells) = self {
            cells.append_nulls(row - cells.values_slice().len());
            cells.append_value(number);
        }
    }

    /// The column of so many rows.
    pub fn take(&mut self, rows: usize) -> ArrayRef {
        let column: ArrayRef = match self {
            Self::Text(cells) => {
                cells.append_nulls(rows + 1 - cells.offsets_slice().len());
                Arc::new(cells.finish())
            }
            Self::Int(cells) => {
                cells.append_nulls(rows - cells.values_slice().len());
                Arc::new(cells.finish())
            }
            Self::Number(cells) => {
                cells.append_nulls(rows - cells.values_slice().len());
                Arc::new(cells.finish())
            }
        };
        debug_assert_eq!(column.len(), rows);
        column
    }
}
