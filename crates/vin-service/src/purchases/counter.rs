//! The counter: purchases that are paid with Alipay or WeChat.
//!
//! A notice and an answer to a question lead to the same [`Store::pay`](vin_store::Store::pay), which
//! grants once. A purchase is given up only after its provider has closed it: until then money may
//! come, and it is looked at again and again.

use crate::Service;
use vin_pay::wechat::Headers;
use vin_pay::{Alipay, Order, PayError, Refunded, State, Trade, WeChat};
use vin_store::{
    Deed, Paid, Payment, Provider, Purchase, PurchaseState, Refunding, StoreError, Way,
};

/// How many purchases of one way to pay are looked at in one round.
const AT_ONCE: u32 = 100;

/// Who takes money in beside the bank, as the operator has set it up.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    /// Alipay.
    pub alipay: Option<Alipay>,
    /// WeChat Pay.
    pub wechat: Option<WeChat>,
    /// Where providers and payers reach this server, such as `https://vin.example.com`.
    pub base: String,
}

/// Where Alipay sends notices.
pub const ALIPAY_PATH: &str = "/pay/alipay";
/// Where WeChat sends notices.
pub const WECHAT_PATH: &str = "/pay/wechat";

/// Why a provider's word was not acted on.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The provider is not set up here.
    #[error("this provider is not set up")]
    NotSetUp,
    /// The provider says that nobody has paid.
    #[error("the provider says that it was not paid")]
    NotPaid,
    /// The provider, or whoever speaks for it.
    #[error(transparent)]
    Pay(#[from] PayError),
    /// The store: no such purchase, another amount, or a failure.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Counter {
    /// The ways to pay that it takes.
    pub fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.wechat.is_some() {
            ways.push(Way::WeChatQr);
        }
        if self.alipay.is_some() {
            ways.extend([Way::AlipayQr, Way::AlipayPage]);
        }
        ways
    }

    pub(super) fn alipay(&self) -> Result<&Alipay, CounterError> {
        self.alipay.as_ref().ok_or(CounterError::NotSetUp)
    }

    pub(super) fn wechat(&self) -> Result<&WeChat, CounterError> {
        self.wechat.as_ref().ok_or(CounterError::NotSetUp)
    }

    pub(super) async fn query(
        &self,
        provider: Provider,
        number: &str,
    ) -> Result<State, CounterError> {
        Ok(match provider {
            Provider::Transfer => State::Waiting,
            Provider::Alipay => self.alipay()?.query(number).await?,
            Provider::WeChat => self.wechat()?.query(number).await?,
        })
    }

    async fn close(&self, provider: Provider, number: &str) -> Result<(), CounterError> {
        match provider {
            Provider::Transfer => {}
            Provider::Alipay => self.alipay()?.close(number).await?,
            Provider::WeChat => self.wechat()?.close(number).await?,
        }
        Ok(())
    }

    async fn refund(&self, refund: &Refunding) -> Result<Refunded, CounterError> {
        let asked = vin_pay::Refund {
            number: &refund.number,
            order: &refund.purchase,
            trade: &refund.trade,
            fen: refund.fen,
            paid_fen: refund.paid_fen,
            reason: &refund.reason,
        };
        Ok(match refund.provider {
            // A person sends it: it counts as sent once it is wanted.
            Provider::Transfer => Refunded::Done,
            Provider::Alipay => self.alipay()?.refund(&asked).await?,
            Provider::WeChat => self.wechat()?.refund(&asked).await?,
        })
    }
}

impl Service {
    /// The counter.
    pub fn counter(&self) -> &Counter {
        &self.policy.counter
    }

    /// What a purchase is paid by: what its QR code holds, or the address of the provider's page. It is
    /// asked for once and kept.
    ///
    /// # Errors
    /// [`CounterError`].
    pub async fn pay_url(&self, purchase: &Purchase) -> Result<String, CounterError> {
        if !purchase.pay_url.is_empty() {
            return Ok(purchase.pay_url.clone());
        }
        let counter = self.counter();
        let number = &purchase.number;
        let notify = match purchase.way.provider() {
            Provider::WeChat => format!("{}{WECHAT_PATH}", counter.base),
            _ => format!("{}{ALIPAY_PATH}", counter.base),
        };
        let order = Order {
            number,
            fen: purchase.price_fen,
            title: &format!("VIN {} 次", purchase.calls),
            expires_at: purchase.expires_at,
            notify_url: &notify,
            return_url: &format!("{}/purchases/{number}", counter.base),
        };
        let url = match purchase.way {
            Way::Transfer => return Ok(String::new()),
            Way::AlipayPage => counter.alipay()?.page(&order)?,
            Way::AlipayQr => counter.alipay()?.qr(&order).await?,
            Way::WeChatQr => counter.wechat()?.qr(&order).await?,
        };
        let store = self.accounts().store();
        store.set_pay_url(number, &url).await?;
        Ok(url)
    }

