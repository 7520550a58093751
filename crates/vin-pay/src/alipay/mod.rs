//! Alipay: 电脑网站支付 (a page of Alipay) and 当面付 (a QR code that is shown here), signed with RSA2.

mod answer;
mod bill;
mod notice;

use crate::{Line, Order, PayError, PrivateKey, PublicKey, Refund, Refunded, State, time, yuan};
use answer::Answer;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Where Alipay is.
pub const GATEWAY: &str = "https://openapi.alipay.com/gateway.do";

/// What the operator has with Alipay.
#[derive(Clone, Debug)]
pub struct Alipay {
    /// The way to it.
    pub line: Line,
    /// The application.
    pub app_id: String,
    /// The seller, 16 digits that begin with 2088.
    pub seller_id: String,
    /// What the application signs with.
    pub key: PrivateKey,
    /// What Alipay signs with.
    pub alipay: PublicKey,
}

impl Alipay {
    /// The address of Alipay's page on which an order is paid; a browser is sent there.
    ///
    /// # Errors
    /// [`PayError::Garbage`] when nothing can be signed.
    pub fn page(&self, order: &Order<'_>) -> Result<String, PayError> {
        let mut content = self.content(order);
        content["product_code"] = json!("FAST_INSTANT_TRADE_PAY");
        let more = [
            ("notify_url", order.notify_url),
            ("return_url", order.return_url),
        ];
        let query = self.signed("alipay.trade.page.pay", &content, &more)?;
        Ok(format!("{}?{query}", self.line.gateway))
    }

    /// What a QR code holds with which an order is paid.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn qr(&self, order: &Order<'_>) -> Result<String, PayError> {
        let content = self.content(order);
        let more = [("notify_url", order.notify_url)];
        let answer = self.ask("alipay.trade.precreate", &content, &more).await?;
        let answer = answer.succeeded()?;
        if answer.text("out_trade_no") != order.number {
            return Err(PayError::Differs("another order"));
        }
        let code = answer.text("qr_code");
        let fits = !code.is_empty() && code.len() <= 1_024;
        fits.then(|| code.to_owned())
            .ok_or(PayError::Garbage("no QR code"))
    }

    /// Where an order stands.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn query(&self, number: &str) -> Result<State, PayError> {
        let content = json!({ "out_trade_no": number });
        let answer = self.ask("alipay.trade.query", &content, &[]).await?;
        if answer.text("sub_code") == "ACQ.TRADE_NOT_EXIST" {
            // Nobody has opened the page or scanned the code yet.
            return Ok(State::Waiting);
        }
        let answer = answer.succeeded()?;
        if answer.text("out_trade_no") != number {
            return Err(PayError::Differs("another order"));
        }
        notice::state(answer.text("trade_status"), |name| {
            answer.text(name).to_owned()
        })
    }

    /// Closes an order, so that it cannot be paid any more; one that Alipay does not know ends by
    /// itself at its time.
    ///
    /// # Errors
    /// [`PayError::Refused`] when it was paid.
    pub async fn close(&self, number: &str) -> Result<(), PayError> {
        let content = json!({ "out_trade_no": number });
        let answer = self.ask("alipay.trade.close", &content, &[]).await?;
        match answer.text("sub_code") {
            "ACQ.TRADE_NOT_EXIST" => Ok(()),
            _ => answer.succeeded().map(drop),
        }
    }

    /// Sends money back.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn refund(&self, refund: &Refund<'_>) -> Result<Refunded, PayError> {
        let content = json!({
            "out_trade_no": refund.order,
            "trade_no": refund.trade,
            "refund_amount": yuan(refund.fen),
            "out_request_no": refund.number,
            "refund_reason": refund.reason,
        });
        let answer = self.ask("alipay.trade.refund", &content, &[]).await?;
        let answer = answer.succeeded()?;
        if answer.text("out_trade_no") != refund.order {
            return Err(PayError::Differs("another order"));
        }
        if answer.text("fund_change") == "Y" {
            return Ok(Refunded::Done);
        }
        // Asked for before: what became of it is another question.
        let content = json!({ "out_trade_no": refund.order, "out_request_no": refund.number });
        let method = "alipay.trade.fastpay.refund.query";
        let answer = self.ask(method, &content, &[]).await?;
        let answer = answer.succeeded()?;
        match answer.text("refund_status") {
            "REFUND_SUCCESS" if answer.text("out_request_no") == refund.number => {
                Ok(Refunded::Done)
            }
            _ => Ok(Refunded::Pending),
        }
    }

    fn content(&self, order: &Order<'_>) -> Json {
        json!({
            "out_trade_no": order.number,
            "total_amount": yuan(order.fen),
            "subject": order.title,
            "seller_id": self.seller_id,
            "time_expire": time::china(order.expires_at),
        })
    }

    /// The parameters of a call, signed, as a query or a form.
    fn signed(
        &self,
        method: &str,
        content: &Json,
        more: &[(&str, &str)],
    ) -> Result<String, PayError> {
        let (content, now) = (content.to_string(), time::china(self.line.now()));
        let mut params = BTreeMap::from([
            ("app_id", self.app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", "utf-8"),
            ("sign_type", "RSA2"),
            ("timestamp", &now),
            ("version", "1.0"),
            ("biz_content", &content),
        ]);
        params.extend(more.iter().copied());
        let text = joined(params.iter().map(|(name, value)| (*name, *value)));
        let sign = self.key.sign(text.as_bytes());
        let sign = sign.ok_or(PayError::Garbage("nothing can be signed"))?;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(params).append_pair("sign", &sign);
        Ok(form.finish())
    }

    async fn ask(
        &self,
        method: &str,
        content: &Json,
        more: &[(&str, &str)],
    ) -> Result<Answer, PayError> {
        let form = self.signed(method, content, more)?.into_bytes();
        let kind = "application/x-www-form-urlencoded;charset=utf-8";
        let headers = [("content-type", kind)];
        // The character set is told beside the form, too: Alipay reads it before it reads that.
        let url = format!("{}?charset=utf-8", self.line.gateway);
        let reply = self.line.ask("POST", &url, &headers, form).await?;
        Answer::read(&reply.body, method, &self.alipay)
    }
}

/// Parameters as they are signed: `a=1&b=2`, without any encoding.
fn joined<'a>(params: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let parts: Vec<_> = params
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}
