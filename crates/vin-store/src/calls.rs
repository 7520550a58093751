//! The log of calls: one table for each month, made when it is first needed.
//!
//! A row is the charge itself; nothing else records one. Dropping a month folds its charges
//! into the ledger, one entry for each package.

use crate::db::sql::{Arg, Row, Tx, args};
use crate::lots::{Deed, enter};
use crate::{AccountId, LotId, Store, StoreError};
use sqlx::AssertSqlSafe;
use std::borrow::Cow;

/// A call that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The order number, of 18 digits.
    pub order: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Who asked.
    pub account: AccountId,
    /// With which key.
    pub key: i64,
    /// The package that paid, when it cost something.
    pub lot: Option<LotId>,
    /// How many calls it cost.
    pub count: u32,
    /// The code of the answer.
    pub code: u16,
    /// How precisely the vehicle is known, or `""`.
    pub level: &'static str,
    /// Who knew it, or `""`.
    pub channel: Cow<'static, str>,
    /// What was asked about.
    pub vin: String,
}

/// A row of the log, as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCall {
    /// The order number.
    pub order: i64,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// With which key.
    pub key: i64,
    /// How many calls it cost.
    pub count: i64,
    /// The code of the answer.
    pub code: i64,
    /// How precisely the vehicle is known, or `""`.
    pub level: String,
    /// Who knew it, or `""`.
    pub channel: String,
    /// What was asked about.
    pub vin: String,
}

/// The columns of the log.
const COLUMNS: usize = 10;

/// How many rows one statement adds: few sizes, so that each is prepared once, and so close that any
/// number of rows takes few statements.
const SIZES: [usize; 9] = [256, 128, 64, 32, 16, 8, 4, 2, 1];

/// The month of an order number, `YYYYMM`.
pub(crate) fn month(order: i64) -> i64 {
    // NNN YYMMDD SSSSSSSSS: of this century.
    200_000 + order / 100_000_000_000 % 10_000
}

pub(crate) fn is_month(month: i64) -> bool {
    (200_001..=209_912).contains(&month) && (1..=12).contains(&(month % 100))
}

/// Makes the table of a month. Any number of nodes may do so at once.
pub(crate) async fn open_month(tx: &mut Tx, month: i64) -> Result<(), StoreError> {
    if !is_month(month) {
        return Err(StoreError::Database(format!("{month} is no month")));
    }
    let sql = "insert into call_months (month) values ($1) on conflict (month) do nothing";
    // Of several nodes one inserts the row; the others wait for it, and then find the table.
    tx.run(sql, args![month]).await?;
    tx.define(&format!(
        "create table if not exists calls_{month} (
             order_no integer not null primary key,
             at integer not null,
             account_id integer not null,
             key_id integer not null,
             lot_id integer not null, -- 0: none
             count integer not null check (count >= 0),
             code integer not null,
             level text not null,
             channel text not null,
             vin text not null
         ) strict;
         create index if not exists calls_{month}_by_account on calls_{month} (account_id, order_no);"
    ))
    .await?;
    Ok(())
}

/// The same for a month that may have its table already.
pub(crate) async fn open_month_once(tx: &mut Tx, month: i64) -> Result<(), StoreError> {
    let known = "select month from call_months where month = $1";
    match tx.row(known, args![month]).await? {
        Some(_) => Ok(()),
        None => open_month(tx, month).await,
    }
}

/// Adds the calls of one month.
pub(crate) async fn insert(tx: &mut Tx, month: i64, calls: &[&Call]) -> Result<(), StoreError> {
    let mut rest = calls;
    while let Some(&size) = SIZES.iter().find(|&&size| size <= rest.len()) {
        let (now, later) = rest.split_at(size);
        rest = later;
        let mut values = Vec::with_capacity(size * COLUMNS);
        for call in now {
            values.extend_from_slice(&[
                Arg::Int(call.order),
                Arg::Int(call.at),
                Arg::Int(call.account.0),
                Arg::Int(call.key),
                Arg::Int(call.lot.map_or(0, |lot| lot.0)),
                Arg::Int(call.count.into()),
                Arg::Int(call.code.into()),
                Arg::Text(call.level),
                Arg::Text(&call.channel),
                Arg::Text(&call.vin),
            ]);
        }
        let into = format!(
            "calls_{month} (order_no, at, account_id, key_id, lot_id, count, code, level, channel, vin)"
        );
        let added = tx.insert(&into, COLUMNS, &values, "").await?;
        if added != size as u64 {
            return Err(StoreError::Inexact {
                what: "logging a call",
                rows: added,
            });
        }
    }
    Ok(())
}

