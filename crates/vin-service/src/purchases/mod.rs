//! Buying calls: ordering, paying by transfer, codes, the free trial, refunds.
//!
//! What a purchase costs is decided by the store from its product; nothing here computes a price.

mod code;
mod counter;
mod invoice;
mod number;
mod reconcile;

pub use code::Code;
pub use counter::{ALIPAY_PATH, Counter, CounterError, WECHAT_PATH};
pub use invoice::{InvoiceError, InvoiceForm, TITLE_CHARS};
pub use number::purchase_number;
pub use reconcile::{Compared, Match};
pub use vin_pay::wechat::Headers as NoticeHeaders;

use crate::{Accounts, Service};
use vin_store::{
    AccountId, AccountRow, Deed, LotId, NewBatch, NewPurchase, Paid, Payment, Provider, Purchase,
    PurchaseState, Refund, StoreError, Way,
};

/// For how many seconds a purchase can be paid by transfer.
pub const TRANSFER_LIVES: i64 = 7 * 86_400;
/// The same where a provider tells at once.
pub const QUICK_LIVES: i64 = 30 * 60;
/// The most codes of a batch.
pub const MAX_CODES: usize = 10_000;
/// How often another number is drawn when one is taken.
const DRAWS: usize = 8;

/// The calls that every account with a verified name can have once for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// How many; 0 for none.
    pub calls: u32,
    /// For how many days; 0 for ever.
    pub days: u32,
}

/// Why nothing was bought, redeemed or given.
#[derive(Debug, thiserror::Error)]
pub enum BuyError {
    /// The name of the account's holder must be verified first.
    #[error("the real name is not verified")]
    Unverified,
    /// Nothing of that kind is sold, or not in that way.
    #[error("this is not sold, or cannot be paid in this way")]
    NotSold,
    /// The text is no code: a character is wrong.
    #[error("this is no code: a character is wrong or missing")]
    Mistyped,
    /// There is no free trial.
    #[error("there is no free trial")]
    NoTrial,
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Orders a product for an account at its price of now.
    ///
    /// # Errors
    /// [`BuyError`].
    pub async fn order(
        &self,
        account: &AccountRow,
        product: i64,
        way: Way,
        coupon: &str,
    ) -> Result<Purchase, BuyError> {
        let products = self.store().products().await?;
        let sold = products
            .iter()
            .find(|p| p.calls == product && p.price_fen > 0);
        let sold = sold.ok_or(BuyError::NotSold)?;
        if sold.named && !account.verified {
            return Err(BuyError::Unverified);
        }
        let now = self.now();
        let lives = match way {
            Way::Transfer => TRANSFER_LIVES,
            _ => QUICK_LIVES,
        };
        let coupon = coupon.trim().to_uppercase();
        let actor = format!("account {}", account.id.0);
        for _ in 0..DRAWS {
            let number = purchase_number(self.random(), self.clock().china_date());
            let new = NewPurchase {
                number: &number,
                account: account.id,
                product,
                way,
                coupon: &coupon,
                expires_at: now + lives,
                deed: Deed {
                    at: now,
                    reason: "ordered",
                    actor: &actor,
                },
            };
            match self.store().order(&new).await {
                Err(StoreError::CodeTaken) => {}
                Err(StoreError::NoPurchase(_)) => return Err(BuyError::NotSold),
                made => {
                    made?;
                    let made = self.store().purchase(&number, Some(account.id)).await?;
                    return Ok(made.ok_or(StoreError::NoPurchase(number))?);
                }
            }
        }
        Err(StoreError::CodeTaken.into())
    }

    /// Gives up a purchase of an account that waits to be paid.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::PurchaseState`] when it was paid.
    pub async fn cancel(&self, account: AccountId, number: &str) -> Result<(), StoreError> {
        let deed = Deed {
            at: self.now(),
            reason: "cancelled by the customer",
            actor: &format!("account {}", account.0),
        };
        let to = PurchaseState::Cancelled;
        self.store().give_up(number, Some(account), to, deed).await
    }

