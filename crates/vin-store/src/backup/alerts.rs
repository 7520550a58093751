//! The tables of alerts and messages that a backup holds. Whose turn it is to look, who sends what and
//! how nodes find channels is not among them.

use super::tables::Kind::{Bytes, Int, Text};
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
    Table {
        name: "contacts",
        key: 1,
        columns: &[
            ("account_id", Int),
            ("mail", Text),
            ("hook_url", Text),
            ("hook_sealed", Bytes),
            ("changed_at", Int),
        ],
    },
    Table {
        name: "alert_ways",
        key: 2,
        columns: &[
            ("account_id", Int),
            ("kind", Text),
            ("mail", Int),
            ("webhook", Int),
        ],
    },
    Table {
        name: "outbox",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("cause", Text),
            ("kind", Text),
            ("way", Text),
            ("recipient", Text),
            ("payload", Text),
            ("created_at", Int),
            ("state", Text),
            ("tries", Int),
            ("next_at", Int),
            ("ended_at", Int),
            ("error", Text),
        ],
    },
    Table {
        name: "channel_alerts",
        key: 1,
        columns: &[
            ("id", Int),
            ("name", Text),
            ("reason", Text),
            ("since", Int),
            ("raised_at", Int),
            ("ended_at", Int),
        ],
    },
];
