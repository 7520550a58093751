//! The number of a person's identity card (公民身份号码, GB 11643): 18 characters, read once and then
//! carried as a type that does not print itself. Whether it was ever given to anybody is not known here.

use crate::{Date, Lang};
use std::fmt;

/// A well-formed number of a person. `{:?}` of it prints `***`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdNumber([u8; 18]);

/// The provinces that a number can begin with (GB/T 2260), and 81 to 83 of residence permits.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// The check character of each remainder (ISO 7064, MOD 11-2).
const CHECKS: [u8; 11] = *b"10X98765432";

/// Why a text is no number of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdNumberError {
    /// Not 18 characters.
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that does not stand there: 17 digits, then a digit or X.
    Character {
        /// Its place, counted from 1.
        position: usize,
        /// The character as it was sent.
        found: char,
    },
    /// Characters 1 and 2 are no province.
    Region,
    /// Characters 7 to 14 are no day, or one that is still to come.
    Birth,
    /// The last character does not fit the others: one of them is wrong.
    Check,
}

impl IdNumber {
    /// Reads a number; `today` is the latest day of birth.
    ///
    /// # Errors
    /// [`IdNumberError`].
    pub fn parse(text: &str, today: Date) -> Result<Self, IdNumberError> {
        let text = text.trim();
        let found = text.chars().count();
        if found != 18 {
            return Err(IdNumberError::Length { found });
        }
        let mut bytes = [0; 18];
        for (at, (byte, found)) in bytes.iter_mut().zip(text.chars()).enumerate() {
            *byte = match found {
                '0'..='9' => found as u8,
                'x' | 'X' if at == 17 => b'X',
                found => {
                    let position = at + 1;
                    return Err(IdNumberError::Character { position, found });
                }
            };
        }
        let digits = |from: usize, to: usize| {
            let digits = bytes[from..to].iter();
            digits.fold(0, |sum, byte| sum * 10 + u16::from(byte - b'0'))
        };
        if !PROVINCES.map(u16::from).contains(&digits(0, 2)) {
            return Err(IdNumberError::Region);
        }
        let (year, month, day) = (digits(6, 10), digits(10, 12), digits(12, 14));
        let born = Date::parse(&format!("{year:04}-{month:02}-{day:02}"));
        if born.is_none_or(|born| born > today) {
            return Err(IdNumberError::Birth);
        }
        match check(&bytes) == bytes[17] {
            true => Ok(Self(bytes)),
            false => Err(IdNumberError::Check),
        }
    }

    /// The number itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        // Every byte is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What lists show of it: its first three and its last two characters.
    pub fn masked(&self) -> String {
        let text = self.reveal();
        format!("{}*************{}", &text[..3], &text[16..])
    }
}

/// The check character that the other 17 demand: each place weighs twice the one after it.
fn check(bytes: &[u8; 18]) -> u8 {
    let sum = bytes[..17].iter().fold(0, |sum, byte| {
        // 2 · (…) mod 11, as the standard's weights 7 9 10 5 8 4 2 1 6 3 … come about.
        (sum + u32::from(byte - b'0')) * 2 % 11
    });
    CHECKS[sum as usize]
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(***)")
    }
}

impl IdNumberError {
    /// The reason in words.
    pub fn text(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Zh, Self::Length { found }) => format!("身份证号应为 18 位，收到 {found} 位"),
            (Lang::En, Self::Length { found }) => {
                format!("an identity number has 18 characters, not {found}")
            }
            (Lang::Zh, Self::Character { position, found }) => {
                format!("身份证号第 {position} 位 {found:?} 有误：前 17 位为数字，末位为数字或 X")
            }
            (Lang::En, Self::Character { position, found }) => {
                format!("character {position}, {found:?}, is wrong: 17 digits, then a digit or X")
            }
            (Lang::Zh, Self::Region) => "身份证号前两位不是省级代码".to_owned(),
            (Lang::En, Self::Region) => "characters 1 and 2 are no province".to_owned(),
            (Lang::Zh, Self::Birth) => "身份证号第 7 至 14 位不是有效的出生日期".to_owned(),
            (Lang::En, Self::Birth) => "characters 7 to 14 are no day of birth".to_owned(),
            (Lang::Zh, Self::Check) => "身份证号校验位不符，请检查每一位".to_owned(),
            (Lang::En, Self::Check) => {
                "the last character does not fit the others: one of them is wrong".to_owned()
            }
        }
    }
}

