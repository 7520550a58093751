//! The unified social credit code of an organisation (统一社会信用代码, GB 32100): 18 characters, read once
//! and then carried as a type that does not print itself. Whether anybody has it is not known here.

use crate::Lang;
use std::fmt;

/// A well-formed code of an organisation. `{:?}` of it prints `***`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CreditCode([u8; 18]);

/// The characters of a code, each standing for its place here: digits and letters without I O S V Z.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Why a text is no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreditCodeError {
    /// Not 18 characters.
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no code has.
    Character {
        /// Its place, counted from 1.
        position: usize,
        /// The character as it was sent.
        found: char,
    },
    /// A character of the region, 3 to 8, is no digit.
    Region {
        /// Its place, counted from 1.
        position: usize,
    },
    /// The last character does not fit the others: one of them is wrong.
    Check,
}

impl CreditCode {
    /// Reads a code.
    ///
    /// # Errors
    /// [`CreditCodeError`].
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let text = text.trim();
        let found = text.chars().count();
        if found != 18 {
            return Err(CreditCodeError::Length { found });
        }
        let (mut bytes, mut values) = ([0; 18], [0; 18]);
        for (at, found) in text.chars().enumerate() {
            let upper = found.to_ascii_uppercase();
            let value = CHARACTERS.iter().position(|c| char::from(*c) == upper);
            let position = at + 1;
            let Some(value) = value else {
                return Err(CreditCodeError::Character { position, found });
            };
            if (2..8).contains(&at) && value > 9 {
                return Err(CreditCodeError::Region { position });
            }
            (bytes[at], values[at]) = (CHARACTERS[value], value);
        }
        match check(&values) == values[17] {
            true => Ok(Self(bytes)),
            false => Err(CreditCodeError::Check),
        }
    }

    /// The code itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        // Every byte is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What lists show of it: its first four and its last two characters.
    pub fn masked(&self) -> String {
        let text = self.reveal();
        format!("{}************{}", &text[..4], &text[16..])
    }
}

/// The value of the check character that the other 17 demand: with it the sum of all, each place
/// weighing three times the one before it, is a multiple of 31 (GB 32100, after ISO 7064).
fn check(values: &[usize; 18]) -> usize {
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CreditCode(***)")
    }
}

impl CreditCodeError {
    /// The reason in words.
    pub fn text(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Zh, Self::Length { found }) => {
                format!("统一社会信用代码应为 18 位，收到 {found} 位")
            }
            (Lang::En, Self::Length { found }) => {
                format!("a unified social credit code has 18 characters, not {found}")
            }
            (Lang::Zh, Self::Character { position, found }) => {
                format!(
                    "统一社会信用代码第 {position} 位 {found:?} 有误：只含数字与字母，且不含 I、O、S、V、Z"
                )
            }
            (Lang::En, Self::Character { position, found }) => format!(
                "character {position}, {found:?}, is wrong: digits and letters, without I, O, S, V and Z"
            ),
            (Lang::Zh, Self::Region { position }) => {
                format!("统一社会信用代码第 {position} 位有误：第 3 至 8 位为数字")
            }
            (Lang::En, Self::Region { position }) => {
                format!("character {position} is wrong: characters 3 to 8 are digits")
            }
            (Lang::Zh, Self::Check) => "统一社会信用代码校验位不符，请检查每一位".to_owned(),
            (Lang::En, Self::Check) => {
                "the last character does not fit the others: one of them is wrong".to_owned()
            }
        }
    }
}

impl fmt::Display for CreditCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for CreditCodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published in documents of libraries, and of the standard.
    const SAMPLES: [&str; 3] = [
        "91110000600037341L",
        "91350100M000100Y43",
        "911101085923662400",
    ];

    #[track_caller]
    fn refuse(text: &str, error: CreditCodeError) {
        assert_eq!(CreditCode::parse(text), Err(error), "{text}");
    }

    #[test]
    fn published_codes_are_codes_and_print_nothing() {
        for text in SAMPLES {
            let code = CreditCode::parse(&text.to_lowercase()).expect(text);
            assert_eq!(code.reveal(), text);
            assert_eq!(format!("{code:?}"), "CreditCode(***)");
            let masked = code.masked();
            assert_eq!((masked.len(), masked.matches('*').count()), (18, 12));
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        refuse("91110000", CreditCodeError::Length { found: 8 });
        for found in ['I', 'O', 'S', 'V', 'Z', '车'] {
            let text = format!("9111000060003734{found}L");
            let position = 17;
            refuse(&text, CreditCodeError::Character { position, found });
        }
        let position = 3;
        refuse("91A10000600037341L", CreditCodeError::Region { position });
        refuse("91110000600037342L", CreditCodeError::Check);
    }

    #[test]
    fn every_changed_character_and_every_swap_of_neighbours_is_noticed() {
        for text in SAMPLES {
            let bytes = text.as_bytes();
            for at in 0..18 {
                for other in b'0'..=b'Z' {
                    let mut changed = bytes.to_vec();
                    changed[at] = other;
                    let changed = String::from_utf8(changed).expect("ASCII");
                    let is_read = CreditCode::parse(&changed).is_ok();
                    assert_eq!(is_read, other == bytes[at], "{changed}");
                }
                let mut swapped = bytes.to_vec();
                swapped.swap(at, (at + 1).min(17));
                let swapped = String::from_utf8(swapped).expect("ASCII");
                let is_read = CreditCode::parse(&swapped).is_ok();
                assert_eq!(is_read, swapped == text, "{swapped}");
            }
        }
    }

    #[test]
    fn the_check_alone_notices_each_of_them_too() {
        // The weights as the standard prints them.
        let weights = [
            1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
        ];
        for text in SAMPLES {
            let value = |c: u8| CHARACTERS.iter().position(|own| *own == c).expect("one");
            let mut values = [0; 18];
            for (value_of, c) in values.iter_mut().zip(text.bytes()) {
                *value_of = value(c);
            }
            let sum: usize = values.iter().zip(weights).map(|(v, w)| v * w).sum();
            assert_eq!(check(&values), (31 - sum % 31) % 31);
            for at in 0..17 {
                for other in 0..31 {
                    let mut changed = values;
                    changed[at] = other;
                    assert_eq!(check(&changed) == values[17], other == values[at], "{at}");
                }
            }
            for at in 0..16 {
                let mut swapped = values;
                swapped.swap(at, at + 1);
                assert_eq!(check(&swapped) == values[17], swapped == values, "{at}");
            }
        }
    }
}
