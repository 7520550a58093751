//! The tables of buying calls that a backup holds.

use super::tables::Kind::{Bytes, Int, Text};
use super::tables::Table;

/// Parents before children, and after accounts.
pub(super) const BUYING: &[Table] = &[
    Table {
        name: "coupons",
        key: 1,
        columns: &[
            ("id", Int),
            ("code", Text),
            ("kind", Text),
            ("off", Int),
            ("least_fen", Int),
            ("uses", Int),
            ("used", Int),
            ("ends_at", Int),
            ("created_at", Int),
            ("actor", Text),
        ],
    },
    Table {
        name: "purchases",
        key: 1,
        columns: &[
            ("id", Int),
            ("number", Text),
            ("account_id", Int),
            ("state", Text),
            ("way", Text),
            ("calls", Int),
            ("days", Int),
            ("policy", Text),
            ("named", Int),
            ("list_fen", Int),
            ("price_fen", Int),
            ("coupon_id", Int),
            ("pay_url", Text),
            ("created_at", Int),
            ("expires_at", Int),
        ],
    },
    Table {
        name: "coupon_uses",
        key: 2,
        columns: &[
            ("coupon_id", Int),
            ("account_id", Int),
            ("purchase_id", Int),
        ],
    },
    Table {
        name: "purchase_changes",
        key: 2,
        columns: &[
            ("purchase_id", Int),
            ("place", Int),
            ("state", Text),
            ("at", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "payments",
        key: 1,
        columns: &[
            ("id", Int),
            ("provider", Text),
            ("trade", Text),
            ("purchase_id", Int),
            ("fen", Int),
            ("surplus", Int),
            ("paid_at", Int),
            ("noted_at", Int),
            ("actor", Text),
        ],
    },
    Table {
        name: "refunds",
        key: 1,
        columns: &[
            ("payment_id", Int),
            ("number", Text),
            ("fen", Int),
            ("calls", Int),
            ("state", Text),
            ("wanted_at", Int),
            ("done_at", Int),
            ("reason", Text),
            ("actor", Text),
        ],
    },
    Table {
        name: "code_batches",
        key: 1,
        columns: &[
            ("id", Int),
            ("name", Text),
            ("calls", Int),
            ("days", Int),
            ("count", Int),
            ("state", Text),
            ("ends_at", Int),
            ("created_at", Int),
            ("actor", Text),
        ],
    },
    Table {
        name: "codes",
        key: 1,
        columns: &[
            ("id", Int),
            ("lookup", Bytes),
            ("batch_id", Int),
            ("account_id", Int),
            ("used_at", Int),
        ],
    },
];