/// The months that have a table, oldest first.
pub(crate) async fn months(tx: &mut Tx) -> Result<Vec<i64>, StoreError> {
    let sql = "select month from call_months order by month";
    let rows = tx.rows(sql, args![]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// The package and the price of an order; `None` when the log does not have it.
pub(crate) async fn charged(tx: &mut Tx, order: i64) -> Result<Option<(LotId, i64)>, StoreError> {
    let month = month(order);
    if !months(tx).await?.contains(&month) {
        return Ok(None);
    }
    let sql = format!("select lot_id, count from calls_{month} where order_no = $1");
    let row = tx.row(AssertSqlSafe(sql), args![order]).await?;
    row.map(|row| Ok((LotId(row.int(0)?), row.int(1)?)))
        .transpose()
}

impl Store {
    /// Whether the log has an order.
    ///
    /// # Errors
    /// [`StoreError::Passing`] when the database does not answer.
    pub async fn has_order(&self, order: i64) -> Result<bool, StoreError> {
        let mut tx = self.db.snapshot().await?;
        Ok(charged(&mut tx, order).await?.is_some())
    }

    /// The call of an order; `None` when the log does not have it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn call(&self, order: i64) -> Result<Option<LoggedCall>, StoreError> {
        let month = month(order);
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(None);
        }
        let sql = format!(
            "select order_no, at, key_id, count, code, level, channel, vin from calls_{month}
             where order_no = $1"
        );
        let row = tx.row(AssertSqlSafe(sql), args![order]).await?;
        row.as_ref().map(read).transpose()
    }

    /// The calls of an account before an order number, the latest first, at most `limit` of them,
    /// from one month of the log.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn calls(
        &self,
        account: AccountId,
        month: i64,
        before: i64,
        limit: u32,
    ) -> Result<Vec<LoggedCall>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select order_no, at, key_id, count, code, level, channel, vin from calls_{month}
             where account_id = $1 and order_no < $2 order by order_no desc limit $3"
        );
        let rows = tx
            .rows(AssertSqlSafe(sql), args![account.0, before, limit])
            .await?;
        rows.iter().map(read).collect()
    }

    /// Drops the months of the log before `month`, with the attempts of their orders, and writes what
    /// they charged into the ledger; how many were dropped.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn drop_months(&self, month: i64, at: i64) -> Result<u32, StoreError> {
        let mut dropped = 0;
        let mut tx = self.db.snapshot().await?;
        let old: Vec<_> = months(&mut tx)
            .await?
            .into_iter()
            .filter(|m| *m < month)
            .collect();
        drop(tx);
        for month in old {
            let mut tx = self.write().await?;
            let sql = "delete from call_months where month = $1";
            if tx.run(sql, args![month]).await? != 1 {
                // Another node was faster.
                continue;
            }
            let sql = format!(
                "select lot_id, cast(sum(count) as bigint) from calls_{month}
                 where count > 0 group by lot_id order by lot_id"
            );
            let reason = format!("charges of {month}");
            for row in tx.rows(AssertSqlSafe(sql), args![]).await? {
                let (lot, charged) = (LotId(row.int(0)?), row.int(1)?);
                let deed = Deed {
                    at,
                    reason: &reason,
                    actor: "system",
                };
                enter(&mut tx, lot, "charge", -charged, 0, deed).await?;
            }
            tx.define(&format!("drop table calls_{month}")).await?;
            tx.commit().await?;
            dropped += 1;
        }
        self.drop_attempts(month).await?;
        Ok(dropped)
    }
}

pub(crate) fn read(row: &Row) -> Result<LoggedCall, StoreError> {
    Ok(LoggedCall {
        order: row.int(0)?,
        at: row.int(1)?,
        key: row.int(2)?,
        count: row.int(3)?,
        code: row.int(4)?,
        level: row.text(5)?,
        channel: row.text(6)?,
        vin: row.text(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_names_its_month() {
        assert_eq!(month(123_261_124_000_000_042), 202_611);
        assert_eq!(month(261_124_000_000_042), 202_611);
        assert!(is_month(202_611) && !is_month(202_613) && !is_month(202_600));
    }
}
