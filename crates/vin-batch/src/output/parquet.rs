//! Parquet. A frame is a whole file of one row group in memory; a file is the row groups of its frames,
//! copied without being encoded again.

use super::{Assemble, Encode};
use crate::BatchError;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use std::io::Write;
use std::sync::Arc;

/// How the columns are written. Statistics would cost a comparison for each cell, and say nothing about
/// cars in no order.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(None)
        .set_created_by("chejia".to_owned())
        .build()
}

fn failed(error: ParquetError) -> BatchError {
    BatchError::broken("the Parquet output", error)
}

/// Rows as a file of one row group.
pub struct Groups {
    schema: SchemaRef,
    properties: WriterProperties,
}

impl Groups {
    pub fn new(schema: SchemaRef) -> Self {
        Self {
            schema,
            properties: properties(),
        }
    }
}

impl Encode for Groups {
    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>, BatchError> {
        let properties = Some(self.properties.clone());
        let mut writer =
            ArrowWriter::try_new(Vec::new(), self.schema.clone(), properties).map_err(failed)?;
        writer.write(rows).map_err(failed)?;
        writer.into_inner().map_err(failed)
    }
}

/// A file that is being put together.
pub struct File {
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
}

impl File {
    pub fn begin(out: Box<dyn Write + Send>, schema: &SchemaRef) -> Result<Self, BatchError> {
        let mut properties = properties();
        let columns = ArrowSchemaConverter::new()
            .convert(schema)
            .map_err(failed)?;
        add_encoded_arrow_schema_to_metadata(schema, &mut properties);
        let root = columns.root_schema_ptr();
        let writer = SerializedFileWriter::new(out, root, Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer })
    }
}

impl Assemble for File {
    fn add(&mut self, frame: Vec<u8>) -> Result<(), BatchError> {
        let frame = Bytes::from(frame);
        let metadata = ParquetMetaDataReader::new()
            .parse_and_finish(&frame)
            .map_err(failed)?;
        for group in metadata.row_groups() {
            let mut into = self.writer.next_row_group().map_err(failed)?;
            for column in group.columns() {
                let closed = ColumnCloseResult {
                    bytes_written: column.compressed_size().unsigned_abs(),
                    rows_written: group.num_rows().unsigned_abs(),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                into.append_column(&frame, closed).map_err(failed)?;
            }
            into.close().map_err(failed)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), BatchError> {
        let mut out = self.writer.into_inner().map_err(failed)?;
        out.flush().map_err(BatchError::io("the output"))
    }
}
