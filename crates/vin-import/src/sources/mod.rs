//! One module per publisher format; each writes canonical tables.

pub mod ademe;
pub mod canada;
pub mod epa;
pub mod miit;
pub mod omega;
pub mod sheet;
pub mod units;
pub mod vca;
pub mod vpic;
#[cfg(feature = "operator")]
mod vpic_block;
#[cfg(feature = "operator")]
mod vpic_checks;
pub mod vpic_csv;
#[cfg(feature = "operator")]
pub mod vpic_dump;
pub mod vpic_patterns;

use crate::ImportError;
use std::path::Path;

/// A source of the catalogue: one file or folder in, one table out.
pub struct Source {
    /// What the command calls it.
    pub name: &'static str,
    /// Reads the first path and writes the table at the second; gives the number of rows.
    pub import: fn(&Path, &Path) -> Result<usize, ImportError>,
}

/// Every source of the catalogue.
pub const CATALOGUE: &[Source] = &[
    Source {
        name: "ademe",
        import: ademe::import,
    },
    Source {
        name: "canada",
        import: canada::import,
    },
    Source {
        name: "epa",
        import: epa::import,
    },
    Source {
        name: "epa-emissions",
        import: epa::import_emissions,
    },
    Source {
        name: "miit",
        import: miit::import,
    },
    Source {
        name: "omega",
        import: omega::import,
    },
    Source {
        name: "vca",
        import: vca::import,
    },
];

/// The mean of the lowest and the highest.
fn middle(numbers: &[f64]) -> Option<f64> {
    let low = numbers.iter().copied().reduce(f64::min)?;
    let high = numbers.iter().copied().reduce(f64::max)?;
    Some((low + high) / 2.0)
}
