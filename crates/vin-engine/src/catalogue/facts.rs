//! What a decode says about a car, in the codes that the catalogue is searched with.

use crate::decode::Decoder;
use crate::pass::{Rule, element};
use vin_index::catalogue::{EUROPE, NORTH_AMERICA, body, electric, form, parts_words, word};
use vin_index::vpic::VALUE_TURBO;

/// The variables that are looked at.
mod variable {
    pub const BED: u8 = 3;
    pub const CAB: u8 = 4;
    pub const BODY_CLASS: u8 = 5;
    pub const CYLINDERS: u8 = 9;
    pub const DISPLACEMENT_L: u8 = 13;
    pub const DOORS: u8 = 14;
    pub const DRIVE_TYPE: u8 = 15;
    pub const FUEL_PRIMARY: u8 = 24;
    pub const SERIES: u8 = 34;
    pub const TRANSMISSION: u8 = 37;
    pub const TRIM: u8 = 38;
    pub const WHEELBASE_TYPE: u8 = 60;
    pub const BED_LENGTH_IN: u8 = 49;
    pub const GEARS: u8 = 63;
    pub const FUEL_SECONDARY: u8 = 66;
    pub const POWER_HP: u8 = 71;
    pub const TRIM2: u8 = 109;
    pub const SERIES2: u8 = 110;
    pub const WHEELBASE_IN: u8 = 111;
    pub const WHEELBASE_TO_IN: u8 = 112;
    pub const ELECTRIFICATION: u8 = 126;
    pub const OTHER_ENGINE_INFO: u8 = 129;
    pub const TURBO: u8 = 135;
}

/// How many words are kept.
const MOST_WORDS: usize = 32;

/// What is known about the car that is looked for; 0 or an empty set: not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// The vPIC model.
    pub model: u32,
    /// The model year.
    pub year: u16,
    /// Displacement in mL.
    pub displacement: u16,
    /// Cylinders.
    pub cylinders: u8,
    /// The codes of fuels that fit, as bits.
    pub fuels: u16,
    /// See [`electric`]; 0 also when the decode does not say.
    pub electric: u8,
    /// The codes of drives that fit, as bits.
    pub drives: u8,
    /// The codes of gearboxes that fit, as bits.
    pub gearboxes: u8,
    /// The codes of gearboxes that fit less well, as bits.
    pub near_gearboxes: u8,
    /// Gears.
    pub gears: u8,
    /// Forms of body that fit, bits of [`body`].
    pub body: u16,
    /// Doors.
    pub doors: u8,
    /// The cab of a pick-up by vPIC's id.
    pub cab: u8,
    /// Whether the engine has a turbocharger, where that is said.
    pub turbo: Option<bool>,
    /// Power in 0.1 kW.
    pub power: u16,
    /// Wheelbase in mm.
    pub wheelbase: u16,
    /// What it is called, and the bed, bits of [`form`].
    pub forms: u16,
    /// The market that the car was built for, see [`vin_index::catalogue::market`].
    pub market: u8,
    words: [u32; MOST_WORDS],
    word_count: u8,
    /// Whether a text says hybrid, and not as one of several: `Base/Hybrid`.
    hybrid: bool,
    /// A bit per word, so that most others are known to be absent at once.
    filter: u64,
}

fn bits(codes: &[u8]) -> u8 {
    codes.iter().fold(0, |set, code| set | 1 << code)
}

fn filter_bit(word: u32) -> u64 {
    1 << (word >> 1 & 63)
}

impl Facts {
    /// The facts of the answer that `decoder` holds, about a car of `year`.
    pub(crate) fn of(decoder: &Decoder<'_>, year: Option<u16>) -> Self {
        let read = Reader { decoder };
        let mut facts = Self {
            model: read.id(element::MODEL),
            year: year.unwrap_or(0),
            displacement: read.number(variable::DISPLACEMENT_L, 1000.0),
            cylinders: read.number(variable::CYLINDERS, 1.0).min(255) as u8,
            electric: read.id(variable::ELECTRIFICATION) as u8,
            gears: read.number(variable::GEARS, 1.0).min(255) as u8,
            doors: read.number(variable::DOORS, 1.0).min(255) as u8,
            cab: read.id(variable::CAB).min(255) as u8,
            power: read.number(variable::POWER_HP, 7.457),
            wheelbase: read.wheelbase(),
            forms: read.forms(),
            // Europe's makers fill positions that they do not use.
            market: match decoder.subject.as_bytes().get(3..6) {
                Some(b"ZZZ") => EUROPE,
                _ => NORTH_AMERICA,
            },
            turbo: read.turbo(),
            drives: drives(read.id(variable::DRIVE_TYPE)),
            body: body_of(read.id(variable::BODY_CLASS)),
            ..Self::default()
        };
        (facts.gearboxes, facts.near_gearboxes) = gearboxes(read.id(variable::TRANSMISSION));
        let fuel = read.id(variable::FUEL_PRIMARY);
        facts.fuels = fuels(fuel);
        let second = read.id(variable::FUEL_SECONDARY);
        facts.electrify(fuel, second);
        for variable in [
            element::MODEL,
            variable::SERIES,
            variable::TRIM,
            variable::TRIM2,
            variable::SERIES2,
        ] {
            facts.add_words(read.text(variable));
        }
        if facts.electric == electric::BATTERY {
            facts.add_motors(decoder);
            // A name that other cars share: Equinox EV.
            facts.add_word("ev");
        }
        if facts.body & body::PICKUP != 0 {
            // Beds and generations of pick-ups that nothing else tells apart.
            facts.add_joined("bed", read.text(variable::BED_LENGTH_IN));
            if let Some(begin) = decoder.subject.as_bytes().get(..4) {
                facts.add_word(std::str::from_utf8(begin).unwrap_or_default());
            }
        }
        facts.read_words();
        facts
    }

