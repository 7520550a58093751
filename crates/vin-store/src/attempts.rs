//! Who was asked for an order, in which turn, what came of it and what it cost.
//!
//! One table for each month, made when it is first needed, and dropped as a whole. What may cost money
//! is written before it is asked, with the outcome [`ASKED`]; what came of it replaces that, along with
//! the charges of a batch. Nothing is changed afterwards: an unknown bill is settled beside it.

mod read;
mod settle;

pub use read::{ChannelSum, LoggedAttempt};
pub(crate) use read::{OPEN, OWED, logged};
pub use settle::{Settlement, Settling};

use crate::calls;
use crate::db::sql::{Tx, args, plain};
use crate::{LotId, Store, StoreError};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The outcome of an attempt that began, as long as nobody has written how it ended.
pub const ASKED: &str = "asked";

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
    /// Its place in the route, from 1; whoever was passed over comes after those who were asked.
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
    /// `hit`, `no_record`, `abandoned`, the name of a fault, why it was passed over, or [`ASKED`].
    pub outcome: Cow<'static, str>,
    /// Whether the upstream asks money for it.
    pub billed: Bill,
    /// In 1/10000 yuan; where the bill is unknown, the most that it can be.
    pub cost: u32,
    /// The upstream's number of it, or what went wrong.
    pub detail: String,
}

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
             outcome text not null, -- hit, no_record, abandoned, a fault, why it was passed over, asked
             billed text not null check (billed in ('no', 'yes', 'unknown')),
             cost integer not null check (cost >= 0), -- 1/10000 yuan; of an unknown bill the most
             detail text not null, -- the upstream's number of it, or what went wrong
             primary key (order_no, place)
         ) strict;
         create index if not exists attempts_{month}_by_channel
             on attempts_{month} (channel, order_no, place);
         create index if not exists attempts_{month}_unknown on attempts_{month} (order_no, place)
             where billed = 'unknown';"
    ))
    .await?;
    Ok(())
}

/// Adds attempts, or says how those ended that were written when they began. Where both are among
/// `attempts`, the later one counts.
pub(crate) async fn insert(tx: &mut Tx, attempts: &[Attempt]) -> Result<(), StoreError> {
    let mut months: BTreeMap<i64, BTreeMap<(i64, u32), &Attempt>> = BTreeMap::new();
    for one in attempts {
        let month = months.entry(calls::month(one.order)).or_default();
        month.insert((one.order, one.place), one);
    }
    for (month, attempts) in months {
        open_month(tx, month).await?;
        let attempts: Vec<_> = attempts.into_values().collect();
        insert_into(tx, month, &attempts).await?;
    }
    Ok(())
}

async fn insert_into(tx: &mut Tx, month: i64, attempts: &[&Attempt]) -> Result<(), StoreError> {
    let into = format!(
        "attempts_{month} (order_no, place, at, lot_id, channel, kind, began_ms, took_ms, outcome,
             billed, cost, detail)"
    );
    let ended = format!(
        "on conflict (order_no, place) do update set at = excluded.at,
             took_ms = excluded.took_ms, outcome = excluded.outcome, billed = excluded.billed,
             cost = excluded.cost, detail = excluded.detail
         where attempts_{month}.outcome = '{ASKED}'"
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
        let rows = tx.insert(&into, WRITTEN, &values, &ended).await?;
        if rows != size as u64 {
            let what = "recording an attempt";
            return Err(StoreError::Inexact { what, rows });
        }
    }
    Ok(())
}

impl Store {
    /// Adds attempts that belong to no batch, such as tests, or says how they ended.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_attempts(&self, attempts: &[Attempt]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        insert(&mut tx, attempts).await?;
        Ok(tx.commit().await?)
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
                let sql = "delete from settlements where month = $1";
                tx.run(sql, args![month]).await?;
                tx.define(&format!("drop table attempts_{month}")).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
