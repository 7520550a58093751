//! A set of elements, one bit for each of the 256 ids.

use vin_index::vpic::Element;

/// A set of elements.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct ElementSet(pub [u64; 4]);

impl ElementSet {
    /// The elements with a flag.
    pub fn of(elements: &[Element], flag: u8) -> Self {
        let mut set = Self::default();
        for (element, record) in (0..=255).zip(elements) {
            if record.flags & flag != 0 {
                set.add(element);
            }
        }
        set
    }

    /// Whether it is in.
    pub fn has(&self, element: u8) -> bool {
        self.0[usize::from(element >> 6)] >> (element & 63) & 1 == 1
    }

    /// Adds one.
    pub fn add(&mut self, element: u8) {
        self.0[usize::from(element >> 6)] |= 1 << (element & 63);
    }

    /// The elements, ascending.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..4).flat_map(move |word| {
            let mut bits = self.0[word];
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
                (bit < 64).then(|| word as u8 * 64 + bit as u8)
            })
        })
    }
}
