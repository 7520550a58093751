//! Parquet files: columns keep their types.

use super::{Place, Source};
use crate::{BatchError, Remark, limits};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// A Parquet file.
pub struct Parquet {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    rows: u64,
    total: u64,
}

fn broken(error: impl std::fmt::Display) -> BatchError {
    BatchError::broken("the Parquet file", error)
}

impl Parquet {
    pub fn open(path: &Path) -> Result<Self, BatchError> {
        let mut file = File::open(path).map_err(BatchError::io(path.display().to_string()))?;
        footer(&mut file)?;
        let options = ArrowReaderOptions::new();
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(broken)?;
        check(metadata.metadata())?;
        let total = metadata
            .metadata()
            .file_metadata()
            .num_rows()
            .unsigned_abs();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let schema = builder.schema().clone();
        let width = schema.fields().len();
        if width > limits::COLUMNS {
            return Err(BatchError::limit(
                "the Parquet file",
                "columns",
                limits::COLUMNS as u64,
            ));
        }
        if width == 0 {
            return Err(BatchError::Empty);
        }
        // A wide table is read in pieces of fewer rows.
        let rows = (limits::PIECE_BYTES / 16 / width).clamp(256, limits::PIECE_ROWS);
        let reader = builder.with_batch_size(rows).build().map_err(broken)?;
        Ok(Self {
            reader,
            schema,
            rows: 0,
            total,
        })
    }
}

/// The file ends as a Parquet file does, with metadata of a bearable size.
fn footer(file: &mut File) -> Result<(), BatchError> {
    let io = |error| BatchError::io("the Parquet file")(error);
    let size = file.metadata().map_err(io)?.len();
    if size == 0 {
        return Err(BatchError::Empty);
    }
    let mut end = [0; 8];
    if size >= 12 {
        file.seek(SeekFrom::End(-8)).map_err(io)?;
        file.read_exact(&mut end).map_err(io)?;
        file.rewind().map_err(io)?;
    }
    if &end[4..] != b"PAR1" {
        return Err(broken(
            "its end is missing: it was cut off, or is no Parquet file",
        ));
    }
    let length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    if length > limits::FOOTER_BYTES {
        let most = limits::FOOTER_BYTES;
        return Err(BatchError::limit(
            "the Parquet file",
            "bytes of metadata",
            most,
        ));
    }
    Ok(())
}

/// No column of a row group unpacks to more than may be held in memory.
fn check(metadata: &ParquetMetaData) -> Result<(), BatchError> {
    for (at, group) in metadata.row_groups().iter().enumerate() {
        for column in group.columns() {
            if column.uncompressed_size().unsigned_abs() > limits::COLUMN_CHUNK_BYTES {
                let place = format!("column {} of row group {at}", column.column_path().string());
                let most = limits::COLUMN_CHUNK_BYTES;
                return Err(BatchError::limit(place, "bytes when unpacked", most));
            }
        }
    }
    Ok(())
}

impl Source for Parquet {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        let Some(batch) = self.reader.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(|error| {
            let place = format!("after row {} of the Parquet file", self.rows);
            BatchError::broken(place, error)
        })?;
        self.rows += batch.num_rows() as u64;
        Ok(Some(batch))
    }

    fn place(&self) -> Place {
        Place {
            done: self.rows,
            total: self.total,
            rows: true,
        }
    }

    fn remarks(&mut self) -> Vec<Remark> {
        Vec::new()
    }
}
