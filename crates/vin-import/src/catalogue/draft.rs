//! Cars and bodies as they are read from the sources, before they have ids and indexes.

use super::name::Name;
use vin_index::catalogue::{ALTERNATIVE, body, parts_words, word};

/// One car.
#[derive(Clone, Debug, Default)]
pub struct Car {
    /// The key of its row, with the name of the source before it: `epa/40670`.
    pub key: String,
    /// Index of its series.
    pub series: usize,
    /// The vPIC model, or 0.
    pub model: u32,
    /// What the source calls it beyond the series.
    pub version: String,
    /// 工信部型号, or empty.
    pub approval: String,
    /// Hashes of its distinguishing words.
    pub words: Vec<u32>,
    /// Its fields as the pack has them; ids, indexes and strings still 0.
    pub values: vin_index::catalogue::Car,
}

/// One body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The key of its row, with the name of the source before it.
    pub key: String,
    /// Index of its series.
    pub series: usize,
    /// Hashes of words that its cars hold.
    pub words: Vec<u32>,
    /// Its fields; indexes and strings still 0.
    pub values: vin_index::catalogue::Body,
}

/// Words of names that tell the form of the body.
const BODY_WORDS: &[(&str, u16)] = &[
    ("sedan", body::SEDAN),
    ("saloon", body::SEDAN),
    ("limousine", body::SEDAN),
    ("coupe", body::COUPE),
    ("fastback", body::COUPE),
    ("convertible", body::CONVERTIBLE),
    ("conv", body::CONVERTIBLE),
    ("cabriolet", body::CONVERTIBLE),
    ("cabrio", body::CONVERTIBLE),
    ("roadster", body::CONVERTIBLE),
    ("spyder", body::CONVERTIBLE),
    ("spider", body::CONVERTIBLE),
    ("volante", body::CONVERTIBLE),
    ("speedster", body::CONVERTIBLE),
    ("targa", body::CONVERTIBLE | body::COUPE),
    ("hatchback", body::HATCHBACK),
    ("hatch", body::HATCHBACK),
    ("sportback", body::HATCHBACK | body::SEDAN | body::SUV),
    ("liftback", body::HATCHBACK),
    ("wagon", body::WAGON | body::VAN),
    ("estate", body::WAGON),
    ("sportwagen", body::WAGON),
    ("avant", body::WAGON),
    ("touring", 0),
    ("suv", body::SUV),
];

/// Words that other fields of the source say, or that tell nothing about the car.
const IDLE_WORDS: &[&str] = &[
    "2dr", "4dr", "5dr", "2wd", "4wd", "awd", "fwd", "rwd", "4x4", "4x2", "2door", "4door", "door",
    "pickup", "truck", "hybrid", "hev", "phev", "plugin", "electric", "ffv", "flex", "cng",
    "diesel", "new", "model",
];

/// The forms of body that the words of a name tell, 0 for none; one that `word` wins nothing.
pub fn body_of_words(text: &str) -> u16 {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let mut found = 0;
    for part in words {
        if let Some((_, bits)) = BODY_WORDS.iter().find(|(name, _)| *name == part) {
            // `Gran Coupe` has four doors, `Sportback` may be an SUV: the words before decide nothing.
            found |= bits;
        }
    }
    if lower.contains("gran coupe") || lower.contains("gran turismo") {
        found = body::SEDAN | body::COUPE | body::HATCHBACK;
    }
    found
}

/// The doors that a name tells: `4Dr`, `2-door`, `5 door`; 0 for none.
pub fn doors_of_words(text: &str) -> u8 {
    let lower = text.to_lowercase();
    let words: Vec<_> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let doors = |word: &str| word.parse().ok().filter(|n| (2..=5).contains(n));
    let mut told = words.iter().enumerate().filter_map(|(at, word)| {
        let digits = word
            .strip_suffix("dr")
            .or_else(|| word.strip_suffix("door"))?;
        match (digits, at) {
            ("", 0) => None,
            ("", at) => doors(words[at - 1]),
            (digits, _) => doors(digits),
        }
    });
    told.next().unwrap_or(0)
}

/// The hashes of the words of `version` that tell this car from others of its series.
///
/// Alternatives (`LE/SE`) stand together, each after the first with [`ALTERNATIVE`] set.
pub fn distinguishing_words(version: &str) -> Vec<u32> {
    let idle = |text: &str| {
        let name = Name::of(text);
        let text = name.text();
        text.is_empty()
            || IDLE_WORDS.contains(&text)
            || BODY_WORDS
                .iter()
                .any(|(word, bits)| *word == text && *bits != 0)
    };
    let mut words = Vec::new();
    for group in version.split(' ') {
        let mut first = true;
        let parts = group.split(|c: char| c.is_ascii() && parts_words(c as u8));
        for part in parts.filter(|part| !idle(part)) {
            words.push(word(part) | if first { 0 } else { ALTERNATIVE });
            first = false;
        }
    }
    words.truncate(12);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_stand_together_and_idle_words_are_left_out() {
        let words = |text| distinguishing_words(text);
        assert_eq!(words("XLE/XSE"), [word("XLE"), word("xse") | ALTERNATIVE]);
        assert_eq!(words("xDrive Sedan"), [word("xdrive")]);
        assert_eq!(words("Pickup 2WD FFV"), [0_u32; 0]);
        assert_eq!(word("X-Drive"), word("xdrive"));
    }

    #[test]
    fn the_words_of_a_name_tell_the_body() {
        assert_eq!(body_of_words("911 Carrera Cabriolet"), body::CONVERTIBLE);
        assert_eq!(body_of_words("Camry LE/SE"), 0);
        assert_eq!(doors_of_words("Civic 4Dr"), 4);
        assert_eq!(doors_of_words("Cooper Hardtop 2 door"), 2);
        assert_eq!(doors_of_words("Wrangler 2-door 4WD"), 2);
        assert_eq!(doors_of_words("Camry LE"), 0);
        assert_eq!(body_of_words("430i Gran Coupe") & body::SEDAN, body::SEDAN);
    }
}