    /// Notes a transfer that an operator has seen on the bank's statement, and grants the calls.
    /// `reference` is the bank's number of it, so that none counts twice.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::PaymentDiffers`].
    pub async fn confirm_transfer(
        &self,
        number: &str,
        reference: &str,
        fen: i64,
        actor: &str,
    ) -> Result<Paid, StoreError> {
        let now = self.now();
        let payment = Payment {
            provider: Provider::Transfer,
            trade: reference,
            fen,
            paid_at: now,
        };
        let reason = format!("transfer {reference}");
        let deed = Deed {
            at: now,
            reason: &reason,
            actor,
        };
        self.store().pay(number, &payment, deed).await
    }

    /// Wants a payment back to whoever paid, or a part of it; calls that are left are taken back.
    /// [`Service::send_refunds`] sends it.
    ///
    /// # Errors
    /// [`StoreError::NoPurchase`]; [`StoreError::NoPayment`]; [`StoreError::PurchaseState`].
    pub async fn refund_purchase(
        &self,
        number: &str,
        refund: Refund,
        reason: &str,
        actor: &str,
    ) -> Result<(), StoreError> {
        let deed = Deed {
            at: self.now(),
            reason,
            actor,
        };
        self.store().want_refund(number, refund, deed).await
    }

    /// Makes a batch of codes, and gives them in clear: nobody can read them again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_codes(
        &self,
        name: &str,
        count: usize,
        calls: i64,
        days: i64,
        ends_at: i64,
        actor: &str,
    ) -> Result<(i64, Vec<Code>), StoreError> {
        let count = count.min(MAX_CODES);
        let codes: Vec<_> = (0..count).map(|_| Code::random(self.random())).collect();
        let lookups: Vec<_> = codes.iter().map(|code| self.found_by(code)).collect();
        let new = NewBatch {
            name,
            calls,
            days,
            ends_at,
            lookups: &lookups,
            at: self.now(),
            actor,
        };
        let batch = self.store().make_codes(&new).await?;
        Ok((batch, codes))
    }

    /// Redeems a code for an account; the package, and how many calls.
    ///
    /// # Errors
    /// [`BuyError::Mistyped`]; [`BuyError::Store`] with [`StoreError::NoCode`].
    pub async fn redeem(&self, account: AccountId, typed: &str) -> Result<(LotId, i64), BuyError> {
        let code = Code::parse(typed).ok_or(BuyError::Mistyped)?;
        let deed = Deed {
            at: self.now(),
            reason: "code",
            actor: &format!("account {}", account.0),
        };
        let lookup = self.found_by(&code);
        Ok(self.store().redeem(&lookup, account, deed).await?)
    }

    fn found_by(&self, code: &Code) -> vin_store::Lookup {
        self.vault().token("code", code.reveal())
    }

    /// Gives up what was not paid in time and has no provider to be asked; how many purchases.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn expire_transfers(&self) -> Result<usize, StoreError> {
        let over = self.store().overdue(Way::Transfer, self.now(), 1_000);
        let over = over.await?;
        for purchase in &over {
            self.expire_purchase(&purchase.number).await?;
        }
        Ok(over.len())
    }

    /// Gives up a purchase that was not paid in time; one that was paid just now stays.
    pub(crate) async fn expire_purchase(&self, number: &str) -> Result<(), StoreError> {
        let deed = Deed {
            at: self.now(),
            reason: "not paid in time",
            actor: "system",
        };
        let to = PurchaseState::Expired;
        match self.store().give_up(number, None, to, deed).await {
            Err(StoreError::PurchaseState { .. }) => Ok(()),
            done => done,
        }
    }
}

impl Service {
    /// The free trial of this installation.
    pub fn trial(&self) -> Trial {
        self.policy.trial
    }

    /// Gives an account its free trial, once.
    ///
    /// # Errors
    /// [`BuyError::Unverified`], [`BuyError::NoTrial`]; [`BuyError::Store`] with
    /// [`StoreError::TrialTaken`].
    pub async fn grant_trial(&self, account: &AccountRow) -> Result<LotId, BuyError> {
        let Trial { calls, days } = self.policy.trial;
        if calls == 0 {
            return Err(BuyError::NoTrial);
        }
        if !account.verified {
            return Err(BuyError::Unverified);
        }
        let accounts = self.accounts();
        let deed = Deed {
            at: accounts.now(),
            reason: "free trial",
            actor: &format!("account {}", account.id.0),
        };
        let store = accounts.store();
        let given = store.grant_trial(account.id, calls.into(), days.into(), deed);
        Ok(given.await?)
    }
}
