//! A vehicle identification number (车架号): 17 characters, parsed once and then carried as a type.

use crate::{Bilingual, Lang, Wmi, check_digit};
use std::fmt;

/// A well-formed VIN: 17 characters of `A`–`Z` without `I O Q`, and digits.
///
/// Its check digit may be wrong: that is a fact about it, see [`Vin::check_digit_is_right`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vin([u8; 17]);

/// A VIN as it was understood, with what was repaired to understand it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The VIN after the repairs.
    pub vin: Vin,
    /// What was changed in the text that was sent.
    pub repairs: Repairs,
}

/// One kind of repair that turns what people type into a VIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Repair {
    /// Lower-case letters were raised.
    LowerCase,
    /// White space or invisible characters were removed.
    Spacing,
    /// Full-width characters (`Ｗ`, `０`) were narrowed.
    FullWidth,
    /// The letter O, which no VIN holds, was read as 0.
    LetterO,
    /// The letter I, which no VIN holds, was read as 1.
    LetterI,
    /// The letter Q, which no VIN holds, was read as 0.
    LetterQ,
}

impl Repair {
    /// Every kind of repair, in the order in which notes list them.
    pub const ALL: [Self; 6] = [
        Self::LowerCase,
        Self::Spacing,
        Self::FullWidth,
        Self::LetterO,
        Self::LetterI,
        Self::LetterQ,
    ];

    /// The stable code of the note.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LowerCase => "lower_case",
            Self::Spacing => "spacing",
            Self::FullWidth => "full_width",
            Self::LetterO => "letter_o",
            Self::LetterI => "letter_i",
            Self::LetterQ => "letter_q",
        }
    }

    /// The note for people.
    pub const fn text(self) -> Bilingual {
        match self {
            Self::LowerCase => Bilingual {
                zh: "小写字母已转为大写",
                en: "lower-case letters were raised",
            },
            Self::Spacing => Bilingual {
                zh: "已去掉空白字符",
                en: "white space was removed",
            },
            Self::FullWidth => Bilingual {
                zh: "全角字符已转为半角",
                en: "full-width characters were narrowed",
            },
            Self::LetterO => Bilingual {
                zh: "车架号不含字母 O，已按数字 0 处理",
                en: "a VIN holds no letter O; it was read as the digit 0",
            },
            Self::LetterI => Bilingual {
                zh: "车架号不含字母 I，已按数字 1 处理",
                en: "a VIN holds no letter I; it was read as the digit 1",
            },
            Self::LetterQ => Bilingual {
                zh: "车架号不含字母 Q，已按数字 0 处理",
                en: "a VIN holds no letter Q; it was read as the digit 0",
            },
        }
    }
}

/// A set of [`Repair`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs(u8);

impl Repairs {
    fn add(&mut self, repair: Repair) {
        self.0 |= 1 << repair as u8;
    }

    /// Whether nothing was repaired.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `repair` was made.
    pub const fn has(self, repair: Repair) -> bool {
        self.0 & (1 << repair as u8) != 0
    }

    /// The repairs, in the order of [`Repair::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Repair> {
        Repair::ALL.into_iter().filter(move |&r| self.has(r))
    }
}

/// Why a text is no VIN, even after repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VinError {
    /// Nothing but white space.
    Empty,
    /// Not 17 characters.
    Length {
        /// How many characters were left after removing white space.
        found: usize,
    },
    /// A character that no VIN holds.
    Character {
        /// Its place, counted from 1.
        position: usize,
        /// The character as it was sent.
        found: char,
    },
}

impl VinError {
    /// The reason in words.
    pub fn text(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, error) => error.to_string(),
            (Lang::Zh, Self::Empty) => "缺少 vin".into(),
            (Lang::Zh, Self::Length { found }) => format!("vin 应为 17 位，收到 {found} 位"),
            (Lang::Zh, Self::Character { position, found }) => {
                format!("vin 第 {position} 位 {found:?} 不是车架号字符")
            }
        }
    }
}

impl fmt::Display for VinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("vin is empty"),
            Self::Length { found } => {
                write!(f, "vin must have 17 characters, this one has {found}")
            }
            Self::Character { position, found } => {
                write!(
                    f,
                    "vin character {position} is {found:?}, which no VIN holds"
                )
            }
        }
    }
}

impl std::error::Error for VinError {}

fn is_spacing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

