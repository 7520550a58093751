//! What upstreams' bills say of attempts whose cost was not known: entered, and corrected, by adding.

use super::{ASKED, months};
use crate::db::sql::args;
use crate::{Deed, Store, StoreError, calls};
use sqlx::AssertSqlSafe;

/// What was entered about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The place of the attempt in its order's route.
    pub place: i64,
    /// From 1; those after it are corrections, and the last one holds.
    pub number: i64,
    /// Whether the upstream asks money for the attempt.
    pub billed: bool,
    /// When it was entered, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub actor: String,
}

/// Which of both is meant, so that neither happens by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Nothing has been entered yet.
    First,
    /// What was entered is wrong.
    Correction,
}

/// An attempt that began is over after so many seconds, whatever became of its process.
const OVER: i64 = 60;

impl Store {
    /// Enters what the upstream's bill says of an attempt.
    ///
    /// # Errors
    /// [`StoreError::NotUnknown`] when there is nothing to settle, [`StoreError::NotSettled`] when there
    /// is nothing to correct.
    pub async fn settle_attempt(
        &self,
        order: i64,
        place: i64,
        billed: bool,
        settling: Settling,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let (wanted, missing) = match settling {
            Settling::First => ("= 0", StoreError::NotUnknown { order, place }),
            Settling::Correction => ("> 0", StoreError::NotSettled { order, place }),
        };
        let month = calls::month(order);
        let mut tx = self.write().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Err(missing);
        }
        let sql = format!(
            "insert into settlements (order_no, place, number, month, verdict, at, reason, actor)
             select a.order_no, a.place, count(s.number) + 1, $3, $4, $5, $6, $7
             from attempts_{month} a
             left join settlements s on s.order_no = a.order_no and s.place = a.place
             where a.order_no = $1 and a.place = $2 and a.billed = 'unknown'
                 and (a.outcome <> '{ASKED}' or a.at < $8)
             group by a.order_no, a.place having count(s.number) {wanted}"
        );
        let verdict = if billed { "billed" } else { "free" };
        let over = deed.at - OVER;
        let (reason, actor) = (deed.reason, deed.actor);
        let args = args![order, place, month, verdict, deed.at, reason, actor, over];
        if tx.run(AssertSqlSafe(sql), args).await? != 1 {
            return Err(missing);
        }
        Ok(tx.commit().await?)
    }

    /// Everything that was entered about the attempts of an order, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn settlements(&self, order: i64) -> Result<Vec<Settlement>, StoreError> {
        let sql = "select place, number, verdict, at, reason, actor from settlements
                   where order_no = $1 order by place, number";
        let rows = self.rows(sql, args![order]).await?;
        let read = |row: &crate::db::sql::Row| {
            Ok(Settlement {
                place: row.int(0)?,
                number: row.int(1)?,
                billed: row.text(2)? == "billed",
                at: row.int(3)?,
                reason: row.text(4)?,
                actor: row.text(5)?,
            })
        };
        rows.iter().map(read).collect()
    }
}
