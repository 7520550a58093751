//! Everything that a running process writes about money, in one transaction at a time.
//!
//! A caller collects what is to be written, calls [`Store::commit`], and lets nobody know of it
//! before that has returned. What is written is all of the batch or nothing.

use crate::attempts::{self, Attempt};
use crate::calls::{self, Call};
use crate::db::sql::{Tx, args};
use crate::leases::{self, Granted, InstanceId, Wish};
use crate::{AccountId, LotId, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// An answer to be kept under the client's own number for its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The client's number.
    pub reqid: String,
    /// The SHA-256 of what was asked.
    pub request: [u8; 32],
    /// The answer.
    pub answer: Vec<u8>,
}

/// A call to be logged, and charged when it costs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The call.
    pub call: Call,
    /// Its day in China, `YYYYMMDD`.
    pub day: u32,
    /// What to keep for the same request.
    pub kept: Option<Kept>,
}

/// Calls that were refused, to be counted and not logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Who asked.
    pub account: AccountId,
    /// With which key.
    pub key: i64,
    /// The code of the answer.
    pub code: u16,
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The day in China, `YYYYMMDD`.
    pub day: u32,
    /// How many.
    pub calls: u32,
}

/// What is to be written at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Calls.
    pub entries: Vec<Entry>,
    /// Who was asked for calls, also for such that are not among the entries.
    pub attempts: Vec<Attempt>,
    /// Refusals.
    pub refused: Vec<Refused>,
    /// When keys were used: their ids, and seconds since 1970-01-01 UTC.
    pub used: BTreeMap<i64, i64>,
    /// Calls that are not needed any more.
    pub back: BTreeMap<LotId, i64>,
    /// Wishes for calls to spend.
    pub wishes: Vec<Wish>,
    /// Seconds since 1970-01-01 UTC.
    pub now: i64,
    /// Which batch of its instance it is, from 1 without a gap.
    pub number: i64,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The entries, by their place, that were left out because another request with the same
    /// number was faster. They were neither logged nor charged.
    pub repeated: BTreeSet<usize>,
    /// The answers to the wishes, in their order.
    pub granted: Vec<Granted>,
}

impl Store {
    /// Writes a batch of an instance, on the thread that asks where the database is SQLite.
    ///
    /// # Errors
    /// [`StoreError::Passing`]: the database cannot be reached, and whether the batch was written
    /// is unknown when it was lost during the commit. The same batch must be tried again, until it
    /// is written or [`StoreError::Written`] says that it was. Any other error: what is believed
    /// about the balances is wrong, or the disk is; the process must stop.
    pub async fn commit(
        &self,
        instance: InstanceId,
        batch: &Batch,
    ) -> Result<Committed, StoreError> {
        let mut tx = self.write_here().await?;
        leases::beat(&mut tx, instance, batch.number).await?;
        let mut done = Committed {
            repeated: keep(&mut tx, batch).await?,
            ..Committed::default()
        };
        log(&mut tx, batch, &done.repeated).await?;
        attempts::insert(&mut tx, &batch.attempts).await?;
        spend(&mut tx, instance, batch, &done.repeated).await?;
        sum_up(&mut tx, batch, &done.repeated).await?;
        for (key, used_at) in &batch.used {
            let sql = "insert into key_uses (key_id, used_at) values ($1, $2)
                       on conflict (key_id) do update set used_at = $2";
            tx.run(sql, args![*key, *used_at]).await?;
        }
        for (lot, calls) in &batch.back {
            leases::give_back(&mut tx, instance, *lot, *calls).await?;
        }
        for wish in &batch.wishes {
            let granted = leases::lease(&mut tx, instance, *wish, batch.now).await?;
            done.granted.push(granted);
        }
        tx.commit().await?;
        Ok(done)
    }

