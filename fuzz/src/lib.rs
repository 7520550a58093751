//! What each fuzz target does with its bytes. Any panic is a finding.

mod pack;
mod query;
mod upstream;
mod vin;

pub use pack::pack;
pub use query::query;
pub use upstream::upstream;
pub use vin::vin;

use vin_core::Date;

/// The day of every fuzzed question.
const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};
