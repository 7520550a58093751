//! Usage by day, read from sums, never from the log.

use crate::db::sql::{Row, args};
use crate::{AccountId, Store, StoreError};

/// What was used on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayUsage {
    /// The day in China, `YYYYMMDD`.
    pub day: u32,
    /// Calls that were answered or refused.
    pub calls: i64,
    /// Calls that found a vehicle.
    pub found: i64,
    /// Calls that were charged.
    pub charged: i64,
}

impl Store {
    /// The usage of an account on each day from `from` to `to` that has any, the earliest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn usage_by_day(
        &self,
        account: AccountId,
        from: u32,
        to: u32,
    ) -> Result<Vec<DayUsage>, StoreError> {
        let rows = self
            .rows(
                "select day, cast(sum(calls) as bigint),
                        cast(sum(case code when 200 then calls else 0 end) as bigint),
                        cast(sum(charged) as bigint)
                 from usage_days where account_id = $1 and day between $2 and $3
                 group by day order by day",
                args![account.0, from, to],
            )
            .await?;
        let read = |row: &Row| {
            Ok(DayUsage {
                day: row.number(0)?,
                calls: row.int(1)?,
                found: row.int(2)?,
                charged: row.int(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// How many calls of a key were answered on a day; refusals do not count.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn answered(
        &self,
        account: AccountId,
        key: i64,
        day: u32,
    ) -> Result<i64, StoreError> {
        let row = self
            .row(
                "select cast(coalesce(sum(calls), 0) as bigint) from usage_days
                 where account_id = $1 and day = $2 and key_id = $3 and channel <> ''",
                args![account.0, day, key],
            )
            .await?;
        row.ok_or(sqlx::Error::RowNotFound)?.int(0)
    }
}
