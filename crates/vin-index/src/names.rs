//! The section of names: which brand or series a text of an answer means.

use crate::vpic::records;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`CatalogueName`]s, sorted by hash.
pub const NAMES: u32 = 64;

records! {
    /// What a brand, or a series of a brand, is called.
    CatalogueName {
        /// See [`hash`].
        hash: U32,
        /// String: the brand.
        brand: U32,
        /// String: the series; 0 when the brand as such is meant.
        series: U32,
        /// Index in [`crate::catalogue::TYPES`], or of a brand in [`crate::catalogue::BRANDS`].
        at: U32,
    }
}

/// The hash of a name (FNV-1a); `series` is empty when a brand is meant.
pub fn hash(brand: &str, series: &str) -> u32 {
    // No text holds 0xff, so that the two never run into each other.
    let bytes = brand.bytes().chain([0xff]).chain(series.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
