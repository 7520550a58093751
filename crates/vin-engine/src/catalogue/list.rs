//! A short list of indexes without allocation.

/// How many indexes are kept; of more only the number is known.
pub const MOST: usize = 48;

/// Indexes of a table.
#[derive(Clone, Copy, Debug)]
pub struct List {
    at: [u32; MOST],
    count: usize,
}

impl Default for List {
    fn default() -> Self {
        Self {
            at: [0; MOST],
            count: 0,
        }
    }
}

impl List {
    /// Empties the list.
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds an index, as long as there is room.
    pub fn push(&mut self, index: u32) {
        if let Some(slot) = self.at.get_mut(self.count) {
            *slot = index;
            self.count += 1;
        }
    }

    /// The indexes.
    pub fn as_slice(&self) -> &[u32] {
        &self.at[..self.count]
    }
}