    /// Takes a notice of Alipay.
    ///
    /// # Errors
    /// [`CounterError`]; nothing was changed then.
    pub async fn alipay_notice(&self, body: &[u8]) -> Result<(), CounterError> {
        let state = self.counter().alipay()?.notice(body)?;
        self.told(Provider::Alipay, state, "notice of Alipay").await
    }

    /// Takes a notice of WeChat.
    ///
    /// # Errors
    /// [`CounterError`]; nothing was changed then.
    pub async fn wechat_notice(
        &self,
        headers: &Headers<'_>,
        body: &[u8],
    ) -> Result<(), CounterError> {
        let state = self.counter().wechat()?.notice(headers, body)?;
        self.told(Provider::WeChat, state, "notice of WeChat").await
    }

    async fn told(&self, provider: Provider, state: State, how: &str) -> Result<(), CounterError> {
        match state {
            State::Paid(trade) => self.paid(provider, &trade, how).await.map(drop),
            State::Waiting | State::Closed => Ok(()),
        }
    }

    pub(super) async fn paid(
        &self,
        provider: Provider,
        trade: &Trade,
        how: &str,
    ) -> Result<Paid, CounterError> {
        let payment = Payment {
            provider,
            trade: &trade.trade,
            fen: trade.fen,
            paid_at: trade.paid_at,
        };
        let deed = Deed {
            at: self.accounts().now(),
            reason: how,
            actor: provider.name(),
        };
        let paid = self
            .accounts()
            .store()
            .pay(&trade.number, &payment, deed)
            .await?;
        let number = &trade.number;
        match paid {
            Paid::Late => tracing::warn!(number, "a purchase that was given up was paid"),
            Paid::Surplus => tracing::warn!(number, "a purchase was paid twice"),
            Paid::Granted(_) | Paid::Known => {}
        }
        Ok(paid)
    }

    /// Asks the provider of a purchase that waits to be paid where it stands, and acts on it. One whose
    /// time is over is closed there, and then given up.
    ///
    /// # Errors
    /// [`CounterError`].
    pub async fn look_at_purchase(&self, purchase: &Purchase) -> Result<(), CounterError> {
        if purchase.state != PurchaseState::Created || purchase.way == Way::Transfer {
            return Ok(());
        }
        let (provider, number) = (purchase.way.provider(), &purchase.number);
        let over = purchase.expires_at <= self.accounts().now();
        match self.counter().query(provider, number).await? {
            State::Paid(trade) if trade.number == *number => {
                self.paid(provider, &trade, "asked the provider").await?;
            }
            State::Paid(_) => return Err(PayError::Differs("another order").into()),
            State::Waiting if over => {
                self.counter().close(provider, number).await?;
                self.accounts().expire_purchase(number).await?;
            }
            State::Closed if over => self.accounts().expire_purchase(number).await?,
            State::Waiting | State::Closed => {}
        }
        Ok(())
    }

    /// Gives up a purchase of a customer. It is closed at its provider first, so that nobody pays for it
    /// afterwards; one that turns out to be paid is granted.
    ///
    /// # Errors
    /// [`CounterError`]; with [`StoreError::PurchaseState`] it was paid.
    pub async fn cancel_purchase(&self, purchase: &Purchase) -> Result<(), CounterError> {
        self.look_at_purchase(purchase).await?;
        if purchase.state == PurchaseState::Created && !purchase.pay_url.is_empty() {
            let counter = self.counter();
            match counter
                .close(purchase.way.provider(), &purchase.number)
                .await
            {
                // Paid between the two questions: the store refuses below.
                Err(CounterError::Pay(PayError::Refused { .. })) => {
                    self.look_at_purchase(purchase).await?;
                }
                closed => closed?,
            }
        }
        let accounts = self.accounts();
        Ok(accounts.cancel(purchase.account, &purchase.number).await?)
    }

    /// Looks at every purchase that waits for a provider, and sends refunds that are wanted. What fails
    /// is told in the log and tried again in the next round.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle_purchases(&self) -> Result<(), StoreError> {
        self.accounts().expire_transfers().await?;
        let store = self.accounts().store();
        for way in self.counter().ways() {
            for purchase in store.overdue(way, i64::MAX, AT_ONCE).await? {
                if let Err(error) = self.look_at_purchase(&purchase).await {
                    let number = &purchase.number;
                    tracing::warn!(number, %error, "a purchase could not be looked at");
                }
            }
        }
        self.send_refunds("").await
    }

    /// Sends the refunds of one purchase that are wanted or, with `""`, those of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn send_refunds(&self, purchase: &str) -> Result<(), StoreError> {
        let store = self.accounts().store();
        for refund in store
            .refunds(purchase)
            .await?
            .iter()
            .filter(|row| !row.done)
        {
            match self.counter().refund(refund).await {
                Ok(Refunded::Done) => {
                    store
                        .refund_done(refund.payment, self.accounts().now())
                        .await?;
                }
                Ok(Refunded::Pending) => {}
                Err(error) => {
                    let number = &refund.number;
                    tracing::warn!(number, %error, "a refund could not be sent");
                }
            }
        }
        Ok(())
    }
}
