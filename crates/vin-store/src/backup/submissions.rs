//! The tables of real names that a backup holds, sealed as they are.

use super::tables::Kind::{Bytes, Int, Text};
use super::tables::Table;

/// The table whose rows are megabytes each, so that they are read one by one.
pub(super) const PICTURES: &str = "licence_pictures";

/// After accounts.
pub(super) const SUBMISSIONS: &[Table] = &[
    Table {
        name: "submissions",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("kind", Text),
            ("state", Text),
            ("reference", Text),
            ("sealed", Bytes),
            ("masked", Text),
            ("created_at", Int),
            ("asked_at", Int),
            ("decided_at", Int),
            ("decided_by", Text),
            ("reason", Text),
            ("erased_at", Int),
        ],
    },
    Table {
        name: PICTURES,
        key: 1,
        columns: &[("submission_id", Int), ("kind", Text), ("sealed", Bytes)],
    },
];
