//! The sections of a pack of pattern rules, and the records that they hold.
//!
//! All numbers are little-endian and unaligned. A *value* is an index into [`VALUES`]: one
//! (element, text) pair, so that equal values are equal numbers. An *order* is a number whose
//! comparison decides which of two rows wins an element: it was made from change date,
//! specificity, key text and input order when the pack was written.

use crate::layout::records;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Facts about the pack itself: lines `name<TAB>value`.
pub const META: u32 = 1;
/// The texts, see [`crate::Strings`].
pub const STRINGS: u32 = 2;
/// [`Element`]s by their id, 256 of them.
pub const ELEMENTS: u32 = 3;
/// [`Value`]s; number 0 means "none".
pub const VALUES: u32 = 4;
/// [`U32`] per three-character WMI (see [`wmi3_slot`]): 1 + its index in [`WMIS`], or 0.
pub const WMI3: u32 = 5;
/// [`LongWmi`]s, sorted by code.
pub const LONG_WMIS: u32 = 6;
/// [`Wmi`]s.
pub const WMIS: u32 = 7;
/// [`U32`] per WMI and year: index of the plan's head in [`PLANS`], or 0.
pub const YEARS: u32 = 8;
/// [`PlanEntry`]s: a head, then one per schema.
pub const PLANS: u32 = 9;
/// [`Key`]s; those of a schema stand together, and one more ends its last row range.
pub const KEYS: u32 = 10;
/// [`Row`]s; those of a key stand together.
pub const ROWS: u32 = 11;
/// [`ClassSet`]s; number 0 means "no class".
pub const CLASS_SETS: u32 = 12;
/// [`ValidSet`]s.
pub const VALID_SETS: u32 = 13;
/// [`Span`]s of [`ENGINE_ROWS`] by engine model; number 0 means "none".
pub const ENGINES: u32 = 14;
/// [`Row`]s of engine models.
pub const ENGINE_ROWS: u32 = 15;
/// [`Model`]s; number 0 means "none".
pub const MODELS: u32 = 16;
/// [`U32`] make values of models and WMIs.
pub const MAKES: u32 = 17;
/// [`Spec`]s; those of a model stand together.
pub const SPECS: u32 = 18;
/// [`SpecPattern`]s.
pub const SPEC_PATTERNS: u32 = 19;
/// [`SpecKey`]s.
pub const SPEC_KEYS: u32 = 20;
/// [`Row`]s of vehicle specs.
pub const SPEC_ROWS: u32 = 21;
/// [`Conversion`]s; number 0 is what a value read from digits of the VIN converts to.
pub const CONVERSIONS: u32 = 22;
/// [`U32`] values of formula patterns: base of a pattern + the digits read as a number.
pub const FORMULAS: u32 = 23;
/// [`Defaults`] by vehicle type, 16 of them.
pub const DEFAULTS: u32 = 24;
/// 17-byte VINs whose check digit is not checked, sorted.
pub const EXCEPTIONS: u32 = 25;
/// [`U32`] values of the model years from [`FIRST_YEAR`] on.
pub const YEAR_VALUES: u32 = 26;
/// [`U32`] string offsets of the error texts: code, text, in pairs, sorted by code.
pub const ERROR_TEXTS: u32 = 27;
/// [`FuelRule`]s in the order of their precedence.
pub const FUELS: u32 = 28;

/// [`U32`] ranks of [`ROWS`] at which a later change date begins.
pub const DATE_STARTS: u32 = 29;

/// [`SeriesRule`]s, sorted by model.
pub const SERIES_RULES: u32 = 30;

/// The first year of [`YEAR_VALUES`].
pub const FIRST_YEAR: u16 = 1900;

/// Bits by [`exception_bit`]: whether a VIN may be one of [`EXCEPTIONS`].
pub const EXCEPTION_FILTER: u32 = 31;

/// How many bits [`EXCEPTION_FILTER`] has.
pub const EXCEPTION_BITS: usize = 1 << 18;

/// The bit of a VIN in [`EXCEPTION_FILTER`].
pub fn exception_bit(vin: &[u8; 17]) -> usize {
    let mut tail = [0; 8];
    tail.copy_from_slice(&vin[9..]);
    let mixed = u64::from_le_bytes(tail).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 46) as usize
}

/// The slot of a three-character WMI in [`WMI3`], or `None` for other characters.
pub fn wmi3_slot(code: &[u8]) -> Option<usize> {
    let [a, b, c] = *code else { return None };
    let digit = |c: u8| symbol(c).filter(|&s| s < 36).map(usize::from);
    Some((digit(a)? * 36 + digit(b)?) * 36 + digit(c)?)
}

