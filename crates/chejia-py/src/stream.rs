//! Arrow in, Arrow out: the columns of the source are handed on, the decoded ones added.

use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, ArrayReader, to_schema_pycapsule, to_stream_pycapsule};
use std::sync::{Arc, Mutex, PoisonError};
use vin_batch::choice::{Choice, Wanted};
use vin_batch::decode::Worker;
use vin_batch::{find, run};
use vin_engine::Engine;

/// Decoded batches, decoded while they are read; it can be read once.
#[pyclass(module = "chejia", frozen)]
pub struct Decoded {
    schema: SchemaRef,
    batches: Mutex<Option<Batches>>,
}

struct Batches {
    engine: &'static Engine,
    source: Box<dyn RecordBatchReader + Send>,
    choice: Choice,
    column: usize,
}

/// An array of VINs as a table of one column.
pub fn of_array(array: Box<dyn ArrayReader + Send>) -> Box<dyn RecordBatchReader + Send> {
    let kind = array.field().data_type().clone();
    let schema = Arc::new(Schema::new(vec![Field::new("vin", kind, true)]));
    let columns = schema.clone();
    let batches = array.map(move |array| RecordBatch::try_new(columns.clone(), vec![array?]));
    Box::new(RecordBatchIterator::new(batches, schema))
}

/// Prepares the decoding of `source`.
pub fn decode(
    engine: &'static Engine,
    source: Box<dyn RecordBatchReader + Send>,
    column: Option<&str>,
    wanted: Wanted,
) -> PyResult<Decoded> {
    let refused = |error: vin_batch::BatchError| PyValueError::new_err(error.to_string());
    let input = source.schema();
    let column = find::column(&input, None, column).map_err(refused)?;
    let choice = Choice::new(engine, &input, wanted).map_err(refused)?;
    Ok(Decoded {
        schema: choice.schema(),
        batches: Mutex::new(Some(Batches {
            engine,
            source,
            choice,
            column,
        })),
    })
}

impl Iterator for Batches {
    type Item = Result<ArrayRef, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.source.next()?;
        Some(batch.and_then(|batch| {
            let mut worker = Worker::new(self.engine, &self.choice);
            let rows = run::decode_rows(&mut worker, &self.choice, &batch, self.column)
                .map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
            let rows: ArrayRef = Arc::new(StructArray::from(rows.rows));
            Ok(rows)
        }))
    }
}

#[pymethods]
impl Decoded {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let batches = self
            .batches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let batches = batches.ok_or_else(|| {
            PyRuntimeError::new_err("it was read already: decode_arrow makes another")
        })?;
        let fields = self.schema.fields().clone();
        let field = Field::new_struct("", fields, false).into();
        let reader = Box::new(ArrayIterator::new(batches, field));
        to_stream_pycapsule(py, reader, requested_schema)
    }
}
