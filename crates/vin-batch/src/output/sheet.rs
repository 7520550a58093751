//! Workbooks of one sheet. A frame is its cells as bytes; the sheet is written row by row and kept in a
//! temporary file. Texts are texts, never formulas, and one that looks like a formula stays one also
//! when it is edited.

use super::{Assemble, Encode, is_harmful};
use crate::kind::{Cells as Column, table};
use crate::{BatchError, limits};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::fs::File;
use std::path::Path;

/// What a cell holds, as one byte before it.
const EMPTY: u8 = 0;
const TEXT: u8 = 1;
const NUMBER: u8 = 2;
/// The last cell of a row was before.
const END: u8 = 3;

/// Rows as cells.
pub struct Cells;

impl Encode for Cells {
    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>, BatchError> {
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns());
        let columns = columns.map(|(field, column)| Column::of(field, column));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(table)?;
        let mut out = Vec::new();
        let mut room = String::new();
        for row in 0..rows.num_rows() {
            for column in &columns {
                let literal = column.is_literal();
                let Some(text) = column.get(row, &mut room) else {
                    out.push(EMPTY);
                    continue;
                };
                // More digits than a cell holds stay a text.
                let number = literal && text.len() <= 15 && text.parse::<f64>().is_ok();
                out.push(if number { NUMBER } else { TEXT });
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                out.extend_from_slice(&length.to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            out.push(END);
        }
        Ok(out)
    }
}

/// A workbook that is being written.
pub struct Sheet {
    book: Workbook,
    file: File,
    quoted: Format,
    row: u32,
}

fn failed(error: XlsxError) -> BatchError {
    match error {
        XlsxError::IoError(source) => BatchError::io("the workbook")(source),
        error => BatchError::broken("the workbook", error),
    }
}

impl Sheet {
    pub fn begin(file: File, folder: &Path, schema: &SchemaRef) -> Result<Self, BatchError> {
        let mut book = Workbook::new();
        book.set_tempdir(folder).map_err(failed)?;
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        let bold = Format::new().set_bold();
        for (at, field) in (0..).zip(schema.fields()) {
            sheet
                .write_string_with_format(0, at, field.name(), &bold)
                .map_err(failed)?;
        }
        Ok(Self {
            book,
            file,
            quoted: Format::new().set_quote_prefix(),
            row: 1,
        })
    }
}

/// The next bytes of a frame that this file wrote.
fn taken<'f>(frame: &mut &'f [u8], count: usize) -> Option<&'f [u8]> {
    let (taken, rest) = frame.split_at_checked(count)?;
    *frame = rest;
    Some(taken)
}

fn cell<'f>(frame: &mut &'f [u8]) -> Option<&'f str> {
    let length = taken(frame, 4)?.try_into().map(u32::from_le_bytes).ok()?;
    std::str::from_utf8(taken(frame, length as usize)?).ok()
}

impl Assemble for Sheet {
    fn add(&mut self, frame: Vec<u8>) -> Result<(), BatchError> {
        let mut frame = frame.as_slice();
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        let mut column = 0;
        while let Some([kind]) = taken(&mut frame, 1) {
            let row = self.row;
            if u64::from(row) >= limits::SHEET_ROWS {
                return Err(BatchError::Unwritable {
                    row: row.into(),
                    reason: format!(
                        "a sheet holds {} rows with its header: write csv or parquet",
                        limits::SHEET_ROWS
                    ),
                });
            }
            match *kind {
                END => {
                    self.row += 1;
                    column = 0;
                    continue;
                }
                EMPTY => {}
                kind => {
                    let text = cell(&mut frame).unwrap_or_default();
                    if text.len() > limits::SHEET_CELL
                        && text.chars().map(char::len_utf16).sum::<usize>() > limits::SHEET_CELL
                    {
                        return Err(BatchError::Unwritable {
                            row: row.into(),
                            reason: format!(
                                "column {} has a text of more than {} characters, which no sheet holds: leave it out with --columns, or write csv or parquet",
                                column + 1,
                                limits::SHEET_CELL
                            ),
                        });
                    }
                    let number = text.parse::<f64>().ok().filter(|_| kind == NUMBER);
                    let written = match number {
                        Some(number) => sheet.write_number(row, column, number),
                        None if is_harmful(text) => {
                            sheet.write_string_with_format(row, column, text, &self.quoted)
                        }
                        None => sheet.write_string(row, column, text),
                    };
                    written.map_err(failed)?;
                }
            }
            column += 1;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), BatchError> {
        self.book.save_to_writer(&mut self.file).map_err(failed)
    }
}
