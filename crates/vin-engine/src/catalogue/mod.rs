//! The catalogue: which series, group and car a decoded VIN is, and what is known of them.
//!
//! [`Catalogue::search`] takes [`Facts`] and gives [`Found`]. A field is given only when all
//! remaining candidates that know it agree; the consumption is their median and says so.

mod browse;
mod coverage;
mod facts;
mod found;
mod keyword;
mod list;
mod names;
mod records;
mod search;
mod view;

pub use browse::{Entry, ListedGroup};
pub use coverage::Coverage;
pub use facts::Facts;
pub use found::{Consumption, Found, Value};
pub use keyword::{Hit, MOST_FOUND};
pub use view::Catalogue;
pub use vin_index::catalogue::{Brand, Type};