    /// The answer that was kept under a client's number: the hash of what was asked, and it.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn kept(
        &self,
        account: AccountId,
        reqid: &str,
    ) -> Result<Option<([u8; 32], Vec<u8>)>, StoreError> {
        let sql = "select request, answer from reqids where account_id = $1 and reqid = $2";
        let Some(row) = self.row(sql, args![account.0, reqid]).await? else {
            return Ok(None);
        };
        let request = <[u8; 32]>::try_from(row.bytes(0)?)
            .map_err(|_| StoreError::Database("reqids.request has not 32 bytes".to_owned()))?;
        Ok(Some((request, row.bytes(1)?)))
    }

    /// Forgets the answers that were kept before a moment.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_kept(&self, before: i64) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run("delete from reqids where at < $1", args![before])
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Keeps answers; the entries whose number is taken are left out of the rest of the batch.
async fn keep(tx: &mut Tx, batch: &Batch) -> Result<BTreeSet<usize>, StoreError> {
    let mut repeated = BTreeSet::new();
    for (place, entry) in batch.entries.iter().enumerate() {
        let Some(kept) = &entry.kept else { continue };
        let call = &entry.call;
        let added = tx
            .run(
                "insert into reqids (account_id, reqid, request, order_no, at, answer)
                 values ($1, $2, $3, $4, $5, $6) on conflict (account_id, reqid) do nothing",
                args![
                    call.account.0,
                    &*kept.reqid,
                    &kept.request,
                    call.order,
                    call.at,
                    &*kept.answer
                ],
            )
            .await?;
        if added == 0 {
            repeated.insert(place);
        }
    }
    Ok(repeated)
}

/// The entries that count.
fn counted<'b>(batch: &'b Batch, repeated: &'b BTreeSet<usize>) -> impl Iterator<Item = &'b Entry> {
    let places = batch.entries.iter().enumerate();
    places
        .filter(|(place, _)| !repeated.contains(place))
        .map(|(_, entry)| entry)
}

async fn log(tx: &mut Tx, batch: &Batch, repeated: &BTreeSet<usize>) -> Result<(), StoreError> {
    let mut months: BTreeMap<i64, Vec<&Call>> = BTreeMap::new();
    for entry in counted(batch, repeated) {
        let month = calls::month(entry.call.order);
        months.entry(month).or_default().push(&entry.call);
    }
    for (month, calls) in months {
        calls::open_month_once(tx, month).await?;
        calls::insert(tx, month, &calls).await?;
    }
    Ok(())
}

/// The one place where calls are spent.
async fn spend(
    tx: &mut Tx,
    instance: InstanceId,
    batch: &Batch,
    repeated: &BTreeSet<usize>,
) -> Result<(), StoreError> {
    let mut lots: BTreeMap<LotId, i64> = BTreeMap::new();
    for entry in counted(batch, repeated) {
        match (entry.call.lot, entry.call.count) {
            (Some(lot), count) if count > 0 => *lots.entry(lot).or_default() += i64::from(count),
            (None, 0) => {}
            _ => {
                let text = "a call has a package exactly when it costs something";
                return Err(StoreError::Database(text.to_owned()));
            }
        }
    }
    for (lot, count) in lots {
        tx.run_one(
            "charging",
            "update leases set remain = remain - $3
             where instance_id = $1 and lot_id = $2 and remain >= $3",
            args![instance.0, lot.0, count],
        )
        .await?;
    }
    Ok(())
}

/// What is counted together.
type Sums<'b> = BTreeMap<(AccountId, i64, i64, u16, &'b str), (i64, i64)>;

async fn sum_up(tx: &mut Tx, batch: &Batch, repeated: &BTreeSet<usize>) -> Result<(), StoreError> {
    let (mut hours, mut days) = (Sums::new(), Sums::new());
    let mut add = |account, key, code, channel, at: i64, day: u32, calls: i64, charged: i64| {
        let hour = at - at.rem_euclid(3600);
        for (sums, when) in [(&mut hours, hour), (&mut days, i64::from(day))] {
            let sum = sums.entry((account, when, key, code, channel)).or_default();
            sum.0 += calls;
            sum.1 += charged;
        }
    };
    for entry in counted(batch, repeated) {
        let call = &entry.call;
        let (code, channel, charged) = (call.code, &*call.channel, call.count.into());
        add(
            call.account,
            call.key,
            code,
            channel,
            call.at,
            entry.day,
            1,
            charged,
        );
    }
    for no in &batch.refused {
        add(
            no.account,
            no.key,
            no.code,
            "",
            no.at,
            no.day,
            no.calls.into(),
            0,
        );
    }
    const HOURS: &str =
        "insert into usage_hours (account_id, hour, key_id, code, channel, calls, charged)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, hour, key_id, code, channel) do update
         set calls = usage_hours.calls + $6, charged = usage_hours.charged + $7";
    const DAYS: &str =
        "insert into usage_days (account_id, day, key_id, code, channel, calls, charged)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, day, key_id, code, channel) do update
         set calls = usage_days.calls + $6, charged = usage_days.charged + $7";
    for (sums, sql) in [(hours, HOURS), (days, DAYS)] {
        for ((account, when, key, code, channel), (calls, charged)) in sums {
            let args = args![account.0, when, key, code, channel, calls, charged];
            tx.run_one("counting", sql, args).await?;
        }
    }
    Ok(())
}