impl fmt::Display for IdNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for IdNumberError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the standard, and of the documents of two libraries.
    const SAMPLES: [&str; 4] = [
        "11010519491231002X",
        "440524188001010014",
        "360426199101010071",
        "44011320141005001x",
    ];

    fn read(text: &str) -> Result<IdNumber, IdNumberError> {
        IdNumber::parse(text, Date::parse("2026-11-24").expect("a date"))
    }

    #[track_caller]
    fn refuse(text: &str, error: IdNumberError) {
        assert_eq!(read(text), Err(error), "{text}");
    }

    #[test]
    fn the_examples_of_the_standard_are_numbers_and_print_nothing() {
        for text in SAMPLES {
            let number = read(&format!(" {text} ")).expect(text);
            assert_eq!(number.reveal(), text.to_uppercase());
            assert_eq!(format!("{number:?}"), "IdNumber(***)");
            let masked = number.masked();
            assert_eq!((masked.len(), masked.matches('*').count()), (18, 13));
            assert!(!masked.contains(&text[6..14]), "{masked}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let character = |position, found| IdNumberError::Character { position, found };
        refuse("", IdNumberError::Length { found: 0 });
        refuse("130503670401001", IdNumberError::Length { found: 15 });
        refuse("1101051949123100２X", character(17, '２'));
        refuse("X1010519491231002X", character(1, 'X'));
        refuse("01010519491231002X", IdNumberError::Region);
        refuse("11010519490231002X", IdNumberError::Birth);
        refuse("110105194902290024", IdNumberError::Birth);
        refuse("110105202611250024", IdNumberError::Birth);
        refuse("110105194912310021", IdNumberError::Check);
    }

    #[test]
    fn every_changed_character_and_every_swap_of_neighbours_is_noticed() {
        for text in SAMPLES.map(str::to_uppercase) {
            let bytes = text.as_bytes();
            for at in 0..18 {
                for other in *b"0123456789X" {
                    let mut changed = bytes.to_vec();
                    changed[at] = other;
                    let changed = String::from_utf8(changed).expect("ASCII");
                    assert_eq!(read(&changed).is_ok(), other == bytes[at], "{changed}");
                }
                let mut swapped = bytes.to_vec();
                swapped.swap(at, (at + 1).min(17));
                let swapped = String::from_utf8(swapped).expect("ASCII");
                assert_eq!(read(&swapped).is_ok(), swapped == text, "{swapped}");
            }
        }
    }

    #[test]
    fn the_check_alone_notices_each_of_them_too() {
        // Apart from region and day of birth: the sum of the standard, weight by weight.
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        for text in SAMPLES.map(str::to_uppercase) {
            let bytes: [u8; 18] = text.as_bytes().try_into().expect("18 bytes");
            let digits = bytes.iter().zip(weights);
            let sum: usize = digits.map(|(byte, w)| usize::from(byte - b'0') * w).sum();
            assert_eq!(CHECKS[sum % 11], check(&bytes));
            for at in 0..17 {
                for other in b'0'..=b'9' {
                    let mut changed = bytes;
                    changed[at] = other;
                    assert_eq!(check(&changed) == bytes[17], other == bytes[at], "{at}");
                }
            }
            for at in 0..16 {
                let mut swapped = bytes;
                swapped.swap(at, at + 1);
                assert_eq!(check(&swapped) == bytes[17], swapped == bytes, "{at}");
            }
        }
    }
}
