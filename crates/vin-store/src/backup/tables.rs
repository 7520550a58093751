//! Which tables and columns a backup holds.

use super::alerts::ALERTS;
use super::buying::BUYING;
use super::submissions::SUBMISSIONS;

/// What a column holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
}

/// A table that is backed up: its columns, the key by which it is read first.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// How many columns make the key.
    pub(super) key: usize,
    pub(super) columns: &'static [(&'static str, Kind)],
}

use Kind::{Bytes, Int, Text};

/// Every table but those of [`buying`](super::buying), [`alerts`](super::alerts) and
/// [`submissions`](super::submissions), parents before children. Instances, leases and sessions are not among them:
/// in a restored database nobody runs and nobody is signed in.
const TABLES: &[Table] = &[
    Table {
        name: "settings",
        key: 1,
        columns: &[("name", Text), ("value", Text)],
    },
    Table {
        name: "accounts",
        key: 1,
        columns: &[
            ("id", Int),
            ("phone", Text),
            ("password_hash", Text),
            ("verified", Int),
            ("state", Text),
            ("created_at", Int),
        ],
    },
    Table {
        name: "keys",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("name", Text),
            ("lookup", Bytes),
            ("sealed_key", Bytes),
            ("sealed_secret", Bytes),
            ("signature", Int),
            ("state", Text),
            ("created_at", Int),
            ("rate_calls", Int),
            ("rate_seconds", Int),
            ("daily_cap", Int),
            ("addresses", Text),
            ("referers", Text),
            ("expires_at", Int),
            ("purpose", Text),
        ],
    },
    Table {
        name: "key_uses",
        key: 1,
        columns: &[("key_id", Int), ("used_at", Int)],
    },
    Table {
        name: "order_blocks",
        key: 2,
        columns: &[("node", Int), ("day", Int), ("next", Int)],
    },
    Table {
        name: "products",
        key: 1,
        columns: &[
            ("calls", Int),
            ("price_fen", Int),
            ("days", Int),
            ("policy", Text),
            ("named", Int),
        ],
    },
    Table {
        name: "lots",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("total", Int),
            ("remain", Int),
            ("expires_at", Int),
            ("created_at", Int),
            ("product", Int),
            ("price_fen", Int),
            ("policy", Text),
            ("origin", Text),
            ("origin_id", Int),
            ("named", Int),
        ],
    },
    Table {
        name: "entries",
        key: 1,
        columns: &[
            ("id", Int),
            ("at", Int),
            ("lot_id", Int),
            ("kind", Text),
            ("delta", Int),
            ("order_no", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "usage_hours",
        key: 5,
        columns: &[
            ("account_id", Int),
            ("hour", Int),
            ("key_id", Int),
            ("code", Int),
            ("channel", Text),
            ("calls", Int),
            ("charged", Int),
        ],
    },
    Table {
        name: "usage_days",
        key: 5,
        columns: &[
            ("account_id", Int),
            ("day", Int),
            ("key_id", Int),
            ("code", Int),
            ("channel", Text),
            ("calls", Int),
            ("charged", Int),
        ],
    },
    Table {
        name: "reqids",
        key: 2,
        columns: &[
            ("account_id", Int),
            ("reqid", Text),
            ("request", Bytes),
            ("order_no", Int),
            ("at", Int),
            ("answer", Bytes),
        ],
    },
    Table {
        name: "channels",
        key: 1,
        columns: &[
            ("name", Text),
            ("state", Text),
            ("tier", Int),
            ("weight", Int),
            ("version", Int),
            ("changed_at", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "channel_changes",
        key: 2,
        columns: &[
            ("name", Text),
            ("version", Int),
            ("state", Text),
            ("tier", Int),
            ("weight", Int),
            ("changed_at", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "settlements",
        key: 3,
        columns: &[
            ("order_no", Int),
            ("place", Int),
            ("number", Int),
            ("month", Int),
            ("verdict", Text),
            ("at", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "learned",
        key: 3,
        columns: &[
            ("channel", Text),
            ("prefix", Text),
            ("lang", Text),
            ("state", Text),
            ("answers", Int),
            ("first_at", Int),
            ("last_at", Int),
            ("fields", Text),
            ("why", Text),
        ],
    },
    Table {
        name: "learned_vins",
        key: 4,
        columns: &[
            ("channel", Text),
            ("prefix", Text),
            ("lang", Text),
            ("rest", Text),
        ],
    },
    Table {
        name: "operators",
        key: 1,
        columns: &[
            ("id", Int),
            ("name", Text),
            ("password_hash", Text),
            ("role", Text),
            ("state", Text),
            ("created_at", Int),
        ],
    },
    Table {
        name: "sign_ins",
        key: 1,
        columns: &[
            ("id", Int),
            ("kind", Text),
            ("who", Bytes),
            ("holder", Int),
            ("at", Int),
            ("outcome", Text),
            ("address", Text),
            ("agent", Text),
        ],
    },
    Table {
        name: "factors",
        key: 1,
        columns: &[
            ("id", Int),
            ("kind", Text),
            ("holder", Int),
            ("method", Text),
            ("sealed", Bytes),
            ("step", Int),
            ("created_at", Int),
            ("used_at", Int),
        ],
    },
    Table {
        name: "passkeys",
        key: 1,
        columns: &[
            ("id", Int),
            ("kind", Text),
            ("holder", Int),
            ("name", Text),
            ("credential", Bytes),
            ("public_key", Bytes),
            ("counter", Int),
            ("created_at", Int),
            ("used_at", Int),
        ],
    },
    Table {
        name: "links",
        key: 1,
        columns: &[
            ("lookup", Bytes),
            ("purpose", Text),
            ("holder", Int),
            ("detail", Text),
            ("created_at", Int),
            ("expires_at", Int),
        ],
    },
    Table {
        name: "audit",
        key: 1,
        columns: &[
            ("id", Int),
            ("at", Int),
            ("actor", Text),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
            ("address", Text),
        ],
    },
    Table {
        name: "site",
        key: 1,
        columns: &[("name", Text), ("value", Text), ("changed_at", Int)],
    },
    Table {
        name: "notices",
        key: 1,
        columns: &[
            ("id", Int),
            ("title", Text),
            ("body", Text),
            ("starts_at", Int),
            ("ends_at", Int),
            ("created_at", Int),
        ],
    },
    Table {
        name: "tickets",
        key: 1,
        columns: &[
            ("id", Int),
            ("account_id", Int),
            ("subject", Text),
            ("state", Text),
            ("created_at", Int),
            ("changed_at", Int),
        ],
    },
    Table {
        name: "ticket_posts",
        key: 1,
        columns: &[
            ("id", Int),
            ("ticket_id", Int),
            ("at", Int),
            ("author", Text),
            ("body", Text),
        ],
    },
];

/// Every table.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    let parts = [TABLES, BUYING, ALERTS, SUBMISSIONS];
    parts.into_iter().flatten()
}

/// The log of calls; its tables are called after their months.
pub(super) const CALLS: Table = Table {
    name: "calls_",
    key: 1,
    columns: &[
        ("order_no", Int),
        ("at", Int),
        ("account_id", Int),
        ("key_id", Int),
        ("lot_id", Int),
        ("count", Int),
        ("code", Int),
        ("level", Text),
        ("channel", Text),
        ("vin", Text),
    ],
};

/// The attempts of orders; their tables are called after their months, too.
pub(super) const ATTEMPTS: Table = Table {
    name: "attempts_",
    key: 2,
    columns: &[
        ("order_no", Int),
        ("place", Int),
        ("at", Int),
        ("lot_id", Int),
        ("channel", Text),
        ("kind", Text),
        ("began_ms", Int),
        ("took_ms", Int),
        ("outcome", Text),
        ("billed", Text),
        ("cost", Int),
        ("detail", Text),
    ],
};
