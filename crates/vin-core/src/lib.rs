//! The words of the trade: VIN, WMI, check digit, model year, result fields, vehicle; and the numbers
//! that persons and organisations are known by.
//!
//! Pure values and rules from ISO 3779, ISO 3780, 49 CFR 565, GB 16735, GB 11643 and GB 32100. Nothing here
//! reads a file, a clock or the network, and nothing here knows JSON, SQL or HTTP.

pub mod answer;
pub mod check_digit;
pub mod credit_code;
pub mod date;
pub mod field;
pub mod formula;
pub mod id_number;
pub mod model_year;
pub mod vehicle;
pub mod vin;
pub mod wmi;

pub use answer::{Answer, Fact, Level, Match, Note, Origin, YearMatch};
pub use credit_code::{CreditCode, CreditCodeError};
pub use date::Date;
pub use field::{Field, FieldId, Group, Kind};
pub use id_number::{IdNumber, IdNumberError};
pub use vehicle::{Candidate, Value, Vehicle};
pub use vin::{Parsed, Repair, Repairs, Vin, VinError};
pub use wmi::Wmi;

/// The language of an answer's values and texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

/// A text that exists in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// Simplified Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Bilingual {
    /// The text in `lang`.
    pub const fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}
