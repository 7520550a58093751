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

/// The middle one of the sorted numbers twice, or the middle two.
pub fn middle(numbers: &[u32]) -> Option<(u32, u32)> {
    let mut sorted = [0; MOST];
    let sorted = sorted.get_mut(..numbers.len())?;
    sorted.copy_from_slice(numbers);
    sorted.sort_unstable();
    let last = numbers.len().checked_sub(1)?;
    Some((sorted[last / 2], sorted[numbers.len() / 2]))
}
