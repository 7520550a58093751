//! A code that is redeemed for calls: 18 characters that are drawn and 2 that check them.

use super::number::{ALPHABET, drawn};
use crate::Random;
use std::fmt;

/// How many characters are drawn: 90 bits.
const DRAWN: usize = 18;
/// The largest prime that two characters hold. Each place weighs another power of 32, so that every
/// single wrong character and every two neighbours that changed places are seen.
const MODULUS: u32 = 1_021;

/// A code. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Reads a code as people type it: in any case, with dashes and blanks, O for 0, I and L for 1.
    /// `None` when a character is wrong.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut text = String::new();
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            text.push(match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => c,
                _ => return None,
            });
        }
        let fits = text.len() == DRAWN + 2 && text[DRAWN..] == check(&text[..DRAWN]);
        fits.then_some(Self(text))
    }

    pub(crate) fn random(random: &dyn Random) -> Self {
        let text = drawn(random, DRAWN);
        let check = check(&text);
        Self(text + &check)
    }

    /// The code in clear, without dashes.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The code in clear, in groups of five.
    pub fn grouped(&self) -> String {
        let parts: Vec<_> = (0..self.0.len())
            .step_by(5)
            .map(|at| &self.0[at..at + 5])
            .collect();
        parts.join("-")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(***)")
    }
}

/// The two characters that check a text of the alphabet.
fn check(text: &str) -> String {
    let value = |byte: u8| ALPHABET.iter().position(|own| *own == byte).unwrap_or(0) as u32;
    let sum = text
        .bytes()
        .fold(0, |sum, byte| (sum * 32 + value(byte)) % MODULUS);
    let letter = |value: u32| char::from(ALPHABET[value as usize % 32]);
    [letter(sum / 32), letter(sum)].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte = (at * 37 + 11) as u8;
            }
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::random(&Counting);
        let grouped = code.grouped();
        assert_eq!(grouped.len(), 23, "{grouped}");
        let typed = [
            grouped.clone(),
            grouped.to_lowercase(),
            format!("  {} ", grouped.replace('-', " ")),
            grouped.replace('0', "o").replace('1', "l"),
        ];
        for typed in typed {
            assert_eq!(Code::parse(&typed).as_ref(), Some(&code), "{typed}");
        }
        assert_eq!(format!("{code:?}"), "Code(***)");
    }

    #[test]
    fn every_wrong_character_and_every_exchange_is_seen() {
        let code = Code::random(&Counting);
        let right: Vec<u8> = code.reveal().bytes().collect();
        let refused = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).expect("ASCII");
            assert_eq!(Code::parse(text), None, "{text}");
        };
        for at in 0..right.len() {
            for other in ALPHABET.iter().filter(|other| **other != right[at]) {
                let mut wrong = right.clone();
                wrong[at] = *other;
                refused(&wrong);
            }
            if at + 1 < right.len() && right[at] != right[at + 1] {
                let mut wrong = right.clone();
                wrong.swap(at, at + 1);
                refused(&wrong);
            }
        }
        for wrong in [
            "",
            "0",
            &code.reveal()[1..],
            "UUUUU-UUUUU-UUUUU-UUUUU",
            "码",
        ] {
            assert_eq!(Code::parse(wrong), None, "{wrong}");
        }
    }
}
