//! Numbers in the cells of canonical tables.

use crate::ImportError;
use crate::table::Row;
use vin_index::zerocopy::little_endian::U16;

/// A number of an optional cell, 0 when it is empty.
pub fn number<T: std::str::FromStr + Default>(
    row: Row<'_>,
    column: &'static str,
    text: &str,
) -> Result<T, ImportError> {
    match text {
        "" => Ok(T::default()),
        text => row.number(column, text),
    }
}

/// A decimal number of an optional cell in units of `1 / scale`, 0 when it is empty.
pub fn scaled(
    row: Row<'_>,
    column: &'static str,
    text: &str,
    scale: f64,
) -> Result<U16, ImportError> {
    let number: f64 = number(row, column, text)?;
    let scaled = (number * scale).round();
    if !(0.0..=65_535.0).contains(&scaled) {
        return Err(row.wrong(column, text, "more than a pack can hold"));
    }
    Ok(U16::new(scaled as u16))
}
