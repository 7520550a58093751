//! Tables of any format, read piece by piece.

mod delimited;
mod encoding;
mod gather;
mod head;
mod jsonl;
mod lines;
mod parquet;
mod text;
mod xlsx;

use crate::{BatchError, Format, Remark};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where a table is read from.
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// A stream that can be read once; not for formats that need a file.
    Stream(Box<dyn Read + Send>),
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What was read.
    pub done: u64,
    /// Of how much; 0 when that is not known.
    pub total: u64,
    /// Whether both count rows; otherwise bytes.
    pub rows: bool,
}

/// A table that is being read.
pub trait Source: Send {
    /// Its columns.
    fn schema(&self) -> SchemaRef;

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read, is broken, or is over a limit.
    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError>;

    /// How far it is.
    fn place(&self) -> Place;

    /// What is worth saying since the last time.
    fn remarks(&mut self) -> Vec<Remark>;
}

/// A table whose first rows were looked at.
pub struct Table {
    source: Box<dyn Source>,
    first: Option<RecordBatch>,
}

impl Table {
    /// Opens a table and reads its first rows.
    ///
    /// # Errors
    /// When it cannot be read, is broken, empty, or over a limit.
    pub fn open(origin: Origin, format: Format) -> Result<Self, BatchError> {
        let mut source: Box<dyn Source> = match (format, origin) {
            (Format::Parquet, Origin::File(path)) => Box::new(parquet::Parquet::open(&path)?),
            (Format::Xlsx, Origin::File(path)) => Box::new(xlsx::Workbook::open(path)?),
            (Format::Parquet | Format::Xlsx, Origin::Stream(_)) => {
                let reason = format!("{} is read from its end: name a file", format.name());
                return Err(BatchError::broken("standard input", reason));
            }
            (Format::Jsonl, Origin::File(path)) => Box::new(jsonl::Objects::of_file(&path)?),
            (Format::Jsonl, Origin::Stream(read)) => Box::new(jsonl::Objects::of_stream(read)?),
            (Format::Txt, origin) => Box::new(text::Lines::open(origin.counted()?)?),
            (Format::Csv | Format::Tsv, origin) => {
                let tabs = format == Format::Tsv;
                Box::new(delimited::Delimited::open(origin.counted()?, tabs)?)
            }
        };
        let first = source.next()?;
        Ok(Self { source, first })
    }

    /// Its columns.
    pub fn schema(&self) -> SchemaRef {
        self.source.schema()
    }

    /// The first rows, to look at.
    pub fn sample(&self) -> Option<&RecordBatch> {
        self.first.as_ref()
    }

    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// When the input cannot be read, is broken, or is over a limit.
    pub fn read(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.source.next(),
        }
    }

    /// How far the reading is.
    pub fn place(&self) -> Place {
        self.source.place()
    }

    /// What is worth saying since the last time.
    pub fn remarks(&mut self) -> Vec<Remark> {
        self.source.remarks()
    }
}

/// A stream whose bytes are counted.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
    total: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What is seen of the count from outside.
#[derive(Clone)]
struct Count {
    count: Arc<AtomicU64>,
    total: u64,
}

impl Count {
    fn place(&self) -> Place {
        Place {
            done: self.count.load(Ordering::Relaxed),
            total: self.total,
            rows: false,
        }
    }
}

impl Counted {
    fn count(&self) -> Count {
        Count {
            count: self.count.clone(),
            total: self.total,
        }
    }
}

impl Origin {
    fn counted(self) -> Result<Counted, BatchError> {
        let (inner, total): (Box<dyn Read + Send>, u64) = match self {
            Self::Stream(inner) => (inner, 0),
            Self::File(path) => {
                let io = || BatchError::io(path.display().to_string());
                let file = File::open(&path).map_err(io())?;
                let total = file.metadata().map_err(io())?.len();
                (Box::new(file), total)
            }
        };
        Ok(Counted {
            inner,
            count: Arc::default(),
            total,
        })
    }
}
