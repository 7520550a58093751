//! How names of makes and models are compared: one spelling for all sources.
//!
//! `F-150`, `F150` and `f 150` are the same name. A pattern fits a name when it is the beginning
//! of it and ends where a word ends: `cx5` fits `CX-5 AWD` and not `CX-50`.

use vin_index::names::plain;

/// A name in the spelling that is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Lower-case letters and digits, nothing else.
    text: String,
    /// Where its words end, as offsets in `text`.
    ends: Vec<usize>,
}

impl Name {
    /// The name that `text` spells. A hyphen, dot or apostrophe joins, everything else that is no
    /// letter or digit parts words.
    pub fn of(text: &str) -> Self {
        let mut name = Self::default();
        for c in text.chars().flat_map(char::to_lowercase).map(plain) {
            match c {
                '-' | '.' | '\'' | '’' => {}
                c if c.is_alphanumeric() => name.text.push(c),
                _ => name.end(),
            }
        }
        name.end();
        name
    }

    fn end(&mut self) {
        let at = self.text.len();
        if at > 0 && self.ends.last() != Some(&at) {
            self.ends.push(at);
        }
    }

    /// The letters and digits.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many letters of `pattern` the name begins with, or `None` when it does not fit.
    ///
    /// In a pattern `#` stands for one digit and `*` for any run; a `*` at its end lets it end
    /// within a word.
    pub fn fits(&self, pattern: &str) -> Option<usize> {
        let mut parts = pattern.split('*');
        let first = parts.next().unwrap_or_default();
        let mut at = begins(self.text.as_bytes(), first.as_bytes()).then_some(first.len())?;
        let mut len = first.len();
        for part in parts {
            let rest = self.text.as_bytes().get(at..)?;
            let skipped = (0..=rest.len()).find(|&n| begins(&rest[n..], part.as_bytes()))?;
            at += skipped + part.len();
            len += part.len();
        }
        (pattern.ends_with('*') || self.ends.contains(&at)).then_some(len)
    }

    /// The rest of `text`, the text that this name was made of, after its first `len` letters.
    pub fn tail(text: &str, len: usize) -> &str {
        let mut letters = 0;
        for (at, c) in text.char_indices() {
            if letters == len && !matches!(c, '-' | '.' | '\'' | '’') {
                return text[at..]
                    .trim_start_matches([' ', '-', '/', ','])
                    .trim_end();
            }
            letters += c
                .to_lowercase()
                .map(plain)
                .filter(|c| c.is_alphanumeric())
                .map(char::len_utf8)
                .sum::<usize>();
        }
        ""
    }
}

fn begins(name: &[u8], pattern: &[u8]) -> bool {
    name.len() >= pattern.len()
        && pattern.iter().zip(name).all(|(p, n)| match p {
            b'#' => n.is_ascii_digit(),
            p => p == n,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, fits: bool) {
        let found = Name::of(name).fits(pattern).is_some();
        assert_eq!(found, fits, "{pattern} and {name}");
    }

    #[test]
    fn names_of_all_sources_have_one_spelling() {
        for (text, name) in [
            ("F-150", "f150"),
            ("F150 Pickup 2WD", "f150pickup2wd"),
            ("Mégane", "megane"),
            ("Mustang Mach-E", "mustangmache"),
            ("ID.4", "id4"),
            ("B.M.W.", "bmw"),
            ("Town & Country", "towncountry"),
        ] {
            assert_eq!(Name::of(text).text(), name, "{text}");
        }
    }

    #[test]
    fn a_pattern_ends_where_a_word_ends() {
        check("f150", "F150 Pickup 2WD", true);
        check("f150", "F-150 Lightning", true);
        check("cx5", "CX-5 2WD", true);
        check("cx5", "CX-50 4WD", false);
        check("3series", "3-Series", true);
        check("3series", "3 Series Sports Wagon", true);
        check("rangerover", "Range Rover Sport", true);
        check("c###", "C300 4matic", true);
        check("c###", "C300d", false);
        check("c###*", "C300d", true);
        check("amgc##", "AMG C63 S", true);
        check("amgc##", "AMG CLA45", false);
        check("*convertible", "John Cooper Works Convertible", true);
        check("*convertible", "John Cooper Works Hardtop", false);
        check("eqe*suv", "EQE 350 4matic (SUV)", true);
        check("eqe*suv", "EQE 350 4matic", false);
    }

    #[test]
    fn what_comes_after_the_series_is_the_version() {
        for (text, name, tail) in [
            ("F-150 Lightning 4WD", "F150", "Lightning 4WD"),
            ("Camry XLE/XSE", "Camry", "XLE/XSE"),
            ("ID.4", "ID.4", ""),
            ("CX-5", "CX5", ""),
        ] {
            assert_eq!(
                Name::tail(text, Name::of(name).text().len()),
                tail,
                "{text}"
            );
        }
    }
}
