//! Money that goes back, and the calls that are taken back for it.

use super::{Held, Provider, PurchaseState, hold};
use crate::db::sql::{Row, Tx, args};
use crate::lots::{Deed, enter};
use crate::{LotId, Store, StoreError};

/// A refund to be made.
#[derive(Clone, Copy, Debug)]
pub struct Refund {
    /// The payment that goes back.
    pub payment: i64,
    /// How much of it, in hundredths of a yuan.
    pub fen: i64,
}

/// A refund that the provider has to be told of, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunding {
    /// The payment that goes back.
    pub payment: i64,
    /// What the provider knows the refund by.
    pub number: String,
    /// How much goes back.
    pub fen: i64,
    /// The calls that were taken back.
    pub calls: i64,
    /// Who sends it back.
    pub provider: Provider,
    /// The provider's number of the payment.
    pub trade: String,
    /// How much the payment was.
    pub paid_fen: i64,
    /// The number of the purchase.
    pub purchase: String,
    /// Whether the provider has sent it.
    pub done: bool,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Wants a payment back to whoever paid. The calls of the purchase that are left are taken back,
    /// unless the payment was a surplus; those that nodes hold are recalled, and end with the package.
    /// Asked for again, nothing is changed.
    ///
    /// # Errors
    /// [`StoreError::NoPayment`], also for another amount than the first time or more than was paid.
    pub async fn want_refund(
        &self,
        number: &str,
        refund: Refund,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let mut held = hold(&mut tx, number, None).await?;
        let none = || StoreError::NoPayment(refund.payment);
        let sql = "select p.fen, p.surplus, coalesce(r.fen, 0) from payments p
                   left join refunds r on r.payment_id = p.id
                   where p.id = $1 and p.purchase_id = $2";
        let row = tx.row(sql, args![refund.payment, held.id]).await?;
        let row = row.ok_or_else(none)?;
        let (fen, surplus, before) = (row.int(0)?, row.flag(1)?, row.int(2)?);
        if before != 0 {
            return if before == refund.fen {
                Ok(())
            } else {
                Err(none())
            };
        }
        if !(1..=fen).contains(&refund.fen) {
            return Err(none());
        }
        let calls = match (surplus, held.state) {
            (true, _) => 0,
            (false, PurchaseState::Granted) => {
                let calls = take_back(&mut tx, &held, deed).await?;
                held.become_(&mut tx, PurchaseState::Refunded, deed).await?;
                calls
            }
            (false, PurchaseState::Paid) => {
                held.become_(&mut tx, PurchaseState::Refunded, deed).await?;
                0
            }
            _ => return Err(held.refuse()),
        };
        let own = format!("{number}R{}", refund.payment);
        tx.run_one(
            "wanting a refund",
            "insert into refunds (payment_id, number, fen, calls, state, wanted_at, reason, actor)
             values ($1, $2, $3, $4, 'wanted', $5, $6, $7)",
            args![
                refund.payment,
                &*own,
                refund.fen,
                calls,
                deed.at,
                deed.reason,
                deed.actor
            ],
        )
        .await?;
        tx.commit().await?;
        // A statement of its own: whoever holds a lease may be waiting for its package.
        self.recall(held.account, None).await
    }

    /// Notes that the provider has sent a refund; whether it was wanted until now.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn refund_done(&self, payment: i64, at: i64) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update refunds set state = 'done', done_at = $2
                   where payment_id = $1 and state = 'wanted'";
        let done = tx.run(sql, args![payment, at]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// The refunds of a purchase or, with `""`, those of all that are not sent yet.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn refunds(&self, purchase: &str) -> Result<Vec<Refunding>, StoreError> {
        let sql =
            "select r.payment_id, r.number, r.fen, r.calls, p.provider, p.trade, p.fen, u.number,
                          cast(case r.state when 'done' then 1 else 0 end as bigint), r.reason
                   from refunds r join payments p on p.id = r.payment_id
                   join purchases u on u.id = p.purchase_id
                   where ($1 = '' and r.state = 'wanted') or u.number = $1 order by r.payment_id";
        let rows = self.rows(sql, args![purchase]).await?;
        let read = |row: &Row| {
            Ok(Refunding {
                payment: row.int(0)?,
                number: row.text(1)?,
                fen: row.int(2)?,
                calls: row.int(3)?,
                provider: Provider::read(row, 4)?,
                trade: row.text(5)?,
                paid_fen: row.int(6)?,
                purchase: row.text(7)?,
                done: row.flag(8)?,
                reason: row.text(9)?,
            })
        };
        rows.iter().map(read).collect()
    }
}

/// Takes back what is left of a purchase's package, and ends it: what nodes hold of it cannot be lent
/// again once it was given back.
async fn take_back(tx: &mut Tx, held: &Held, deed: Deed<'_>) -> Result<i64, StoreError> {
    let sql = "update lots set expires_at = case when expires_at < $2 then expires_at else $2 end
               where origin = 'purchase' and origin_id = $1 returning id, remain";
    let row = tx.row(sql, args![held.id, deed.at]).await?;
    let row = row.ok_or(StoreError::Inexact {
        what: "taking calls back",
        rows: 0,
    })?;
    let (lot, left) = (LotId(row.int(0)?), row.int(1)?);
    if left > 0 {
        tx.run_one(
            "taking calls back",
            "update lots set remain = remain - $2 where id = $1 and remain = $2",
            args![lot.0, left],
        )
        .await?;
        let reason = format!("purchase {} refunded: {}", held.number, deed.reason);
        let entry = Deed {
            reason: &reason,
            ..deed
        };
        enter(tx, lot, "adjust", -left, 0, entry).await?;
    }
    Ok(left)
}
