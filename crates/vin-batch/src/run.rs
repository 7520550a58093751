//! A whole table: read on one thread, decoded and encoded on any number, handed on in order.

use crate::choice::Choice;
use crate::decode::{Outcome, Worker};
use crate::input::{Place, Table};
use crate::kind::{Cells, table as table_error};
use crate::output::Encode;
use crate::{BatchError, Remark};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use vin_engine::Engine;

/// What is done with each row.
pub struct Work {
    /// The decoder.
    pub engine: Arc<Engine>,
    /// The columns that are added.
    pub choice: Choice,
    /// The column of the input that holds the VINs.
    pub column: usize,
    /// What makes frames of the rows.
    pub encoder: Arc<dyn Encode>,
}

/// Rows that are done.
#[derive(Debug, Default)]
pub struct Done {
    /// Their frame; empty when none is left.
    pub frame: Vec<u8>,
    /// How many rows of the input they were.
    pub rows_in: u32,
    /// How many are in the frame.
    pub rows_out: u32,
    /// How many were found, not known, and refused.
    pub found: [u64; 3],
    /// How far the reading was when they were read.
    pub place: Place,
    /// What is worth saying.
    pub remarks: Vec<Remark>,
}

/// Rows that are to be done.
struct Piece {
    rows: RecordBatch,
    place: Place,
    remarks: Vec<Remark>,
}

type Outgoing = Result<Done, BatchError>;

/// Works through `table` from row `skip` on, and hands what is done to `each`, in order.
///
/// # Errors
/// The first error of reading, encoding or `each`. What was read before it has been handed on.
pub fn run(
    table: Table,
    skip: u64,
    threads: usize,
    work: Work,
    mut each: impl FnMut(Done) -> Result<(), BatchError>,
) -> Result<(), BatchError> {
    let mut pieces = Pieces {
        table,
        skip,
        rows: work.choice.rows_at_once(),
        rest: None,
    };
    if threads <= 1 {
        let mut worker = Worker::new(&work.engine, &work.choice);
        while let Some(piece) = pieces.next()? {
            each(work.piece(&mut worker, piece)?)?;
        }
        return Ok(());
    }
    for done in start(pieces, threads, Arc::new(work)) {
        each(done.recv().map_err(|_| BatchError::Worker)??)?;
    }
    Ok(())
}

/// Starts the threads. None is waited for: when whoever takes the results stops, the reader may be
/// waiting for input.
fn start(mut pieces: Pieces, threads: usize, work: Arc<Work>) -> Receiver<Receiver<Outgoing>> {
    let (to_workers, jobs) = sync_channel::<(Piece, SyncSender<Outgoing>)>(1);
    let (to_writer, results) = sync_channel::<Receiver<Outgoing>>(threads + 1);
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..threads {
        let (jobs, work) = (jobs.clone(), work.clone());
        thread::spawn(move || {
            let mut worker = Worker::new(&work.engine, &work.choice);
            loop {
                let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((piece, reply)) = job else { return };
                // Nobody may wait for it any more.
                let _ = reply.send(work.piece(&mut worker, piece));
            }
        });
    }
    thread::spawn(move || {
        loop {
            let (reply, result) = sync_channel(1);
            let piece = pieces.next();
            if matches!(piece, Ok(None)) || to_writer.send(result).is_err() {
                return;
            }
            match piece {
                Ok(None) => return,
                Ok(Some(piece)) => {
                    if to_workers.send((piece, reply)).is_err() {
                        return;
                    }
                }
                Err(error) => {
                    // Nobody may wait for it any more.
                    let _ = reply.send(Err(error));
                    return;
                }
            }
        }
    });
    results
}

/// A table in pieces of a bearable size.
struct Pieces {
    table: Table,
    /// Rows that are done already.
    skip: u64,
    rows: usize,
    rest: Option<RecordBatch>,
}

impl Pieces {
    fn next(&mut self) -> Result<Option<Piece>, BatchError> {
        loop {
            let rows = match self.rest.take() {
                Some(rest) => rest,
                None => match self.table.read()? {
                    Some(rows) => rows,
                    None => return Ok(None),
                },
            };
            let skipped = (rows.num_rows() as u64).min(self.skip);
            self.skip -= skipped;
            // At most the number of rows of a piece.
            let rows = rows.slice(skipped as usize, rows.num_rows() - skipped as usize);
            if rows.num_rows() == 0 {
                continue;
            }
            let now = rows.num_rows().min(self.rows);
            if now < rows.num_rows() {
                self.rest = Some(rows.slice(now, rows.num_rows() - now));
            }
            return Ok(Some(Piece {
                rows: rows.slice(0, now),
                place: self.table.place(),
                remarks: self.table.remarks(),
            }));
        }
    }
}

impl Work {
    fn piece(&self, worker: &mut Worker<'_>, piece: Piece) -> Outgoing {
        let input = &piece.rows;
        let mut done = Done {
            rows_in: u32::try_from(input.num_rows()).unwrap_or(u32::MAX),
            place: piece.place,
            remarks: piece.remarks,
            ..Done::default()
        };
        let decoded = decode_rows(worker, &self.choice, input, self.column)?;
        done.found = decoded.found;
        let left = decoded.rows.num_rows();
        if left > 0 {
            done.frame = self.encoder.encode(&decoded.rows)?;
        }
        done.rows_out = u32::try_from(left).unwrap_or(u32::MAX);
        Ok(done)
    }
}

/// Rows with their added columns.
pub struct Decoded {
    /// The rows that are kept.
    pub rows: RecordBatch,
    /// How many were found, not known, and refused.
    pub found: [u64; 3],
}

/// Adds the columns of `choice` to some rows; those of the input are handed on without a copy.
///
/// # Errors
/// When the column of the VINs has a type that cannot be printed.
pub fn decode_rows(
    worker: &mut Worker<'_>,
    choice: &Choice,
    input: &RecordBatch,
    column: usize,
) -> Result<Decoded, BatchError> {
    let (kept, found) = outcomes(worker, input, column)?;
    let left = kept.iter().filter(|kept| **kept).count();
    let mut columns: Vec<ArrayRef> = input.columns().to_vec();
    if left < kept.len() {
        let mask = BooleanArray::from(kept);
        for column in &mut columns {
            *column = arrow_select::filter::filter(column, &mask).map_err(table_error)?;
        }
    }
    columns.extend(worker.take());
    let options = RecordBatchOptions::new().with_row_count(Some(left));
    let rows = RecordBatch::try_new_with_options(choice.schema(), columns, &options);
    Ok(Decoded {
        rows: rows.map_err(table_error)?,
        found,
    })
}

/// Decodes the VINs of some rows; which of them are kept, and how many of them were found, not known,
/// and refused.
fn outcomes(
    worker: &mut Worker<'_>,
    rows: &RecordBatch,
    column: usize,
) -> Result<(Vec<bool>, [u64; 3]), BatchError> {
    let schema = rows.schema();
    let cells = Cells::of(schema.field(column), rows.column(column)).map_err(table_error)?;
    let mut room = String::new();
    let (mut kept, mut found) = (Vec::with_capacity(rows.num_rows()), [0; 3]);
    for row in 0..rows.num_rows() {
        let vin = cells.get(row, &mut room);
        let outcome = worker.row(vin.as_deref().unwrap_or_default());
        kept.push(worker.keeps(outcome));
        found[match outcome {
            Outcome::Found => 0,
            Outcome::Unknown => 1,
            Outcome::Refused => 2,
        }] += 1;
    }
    Ok((kept, found))
}