    /// Tesla says by the motors which variant it is: `Dual Motor – Performance`.
    fn add_motors(&mut self, decoder: &Decoder<'_>) {
        let said = decoder
            .best
            .multi
            .iter()
            .filter(|(e, _)| *e == variable::OTHER_ENGINE_INFO);
        for (_, item) in said {
            let text = decoder.text(item.value);
            self.add_words(text);
            if self.drives == 0 && text.starts_with("Dual Motor") {
                self.drives = ALL_WHEELS;
            } else if self.drives == 0 && text.starts_with("Single Motor") {
                self.drives = TWO_WHEELS;
            }
        }
    }

    fn electrify(&mut self, fuel: u32, second: u32) {
        /// vPIC's ids of fuels.
        const ELECTRIC: u32 = 2;
        if self.electric == 0 {
            self.electric = match (fuel, second) {
                (ELECTRIC, 0) => electric::BATTERY,
                (0, _) => 0,
                (ELECTRIC, _) | (_, ELECTRIC) => electric::SOME,
                _ => 0,
            };
        }
        // With a battery only, whatever else is said; with an engine, its fuel.
        if self.electric == electric::BATTERY {
            self.fuels = 1 << 3;
        } else if fuel == ELECTRIC && second != 0 {
            self.fuels = fuels(second);
        }
    }

    /// Adds the words of a text of the decode, and for `GLE350-4M` its parts too.
    pub fn add_words(&mut self, text: &str) {
        let alone = !text.contains('/');
        let mut letter = "";
        for whole in text.split(|c: char| c.is_ascii() && parts_words(c as u8)) {
            self.add_word(whole);
            if letter.len() == 1 {
                // `S line` is one word to others.
                self.add_joined(letter, whole);
            }
            letter = whole;
            self.hybrid |= alone && HYBRID_WORDS.contains(&word(whole));
            if whole.contains('-') {
                whole
                    .split('-')
                    .filter(|part| part.len() > 1)
                    .for_each(|part| self.add_word(part));
            }
        }
    }

    fn add_joined(&mut self, a: &str, b: &str) {
        let mut both = [0; 16];
        let len = a.len() + b.len();
        if let Some(joined) = both.get_mut(..len) {
            joined[..a.len()].copy_from_slice(a.as_bytes());
            joined[a.len()..].copy_from_slice(b.as_bytes());
            self.add_word(std::str::from_utf8(joined).unwrap_or_default());
        }
    }

    fn add_word(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // What the trade writes in two ways.
        let text = match text {
            t if t.eq_ignore_ascii_case("4m") => "4matic",
            t if t.eq_ignore_ascii_case("hev") => "hybrid",
            t => t,
        };
        let word = word(text);
        if self.filter & filter_bit(word) != 0 && self.has(word) {
            return;
        }
        if let Some(slot) = self.words.get_mut(usize::from(self.word_count)) {
            *slot = word;
            self.word_count += 1;
            self.filter |= filter_bit(word);
        }
    }

    /// Whether the decode holds a word.
    pub(super) fn has(&self, word: u32) -> bool {
        self.filter & filter_bit(word) != 0
            && self.words[..usize::from(self.word_count)].contains(&word)
    }

    /// What words say that no variable does: `Prius Hybrid`, `A4 quattro`, `SDrive`.
    fn read_words(&mut self) {
        if self.electric == 0 && self.hybrid {
            self.electric = electric::SOME;
        }
        if self.drives == 0 {
            let said = DRIVE_WORDS.iter().find(|(words, _)| self.has_any(words));
            self.drives = said.map_or(0, |(_, drives)| *drives);
        }
    }

    fn has_any(&self, words: &[u32]) -> bool {
        words.iter().any(|word| self.has(*word))
    }
}

