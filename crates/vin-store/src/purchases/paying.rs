//! Money that came in, and the calls that it buys, in one transaction.

use super::{Held, Provider, PurchaseState, hold};
use crate::db::sql::{Tx, args};
use crate::lots::{self, Deed, NewLot, Origin};
use crate::{LotId, Store, StoreError};

/// Money that came in, as the provider or an operator says.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    /// Who took it in.
    pub provider: Provider,
    /// The provider's number of it.
    pub trade: &'a str,
    /// How much, in hundredths of a yuan.
    pub fen: i64,
    /// When, in seconds since 1970-01-01 UTC.
    pub paid_at: i64,
}

/// What came of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// The calls were granted.
    Granted(LotId),
    /// It was known already; nothing was changed.
    Known,
    /// It came after the purchase was given up; a person decides.
    Late,
    /// The purchase had been paid by another payment; this one is to go back.
    Surplus,
}

impl Store {
    /// Notes a payment for a purchase, and grants its calls, once.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::PaymentDiffers`].
    pub async fn pay(
        &self,
        number: &str,
        payment: &Payment<'_>,
        deed: Deed<'_>,
    ) -> Result<Paid, StoreError> {
        let mut tx = self.write().await?;
        let mut held = hold(&mut tx, number, None).await?;
        let differs = |why: String| {
            let number = number.to_owned();
            Err(StoreError::PaymentDiffers { number, why })
        };
        if payment.provider != held.provider {
            return differs(format!("it came by {}", payment.provider.name()));
        }
        if payment.fen != held.price_fen {
            return differs(format!("{} fen, not {}", payment.fen, held.price_fen));
        }
        let first = matches!(
            held.state,
            PurchaseState::Created | PurchaseState::Cancelled | PurchaseState::Expired
        );
        let added = tx
            .run(
                "insert into payments
                     (provider, trade, purchase_id, fen, surplus, paid_at, noted_at, actor)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (provider, trade) do nothing",
                args![
                    payment.provider.name(),
                    payment.trade,
                    held.id,
                    payment.fen,
                    !first,
                    payment.paid_at,
                    deed.at,
                    deed.actor
                ],
            )
            .await?;
        if added != 1 {
            let sql = "select purchase_id from payments where provider = $1 and trade = $2";
            let names = args![payment.provider.name(), payment.trade];
            return match tx.int(sql, names).await? == held.id {
                true => Ok(Paid::Known),
                false => differs(format!("{} paid for another", payment.trade)),
            };
        }
        let paid = match held.state {
            PurchaseState::Created => {
                held.become_(&mut tx, PurchaseState::Paid, deed).await?;
                Paid::Granted(grant(&mut tx, &mut held, deed).await?)
            }
            PurchaseState::Cancelled | PurchaseState::Expired => {
                held.become_(&mut tx, PurchaseState::Paid, deed).await?;
                Paid::Late
            }
            _ => Paid::Surplus,
        };
        tx.commit().await?;
        Ok(paid)
    }

    /// Grants the calls of a purchase whose money came late. Once it is granted it stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::PurchaseState`].
    pub async fn grant_purchase(&self, number: &str, deed: Deed<'_>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let mut held = hold(&mut tx, number, None).await?;
        match held.state {
            PurchaseState::Granted => return Ok(()),
            PurchaseState::Paid => {}
            _ => return Err(held.refuse()),
        }
        grant(&mut tx, &mut held, deed).await?;
        Ok(tx.commit().await?)
    }
}

/// Makes the package that was bought.
async fn grant(tx: &mut Tx, held: &mut Held, deed: Deed<'_>) -> Result<LotId, StoreError> {
    let reason = format!("purchase {}", held.number);
    let new = NewLot {
        account: held.account,
        calls: held.calls,
        expires_at: lots::end(deed.at, held.days),
        product: held.calls,
        price_fen: held.price_fen,
        policy: &held.policy,
        named: held.named,
        origin: Origin::Purchase(held.id),
    };
    let entry = Deed {
        reason: &reason,
        ..deed
    };
    let lot = lots::add(tx, &new, entry).await?;
    // A purchase that is not granted has no package; that it has one would be our mistake.
    let lot = lot.ok_or(StoreError::Inexact {
        what: "granting a purchase",
        rows: 0,
    })?;
    held.become_(tx, PurchaseState::Granted, deed).await?;
    Ok(lot)
}
