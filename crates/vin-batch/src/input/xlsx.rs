//! Workbooks: the first sheet with cells, row by row. Numbers and dates become the texts that they are
//! written as.
//!
//! The archive is unpacked once to nowhere before anything reads it, so that one that swells is refused
//! while it takes no memory.

use super::gather::Gather;
use super::head::{self, Head};
use super::{Place, Source};
use crate::{BatchError, Remark, limits};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use calamine::{DataRef, Reader as _, Xlsx, XlsxCellReader};
use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

type Sent = Result<RecordBatch, BatchError>;

/// A workbook that a thread of its own reads: what reads a sheet borrows the book.
pub struct Workbook {
    schema: SchemaRef,
    pieces: Receiver<Sent>,
    rows: u64,
    remarks: Vec<Remark>,
}

impl Workbook {
    pub fn open(path: PathBuf) -> Result<Self, BatchError> {
        check(&path)?;
        let (to_us, pieces) = sync_channel(1);
        let (say, said) = sync_channel(1);
        thread::spawn(move || {
            if let Err(error) = read(&path, &say, &to_us) {
                // Whoever waits, waits for one of both; nobody may.
                let _ = to_us.send(Err(error));
            }
        });
        let Ok((schema, remarks)) = said.recv() else {
            return Err(match pieces.recv() {
                Ok(Err(error)) => error,
                _ => BatchError::Worker,
            });
        };
        Ok(Self {
            schema,
            pieces,
            rows: 0,
            remarks,
        })
    }
}

impl Source for Workbook {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, BatchError> {
        let Ok(piece) = self.pieces.recv() else {
            return Ok(None);
        };
        let piece = piece?;
        self.rows += piece.num_rows() as u64;
        Ok(Some(piece))
    }

    fn place(&self) -> Place {
        Place {
            done: self.rows,
            total: 0,
            rows: true,
        }
    }

    fn remarks(&mut self) -> Vec<Remark> {
        std::mem::take(&mut self.remarks)
    }
}

fn broken(error: impl std::fmt::Display) -> BatchError {
    BatchError::broken("the workbook", format!("not whole: {error}"))
}

/// Unpacks every member to nowhere and counts.
fn check(path: &Path) -> Result<(), BatchError> {
    let file = File::open(path).map_err(BatchError::io(path.display().to_string()))?;
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    if archive.len() > limits::WORKBOOK_MEMBERS {
        let most = limits::WORKBOOK_MEMBERS as u64;
        return Err(BatchError::limit("the workbook", "members", most));
    }
    let mut left = limits::WORKBOOK_BYTES;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(broken)?;
        let shared = member
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let most = if shared {
            left.min(limits::SHARED_BYTES)
        } else {
            left
        };
        let read = io::copy(&mut member.take(most + 1), &mut io::sink()).map_err(broken)?;
        if read > most {
            return Err(match shared && most == limits::SHARED_BYTES {
                true => BatchError::limit(
                    "the workbook",
                    "bytes of texts that cells share, unpacked; save it as CSV",
                    limits::SHARED_BYTES,
                ),
                false => BatchError::limit(
                    "the workbook",
                    "bytes when unpacked; save it as CSV",
                    limits::WORKBOOK_BYTES,
                ),
            });
        }
        left -= read;
    }
    Ok(())
}

type Said = SyncSender<(SchemaRef, Vec<Remark>)>;

fn read(path: &Path, say: &Said, pieces: &SyncSender<Sent>) -> Result<(), BatchError> {
    let file = File::open(path).map_err(BatchError::io(path.display().to_string()))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(broken)?;
    let titles = book.sheet_names();
    for (at, title) in titles.iter().enumerate() {
        // A sheet of charts alone has no cells.
        let Ok(cells) = book.worksheet_cells_reader(title) else {
            continue;
        };
        let mut rows = Rows::new(cells);
        let mut first = Vec::new();
        while first.len() < head::ROWS
            && let Some((number, row)) = rows.next()?
        {
            first.push((number, row));
        }
        if first.is_empty() {
            continue;
        }
        let cells: Vec<_> = first.iter().map(|(_, row)| row.clone()).collect();
        let mut head = Head::of(&cells)?;
        let others: Vec<_> = titles
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != at)
            .collect();
        if !others.is_empty() {
            let left: Vec<_> = others.iter().map(|(_, title)| title.as_str()).collect();
            head.remarks.push(Remark::Sheet {
                read: title.clone(),
                left: left.join(", "),
            });
        }
        // Nobody may listen any more.
        let _ = say.send((head.schema.clone(), head.remarks));
        let mut gather = Gather::new(head.schema);
        let mut first = first.into_iter().skip(head.skip);
        loop {
            let row = match first.next() {
                Some(row) => Some(row),
                None => rows.next()?,
            };
            let Some((number, row)) = row else { break };
            let cells = row
                .iter()
                .map(|cell| (!cell.is_empty()).then_some(cell.as_str()));
            gather.row(cells, || format!("row {number}"))?;
            if gather.is_full()
                && let Some(piece) = gather.take()?
                && pieces.send(Ok(piece)).is_err()
            {
                return Ok(());
            }
        }
        if let Some(piece) = gather.take()? {
            let _ = pieces.send(Ok(piece));
        }
        return Ok(());
    }
    Err(BatchError::Empty)
}

/// The rows of a sheet that have cells.
struct Rows<'b> {
    cells: XlsxCellReader<'b, BufReader<File>>,
    /// The first cell of the next row.
    next: Option<(u32, usize, String)>,
    ended: bool,
}

impl<'b> Rows<'b> {
    fn new(cells: XlsxCellReader<'b, BufReader<File>>) -> Self {
        Self {
            cells,
            next: None,
            ended: false,
        }
    }

    fn cell(&mut self) -> Result<Option<(u32, usize, String)>, BatchError> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        // Past its end the sheet would count as one that was cut off.
        while !self.ended {
            let Some(cell) = self.cells.next_cell().map_err(broken)? else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            if column as usize >= limits::COLUMNS {
                let place = format!("row {}", row + 1);
                return Err(BatchError::limit(place, "columns", limits::COLUMNS as u64));
            }
            return Ok(Some((row, column as usize, text)));
        }
        Ok(None)
    }

    /// The next row with its number, from 1.
    fn next(&mut self) -> Result<Option<(u32, Vec<String>)>, BatchError> {
        let mut current: Option<(u32, Vec<String>)> = None;
        while let Some((row, column, text)) = self.cell()? {
            let (number, cells) = current.get_or_insert_with(|| (row + 1, Vec::new()));
            if *number != row + 1 {
                self.next = Some((row, column, text));
                break;
            }
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column] = text;
        }
        Ok(current)
    }
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => day,
                _ => format!("{day} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
