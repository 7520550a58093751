//! What a running process holds to spend: taken from packages in blocks, given back when it is
//! not needed, and taken back when the process is dead.
//!
//! A call in a lease is in no package and in no other lease. Only the instance that holds it
//! spends it; a reclaimed lease no longer exists, so that an instance which was wrongly taken for
//! dead touches no row when it charges, and stops.

use crate::db::sql::{Tx, args};
use crate::lots::policy;
use crate::{AccountId, LotId, Store, StoreError};

/// The id of a running process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(pub i64);

/// An instance and how often it has been heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Whose.
    pub instance: InstanceId,
    /// A count that a living instance counts up.
    pub beat: i64,
}

/// A wish for calls to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Of which account.
    pub account: AccountId,
    /// How many at most.
    pub most: u32,
    /// How many callers wait: near the end of a balance no more than these are handed out.
    pub waiting: u32,
}

/// Calls of one package that may now be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leased {
    /// The package.
    pub lot: LotId,
    /// When it ends, in seconds since 1970-01-01 UTC.
    pub expires_at: i64,
    /// How many.
    pub calls: u32,
    /// How far questions are taken that it pays for, one of [`POLICIES`](crate::POLICIES).
    pub policy: &'static str,
}

/// What a wish was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Of which account.
    pub account: AccountId,
    /// What may now be spent, the earliest expiry first; empty when there is nothing.
    pub leased: Vec<Leased>,
    /// What is left in packages that no instance holds.
    pub free: i64,
    /// What other instances hold.
    pub elsewhere: i64,
}

/// Of what is left in a package, one lease takes no more than this part.
const SHARE: i64 = 8;

