//! The tables of alerts that a backup holds. Whose turn it is to look is not among them.

use super::tables::Kind::{Int, Text};
use super::tables::Table;

/// After accounts.
pub(super) const ALERTS: &[Table] = &[
    Table {
        name: "alert_rules",
        key: 2,
        columns: &[("account_id", Int), ("kind", Text), ("level", Int)],
    },
    Table {
        name: "alerts",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("kind", Text),
            ("subject", Int),
            ("amount", Int),
            ("beside", Int),
            ("level", Int),
            ("raised_at", Int),
            ("seen_at", Int),
            ("ended_at", Int),
        ],
    },
];
