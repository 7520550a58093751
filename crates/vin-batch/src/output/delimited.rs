//! Values separated by commas or tabs. A cell that a spreadsheet program would run as a formula gets an
//! apostrophe in front, which such a program shows as the text that it is.

use super::{Assemble, Encode, is_harmful};
use crate::BatchError;
use crate::kind::{Cells, table};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::io::Write;

/// Rows as lines.
pub struct Rows {
    separator: u8,
}

impl Rows {
    pub fn new(separator: u8) -> Self {
        Self { separator }
    }
}

impl Encode for Rows {
    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>, BatchError> {
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns());
        let columns = columns.map(|(field, column)| Cells::of(field, column));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(table)?;
        let mut out = Vec::new();
        let mut room = String::new();
        for row in 0..rows.num_rows() {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    out.push(self.separator);
                }
                if let Some(cell) = column.get(row, &mut room) {
                    write_cell(&mut out, &cell, self.separator);
                }
            }
            if columns.len() == 1 && out.ends_with(b"\n") | out.is_empty() {
                // A line without anything is no row for those who read it.
                out.extend_from_slice(b"\"\"");
            }
            out.push(b'\n');
        }
        Ok(out)
    }
}

fn write_cell(out: &mut Vec<u8>, cell: &str, separator: u8) {
    let special = |byte: u8| matches!(byte, b'"' | b'\n' | b'\r') || byte == separator;
    let harmful = is_harmful(cell);
    let quoted = cell.bytes().any(special);
    if quoted {
        out.push(b'"');
    }
    if harmful {
        out.push(b'\'');
    }
    if !quoted {
        return out.extend_from_slice(cell.as_bytes());
    }
    for part in cell.split_inclusive('"') {
        out.extend_from_slice(part.as_bytes());
        if part.ends_with('"') {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

/// A file that is its frames one after the other.
pub struct File {
    out: Box<dyn Write + Send>,
}

impl File {
    /// A file that begins with the names of its columns.
    pub fn begin(
        mut out: Box<dyn Write + Send>,
        schema: &SchemaRef,
        separator: u8,
    ) -> Result<Self, BatchError> {
        let mut line = Vec::new();
        for (at, field) in schema.fields().iter().enumerate() {
            if at > 0 {
                line.push(separator);
            }
            write_cell(&mut line, field.name(), separator);
        }
        line.push(b'\n');
        out.write_all(&line).map_err(written)?;
        Ok(Self { out })
    }

    /// A file without such a beginning.
    pub fn bare(out: Box<dyn Write + Send>) -> Self {
        Self { out }
    }
}

fn written(error: std::io::Error) -> BatchError {
    BatchError::io("the output")(error)
}

impl Assemble for File {
    fn add(&mut self, frame: Vec<u8>) -> Result<(), BatchError> {
        self.out.write_all(&frame).map_err(written)
    }

    fn finish(mut self: Box<Self>) -> Result<(), BatchError> {
        self.out.flush().map_err(written)
    }
}
