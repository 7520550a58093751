//! Decoding: a VIN in, a cell in each added column out.

mod cells;
mod fields;
mod vpic;

use crate::choice::Choice;
use arrow_array::ArrayRef;
use cells::Cells;
use vin_engine::{Decoder, Engine};

/// How a row was decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The vehicle is known, at least its brand; under the pure procedure, its maker.
    Found,
    /// It is a VIN, but of nothing that is known.
    Unknown,
    /// It is no VIN.
    Refused,
}

/// What one thread decodes with.
pub struct Worker<'e> {
    choice: &'e Choice,
    decoder: Decoder<'e>,
    cells: Vec<Cells>,
    rows: usize,
    /// Where each variable of the pure procedure has its column; none is `u16::MAX`.
    places: Box<[u16; 256]>,
    /// What a text is made in.
    room: Vec<u8>,
}

impl<'e> Worker<'e> {
    /// A worker for the columns of `choice`.
    pub fn new(engine: &'e Engine, choice: &'e Choice) -> Self {
        let added = choice.added();
        Self {
            places: vpic::places(&choice.columns),
            cells: added
                .fields()
                .iter()
                .map(|f| Cells::new(f.data_type()))
                .collect(),
            decoder: engine.decoder(choice.wanted.today),
            choice,
            rows: 0,
            room: Vec::new(),
        }
    }

    /// Decodes a cell and adds its row, unless it is left out; nothing is no VIN.
    pub fn row(&mut self, vin: &str) -> Outcome {
        let outcome = match self.choice.wanted.vpic {
            true => self.vpic(vin),
            false => self.fields(vin),
        };
        if self.keeps(outcome) {
            self.rows += 1;
        }
        outcome
    }

    /// Whether a row of that outcome is kept.
    pub fn keeps(&self, outcome: Outcome) -> bool {
        !self.choice.wanted.only_hits || outcome == Outcome::Found
    }

    /// The added columns of the rows since the last time.
    pub fn take(&mut self) -> Vec<ArrayRef> {
        let rows = std::mem::take(&mut self.rows);
        self.cells
            .iter_mut()
            .map(|cells| cells.take(rows))
            .collect()
    }
}
