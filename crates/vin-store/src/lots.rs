//! Packages and the ledger: calls granted, refunded, adjusted and expired. Spending them is in
//! [`crate::batch`].
//!
//! A balance is never read in order to write it: each change is one conditional update, and each
//! stands in the ledger as one entry of the same transaction.

use crate::db::sql::{Tx, args};
use crate::{AccountId, Store, StoreError, calls, db};

/// The moment that stands for never: the last second of the year 9999.
pub const NEVER: i64 = 253_402_300_799;

/// The id of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LotId(pub i64);

/// Who changes a balance by hand, why and when.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// Seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
}

/// What a package is and holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// How many calls were granted.
    pub total: i64,
    /// How many are left, those that nodes hold to spend included.
    pub remaining: i64,
    /// When what is left is lost, in seconds since 1970-01-01 UTC; [`NEVER`] for never.
    pub expires_at: i64,
}

impl Lot {
    /// When it ends; `None` for never.
    pub fn end(&self) -> Option<i64> {
        (self.expires_at < NEVER).then_some(self.expires_at)
    }
}

/// What can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// How many calls.
    pub calls: i64,
    /// What they cost, in hundredths of a yuan; 0 while the operator has not said.
    pub price_fen: i64,
    /// For how many days they can be used; 0 for ever.
    pub days: i64,
    /// How far its questions are taken, one of [`POLICIES`].
    pub policy: &'static str,
    /// Whether who buys it must have a verified name.
    pub named: bool,
}

/// Where a package is from. Of one thing there is one package at most, whatever happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Purchase(i64),
    Code(i64),
    Trial(AccountId),
}

impl Origin {
    const fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Purchase(id) => ("purchase", id),
            Self::Code(id) => ("code", id),
            Self::Trial(AccountId(id)) => ("trial", id),
        }
    }
}

/// A package to be made of something else than an operator's deed.
pub(crate) struct NewLot<'a> {
    pub account: AccountId,
    pub calls: i64,
    pub expires_at: i64,
    /// The product that it is one of, by its calls; 0 for none.
    pub product: i64,
    pub price_fen: i64,
    pub policy: &'a str,
    pub named: bool,
    pub origin: Origin,
}

/// When a package of so many days ends; 0 days are for ever.
pub(crate) fn end(at: i64, days: i64) -> i64 {
    match days {
        0 => NEVER,
        days => at.saturating_add(days.saturating_mul(86_400)).min(NEVER),
    }
}

/// The policies that a product can have; `""` where the interface decides.
pub const POLICIES: [&str; 4] = ["", "local_only", "first_hit", "fusion"];

/// The policy of that name.
pub(crate) fn policy(name: &str) -> Result<&'static str, StoreError> {
    let known = POLICIES.into_iter().find(|known| *known == name);
    known.ok_or_else(|| StoreError::Database(format!("{name:?} is no policy")))
}

impl Store {
    /// Gives an account a package. One of as many calls as a product has is a package of this product,
    /// with the price and policy that it has now.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`].
    pub async fn grant(
        &self,
        account: AccountId,
        calls: u32,
        expires_at: i64,
        deed: Deed<'_>,
    ) -> Result<LotId, StoreError> {
        let mut tx = self.write().await?;
        let made = tx
            .row(
                "insert into lots
                     (account_id, total, remain, expires_at, created_at, product, price_fen, policy)
                 values ($1, $2, $2, $3, $4,
                     coalesce((select calls from products where calls = $2), 0),
                     coalesce((select price_fen from products where calls = $2), 0),
                     coalesce((select policy from products where calls = $2), ''))
                 returning id",
                args![account.0, calls, expires_at.min(NEVER), deed.at],
            )
            .await
            .map_err(|error| match db::is_missing_parent(&error) {
                true => StoreError::NoAccount(account.0),
                false => error.into(),
            })?;
        let lot = LotId(made.ok_or(sqlx::Error::RowNotFound)?.int(0)?);
        enter(&mut tx, lot, "grant", calls.into(), 0, deed).await?;
        tx.commit().await?;
        Ok(lot)
    }

    /// Puts calls into a package, or with a negative `delta` takes them out.
    ///
    /// # Errors
    /// [`StoreError::NoLot`]; [`StoreError::TooFew`] when fewer are left that no node holds.
    pub async fn adjust(&self, lot: LotId, delta: i64, deed: Deed<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let done = tx
            .run(
                "update lots set remain = remain + $2 where id = $1 and remain + $2 >= 0",
                args![lot.0, delta],
            )
            .await?;
        if done != 1 {
            let sql = "select remain from lots where id = $1";
            let row = tx.row(sql, args![lot.0]).await?;
            let free = row.ok_or(StoreError::NoLot(lot.0))?.int(0)?;
            return Err(StoreError::TooFew {
                lot: lot.0,
                free,
                wanted: -delta,
            });
        }
        enter(&mut tx, lot, "adjust", delta, 0, deed).await?;
        Ok(tx.commit().await?)
    }

