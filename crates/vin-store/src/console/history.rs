//! What an account did beside its calls: ledger entries, sums by key and code, and who made an order.

use crate::db::sql::{Row, args};
use crate::{AccountId, LotId, Store, StoreError, calls};
use sqlx::AssertSqlSafe;

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its id; later ones are greater.
    pub id: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The package.
    pub lot: LotId,
    /// `grant`, `charge`, `refund`, `expire` or `adjust`.
    pub kind: String,
    /// How many calls were added, or taken when it is below zero.
    pub delta: i64,
    /// The order of a refund, else 0.
    pub order: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor: String,
}

/// What was used with one key and came to one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageSum {
    /// The key.
    pub key: i64,
    /// The code.
    pub code: i64,
    /// Calls.
    pub calls: i64,
    /// Calls that were charged.
    pub charged: i64,
}

impl Store {
    /// The entries of an account's ledger below an id, the latest first. Charges of months that are
    /// still in the log are not among them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn entries(
        &self,
        account: AccountId,
        before: i64,
        limit: u32,
    ) -> Result<Vec<EntryRow>, StoreError> {
        let sql = "select e.id, e.at, e.lot_id, e.kind, e.delta, e.order_no, e.reason, e.actor
                   from entries e join lots l on l.id = e.lot_id
                   where l.account_id = $1 and e.id < $2 order by e.id desc limit $3";
        let rows = self.rows(sql, args![account.0, before, limit]).await?;
        let read = |row: &Row| {
            Ok(EntryRow {
                id: row.int(0)?,
                at: row.int(1)?,
                lot: LotId(row.int(2)?),
                kind: row.text(3)?,
                delta: row.int(4)?,
                order: row.int(5)?,
                reason: row.text(6)?,
                actor: row.text(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What an account used between two days (`YYYYMMDD`), by key and code, the most first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_sums(
        &self,
        account: AccountId,
        from: u32,
        to: u32,
    ) -> Result<Vec<UsageSum>, StoreError> {
        let sql = "select key_id, code, cast(sum(calls) as bigint), cast(sum(charged) as bigint)
                   from usage_days where account_id = $1 and day between $2 and $3
                   group by key_id, code order by 3 desc, key_id, code";
        let rows = self.rows(sql, args![account.0, from, to]).await?;
        let read = |row: &Row| {
            Ok(UsageSum {
                key: row.int(0)?,
                code: row.int(1)?,
                calls: row.int(2)?,
                charged: row.int(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Who made an order, if it is in the log.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn order_account(&self, order: i64) -> Result<Option<AccountId>, StoreError> {
        let month = calls::month(order);
        if !self.call_months().await?.contains(&month) {
            return Ok(None);
        }
        let sql = format!("select account_id from calls_{month} where order_no = $1");
        let row = self.row(AssertSqlSafe(sql), args![order]).await?;
        row.map(|row| row.int(0).map(AccountId)).transpose()
    }
}