/// The bit of a character in a set: `0`–`9`, `A`–`Z`, `_`.
pub const fn symbol(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'A'..=b'Z' => Some(c - b'A' + 10),
        b'_' => Some(36),
        _ => None,
    }
}

records! {
    /// One variable of the decoder.
    Element {
        /// String: the name, such as `Displacement (L)`; 0 for an id that is not in use.
        name: U32,
        /// String: the code, such as `DisplacementL`.
        code: U32,
        /// String: the group, such as `Engine`.
        group: U32,
        /// What its presence adds to the score of a pass.
        weight: U16,
        /// See [`ELEMENT_PUBLIC`] and [`ELEMENT_MULTI`].
        flags: u8,
        /// Its place in the output, from 1.
        place: u8,
    }

    /// One value of one element.
    Value {
        /// String: the text of the table, an id for values that have a name.
        raw: U32,
        /// String: what is shown.
        text: U32,
        /// String: what it says in a result field, in Chinese or in the field's unit, or 0.
        zh: U32,
        /// String: the same in English, or 0.
        en: U32,
        /// String: the same for a second field (body form beside body type, Ps beside kW), or 0.
        zh2: U32,
        /// String: the same in English, or 0.
        en2: U32,
        /// Model: index in [`MODELS`]. Engine model: in [`ENGINES`]. Displacement: in [`CONVERSIONS`].
        extra: U32,
        /// The element that it is a value of.
        element: u8,
        /// See [`VALUE_GLIDER`] and its like.
        flags: u8,
        /// Padding.
        reserved: [u8; 2],
    }

    /// A six-character WMI.
    LongWmi {
        /// The characters.
        code: [u8; 6],
        /// Padding.
        reserved: [u8; 2],
        /// Index in [`WMIS`].
        wmi: U32,
    }

    /// A maker's identifier.
    Wmi {
        /// The first day on which it counts, `YYYYMMDD`.
        public_from: U32,
        /// 1 + index of another row with the same code, or 0.
        next: U32,
        /// Index in [`YEARS`] of its first year.
        years_at: U32,
        /// The first year with a plan.
        first_year: U16,
        /// How many years follow in [`YEARS`].
        years: u8,
        /// The vehicle type, 1 … 13, or 0.
        vehicle_type: u8,
        /// The truck type, or 0.
        truck_type: u8,
        /// Padding.
        reserved: [u8; 3],
        /// Index in [`PLANS`] of the plan of all its schemas, for a VIN without a year.
        plan_of_all: U32,
        /// Value of element 27.
        manufacturer: U32,
        /// Value of element 39.
        vehicle_type_value: U32,
        /// Index in [`MAKES`] of its first make.
        makes_at: U32,
        /// How many makes it has.
        makes: U32,
    }

    /// A schema in force for a WMI in a year; or the head before the first of them.
    PlanEntry {
        /// Index in [`KEYS`]. Head: index in [`VALID_SETS`].
        key: U32,
        /// How many keys. Head: how many entries follow.
        count: U16,
        /// The first year of the schema less [`FIRST_YEAR`], its priority.
        priority: u8,
        /// Padding.
        reserved: u8,
        /// The id of the schema in the source.
        schema: U32,
    }

    /// A key of a schema: what positions 4–8 and 10–14 must hold.
    Key {
        /// Per position the character, [`ANY`] or [`CLASS`].
        chars: [u8; 10],
        /// Index in [`CLASS_SETS`], or 0; see [`KEY_FORMULA`].
        classes: U16,
        /// The first row, and in the upper 4 bits how many positions the key covers.
        rows: U32,
    }

    /// What a key says about one element.
    Row {
        /// The value; with a formula key the base in [`FORMULAS`].
        value: U32,
        /// The element in the upper 8 bits, the order in the lower 24.
        order: U32,
    }

    /// The classes of a key, in the order of its positions.
    ClassSet {
        /// Per position the characters that fit, bits by [`symbol`]; all ones without a class.
        chars: [U64; 10],
    }

    /// Per position the characters that some pattern of a plan names, 0 where none does.
    ValidSet {
        /// Bits by [`symbol`].
        chars: [U64; 10],
    }

    /// A range of another table.
    Span {
        /// The first index.
        at: U32,
        /// How many.
        count: U32,
    }

    /// What is known of a model.
    Model {
        /// Its makes in [`MAKES`].
        makes: Span,
        /// Its specs in [`SPECS`].
        specs: Span,
    }

    /// A schema of vehicle specs.
    Spec {
        /// The value of element 26 that the WMI must be able to have.
        make: U32,
        /// The years that it holds for, bit 0 = 1980; 0 = every year.
        years: U64,
        /// Its patterns in [`SPEC_PATTERNS`].
        patterns: Span,
        /// The vehicle type, or 0 for all.
        vehicle_type: U32,
        /// The id of the schema in the source.
        schema: U32,
    }

    /// A pattern of vehicle specs.
    SpecPattern {
        /// Index in [`SPEC_KEYS`].
        keys_at: U32,
        /// Index in [`SPEC_ROWS`].
        rows_at: U32,
        /// How many keys must all be met.
        keys: U16,
        /// How many rows it contributes.
        rows: U16,
    }

    /// A condition of a spec pattern: the element has one of `count` values from `value` on.
    SpecKey {
        /// The first value (values that differ in case alone follow one another).
        value: U32,
        /// How many.
        count: u8,
        /// The element.
        element: u8,
        /// Padding.
        reserved: [u8; 2],
    }

    /// The same displacement in the other units: values of elements 11, 12, 13.
    Conversion {
        /// By element, 11 first; 0 where it is the source itself.
        to: [U32; 3],
    }

    /// The defaults of a vehicle type.
    Defaults {
        /// The elements that have one.
        mask: [U64; 4],
        /// The value per element.
        values: [U32; 256],
    }

    /// The name of a series in some model years.
    SeriesRule {
        /// Value of element 28.
        model: U32,
        /// The first model year.
        from: U16,
        /// The last model year.
        to: U16,
        /// String: Chinese.
        zh: U32,
        /// String: English.
        en: U32,
    }

    /// A rule that makes the fuel of a result from three elements; [`ANY_VALUE`] fits all.
    FuelRule {
        /// Value of element 24.
        primary: U32,
        /// Value of element 66, 0 when absent.
        secondary: U32,
        /// Value of element 126, 0 when absent.
        electrification: U32,
        /// String: Chinese.
        zh: U32,
        /// String: English.
        en: U32,
    }
}