impl Vin {
    /// Reads a VIN as people send it: any case, spaces, full-width characters, `O I Q`.
    ///
    /// # Errors
    /// [`VinError`] when 17 valid characters do not remain.
    pub fn parse(text: &str) -> Result<Parsed, VinError> {
        let mut bytes = [0; 17];
        let mut repairs = Repairs::default();
        let mut found = 0;
        let mut bad = None;
        for c in text.chars() {
            if is_spacing(c) {
                repairs.add(Repair::Spacing);
                continue;
            }
            let mut narrow = c;
            if let '\u{ff01}'..='\u{ff5e}' = c {
                repairs.add(Repair::FullWidth);
                narrow = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
            }
            if narrow.is_ascii_lowercase() {
                repairs.add(Repair::LowerCase);
                narrow = narrow.to_ascii_uppercase();
            }
            let byte = match narrow {
                'O' => {
                    repairs.add(Repair::LetterO);
                    b'0'
                }
                'I' => {
                    repairs.add(Repair::LetterI);
                    b'1'
                }
                'Q' => {
                    repairs.add(Repair::LetterQ);
                    b'0'
                }
                'A'..='Z' | '0'..='9' => narrow as u8,
                _ => {
                    bad = bad.or(Some(VinError::Character {
                        position: found + 1,
                        found: c,
                    }));
                    0
                }
            };
            if let Some(slot) = bytes.get_mut(found) {
                *slot = byte;
            }
            found += 1;
        }
        match (found, bad) {
            (0, _) => Err(VinError::Empty),
            (17, None) => Ok(Parsed {
                vin: Self(bytes),
                repairs,
            }),
            (17, Some(error)) => Err(error),
            (found, _) => Err(VinError::Length { found }),
        }
    }

    /// The 17 characters.
    pub const fn as_bytes(&self) -> &[u8; 17] {
        &self.0
    }

    /// The 17 characters as text.
    pub fn as_str(&self) -> &str {
        // Every byte was checked to be ASCII, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The world manufacturer identifier, of three or six characters.
    pub fn wmi(&self) -> Wmi {
        Wmi::of(&self.0)
    }

    /// The vehicle descriptor section, positions 4–9.
    pub fn vds(&self) -> &str {
        &self.as_str()[3..9]
    }

    /// The vehicle indicator section, positions 10–17.
    pub fn vis(&self) -> &str {
        &self.as_str()[9..]
    }

    /// The model-year code, position 10.
    pub const fn year_code(&self) -> u8 {
        self.0[9]
    }

    /// The plant code, position 11.
    pub const fn plant_code(&self) -> u8 {
        self.0[10]
    }

    /// Whether position 9 holds the digit that the others demand.
    pub fn check_digit_is_right(&self) -> bool {
        check_digit::is_right(&self.0)
    }
}

impl fmt::Display for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Vin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vin({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, vin: &str, repairs: &[Repair]) {
        let parsed = Vin::parse(text).expect(text);
        assert_eq!(parsed.vin.as_str(), vin);
        assert_eq!(parsed.repairs.iter().collect::<Vec<_>>(), repairs);
    }

    #[test]
    fn what_people_type_is_repaired_and_the_repair_is_kept() {
        use Repair::{FullWidth, LetterI, LetterO, LetterQ, LowerCase, Spacing};
        check("WP0AA2978BL012976", "WP0AA2978BL012976", &[]);
        check("WPOAA2978BL012976", "WP0AA2978BL012976", &[LetterO]);
        check(
            "wpoaa2978bl012976",
            "WP0AA2978BL012976",
            &[LowerCase, LetterO],
        );
        check(" WP0AA 2978\tBL012976\n", "WP0AA2978BL012976", &[Spacing]);
        check(
            "ＷＰ０ＡＡ２９７８ＢＬ０１２９７６",
            "WP0AA2978BL012976",
            &[FullWidth],
        );
        check(
            "\u{feff}WP0AA2978BL0I2976\u{3000}",
            "WP0AA2978BL012976",
            &[Spacing, LetterI],
        );
        check("WPQAA2978BL012976", "WP0AA2978BL012976", &[LetterQ]);
    }

    #[track_caller]
    fn refuse(text: &str, error: VinError) {
        assert_eq!(Vin::parse(text), Err(error), "{text:?}");
    }

    #[test]
    fn what_is_no_vin_is_refused_with_the_reason() {
        refuse("", VinError::Empty);
        refuse("  \u{3000}", VinError::Empty);
        refuse("WP0AA2978BL01297", VinError::Length { found: 16 });
        refuse("WP0AA2978BL0129766", VinError::Length { found: 18 });
        refuse(
            "WP0AA2978-L012976",
            VinError::Character {
                position: 10,
                found: '-',
            },
        );
        refuse(
            "WP0AA2978车L012976",
            VinError::Character {
                position: 10,
                found: '车',
            },
        );
    }

    #[test]
    fn the_sections_are_those_of_the_standard() {
        let vin = Vin::parse("WP0AA2978BL012976").expect("a VIN").vin;
        assert_eq!(vin.wmi().to_string(), "WP0");
        assert_eq!(vin.vds(), "AA2978");
        assert_eq!(vin.vis(), "BL012976");
        assert_eq!((vin.year_code(), vin.plant_code()), (b'B', b'L'));
        assert!(vin.check_digit_is_right());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = Vin::parse(&text);
        }

        #[test]
        fn printing_and_parsing_are_inverse(text in "[A-HJ-NPR-Z0-9]{17}") {
            let parsed = Vin::parse(&text).expect("valid characters");
            prop_assert_eq!(parsed.vin.to_string(), text);
            prop_assert!(parsed.repairs.is_empty());
        }
    }
}