    /// Gives back what an order cost, once; how many calls that was. They go into the package
    /// that they came from, with its expiry.
    ///
    /// # Errors
    /// [`StoreError::NoOrder`], [`StoreError::NotCharged`], [`StoreError::Refunded`].
    pub async fn refund(&self, order: i64, deed: Deed<'_>) -> Result<(LotId, i64), StoreError> {
        let mut tx = self.write().await?;
        let call = calls::charged(&mut tx, order).await?;
        let (lot, count) = call.ok_or(StoreError::NoOrder(order))?;
        if count == 0 {
            return Err(StoreError::NotCharged(order));
        }
        match enter(&mut tx, lot, "refund", count, order, deed).await {
            Err(StoreError::Refunded(_)) => return Err(StoreError::Refunded(order)),
            entered => entered?,
        }
        tx.run_one(
            "refunding",
            "update lots set remain = remain + $2 where id = $1",
            args![lot.0, count],
        )
        .await?;
        tx.commit().await?;
        Ok((lot, count))
    }

    /// Ends the packages whose time is over; how many calls were lost. What a node holds of them
    /// is lost when it has given it back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn expire(&self, now: i64) -> Result<i64, StoreError> {
        let due = "select id from lots where expires_at <= $1 and remain > 0 order by id";
        let mut lost = 0;
        // Each is a transaction of its own: a package that is spent from is not waited for long.
        for row in self.rows(due, args![now]).await? {
            let lot = LotId(row.int(0)?);
            let mut tx = self.write().await?;
            // The entry takes what the update will; on PostgreSQL the row is locked first.
            let lock =
                "update lots set remain = remain where id = $1 and remain > 0 returning remain";
            let Some(row) = tx.row(lock, args![lot.0]).await? else {
                continue;
            };
            let left = row.int(0)?;
            tx.run_one(
                "expiring",
                "update lots set remain = remain - $2 where id = $1 and remain = $2",
                args![lot.0, left],
            )
            .await?;
            let deed = Deed {
                at: now,
                reason: "expired",
                actor: "system",
            };
            enter(&mut tx, lot, "expire", -left, 0, deed).await?;
            tx.commit().await?;
            lost += left;
        }
        Ok(lost)
    }

    /// The packages of an account that can be spent from at `now`, in the order in which they are:
    /// the earliest expiry first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn lots(&self, account: AccountId, now: i64) -> Result<Vec<Lot>, StoreError> {
        let rows = self
            .rows(
                "select l.id, l.total, l.expires_at, cast(l.remain + coalesce((
                        select sum(s.remain) from leases s where s.lot_id = l.id), 0) as bigint)
                 from lots l where l.account_id = $1 and l.expires_at > $2
                 order by l.expires_at, l.id",
                args![account.0, now],
            )
            .await?;
        let read = |row: &db::sql::Row| {
            Ok(Lot {
                id: LotId(row.int(0)?),
                total: row.int(1)?,
                expires_at: row.int(2)?,
                remaining: row.int(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What can be bought, the smallest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn products(&self) -> Result<Vec<Product>, StoreError> {
        let sql = "select calls, price_fen, days, policy, named from products order by calls";
        let rows = self.rows(sql, args![]).await?;
        let read = |row: &db::sql::Row| {
            Ok(Product {
                calls: row.int(0)?,
                price_fen: row.int(1)?,
                days: row.int(2)?,
                policy: policy(&row.text(3)?)?,
                named: row.flag(4)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Sets what a product costs, how long it can be used and how far its questions are taken; makes it
    /// when it is new.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_product(&self, product: &Product) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        tx.run_one(
            "setting a product",
            "insert into products (calls, price_fen, days, policy, named) values ($1, $2, $3, $4, $5)
             on conflict (calls) do update set price_fen = $2, days = $3, policy = $4, named = $5",
            args![
                product.calls,
                product.price_fen,
                product.days,
                product.policy,
                product.named
            ],
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

/// Makes a package and enters it; `None` when there is one of this origin.
pub(crate) async fn add(
    tx: &mut Tx,
    new: &NewLot<'_>,
    deed: Deed<'_>,
) -> Result<Option<LotId>, StoreError> {
    let (origin, origin_id) = new.origin.parts();
    let made = tx
        .row(
            "insert into lots (account_id, total, remain, expires_at, created_at, product, price_fen,
                 policy, named, origin, origin_id)
             values ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict (origin, origin_id) where origin <> 'grant' do nothing returning id",
            args![
                new.account.0,
                new.calls,
                new.expires_at,
                deed.at,
                new.product,
                new.price_fen,
                new.policy,
                new.named,
                origin,
                origin_id
            ],
        )
        .await?;
    let Some(made) = made else { return Ok(None) };
    let lot = LotId(made.int(0)?);
    enter(tx, lot, "grant", new.calls, 0, deed).await?;
    Ok(Some(lot))
}

/// Adds an entry to the ledger.
pub(crate) async fn enter(
    tx: &mut Tx,
    lot: LotId,
    kind: &'static str,
    delta: i64,
    order: i64,
    deed: Deed<'_>,
) -> Result<(), StoreError> {
    let added = tx
        .run(
            "insert into entries (at, lot_id, kind, delta, order_no, reason, actor)
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![deed.at, lot.0, kind, delta, order, deed.reason, deed.actor],
        )
        .await;
    match added {
        Ok(1) => Ok(()),
        Ok(rows) => Err(StoreError::Inexact {
            what: "adding an entry",
            rows,
        }),
        Err(error) if kind == "refund" && db::is_taken(&error) => Err(StoreError::Refunded(order)),
        Err(error) => Err(error.into()),
    }
}
