//! Plain text: a VIN on each line.

use super::gather::Gather;
use super::{Counted, Place, Source, lines};
use crate::{BatchError, Remark, find, kind};
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use std::sync::Arc;

/// The name of the only column.
const COLUMN: &str = "line";

/// Lines that are a column of their own.
pub struct Lines {
    lines: lines::Lines,
    gather: Gather,
    schema: SchemaRef,
    /// The first line, where it is no header.
    first: Option<String>,
}

impl Lines {
    pub fn open(input: Counted) -> Result<Self, BatchError> {
        let mut lines = lines::Lines::new(input);
        let first = match lines.next()? {
            None => return Err(BatchError::Empty),
            Some((_, line)) => (!find::is_vin_name(line)).then(|| line.to_owned()),
        };
        let schema = Arc::new(Schema::new(vec![kind::text(COLUMN)]));
        Ok(Self {
            lines,
            gather: Gather::new(schema.clone()),
            schema,
            first,
        })
    }
}

impl Source for Lines {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        let place = String::new;
        if let Some(first) = self.first.take() {
            self.gather.row([Some(first.as_str())].into_iter(), place)?;
        }
        while !self.gather.is_full() {
            match self.lines.next()? {
                None => break,
                Some((_, line)) => self.gather.row([Some(line)].into_iter(), place)?,
            }
        }
        self.gather.take()
    }

    fn place(&self) -> Place {
        self.lines.count().place()
    }

    fn remarks(&mut self) -> Vec<Remark> {
        self.lines.remark().into_iter().collect()
    }
}
