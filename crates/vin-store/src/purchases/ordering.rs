//! Ordering, and giving up what was not paid.

use super::{PurchaseId, PurchaseState, Way, coupons, hold, write_down};
use crate::db::sql::args;
use crate::lots::Deed;
use crate::{AccountId, Store, StoreError, db};

/// How many purchases of an account may wait to be paid.
pub const MAX_OPEN: i64 = 10;

/// A purchase to be made. What it costs is read from the product, and is its price from then on.
#[derive(Clone, Copy, Debug)]
pub struct NewPurchase<'a> {
    /// What it is known by.
    pub number: &'a str,
    /// Who buys.
    pub account: AccountId,
    /// The product, by its calls.
    pub product: i64,
    /// How it is to be paid.
    pub way: Way,
    /// The text of a coupon, `""` for none.
    pub coupon: &'a str,
    /// Until when it can be paid.
    pub expires_at: i64,
    /// What is to be written down.
    pub deed: Deed<'a>,
}

impl Store {
    /// Makes a purchase at the price that its product has now.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`] when nothing of that kind is sold; [`StoreError::Coupon`];
    /// [`StoreError::TooManyOpen`]; [`StoreError::CodeTaken`] when the number is.
    pub async fn order(&self, new: &NewPurchase<'_>) -> Result<PurchaseId, StoreError> {
        let mut tx = self.write().await?;
        // The row of the account is held, so that two orders at once are counted one after the other.
        let sql = "update accounts set created_at = created_at where id = $1";
        if tx.run(sql, args![new.account.0]).await? != 1 {
            return Err(StoreError::NoAccount(new.account.0));
        }
        let sql = "select count(*) from purchases where account_id = $1 and state = 'created'";
        if tx.int(sql, args![new.account.0]).await? >= MAX_OPEN {
            return Err(StoreError::TooManyOpen);
        }
        let sql = "select price_fen, days, policy, named from products
                   where calls = $1 and price_fen > 0";
        let product = tx.row(sql, args![new.product]).await?;
        let nothing = || StoreError::NoPurchase(format!("of {} calls", new.product));
        let product = product.ok_or_else(nothing)?;
        let list = product.int(0)?;
        let (coupon, off) = coupons::take(&mut tx, new.coupon, list, new.deed.at).await?;
        let price = (list - off).max(1);
        let made = tx
            .row(
                "insert into purchases (number, account_id, state, way, calls, days, policy, named,
                     list_fen, price_fen, coupon_id, created_at, expires_at)
                 values ($1, $2, 'created', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id",
                args![
                    new.number,
                    new.account.0,
                    new.way.name(),
                    new.product,
                    product.int(1)?,
                    &*product.text(2)?,
                    product.flag(3)?,
                    list,
                    price,
                    coupon,
                    new.deed.at,
                    new.expires_at
                ],
            )
            .await
            .map_err(|error| match db::is_taken(&error) {
                true => StoreError::CodeTaken,
                false => error.into(),
            })?;
        let id = made.ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        coupons::note(&mut tx, coupon, new.account, id).await?;
        write_down(&mut tx, id, PurchaseState::Created, new.deed).await?;
        tx.commit().await?;
        Ok(PurchaseId(id))
    }

    /// Keeps what the provider gave to pay by, as long as the purchase waits to be paid.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn set_pay_url(&self, number: &str, url: &str) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let sql = "update purchases set pay_url = $2 where number = $1 and state = 'created'";
        let done = tx.run(sql, args![number, url]).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Gives up a purchase that waits to be paid, of one account or with `None` of any, in the state
    /// `to`, cancelled or expired. One that is given up already stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::PurchaseState`] when it was paid.
    pub async fn give_up(
        &self,
        number: &str,
        account: Option<AccountId>,
        to: PurchaseState,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let mut held = hold(&mut tx, number, account).await?;
        match (held.state, to) {
            (PurchaseState::Cancelled | PurchaseState::Expired, _) => return Ok(()),
            (PurchaseState::Created, PurchaseState::Cancelled | PurchaseState::Expired) => {}
            _ => return Err(held.refuse()),
        }
        held.become_(&mut tx, to, deed).await?;
        coupons::give_back(&mut tx, held.coupon, held.id).await?;
        Ok(tx.commit().await?)
    }
}