const HYBRID_WORDS: [u32; 3] = [word("hybrid"), word("hev"), word("phev")];
/// Words of drives; the first that is said counts.
const DRIVE_WORDS: [(&[u32], u8); 4] = [
    (
        &[
            word("awd"),
            word("4wd"),
            word("4x4"),
            word("quattro"),
            word("4matic"),
            word("4motion"),
            word("sh-awd"),
            word("xdrive"),
            word("all4"),
        ],
        ALL_WHEELS,
    ),
    (&[word("sdrive"), word("2wd"), word("4x2")], TWO_WHEELS),
    (&[word("fwd")], 1 << 1),
    (&[word("rwd")], 1 << 2),
];

const ALL_WHEELS: u8 = 1 << 3 | 1 << 4 | 1 << 5;
const TWO_WHEELS: u8 = 1 << 1 | 1 << 2;

/// The drives of the catalogue that vPIC's drive type can be.
fn drives(id: u32) -> u8 {
    match id {
        1 => 1 << 1,
        2 | 3 => ALL_WHEELS,
        4 => 1 << 2,
        7 => TWO_WHEELS,
        _ => 0,
    }
}

/// The gearboxes that vPIC's transmission style is, and those that it may stand for: vPIC calls
/// many a dual-clutch and continuously variable one automatic.
fn gearboxes(id: u32) -> (u8, u8) {
    match id {
        2 => (bits(&[1, 6, 5, 7]), bits(&[3, 4])),
        3 => (bits(&[2]), 0),
        4 | 7 => (bits(&[3, 4]), bits(&[1])),
        8 | 14 => (bits(&[5, 6]), bits(&[1])),
        15 => (bits(&[7]), bits(&[1])),
        _ => (0, 0),
    }
}

/// The fuels of the catalogue that vPIC's primary fuel can be.
fn fuels(id: u32) -> u16 {
    match id {
        1 => 1 << 2,
        2 => 1 << 3,
        // Cars for petrol and E85 are listed under either.
        4 | 10 | 15 => 1 << 1 | 1 << 7,
        6 | 17 => 1 << 5,
        8 | 18 => 1 << 4,
        9 => 1 << 6,
        _ => 0,
    }
}

/// The forms of body that vPIC's body class can be.
fn body_of(id: u32) -> u16 {
    match id {
        1 | 10 => body::CONVERTIBLE,
        2 => body::MINIVAN | body::VAN,
        // vPIC calls some coupés of four doors so.
        3 => body::COUPE | body::HATCHBACK,
        5 => body::HATCHBACK | body::WAGON,
        7 | 8 => body::SUV | body::WAGON | body::HATCHBACK,
        9 | 95 => body::VAN | body::MINIVAN,
        13 => body::SEDAN,
        15 => body::WAGON | body::HATCHBACK,
        60 | 119 => body::PICKUP,
        _ => 0,
    }
}

struct Reader<'d, 'p> {
    decoder: &'d Decoder<'p>,
}

impl<'p> Reader<'_, 'p> {
    fn text(&self, variable: u8) -> &'p str {
        self.decoder
            .item(variable)
            .map_or("", |item| match item.rule {
                Rule::Default => "",
                _ => self.decoder.text(item.value),
            })
    }

    /// The id of a value that has a name in a lookup table.
    fn id(&self, variable: u8) -> u32 {
        let item = self
            .decoder
            .item(variable)
            .filter(|item| item.rule != Rule::Default);
        item.map_or(0, |item| self.decoder.view.id(item.value))
    }

    /// A number in units of `1 / scale`.
    fn number(&self, variable: u8, scale: f32) -> u16 {
        let number: f32 = self.text(variable).trim().parse().unwrap_or(0.0);
        // A value outside saturates, and no number is 0.
        (number * scale).round() as u16
    }

    /// The wheelbase in mm, unless a range is given.
    fn wheelbase(&self) -> u16 {
        let to = self.number(variable::WHEELBASE_TO_IN, 25.4);
        let from = self.number(variable::WHEELBASE_IN, 25.4);
        if to == 0 || to == from { from } else { 0 }
    }

    fn forms(&self) -> u16 {
        let bit = |id: u32, first: usize, count: usize| match id as usize {
            id if (1..=count).contains(&id) => 1 << (first + id - 1),
            _ => 0,
        };
        let wheelbases = form::WHEELBASES.len();
        bit(self.id(variable::WHEELBASE_TYPE), 0, wheelbases)
            | bit(self.id(variable::BED), wheelbases, form::BEDS.len())
    }

    fn turbo(&self) -> Option<bool> {
        let item = self.decoder.item(variable::TURBO)?;
        let value = self
            .decoder
            .view
            .value(item.value)
            .filter(|_| item.rule != Rule::Default)?;
        Some(value.flags & VALUE_TURBO != 0)
    }
}
