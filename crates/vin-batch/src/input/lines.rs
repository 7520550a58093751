//! Lines of a text, each of a bounded length.

use super::encoding::{self, Decoding};
use super::{Count, Counted};
use crate::{BatchError, Remark, limits};
use std::io::{BufRead as _, BufReader, Read as _};

/// The lines of a text.
pub struct Lines {
    reader: BufReader<Decoding<Counted>>,
    count: Count,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub fn new(input: Counted) -> Self {
        let count = input.count();
        Self {
            reader: BufReader::with_capacity(64 << 10, Decoding::new(input)),
            count,
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line that is not blank, with its number; without blanks around it.
    ///
    /// # Errors
    /// When it cannot be read, is no text, or is too long.
    pub fn next(&mut self) -> Result<Option<(u64, &str)>, BatchError> {
        loop {
            self.line.clear();
            let most = limits::ROW_BYTES as u64;
            let mut limited = (&mut self.reader).take(most + 1);
            let read = limited.read_until(b'\n', &mut self.line);
            if read.map_err(encoding::error)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.len() as u64 > most {
                let place = format!("line {}", self.number);
                return Err(BatchError::limit(place, "bytes", most));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        let text = std::str::from_utf8(&self.line);
        let text =
            text.map_err(|error| BatchError::broken(format!("line {}", self.number), error))?;
        Ok(Some((self.number, text.trim())))
    }

    pub fn count(&self) -> &Count {
        &self.count
    }

    pub fn remark(&mut self) -> Option<Remark> {
        self.reader.get_mut().remark()
    }
}
