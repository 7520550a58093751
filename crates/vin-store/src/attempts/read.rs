//! Attempts as they were recorded, and what they cost together.

use super::settle::Settlement;
use super::{Attempt, Bill, months};
use crate::calls;
use crate::db::sql::{Row, args};
use crate::{LotId, Store, StoreError};
use sqlx::AssertSqlSafe;

/// An attempt as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedAttempt {
    /// What happened.
    pub attempt: Attempt,
    /// What the upstream's bill says of it, as it was entered last; `None` while nobody has looked.
    pub settled: Option<Settlement>,
}

/// What a channel did and cost in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelSum {
    /// The channel.
    pub channel: String,
    /// How often it was asked.
    pub calls: i64,
    /// How often it knew the vehicle.
    pub hits: i64,
    /// How often it had no record.
    pub no_records: i64,
    /// How many attempts are billed, in 1/10000 yuan too.
    pub billed: i64,
    /// What they cost.
    pub cost: i64,
    /// Of how many only the bill will tell.
    pub unknown: i64,
    /// What these may cost.
    pub unknown_cost: i64,
}

const COLUMNS: &str = "a.order_no, a.place, a.at, a.lot_id, a.channel, a.kind, a.began_ms, a.took_ms, \
     a.outcome, a.billed, a.cost, a.detail, coalesce(s.number, 0), coalesce(s.verdict, ''), \
     coalesce(s.at, 0), coalesce(s.reason, ''), coalesce(s.actor, '')";

/// What is owed for an attempt, as far as it is known.
pub(crate) const OWED: &str = "(a.billed = 'yes' or coalesce(s.verdict, '') = 'billed')";
/// Of which only the bill will tell.
pub(crate) const OPEN: &str = "(a.billed = 'unknown' and s.verdict is null)";

/// The attempts of a month as `a`, each with its latest settlement as `s`.
pub(crate) fn logged(month: i64) -> String {
    format!(
        "attempts_{month} a left join settlements s on a.billed = 'unknown'
             and s.order_no = a.order_no and s.place = a.place
             and s.number = (select max(n.number) from settlements n
                             where n.order_no = a.order_no and n.place = a.place)"
    )
}

impl Store {
    /// The route of an order, in the order in which it began.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempts(&self, order: i64) -> Result<Vec<LoggedAttempt>, StoreError> {
        let month = calls::month(order);
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select {COLUMNS} from {} where a.order_no = $1 order by a.began_ms, a.place",
            logged(month)
        );
        let rows = tx.rows(AssertSqlSafe(sql), args![order]).await?;
        rows.iter().map(read).collect()
    }

    /// The attempts of a channel in a month after one of them, at most `limit`, oldest orders first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempts_of(
        &self,
        channel: &str,
        month: i64,
        (order, place): (i64, i64),
        limit: u32,
    ) -> Result<Vec<LoggedAttempt>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select {COLUMNS} from {}
             where a.channel = $1 and (a.order_no, a.place) > ($2, $3) and a.kind <> 'passed'
             order by a.order_no, a.place limit $4",
            logged(month)
        );
        let args = args![channel, order, place, limit];
        let rows = tx.rows(AssertSqlSafe(sql), args).await?;
        rows.iter().map(read).collect()
    }

    /// The attempts whose bill is unknown and not settled, the oldest months first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn unknown_attempts(&self, limit: u32) -> Result<Vec<LoggedAttempt>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        let mut found = Vec::new();
        for month in months(&mut tx).await? {
            let left = i64::from(limit) - found.len() as i64;
            let sql = format!(
                "select {COLUMNS} from {} where {OPEN} order by a.order_no, a.place limit $1",
                logged(month)
            );
            let rows = tx.rows(AssertSqlSafe(sql), args![left]).await?;
            for row in &rows {
                found.push(read(row)?);
            }
        }
        Ok(found)
    }

    /// What every channel did and cost in a month.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn channel_sums(&self, month: i64) -> Result<Vec<ChannelSum>, StoreError> {
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(Vec::new());
        }
        let sum = |what: &str, when: &str| {
            format!("cast(sum(case when {when} then {what} else 0 end) as bigint)")
        };
        let sql = format!(
            "select a.channel, count(*), {}, {}, {}, {}, {}, {} from {}
             where a.kind <> 'passed' group by a.channel order by a.channel",
            sum("1", "a.outcome = 'hit'"),
            sum("1", "a.outcome = 'no_record'"),
            sum("1", OWED),
            sum("a.cost", OWED),
            sum("1", OPEN),
            sum("a.cost", OPEN),
            logged(month),
        );
        let rows = tx.rows(AssertSqlSafe(sql), args![]).await?;
        let read = |row: &Row| {
            Ok(ChannelSum {
                channel: row.text(0)?,
                calls: row.int(1)?,
                hits: row.int(2)?,
                no_records: row.int(3)?,
                billed: row.int(4)?,
                cost: row.int(5)?,
                unknown: row.int(6)?,
                unknown_cost: row.int(7)?,
            })
        };
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<LoggedAttempt, StoreError> {
    let lot = row.int(3)?;
    let settled = match row.int(12)? {
        0 => None,
        number => Some(Settlement {
            place: row.int(1)?,
            number,
            billed: row.text(13)? == "billed",
            at: row.int(14)?,
            reason: row.text(15)?,
            actor: row.text(16)?,
        }),
    };
    Ok(LoggedAttempt {
        attempt: Attempt {
            order: row.int(0)?,
            place: row.number(1)?,
            at: row.int(2)?,
            lot: (lot > 0).then_some(LotId(lot)),
            channel: row.text(4)?,
            kind: row.text(5)?.into(),
            began_ms: row.number(6)?,
            took_ms: row.number(7)?,
            outcome: row.text(8)?.into(),
            billed: Bill::parse(&row.text(9)?)?,
            cost: row.number(10)?,
            detail: row.text(11)?,
        },
        settled,
    })
}
