//! Who was asked for an order, in which turn, what came of it and what it cost.
//!
//! One table for each month, made when it is first needed, and dropped as a whole. Rows are added
//! along with the charges of a batch; afterwards only an unknown bill is settled.

use crate::calls;
use crate::db::sql::{Row, Tx, args, plain};
use crate::{Deed, LotId, Store, StoreError};
use sqlx::AssertSqlSafe;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Whether an upstream asks money for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bill {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// Only its bill will tell.
    Unknown,
}

impl Bill {
    /// The name in the database and in commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Unknown => "unknown",
        }
    }

    fn parse(name: &str) -> Result<Self, StoreError> {
        let all = [Self::No, Self::Yes, Self::Unknown];
        let found = all.into_iter().find(|bill| bill.name() == name);
        found.ok_or_else(|| StoreError::Database(format!("attempts.billed is {name:?}")))
    }
}

/// One channel on the route of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The order number, of 18 digits.
    pub order: i64,
    /// Its place in the route, from 1.
    pub place: u32,
    /// When the order was answered, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The package whose call was set aside; `None` for a test.
    pub lot: Option<LotId>,
    /// The name of the channel.
    pub channel: String,
    /// `turn`, `repeat`, `hedge`, `test`, or `passed` when it was not asked.
    pub kind: Cow<'static, str>,
    /// Milliseconds after the route began.
    pub began_ms: u32,
    /// Milliseconds.
    pub took_ms: u32,
    /// `hit`, `no_record`, `abandoned`, the name of a fault, or why it was passed over.
    pub outcome: Cow<'static, str>,
    /// Whether the upstream asks money for it.
    pub billed: Bill,
    /// In 1/10000 yuan; where the bill is unknown, the most that it can be.
    pub cost: u32,
    /// The upstream's number of it, or what went wrong.
    pub detail: String,
}

/// An attempt as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedAttempt {
    /// What happened.
    pub attempt: Attempt,
    /// What the upstream's bill said of it, `billed` or `free`; `""` while nobody has looked.
    pub settled: String,
    /// When that was entered, why and by whom.
    pub settled_at: i64,
    /// Why.
    pub settled_why: String,
    /// Who.
    pub settled_by: String,
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

const COLUMNS: &str = "order_no, place, at, lot_id, channel, kind, began_ms, took_ms, outcome, \
     billed, cost, detail, settled, settled_at, settled_why, settled_by";

/// What is owed for an attempt, as far as it is known.
pub(crate) const OWED: &str = "(billed = 'yes' or settled = 'billed')";
/// Of which only the bill will tell.
pub(crate) const OPEN: &str = "(billed = 'unknown' and settled = '')";

/// The columns that are written with an attempt.
const WRITTEN: usize = 12;

/// How many rows one statement adds: few sizes, so that each is prepared once.
const SIZES: [usize; 3] = [64, 8, 1];

/// The months that have a table, oldest first.
pub(crate) async fn months(tx: &mut Tx) -> Result<Vec<i64>, StoreError> {
    let sql = "select month from attempt_months order by month";
    let rows = tx.rows(sql, args![]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// Makes the table of a month when it is missing. Any number of nodes may do so at once.
pub(crate) async fn open_month(tx: &mut Tx, month: i64) -> Result<(), StoreError> {
    let known = "select month from attempt_months where month = $1";
    if tx.row(known, args![month]).await?.is_some() {
        return Ok(());
    }
    if !calls::is_month(month) {
        return Err(StoreError::Database(format!("{month} is no month")));
    }
    // Of several nodes one inserts the row; the others wait for it, and then find the table.
    let sql = "insert into attempt_months (month) values ($1) on conflict (month) do nothing";
    tx.run(sql, args![month]).await?;
    tx.define(&format!(
        "create table if not exists attempts_{month} (
             order_no integer not null,
             place integer not null, -- in the order's route, from 1
             at integer not null, -- when the order was answered, seconds since 1970-01-01 UTC
             lot_id integer not null, -- the package whose call was set aside, 0: a test
             channel text not null,
             kind text not null, -- turn, repeat, hedge, test, passed
             began_ms integer not null, -- after the order's route began
             took_ms integer not null,
             outcome text not null, -- hit, no_record, abandoned, a fault, or why it was passed over
             billed text not null check (billed in ('no', 'yes', 'unknown')),
             cost integer not null check (cost >= 0), -- 1/10000 yuan; of an unknown bill the most
             detail text not null, -- the upstream's number of it, or what went wrong
             settled text not null default '' check (settled in ('', 'billed', 'free')),
             settled_at integer not null default 0,
             settled_why text not null default '',
             settled_by text not null default '',
             primary key (order_no, place)
         ) strict;
         create index if not exists attempts_{month}_by_channel
             on attempts_{month} (channel, order_no, place);
         create index if not exists attempts_{month}_unknown on attempts_{month} (order_no, place)
             where billed = 'unknown' and settled = '';"
    ))
    .await?;
    Ok(())
}

/// Adds attempts.
pub(crate) async fn insert(tx: &mut Tx, attempts: &[Attempt]) -> Result<(), StoreError> {
    let mut months: BTreeMap<i64, Vec<&Attempt>> = BTreeMap::new();
    for one in attempts {
        months.entry(calls::month(one.order)).or_default().push(one);
    }
    for (month, attempts) in months {
        open_month(tx, month).await?;
        insert_into(tx, month, &attempts).await?;
    }
    Ok(())
}

async fn insert_into(tx: &mut Tx, month: i64, attempts: &[&Attempt]) -> Result<(), StoreError> {
    let into = format!(
        "attempts_{month} (order_no, place, at, lot_id, channel, kind, began_ms, took_ms, outcome,
             billed, cost, detail)"
    );
    let mut rest = attempts;
    while let Some(&size) = SIZES.iter().find(|&&size| size <= rest.len()) {
        let (now, later) = rest.split_at(size);
        rest = later;
        let details: Vec<_> = now.iter().map(|one| plain(&one.detail)).collect();
        let mut values = Vec::with_capacity(size * WRITTEN);
        for (one, detail) in now.iter().zip(&details) {
            values.extend_from_slice(args![
                one.order,
                one.place,
                one.at,
                one.lot.map_or(0, |lot| lot.0),
                &*one.channel,
                &*one.kind,
                one.began_ms,
                one.took_ms,
                &*one.outcome,
                one.billed.name(),
                one.cost,
                &**detail,
            ]);
        }
        let rows = tx.insert(&into, WRITTEN, &values).await?;
        if rows != size as u64 {
            let what = "recording an attempt";
            return Err(StoreError::Inexact { what, rows });
        }
    }
    Ok(())
}

