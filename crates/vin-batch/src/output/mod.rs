//! Tables of any format, written in frames: threads encode pieces of rows, one after the other they
//! become a file.

mod delimited;
mod jsonl;
mod parquet;
mod sheet;

use crate::{BatchError, Format};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

pub use vin_core::formula::is_harmful;

/// Turns rows into a frame; any thread may.
pub trait Encode: Send + Sync {
    /// The frame of some rows.
    ///
    /// # Errors
    /// When a cell cannot be written in this format.
    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>, BatchError>;
}

/// Puts frames together, in order.
pub trait Assemble {
    /// Adds a frame.
    ///
    /// # Errors
    /// When it cannot be written, or the format holds no more.
    fn add(&mut self, frame: Vec<u8>) -> Result<(), BatchError>;

    /// Completes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> Result<(), BatchError>;
}

/// Where a table is written.
pub enum Target {
    /// A file, and the folder for what must be kept aside meanwhile.
    File(File, PathBuf),
    /// A stream; not for workbooks.
    Stream(Box<dyn Write + Send>),
}

/// What turns rows of `schema` into frames of a format.
///
/// # Errors
/// When the format holds no such table.
pub fn encoder(format: Format, schema: SchemaRef) -> Result<Arc<dyn Encode>, BatchError> {
    Ok(match format {
        Format::Csv => Arc::new(delimited::Rows::new(b',')),
        Format::Tsv => Arc::new(delimited::Rows::new(b'\t')),
        Format::Txt => return Err(read_only()),
        Format::Jsonl => Arc::new(jsonl::Objects::new(&schema)),
        Format::Parquet => Arc::new(parquet::Groups::new(schema)),
        Format::Xlsx => Arc::new(sheet::Cells),
    })
}

/// What puts frames of a format together.
///
/// # Errors
/// When the beginning cannot be written.
pub fn assembler(
    format: Format,
    schema: &SchemaRef,
    target: Target,
) -> Result<Box<dyn Assemble>, BatchError> {
    let stream = |target| -> Box<dyn Write + Send> {
        match target {
            Target::File(file, _) => Box::new(std::io::BufWriter::with_capacity(1 << 16, file)),
            Target::Stream(stream) => stream,
        }
    };
    Ok(match (format, target) {
        (Format::Csv, target) => Box::new(delimited::File::begin(stream(target), schema, b',')?),
        (Format::Tsv, target) => Box::new(delimited::File::begin(stream(target), schema, b'\t')?),
        (Format::Jsonl, target) => Box::new(delimited::File::bare(stream(target))),
        (Format::Parquet, target) => Box::new(parquet::File::begin(stream(target), schema)?),
        (Format::Xlsx, Target::File(file, folder)) => {
            Box::new(sheet::Sheet::begin(file, &folder, schema)?)
        }
        (Format::Xlsx, Target::Stream(_)) => {
            return Err(BatchError::broken(
                "the output",
                "a workbook needs a file: -o",
            ));
        }
        (Format::Txt, _) => return Err(read_only()),
    })
}

fn read_only() -> BatchError {
    BatchError::broken("the output", "txt is only read: write csv or jsonl")
}