/// In [`Key::chars`]: any character fits (or the key does not reach so far).
pub const ANY: u8 = 0;
/// In [`Key::chars`]: the class of [`ClassSet`] decides.
pub const CLASS: u8 = 0xff;
/// In [`Key::classes`]: the key reads digits of the VIN as the value.
pub const KEY_FORMULA: u16 = 0x8000;
/// In [`FuelRule`]: whatever the element holds.
pub const ANY_VALUE: u32 = u32::MAX;
/// In [`Value::flags`]: the body of a glider.
pub const VALUE_GLIDER: u8 = 1;
/// In [`Value::flags`]: the body of an off-road vehicle.
pub const VALUE_OFF_ROAD: u8 = 2;
/// In [`Value::flags`]: the body of an incomplete vehicle.
pub const VALUE_INCOMPLETE: u8 = 4;
/// In [`Value::flags`]: the engine is turbocharged.
pub const VALUE_TURBO: u8 = 8;

/// In [`Value::flags`]: a note that gives the kerb weight as a range.
pub const VALUE_WEIGHT_NOTE: u8 = 32;
/// In [`Value::flags`]: the text is ASCII that JSON takes as it is.
pub const VALUE_PLAIN: u8 = 16;

/// In [`Element::flags`]: shown to callers.
pub const ELEMENT_PUBLIC: u8 = 1;
/// In [`Element::flags`]: keeps all its values.
pub const ELEMENT_MULTI: u8 = 2;

impl Key {
    /// The index of its first row in [`ROWS`].
    pub fn first_row(&self) -> usize {
        (self.rows.get() & 0x0fff_ffff) as usize
    }

    /// How many of the ten positions it covers; the VIN must be so long.
    pub fn reach(&self) -> usize {
        (self.rows.get() >> 28) as usize
    }
}

impl Row {
    /// The element that it speaks of.
    pub fn element(&self) -> u8 {
        (self.order.get() >> 24) as u8
    }

    /// Its order among the rows of that element.
    pub fn rank(&self) -> u32 {
        self.order.get() & 0x00ff_ffff
    }

    /// A row.
    pub fn new(element: u8, value: u32, rank: u32) -> Self {
        debug_assert!(rank < 1 << 24);
        Self {
            value: U32::new(value),
            order: U32::new(u32::from(element) << 24 | rank),
        }
    }
}