impl Store {
    /// Adds attempts that belong to no batch, such as tests.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_attempts(&self, attempts: &[Attempt]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        insert(&mut tx, attempts).await?;
        Ok(tx.commit().await?)
    }

    /// The route of an order.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn attempts(&self, order: i64) -> Result<Vec<LoggedAttempt>, StoreError> {
        let month = calls::month(order);
        let mut tx = self.db.snapshot().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Ok(Vec::new());
        }
        let sql =
            format!("select {COLUMNS} from attempts_{month} where order_no = $1 order by place");
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
            "select {COLUMNS} from attempts_{month}
             where channel = $1 and (order_no, place) > ($2, $3) and kind <> 'passed'
             order by order_no, place limit $4"
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
                "select {COLUMNS} from attempts_{month} where {OPEN}
                 order by order_no, place limit $1"
            );
            let rows = tx.rows(AssertSqlSafe(sql), args![left]).await?;
            for row in &rows {
                found.push(read(row)?);
            }
        }
        Ok(found)
    }

    /// Enters what the upstream's bill says of an attempt, once.
    ///
    /// # Errors
    /// [`StoreError::NotUnknown`] when there is nothing to settle.
    pub async fn settle_attempt(
        &self,
        order: i64,
        place: i64,
        billed: bool,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let month = calls::month(order);
        let mut tx = self.write().await?;
        if !months(&mut tx).await?.contains(&month) {
            return Err(StoreError::NotUnknown { order, place });
        }
        let sql = format!(
            "update attempts_{month}
             set settled = $3, settled_at = $4, settled_why = $5, settled_by = $6
             where order_no = $1 and place = $2 and {OPEN}"
        );
        let word = if billed { "billed" } else { "free" };
        let args = args![order, place, word, deed.at, deed.reason, deed.actor];
        if tx.run(AssertSqlSafe(sql), args).await? != 1 {
            return Err(StoreError::NotUnknown { order, place });
        }
        Ok(tx.commit().await?)
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
            "select channel, count(*), {}, {}, {}, {}, {}, {} from attempts_{month}
             where kind <> 'passed' group by channel order by channel",
            sum("1", "outcome = 'hit'"),
            sum("1", "outcome = 'no_record'"),
            sum("1", OWED),
            sum("cost", OWED),
            sum("1", OPEN),
            sum("cost", OPEN),
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

    /// Drops the attempts of months before `month`.
    pub(crate) async fn drop_attempts(&self, month: i64) -> Result<(), StoreError> {
        let mut tx = self.db.snapshot().await?;
        let known = months(&mut tx).await?;
        drop(tx);
        for month in known.into_iter().filter(|known| *known < month) {
            let mut tx = self.write().await?;
            let sql = "delete from attempt_months where month = $1";
            // Another node may have been faster.
            if tx.run(sql, args![month]).await? == 1 {
                tx.define(&format!("drop table attempts_{month}")).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<LoggedAttempt, StoreError> {
    let lot = row.int(3)?;
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
        settled: row.text(12)?,
        settled_at: row.int(13)?,
        settled_why: row.text(14)?,
        settled_by: row.text(15)?,
    })
}
