//! The sections of the catalogue, and the records that they hold.
//!
//! Series (types), groups and cars have ids that never change; within a pack they are named by
//! their index. Cars stand sorted by type, model year and model, so that the cars of a type in a
//! year are one range. A number that is 0 is not known. Words that mean the same in all sources
//! are one row of [`WORDS`].

pub use crate::bodies::{body, form};
use crate::layout::records;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Brand`]s, sorted by make; those without a vPIC make come first.
pub const BRANDS: u32 = 48;
/// [`Type`]s: those of a brand stand together.
pub const TYPES: u32 = 49;
/// [`Group`]s: those of a type stand together.
pub const GROUPS: u32 = 50;
/// [`Car`]s, sorted by type, model year, model and id.
pub const CARS: u32 = 51;
/// [`Body`]s, sorted by type and first model year.
pub const BODIES: u32 = 52;
/// [`Model`]s, sorted by model.
pub const MODELS: u32 = 53;
/// [`U32`] hashes of the distinguishing words of cars and bodies, see [`word`].
pub const CAR_WORDS: u32 = 54;
/// [`Words`]; number 0 means "none". The first ones are [`GEARBOXES`], [`DRIVES`] and [`FUELS`].
pub const WORDS: u32 = 55;
/// [`Pair`]s of car id and index in [`CARS`], sorted by id.
pub const CAR_IDS: u32 = 56;
/// [`Pair`]s of group id and index in [`GROUPS`], sorted by id.
pub const GROUP_IDS: u32 = 57;
/// [`Pair`]s of type id and index in [`TYPES`], sorted by id.
pub const TYPE_IDS: u32 = 58;
/// [`U32`] strings: the names of the sources by their number.
pub const SOURCES: u32 = 59;

/// The kinds of gearbox by their code.
pub const GEARBOXES: [&str; 8] = [
    "",
    "automatic",
    "manual",
    "cvt",
    "ecvt",
    "amt",
    "dct",
    "single",
];
/// The kinds of drive by their code.
pub const DRIVES: [&str; 6] = ["", "front", "rear", "all", "four", "part-time"];
/// The kinds of fuel by their code.
pub const FUELS: [&str; 9] = [
    "",
    "petrol",
    "diesel",
    "electric",
    "hydrogen",
    "cng",
    "lpg",
    "flex",
    "petrol-electric",
];
/// Where the words of [`GEARBOXES`] begin in [`WORDS`].
pub const GEARBOX_WORDS: usize = 0;
/// Where the words of [`DRIVES`] begin in [`WORDS`].
pub const DRIVE_WORDS: usize = GEARBOX_WORDS + GEARBOXES.len();
/// Where the words of [`FUELS`] begin in [`WORDS`].
pub const FUEL_WORDS: usize = DRIVE_WORDS + DRIVES.len();
/// Where the words of [`body`] begin in [`WORDS`], by the number of the bit.
pub const BODY_WORDS: usize = FUEL_WORDS + FUELS.len();

/// The sources by their number.
pub const SOURCE_NAMES: [&str; 9] = [
    "",
    "epa",
    "epa-emissions",
    "omega",
    "canada",
    "vca",
    "ademe",
    "miit",
    "vpic",
];
/// The number of a source, see [`SOURCE_NAMES`].
pub mod source {
    /// EPA vehicles.
    pub const EPA: u8 = 1;
    /// EPA emission standards.
    pub const EPA_EMISSIONS: u8 = 2;
    /// EPA OMEGA fleets.
    pub const OMEGA: u8 = 3;
    /// Transport Canada.
    pub const CANADA: u8 = 4;
    /// UK VCA.
    pub const VCA: u8 = 5;
    /// ADEME.
    pub const ADEME: u8 = 6;
    /// MIIT.
    pub const MIIT: u8 = 7;
    /// vPIC.
    pub const VPIC: u8 = 8;
}

/// The markets that sources are about, by the number of the source.
pub const fn market(source: u8) -> u8 {
    match source {
        source::VCA | source::ADEME => EUROPE,
        source::MIIT => CHINA,
        _ => NORTH_AMERICA,
    }
}

/// A market, see [`market`].
pub const NORTH_AMERICA: u8 = 0;
/// A market, see [`market`].
pub const EUROPE: u8 = 1;
/// A market, see [`market`].
pub const CHINA: u8 = 2;

/// How a car is electrified; the order is of no meaning.
pub mod electric {
    /// Not, as far as is known.
    pub const NONE: u8 = 0;
    /// Mild hybrid.
    pub const MILD: u8 = 1;
    /// Hybrid.
    pub const HYBRID: u8 = 2;
    /// Plug-in hybrid.
    pub const PLUG_IN: u8 = 3;
    /// Battery electric.
    pub const BATTERY: u8 = 4;
    /// Fuel cell.
    pub const FUEL_CELL: u8 = 5;
    /// Some hybrid.
    pub const SOME: u8 = 9;
}

/// In [`Car::charger`]: turbocharged.
pub const TURBO: u8 = 1;
/// In [`Car::charger`]: with a mechanical supercharger.
pub const SUPERCHARGED: u8 = 2;
/// In [`Car::charger`]: the source says of every car whether it is charged.
pub const CHARGER_KNOWN: u8 = 4;

records! {
    /// A range of another table.
    #[derive(Default)]
    Range {
        /// The first index.
        at: U32,
        /// How many.
        count: U32,
    }

    /// An id and the index of what has it.
    Pair {
        /// The id.
        id: U32,
        /// The index.
        at: U32,
    }

    /// A text in both languages.
    #[derive(Default)]
    Words {
        /// String: Chinese.
        zh: U32,
        /// String: English.
        en: U32,
    }

    /// A brand.
    Brand {
        /// Its id.
        id: U32,
        /// The id of its vPIC make, or 0.
        make: U32,
        /// Its name.
        name: Words,
        /// Its series in [`TYPES`].
        types: Range,
    }

    /// A series.
    Type {
        /// Its id (`typeid`).
        id: U32,
        /// Index in [`BRANDS`].
        brand: U32,
        /// Its name.
        name: Words,
        /// Its groups in [`GROUPS`].
        groups: Range,
        /// Its cars in [`CARS`].
        cars: Range,
        /// Its bodies in [`BODIES`].
        bodies: Range,
        /// 1 + index in [`TYPES`] of a series that may list its cars (Escalade for Escalade ESV),
        /// or 0.
        also: U32,
    }

    /// Cars of one type with the same body, engine, gearbox and drive.
    #[derive(Default)]
    Group {
        /// Its id (`groupid`).
        id: U32,
        /// Index in [`TYPES`].
        kind: U32,
        /// A car that shows what is common to all: index in [`CARS`].
        example: U32,
        /// The first model year.
        from: U16,
        /// The last model year.
        to: U16,
    }

    /// A vPIC model and the type that it belongs to.
    Model {
        /// The id of the model.
        model: U32,
        /// Index in [`TYPES`].
        kind: U32,
    }

    /// One trim and engine of one model year.
    #[derive(Default)]
    Car {
        /// Its id (`carid`).
        id: U32,
        /// Index in [`TYPES`].
        kind: U32,
        /// Index in [`GROUPS`].
        group: U32,
        /// The vPIC model, or 0.
        model: U32,
        /// String: what its source calls it beyond the series.
        version: U32,
        /// String: the key of its row in the source.
        key: U32,
        /// String: 工信部型号, or 0.
        approval: U32,
        /// Its distinguishing words in [`CAR_WORDS`].
        words_at: U32,
        /// The model year.
        year: U16,
        /// Displacement in mL, as exact as the source has it.
        displacement: U16,
        /// Combined consumption in 0.01 L/100 km; for electricity the equivalent in petrol.
        consumption: U16,
        /// Index in [`WORDS`]: emission standard.
        standard: U16,
        /// Index in [`WORDS`]: size class.
        class: U16,
        /// Index in [`WORDS`]: recommended fuel, in the words of the source's country.
        grade: U16,
        /// Maximum power in 0.1 kW.
        power: U16,
        /// Kerb weight in kg.
        weight: U16,
        /// Bits of [`body`] that it may have; 0 when nothing is known.
        body: U16,
        /// How many distinguishing words.
        words: u8,
        /// The source of the row, see [`SOURCE_NAMES`].
        source: u8,
        /// Cylinders.
        cylinders: u8,
        /// See [`FUELS`].
        fuel: u8,
        /// See [`electric`].
        electric: u8,
        /// See [`TURBO`] and its like.
        charger: u8,
        /// See [`GEARBOXES`].
        gearbox: u8,
        /// Gears.
        gears: u8,
        /// See [`DRIVES`].
        drive: u8,
        /// Seats.
        seats: u8,
        /// Doors.
        doors: u8,
        /// Source of the emission standard.
        standard_source: u8,
        /// Source of the power.
        power_source: u8,
        /// Source of the weight.
        weight_source: u8,
        /// Source of the seats.
        seats_source: u8,
    }

    /// The sizes of a body in a run of model years.
    #[derive(Default)]
    Body {
        /// Index in [`TYPES`].
        kind: U32,
        /// The vPIC model, or 0.
        model: U32,
        /// String: the key of its row in the source.
        key: U32,
        /// The words that its cars hold, in [`CAR_WORDS`].
        words_at: U32,
        /// The first model year.
        from: U16,
        /// The last model year.
        to: U16,
        /// Bits of [`body`], 0 when not known.
        body: U16,
        /// Length in mm.
        length: U16,
        /// Width in mm.
        width: U16,
        /// Height in mm.
        height: U16,
        /// Wheelbase in mm.
        wheelbase: U16,
        /// What vPIC calls its wheelbase and bed, bits of [`form`]; 0 when that is not known.
        forms: U16,
        /// Doors.
        doors: u8,
        /// Cab of a pick-up by vPIC's id: 2 extended, 3 regular, 4 crew, 13 mega.
        cab: u8,
        /// The source of the row.
        source: u8,
        /// Drives that it may have by [`DRIVES`], as bits; 0 for all.
        drives: u8,
        /// How many words.
        words: u8,
    }
}

/// The mark of a word that is an alternative of the one before it: `LE/SE`.
pub const ALTERNATIVE: u32 = 1;

/// The hash of a distinguishing word; its lowest bit is free for [`ALTERNATIVE`].
///
/// Letters count in lower case, and what is no letter or digit not at all, so that `X-Drive`
/// is `xdrive`.
pub const fn word(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            hash = (hash ^ byte.to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        }
        at += 1;
    }
    hash & !ALTERNATIVE
}

/// Between words: blanks, and what lists alternatives.
pub const fn parts_words(byte: u8) -> bool {
    matches!(byte, b' ' | b'/' | b',' | b';' | b'(' | b')' | b'&' | b'+')
}
