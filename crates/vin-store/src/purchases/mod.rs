//! Buying calls: purchases, what was paid for them, coupons, codes and the free trial.
//!
//! A purchase is paid and granted in one transaction. Every change may be asked for again, by a
//! provider that tells twice or an operator who clicks twice, and then changes nothing: a payment is
//! known by its provider and number, a package by what it was granted for.

mod codes;
mod coupons;
mod invoices;
mod ordering;
mod paying;
mod read;
mod refunding;
mod reports;

pub use codes::{Batch, NewBatch};
pub use coupons::{Coupon, NewCoupon};
pub use invoices::{Invoice, InvoiceKind, InvoiceState, Invoiceable, MAX_INVOICED, NewInvoice};
pub use ordering::{MAX_OPEN, NewPurchase};
pub use paying::{Paid, Payment};
pub use read::{Change, PaymentRow, Purchase};
pub use refunding::{Refund, Refunding};
pub use reports::{Liability, MoneySum, Owed, Receipt};

use crate::db::sql::{Tx, args};
use crate::lots::Deed;
use crate::named::named;
use crate::{AccountId, StoreError};

/// The id of a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PurchaseId(pub i64);

named! {
    /// Where a purchase stands.
    PurchaseState {
        /// It waits to be paid.
        Created = "created"
        /// Money came after it was given up; an operator grants it or sends the money back.
        Paid = "paid"
        /// It was paid, and its calls are the account's.
        Granted = "granted"
        /// It was given up, by the customer or an operator.
        Cancelled = "cancelled"
        /// Its money goes back, its calls were taken back.
        Refunded = "refunded"
        /// It was not paid in time.
        Expired = "expired"
    }
}

named! {
    /// Who takes the money in.
    Provider {
        /// The operator's bank.
        Transfer = "transfer"
        /// Alipay.
        Alipay = "alipay"
        /// WeChat Pay.
        WeChat = "wechat"
    }
}

named! {
    /// How a purchase is paid.
    Way {
        /// By bank transfer, which an operator confirms.
        Transfer = "transfer"
        /// On a page of Alipay.
        AlipayPage = "alipay_page"
        /// With Alipay, by a QR code that is shown here.
        AlipayQr = "alipay_qr"
        /// With WeChat, by a QR code that is shown here.
        WeChatQr = "wechat_qr"
    }
}

impl Way {
    /// Who takes the money in.
    pub const fn provider(self) -> Provider {
        match self {
            Self::Transfer => Provider::Transfer,
            Self::AlipayPage | Self::AlipayQr => Provider::Alipay,
            Self::WeChatQr => Provider::WeChat,
        }
    }
}

/// A purchase whose row this transaction holds: nobody else changes it before the commit.
struct Held {
    id: i64,
    number: String,
    account: AccountId,
    state: PurchaseState,
    provider: Provider,
    calls: i64,
    days: i64,
    policy: String,
    named: bool,
    price_fen: i64,
    coupon: i64,
}

/// Takes hold of a purchase by its number, of one account or with `None` of any.
async fn hold(tx: &mut Tx, number: &str, account: Option<AccountId>) -> Result<Held, StoreError> {
    let sql = "update purchases set state = state
               where number = $1 and ($2 = 0 or account_id = $2)
               returning id, account_id, state, way, calls, days, policy, named, price_fen, coupon_id";
    let account = account.map_or(0, |account| account.0);
    let row = tx.row(sql, args![number, account]).await?;
    let row = row.ok_or_else(|| StoreError::NoPurchase(number.to_owned()))?;
    Ok(Held {
        id: row.int(0)?,
        number: number.to_owned(),
        account: AccountId(row.int(1)?),
        state: PurchaseState::read(&row, 2)?,
        provider: Way::read(&row, 3)?.provider(),
        calls: row.int(4)?,
        days: row.int(5)?,
        policy: row.text(6)?,
        named: row.flag(7)?,
        price_fen: row.int(8)?,
        coupon: row.int(9)?,
    })
}

impl Held {
    /// Brings it into another state, and writes that down.
    async fn become_(
        &mut self,
        tx: &mut Tx,
        state: PurchaseState,
        deed: Deed<'_>,
    ) -> Result<(), StoreError> {
        tx.run_one(
            "changing a purchase",
            "update purchases set state = $2 where id = $1 and state = $3",
            args![self.id, state.name(), self.state.name()],
        )
        .await?;
        write_down(tx, self.id, state, deed).await?;
        self.state = state;
        Ok(())
    }

    /// Why it cannot be done.
    fn refuse(&self) -> StoreError {
        StoreError::PurchaseState {
            number: self.number.clone(),
            state: self.state.name(),
        }
    }
}

/// Adds a state to the history of a purchase.
async fn write_down(
    tx: &mut Tx,
    id: i64,
    state: PurchaseState,
    deed: Deed<'_>,
) -> Result<(), StoreError> {
    tx.run_one(
        "writing down a purchase",
        "insert into purchase_changes (purchase_id, place, state, at, reason, actor)
         values ($1, (select count(*) + 1 from purchase_changes where purchase_id = $1), $2, $3, $4, $5)",
        args![id, state.name(), deed.at, deed.reason, deed.actor],
    )
    .await
}