impl Store {
    /// Begins to spend: a new instance, unlike any other.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin_instance(&self, node: u16, at: i64) -> Result<InstanceId, StoreError> {
        let mut tx = self.write().await?;
        let made = tx
            .row(
                "insert into instances (node, started_at, beat, batch)
                 values ($1, $2, 0, 0) returning id",
                args![node, at],
            )
            .await?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        tx.commit().await?;
        Ok(InstanceId(id))
    }

    /// Ends an instance, dead or alive: what it holds goes back into the packages. How many calls
    /// that was.
    ///
    /// # Errors
    /// [`StoreError::Inexact`] when a package is missing.
    pub async fn end_instance(&self, instance: InstanceId) -> Result<i64, StoreError> {
        let mut tx = self.write().await?;
        let back = give_back_all(&mut tx, instance).await?;
        let sql = "delete from instances where id = $1";
        tx.run(sql, args![instance.0]).await?;
        tx.commit().await?;
        Ok(back)
    }

    /// Every instance, and how often it has been heard of.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn beats(&self) -> Result<Vec<Beat>, StoreError> {
        let sql = "select id, beat from instances order by id";
        let rows = self.rows(sql, args![]).await?;
        let read = |row: &crate::db::sql::Row| {
            Ok(Beat {
                instance: InstanceId(row.int(0)?),
                beat: row.int(1)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What an instance holds to spend: the account, and the calls of one package.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn held(&self, instance: InstanceId) -> Result<Vec<(AccountId, Leased)>, StoreError> {
        let rows = self
            .rows(
                "select s.account_id, s.lot_id, l.expires_at, s.remain, l.policy
                 from leases s join lots l on l.id = s.lot_id where s.instance_id = $1",
                args![instance.0],
            )
            .await?;
        let read = |row: &crate::db::sql::Row| {
            let leased = Leased {
                lot: LotId(row.int(1)?),
                expires_at: row.int(2)?,
                calls: row.number(3)?,
                policy: policy(&row.text(4)?)?,
            };
            Ok((AccountId(row.int(0)?), leased))
        };
        rows.iter().map(read).collect()
    }

    /// The accounts of which others want back what an instance holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recalled(&self, instance: InstanceId) -> Result<Vec<AccountId>, StoreError> {
        let sql = "select distinct account_id from leases where instance_id = $1 and recalled = 1";
        let rows = self.rows(sql, args![instance.0]).await?;
        rows.iter().map(|row| row.int(0).map(AccountId)).collect()
    }

    /// Asks every instance but one to give back what it holds of an account and does not need.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn recall(
        &self,
        account: AccountId,
        except: Option<InstanceId>,
    ) -> Result<(), StoreError> {
        // Ids begin with 1.
        let except = except.map_or(0, |instance| instance.0);
        let mut tx = self.write().await?;
        tx.run(
            "update leases set recalled = 1
             where account_id = $1 and instance_id <> $2 and remain > 0 and recalled = 0",
            args![account.0, except],
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// Says that an instance lives, and numbers what it writes.
///
/// # Errors
/// [`StoreError::Written`] when a batch of this number was written already;
/// [`StoreError::Inexact`] when this instance was taken for dead.
pub(crate) async fn beat(tx: &mut Tx, instance: InstanceId, batch: i64) -> Result<(), StoreError> {
    let sql = "update instances set beat = beat + 1, batch = $2 where id = $1 and batch = $2 - 1";
    if tx.run(sql, args![instance.0, batch]).await? == 1 {
        return Ok(());
    }
    let sql = "select batch from instances where id = $1";
    let row = tx.row(sql, args![instance.0]).await?;
    match row.map(|row| row.int(0)).transpose()? {
        Some(found) if found == batch => Err(StoreError::Written),
        found => Err(StoreError::Inexact {
            what: "this instance was taken for dead",
            rows: found.is_some().into(),
        }),
    }
}

/// Takes calls out of packages for an instance to spend.
pub(crate) async fn lease(
    tx: &mut Tx,
    instance: InstanceId,
    wish: Wish,
    now: i64,
) -> Result<Granted, StoreError> {
    let rows = tx
        .rows(
            "select id, remain, expires_at, policy from lots
             where account_id = $1 and remain > 0 and expires_at > $2 order by expires_at, id",
            args![wish.account.0, now],
        )
        .await?;
    let mut granted = Granted {
        account: wish.account,
        leased: Vec::new(),
        free: 0,
        elsewhere: 0,
    };
    let mut wanted = i64::from(wish.most);
    let mut waiting = i64::from(wish.waiting);
    for row in rows {
        let (lot, remain, expires_at) = (LotId(row.int(0)?), row.int(1)?, row.int(2)?);
        granted.free += remain;
        let count = remain.min(wanted.min((remain / SHARE).max(waiting)));
        if count <= 0 {
            continue;
        }
        // What was read above decides nothing: the update takes the calls or does not.
        let taken = tx
            .run(
                "update lots set remain = remain - $2 where id = $1 and remain >= $2",
                args![lot.0, count],
            )
            .await?;
        if taken == 0 {
            continue;
        }
        tx.run_one(
            "leasing",
            "insert into leases (instance_id, lot_id, account_id, remain) values ($1, $2, $3, $4)
             on conflict (instance_id, lot_id)
             do update set remain = leases.remain + $4, recalled = 0",
            args![instance.0, lot.0, wish.account.0, count],
        )
        .await?;
        let calls = u32::try_from(count).map_err(|_| StoreError::NoLot(lot.0))?;
        granted.leased.push(Leased {
            lot,
            expires_at,
            calls,
            policy: policy(&row.text(3)?)?,
        });
        granted.free -= count;
        wanted -= count;
        waiting -= count;
    }
    let sql = "select cast(coalesce(sum(remain), 0) as bigint) from leases
               where account_id = $1 and instance_id <> $2";
    granted.elsewhere = tx.int(sql, args![wish.account.0, instance.0]).await?;
    Ok(granted)
}

/// Puts calls that an instance holds back into their package.
pub(crate) async fn give_back(
    tx: &mut Tx,
    instance: InstanceId,
    lot: LotId,
    calls: i64,
) -> Result<(), StoreError> {
    tx.run_one(
        "giving back",
        "update leases set remain = remain - $3, recalled = 0
         where instance_id = $1 and lot_id = $2 and remain >= $3",
        args![instance.0, lot.0, calls],
    )
    .await?;
    tx.run_one(
        "giving back",
        "update lots set remain = remain + $2 where id = $1",
        args![lot.0, calls],
    )
    .await
}

async fn give_back_all(tx: &mut Tx, instance: InstanceId) -> Result<i64, StoreError> {
    // The rows are deleted and returned at once: who deletes a lease, and nobody else, returns it.
    let sql = "delete from leases where instance_id = $1 returning lot_id, remain";
    let mut held = Vec::new();
    for row in tx.rows(sql, args![instance.0]).await? {
        held.push((row.int(0)?, row.int(1)?));
    }
    // In the order in which every node locks packages.
    held.sort_unstable();
    let mut back = 0;
    for (lot, remain) in held.into_iter().filter(|(_, remain)| *remain > 0) {
        tx.run_one(
            "giving back",
            "update lots set remain = remain + $2 where id = $1",
            args![lot, remain],
        )
        .await?;
        back += remain;
    }
    Ok(back)
}
