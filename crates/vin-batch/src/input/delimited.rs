//! Values separated by commas, semicolons or tabs.

use super::encoding::{self, Decoding};
use super::gather::Gather;
use super::head::{self, Head};
use super::{Count, Counted, Place, Source};
use crate::{BatchError, Remark, limits};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use csv::StringRecord;
use std::io::{self, Chain, Cursor, Read};

/// How much is read at once.
const BUFFER: usize = 64 << 10;

/// A text whose bytes are counted from row to row.
struct Bounded<R> {
    inner: R,
    since_row: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What the reader of rows has in its buffer belongs to rows before this one, or to this one.
        if self.since_row > limits::ROW_BYTES + BUFFER {
            let what = "bytes in a row: is a quote never closed?";
            let most = limits::ROW_BYTES as u64;
            return Err(io::Error::other(BatchError::limit("a row", what, most)));
        }
        let read = self.inner.read(buffer)?;
        self.since_row += read;
        Ok(read)
    }
}

type Text = Chain<Cursor<Vec<u8>>, Decoding<Counted>>;

/// A delimited text.
pub struct Delimited {
    reader: csv::Reader<Bounded<Text>>,
    count: Count,
    schema: SchemaRef,
    gather: Gather,
    record: StringRecord,
    /// The first rows, in which the header was looked for.
    first: std::vec::IntoIter<Vec<String>>,
    remarks: Vec<Remark>,
}

impl Delimited {
    pub fn open(input: Counted, tabs: bool) -> Result<Self, BatchError> {
        let count = input.count();
        let mut text = Decoding::new(input);
        let start = start(&mut text).map_err(encoding::error)?;
        let delimiter = if tabs { b'\t' } else { delimiter(&start) };
        let text = Bounded {
            inner: Cursor::new(start).chain(text),
            since_row: 0,
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(text);
        let mut record = StringRecord::new();
        let mut first = Vec::new();
        while first.len() < head::ROWS && read(&mut reader, &mut record)? {
            first.push(record.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        let head = Head::of(&first)?;
        first.drain(..head.skip);
        Ok(Self {
            reader,
            count,
            gather: Gather::new(head.schema.clone()),
            schema: head.schema,
            record,
            first: first.into_iter(),
            remarks: head.remarks,
        })
    }
}

impl Source for Delimited {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        for row in self.first.by_ref() {
            let cells = row.iter().map(|cell| Some(cell.as_str()));
            self.gather.row(cells, || "one of the first rows".into())?;
        }
        while !self.gather.is_full() && read(&mut self.reader, &mut self.record)? {
            let line = || self.record.position().map_or(0, csv::Position::line);
            let place = || format!("line {}", line());
            self.gather.row(self.record.iter().map(Some), place)?;
        }
        self.gather.take()
    }

    fn place(&self) -> Place {
        self.count.place()
    }

    fn remarks(&mut self) -> Vec<Remark> {
        let (_, text) = self.reader.get_mut().inner.get_mut();
        let encoding = text.remark();
        self.remarks.drain(..).chain(encoding).collect()
    }
}

/// The next row; `false` at the end.
fn read<R: Read>(
    reader: &mut csv::Reader<Bounded<R>>,
    record: &mut StringRecord,
) -> Result<bool, BatchError> {
    reader.get_mut().since_row = 0;
    let line = reader.position().line();
    let found = reader.read_record(record).map_err(|error| {
        let place = format!("line {line}");
        match error.into_kind() {
            csv::ErrorKind::Io(error) => match encoding::error(error) {
                BatchError::Limit { what, most, .. } => BatchError::limit(place, what, most),
                error => error,
            },
            kind => BatchError::broken(place, format!("{kind:?}")),
        }
    })?;
    if found && record.len() > limits::COLUMNS {
        let most = limits::COLUMNS as u64;
        return Err(BatchError::limit(format!("line {line}"), "columns", most));
    }
    Ok(found)
}

/// The first bytes of a text.
fn start(text: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    text.take(BUFFER as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// What separates the values: what the first line has most of, outside quotes.
fn delimiter(start: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in start.trim_ascii_start() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
            _ => {}
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn the_first_line_tells_what_separates() {
        for (line, separator) in [
            ("vin", b','),
            ("a,b;c,d", b','),
            ("a;b;\"c,,,\"", b';'),
            ("a\tb", b'\t'),
            ("a|b|c\n,,,,", b'|'),
        ] {
            assert_eq!(delimiter(line.as_bytes()), separator, "{line}");
        }
    }
}
