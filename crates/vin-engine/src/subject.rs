//! What is decoded: the characters of a VIN as they came, in the forms that the steps need.

use vin_core::wmi::Wmi;
use vin_index::vpic::symbol;

/// Stands where the VIN is too short; no key holds it.
const MISSING: u8 = 1;
/// Stands for a non-ASCII character, as in the procedure that is followed here.
const FOREIGN: u8 = b'&';
/// The symbol of a character that no class names.
const NO_SYMBOL: u8 = 63;

/// The symbol of every ASCII character.
static SYMBOLS: [u8; 128] = {
    let mut symbols = [NO_SYMBOL; 128];
    let mut c = 0;
    while c < 128 {
        if let Some(bit) = symbol(c as u8) {
            symbols[c] = bit;
        }
        c += 1;
    }
    symbols
};

/// The places (from 0) of the ten characters that keys speak of: positions 4–8 and 10–14.
pub(crate) const KEY_PLACES: [usize; 10] = [3, 4, 5, 6, 7, 9, 10, 11, 12, 13];

/// A VIN, complete or not.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    bytes: [u8; 17],
    len: u8,
    /// What follows the 17th character.
    pub excess: String,
    /// The characters of [`KEY_PLACES`], then nothing.
    pub key: [u8; 16],
    /// Their symbols.
    pub symbols: [u8; 10],
    /// How many of the ten places the VIN reaches.
    pub reach: u8,
}

impl Subject {
    /// Reads a text: trimmed, upper-cased, non-ASCII characters made [`FOREIGN`].
    pub fn new(text: &str) -> Self {
        let mut bytes = [0; 17];
        let mut len = 0;
        let mut excess = String::new();
        match <&[u8; 17]>::try_from(text.as_bytes()) {
            // Nearly every VIN comes like this.
            Ok(plain) if plain.iter().all(u8::is_ascii_graphic) => {
                bytes = plain.map(|c| c.to_ascii_uppercase());
                len = 17;
            }
            _ => {
                for c in text.trim().chars() {
                    let byte = if c.is_ascii() {
                        (c as u8).to_ascii_uppercase()
                    } else {
                        FOREIGN
                    };
                    match bytes.get_mut(len) {
                        Some(slot) => {
                            *slot = byte;
                            len += 1;
                        }
                        None => excess.push(char::from(byte)),
                    }
                }
            }
        }
        let mut key = [MISSING; 16];
        let mut symbols = [NO_SYMBOL; 10];
        let mut reach = 0;
        for (at, &place) in KEY_PLACES.iter().enumerate() {
            if place < len {
                key[at] = bytes[place];
                symbols[at] = SYMBOLS[usize::from(bytes[place] & 127)];
                reach = at as u8 + 1;
            }
        }
        Self {
            bytes,
            len: len as u8,
            excess,
            key,
            symbols,
            reach,
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// All 17 characters, if there are so many.
    pub fn whole(&self) -> Option<&[u8; 17]> {
        (self.len == 17).then_some(&self.bytes)
    }

    /// The character in a position (from 1), also beyond the 17th.
    pub fn at(&self, position: usize) -> Option<u8> {
        let excess = || self.excess.as_bytes().get(position.checked_sub(18)?);
        self.as_bytes().get(position - 1).or_else(excess).copied()
    }

    pub fn wmi(&self) -> Wmi {
        Wmi::of(self.as_bytes())
    }
}
