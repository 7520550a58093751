//! The sections of the records: cars that somebody gave field by field, beside the catalogue.
//!
//! A rule of the overlay leads to them by its fact [`crate::overlay::CARS`].

use crate::layout::records;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// [`Record`]s, sorted by id.
pub const RECORDS: u32 = 60;
/// [`RecordField`]s: those of a record stand together, sorted by field.
pub const RECORD_FIELDS: u32 = 61;

/// Between the texts of a field that is a list.
pub const LIST_SEPARATOR: char = '|';

records! {
    /// A car.
    Record {
        /// Its id (`carid`).
        id: U32,
        /// The id of its series (`typeid`), or 0.
        type_id: U32,
        /// The id of its group (`groupid`), or 0.
        group_id: U32,
        /// String: where it is from.
        source: U32,
        /// Index in [`RECORD_FIELDS`] of the first.
        fields_at: U32,
        /// How many fields.
        fields: U16,
        /// Padding.
        reserved: [u8; 2],
    }

    /// The value of one textual field.
    RecordField {
        /// String: the Chinese value; a list has [`LIST_SEPARATOR`] between its texts.
        zh: U32,
        /// String: the English value.
        en: U32,
        /// The field: its number in the registry.
        field: u8,
        /// Padding.
        reserved: [u8; 3],
    }
}
