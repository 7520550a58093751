//! WeChat Pay, API v3: a QR code (Native) that is shown here, signed with SHA256-RSA2048.

mod bill;
mod notice;
mod sign;

pub use notice::Headers;

use crate::{Line, Order, PayError, PrivateKey, PublicKey, Refund, Refunded, State, Trade, time};
use ring::aead::LessSafeKey;
use serde_json::{Value as Json, json};
use std::fmt;

/// Where WeChat Pay is.
pub const GATEWAY: &str = "https://api.mch.weixin.qq.com";

/// What the operator has with WeChat Pay.
#[derive(Clone)]
pub struct WeChat {
    /// The way to it.
    pub line: Line,
    /// The application.
    pub app_id: String,
    /// The seller.
    pub mch_id: String,
    /// The serial number of the seller's certificate.
    pub serial: String,
    /// What the seller signs with.
    pub key: PrivateKey,
    /// What WeChat signs with, each with its id: that of a public key, `PUB_KEY_ID_…`, or the serial
    /// number of a platform certificate.
    pub wechat: Vec<(String, PublicKey)>,
    /// What notices are encrypted with.
    pub api_key: ApiKey,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WeChat({})", self.mch_id)
    }
}

/// The API v3 key: 32 bytes that the seller has set. It does not print itself.
#[derive(Clone)]
pub struct ApiKey(std::sync::Arc<LessSafeKey>);

impl WeChat {
    /// What a QR code holds with which an order is paid.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn qr(&self, order: &Order<'_>) -> Result<String, PayError> {
        let body = json!({
            "appid": self.app_id,
            "mchid": self.mch_id,
            "description": order.title,
            "out_trade_no": order.number,
            "time_expire": time::rfc3339(order.expires_at),
            "notify_url": order.notify_url,
            "amount": { "total": order.fen, "currency": "CNY" },
        });
        let answer = self
            .ask("POST", "/v3/pay/transactions/native", Some(&body))
            .await?;
        let code = answer["code_url"].as_str().unwrap_or_default();
        let fits = !code.is_empty() && code.len() <= 1_024;
        fits.then(|| code.to_owned())
            .ok_or(PayError::Garbage("no QR code"))
    }

    /// Where an order stands.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn query(&self, number: &str) -> Result<State, PayError> {
        let path = format!(
            "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
            self.mch_id
        );
        let answer = match self.ask("GET", &path, None).await {
            Err(PayError::Refused { code, .. }) if is_unknown(&code) => return Ok(State::Waiting),
            answer => answer?,
        };
        if answer["out_trade_no"].as_str() != Some(number) {
            return Err(PayError::Differs("another order"));
        }
        self.state(&answer)
    }

    /// Closes an order, so that it cannot be paid any more.
    ///
    /// # Errors
    /// [`PayError::Refused`] when it was paid.
    pub async fn close(&self, number: &str) -> Result<(), PayError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        let body = json!({ "mchid": self.mch_id });
        match self.ask("POST", &path, Some(&body)).await {
            Err(PayError::Refused { code, .. }) if is_unknown(&code) || code == "ORDER_CLOSED" => {
                Ok(())
            }
            closed => closed.map(drop),
        }
    }

    /// Sends money back. Asked for again with the same number it tells what became of it.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn refund(&self, refund: &Refund<'_>) -> Result<Refunded, PayError> {
        let body = json!({
            "transaction_id": refund.trade,
            "out_refund_no": refund.number,
            "reason": refund.reason,
            "amount": { "refund": refund.fen, "total": refund.paid_fen, "currency": "CNY" },
        });
        let answer = self
            .ask("POST", "/v3/refund/domestic/refunds", Some(&body))
            .await?;
        let same = answer["out_refund_no"].as_str() == Some(refund.number)
            && answer["amount"]["refund"].as_i64() == Some(refund.fen);
        if !same {
            return Err(PayError::Differs("another refund"));
        }
        match answer["status"].as_str() {
            Some("SUCCESS") => Ok(Refunded::Done),
            Some("PROCESSING") => Ok(Refunded::Pending),
            Some(status) => Err(PayError::Refused {
                code: status.to_owned(),
                text: "the refund did not succeed".to_owned(),
            }),
            None => Err(PayError::Garbage("no status")),
        }
    }

    /// Where an order stands, by what WeChat says of a transaction. It must be ours.
    fn state(&self, transaction: &Json) -> Result<State, PayError> {
        let of = |name: &str| transaction[name].as_str().unwrap_or_default();
        if of("mchid") != self.mch_id {
            return Err(PayError::Differs("another seller"));
        }
        if of("appid") != self.app_id {
            return Err(PayError::Differs("another application"));
        }
        match of("trade_state") {
            "NOTPAY" | "USERPAYING" | "ACCEPT" | "PAYERROR" => Ok(State::Waiting),
            "CLOSED" | "REVOKED" | "REFUND" => Ok(State::Closed),
            "SUCCESS" => {
                let amount = &transaction["amount"];
                if amount["currency"]
                    .as_str()
                    .is_some_and(|text| text != "CNY")
                {
                    return Err(PayError::Differs("another currency"));
                }
                let trade = Trade {
                    number: of("out_trade_no").to_owned(),
                    trade: of("transaction_id").to_owned(),
                    fen: amount["total"]
                        .as_i64()
                        .ok_or(PayError::Garbage("no amount"))?,
                    paid_at: time::unix(of("success_time"))
                        .ok_or(PayError::Garbage("no time of paying"))?,
                };
                let fits = !trade.number.is_empty() && (1..=64).contains(&trade.trade.len());
                match fits {
                    true => Ok(State::Paid(trade)),
                    false => Err(PayError::Garbage("no number")),
                }
            }
            _ => Err(PayError::Garbage("an unknown state")),
        }
    }

    /// Asks, and gives what was answered once its signature was verified.
    async fn ask(&self, method: &str, path: &str, body: Option<&Json>) -> Result<Json, PayError> {
        let body = body.map_or_else(String::new, Json::to_string);
        let authorization = self.authorization(method, path, &body)?;
        let headers = [
            ("authorization", authorization.as_str()),
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("user-agent", "chejia"),
        ];
        let url = format!("{}{path}", self.line.gateway);
        let reply = self
            .line
            .ask(method, &url, &headers, body.into_bytes())
            .await?;
        let header = |name: &str| {
            let found = reply.headers.iter().find(|(own, _)| own == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let headers = Headers {
            timestamp: header("wechatpay-timestamp"),
            nonce: header("wechatpay-nonce"),
            serial: header("wechatpay-serial"),
            signature: header("wechatpay-signature"),
        };
        if !(200..300).contains(&reply.status) {
            // A refusal changes nothing, so it need not be signed.
            let read: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
            let of = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
            return Err(PayError::Refused {
                code: match of("code") {
                    code if code.is_empty() => reply.status.to_string(),
                    code => code,
                },
                text: of("message"),
            });
        }
        self.check(&headers, &reply.body)?;
        match reply.body.is_empty() {
            true => Ok(Json::Null),
            false => serde_json::from_slice(&reply.body).map_err(|_| PayError::Garbage("not JSON")),
        }
    }
}

/// Whether a refusal says that WeChat has no such order.
fn is_unknown(code: &str) -> bool {
    matches!(code, "ORDER_NOT_EXIST" | "ORDERNOTEXIST")
}
