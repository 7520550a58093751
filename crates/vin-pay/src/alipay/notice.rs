//! What Alipay tells by itself: a form, signed over its fields in their order.

use super::{Alipay, joined};
use crate::{PayError, State, Trade, fen, time};
use std::collections::BTreeMap;

impl Alipay {
    /// What a notice says, once its signature, application and seller were checked. Whether the amount
    /// is that of the order is for the caller to see.
    ///
    /// # Errors
    /// [`PayError::Forged`], [`PayError::Differs`], [`PayError::Garbage`].
    pub fn notice(&self, body: &[u8]) -> Result<State, PayError> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(PayError::Garbage("a field stands twice"));
            }
        }
        let of = |name: &str| fields.get(name).map_or("", String::as_str);
        if of("sign_type") != "RSA2" {
            return Err(PayError::Forged("not signed with RSA2"));
        }
        let signed = fields
            .iter()
            .filter(|(name, _)| !matches!(&***name, "sign" | "sign_type"));
        let text = joined(signed.map(|(name, value)| (name.as_str(), value.as_str())));
        if !self.alipay.verifies(text.as_bytes(), of("sign")) {
            return Err(PayError::Forged("the signature of the notice is wrong"));
        }
        if of("app_id") != self.app_id {
            return Err(PayError::Differs("another application"));
        }
        if of("seller_id") != self.seller_id {
            return Err(PayError::Differs("another seller"));
        }
        // What tells of a refund tells nothing of a payment.
        if !of("refund_fee").is_empty() || !of("gmt_refund").is_empty() {
            return Ok(State::Closed);
        }
        state(of("trade_status"), |name| of(name).to_owned())
    }
}

/// Where an order stands, by the fields of a notice or of an answer.
pub(super) fn state(status: &str, of: impl Fn(&str) -> String) -> Result<State, PayError> {
    match status {
        "WAIT_BUYER_PAY" => Ok(State::Waiting),
        "TRADE_CLOSED" => Ok(State::Closed),
        "TRADE_SUCCESS" | "TRADE_FINISHED" => {
            let paid = |name| time::unix(&of(name));
            let trade = Trade {
                number: of("out_trade_no"),
                trade: of("trade_no"),
                fen: fen(&of("total_amount")).ok_or(PayError::Garbage("no amount"))?,
                paid_at: paid("gmt_payment")
                    .or_else(|| paid("send_pay_date"))
                    .ok_or(PayError::Garbage("no time of paying"))?,
            };
            let fits =
                !trade.number.is_empty() && !trade.trade.is_empty() && trade.trade.len() <= 64;
            match fits {
                true => Ok(State::Paid(trade)),
                false => Err(PayError::Garbage("no number")),
            }
        }
        _ => Err(PayError::Garbage("an unknown status")),
    }
}
