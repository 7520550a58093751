//! The string section: texts with a 16-bit length before each, named by their offset.

/// A view of a string section.
#[derive(Clone, Copy)]
pub struct Strings<'a>(pub(crate) &'a [u8]);

impl<'a> Strings<'a> {
    /// A view of the bytes of a string section.
    pub fn new(section: &'a [u8]) -> Self {
        Self(section)
    }

    /// The bytes of the text at `offset`; empty when there is none (a damaged pack).
    pub fn bytes(&self, offset: u32) -> &'a [u8] {
        let bytes = || {
            let at = offset as usize;
            let len = u16::from_le_bytes([*self.0.get(at)?, *self.0.get(at + 1)?]);
            self.0.get(at + 2..at + 2 + usize::from(len))
        };
        bytes().unwrap_or_default()
    }

    /// The text at `offset`; empty when there is none, or it is no UTF-8 (a damaged pack).
    pub fn get(&self, offset: u32) -> &'a str {
        std::str::from_utf8(self.bytes(offset)).unwrap_or_default()
    }
}
