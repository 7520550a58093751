//! Reconciliation: what a provider's bill says beside what was noted here.

use super::CounterError;
use crate::{CHINA_OFFSET, Service};
use std::collections::BTreeMap;
use vin_core::Date;
use vin_pay::{PayError, State};
use vin_store::{Paid, Provider};

/// What becomes of one payment in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Both say the same.
    Same,
    /// Only the bill has it: money that was not noted here.
    OnlyBill,
    /// Only we have it.
    OnlyHere,
    /// The amounts differ.
    Differs,
}

/// A payment, as the bill and as we have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The number of the purchase.
    pub number: String,
    /// The provider's number of the payment.
    pub trade: String,
    /// What the bill says, in hundredths of a yuan.
    pub bill_fen: i64,
    /// What we have.
    pub our_fen: i64,
    /// What that makes.
    pub is: Match,
}

impl Service {
    /// Compares a provider's bill of a day in China with the payments that were noted; the ones that
    /// differ come first. Money that went back stands in the bill too, and is left aside.
    ///
    /// # Errors
    /// [`CounterError`].
    pub async fn reconcile(
        &self,
        provider: Provider,
        day: Date,
    ) -> Result<Vec<Compared>, CounterError> {
        let text = format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
        let bill = match provider {
            Provider::Alipay => self.counter().alipay()?.bill(&text).await?,
            Provider::WeChat => self.counter().wechat()?.bill(&text).await?,
            Provider::Transfer => return Err(CounterError::NotSetUp),
        };
        let from = day.days() * 86_400 - i64::from(CHINA_OFFSET);
        let store = self.accounts().store();
        let ours = store.payments_of(provider, from, from + 86_400).await?;
        let mut rows: BTreeMap<String, Compared> = BTreeMap::new();
        for line in bill.into_iter().filter(|line| line.fen > 0) {
            let row = Compared {
                number: line.number,
                trade: line.trade.clone(),
                bill_fen: line.fen,
                our_fen: 0,
                is: Match::OnlyBill,
            };
            rows.insert(line.trade, row);
        }
        for payment in ours {
            let row = rows.entry(payment.trade.clone()).or_insert(Compared {
                number: payment.purchase,
                trade: payment.trade,
                bill_fen: 0,
                our_fen: 0,
                is: Match::OnlyHere,
            });
            row.our_fen = payment.fen;
            row.is = match row.bill_fen {
                0 => Match::OnlyHere,
                fen if fen == payment.fen => Match::Same,
                _ => Match::Differs,
            };
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by_key(|row| row.is == Match::Same);
        Ok(rows)
    }

    /// Notes a payment that only the bill has. The provider is asked once more: what it signs is
    /// believed, whatever state the purchase is in; a row of the bill alone is not.
    ///
    /// # Errors
    /// [`CounterError`]; nothing was changed then.
    pub async fn note_missing(
        &self,
        provider: Provider,
        number: &str,
    ) -> Result<Paid, CounterError> {
        match self.counter().query(provider, number).await? {
            State::Paid(trade) if trade.number == number => {
                self.paid(provider, &trade, "found in a bill").await
            }
            State::Paid(_) => Err(PayError::Differs("another order").into()),
            State::Waiting | State::Closed => Err(CounterError::NotPaid),
        }
    }
}
