//! The sections of names: which brand or series a text means, and how people write them.

use crate::layout::records;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`CatalogueName`]s, sorted by hash.
pub const NAMES: u32 = 64;
/// [`Spelling`]s of [`crate::catalogue::BRANDS`], in their order.
pub const BRAND_SPELLINGS: u32 = 65;
/// [`Spelling`]s of [`crate::catalogue::TYPES`], in their order.
pub const TYPE_SPELLINGS: u32 = 66;

records! {
    /// What a brand, or a series of a brand, is called.
    CatalogueName {
        /// See [`hash`].
        hash: U32,
        /// String: the brand.
        brand: U32,
        /// String: the series; 0 when the brand as such is meant.
        series: U32,
        /// Index in [`crate::catalogue::TYPES`], or of a brand in [`crate::catalogue::BRANDS`].
        at: U32,
    }

    /// How a name is written by those who look for it; each text in the spelling of [`spelt`],
    /// with a blank between words or syllables.
    Spelling {
        /// String: the Chinese name, without blanks.
        zh: U32,
        /// String: its pinyin, a syllable for each character: `bao shi jie`.
        pinyin: U32,
        /// String: the first letters of the syllables, other words whole: `bsj`.
        initials: U32,
        /// String: the English name.
        en: U32,
        /// Its place in a list in Chinese order.
        rank: U32,
        /// The letter that a list in Chinese order has it under, `#` for none.
        initial: u8,
        /// Padding.
        reserved: [u8; 3],
    }
}

/// A text as it is compared: letters and digits only, in lower case and without accents.
pub fn spelt(text: &str) -> String {
    text.chars()
        .filter_map(letter)
        .flat_map(char::to_lowercase)
        .map(plain)
        .collect()
}

/// A letter or digit, a full-width one as the usual one.
fn letter(c: char) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    c.is_alphanumeric().then_some(c)
}

/// The plain letter of one with an accent; others as they are.
pub const fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'š' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// The hash of a name (FNV-1a); `series` is empty when a brand is meant.
pub fn hash(brand: &str, series: &str) -> u32 {
    // No text holds 0xff, so that the two never run into each other.
    let bytes = brand.bytes().chain([0xff]).chain(series.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_stands_for_all() {
        for (text, spelling) in [
            ("F-150", "f150"),
            (" Mégane R.S. ", "meganers"),
            ("ＣＳ７５　ＰＬＵＳ", "cs75plus"),
            ("宋 Pro DM-i", "宋prodmi"),
            ("!?", ""),
        ] {
            assert_eq!(spelt(text), spelling, "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_name_never_run_into_each_other() {
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
        assert_ne!(hash("ab", ""), hash("a", "b"));
    }
}
