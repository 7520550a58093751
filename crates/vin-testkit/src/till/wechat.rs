//! What WeChat Pay would answer and tell.

use super::openssl::{Keys, Openssl};
use super::{
    Lie, Said, Shared, Trade, WECHAT_API_KEY, WECHAT_APP, WECHAT_KEY_ID, WECHAT_MCH, WECHAT_SERIAL,
    another, held, member, post,
};
use crate::upstream::Seen;

/// Answers a call of the interface.
pub fn answer(till: &Shared, seen: &Seen) -> Said {
    if let Some(why) = wrong(till, seen) {
        till.complain(format!("wechat: {} {}: {why}", seen.method, seen.target));
        return refusal(401, "SIGN_ERROR");
    }
    let path = seen.target.split('?').next().unwrap_or_default();
    let body = seen.body.as_str();
    if path == "/v3/pay/transactions/native" {
        let number = member(body, "out_trade_no");
        till.open(
            &number,
            Trade {
                fen: member(body, "total").parse().unwrap_or(0),
                notify: member(body, "notify_url"),
                ..Trade::default()
            },
        );
        let url = format!("weixin://wxpay/bizpayurl?pr={number}");
        return signed(till, format!("{{\"code_url\":\"{url}\"}}"));
    }
    if path == "/v3/bill/tradebill" {
        std::fs::write(till.keys.path("bill.csv"), bill(till)).expect("written");
        let digest = till.keys.run(&["dgst", "-sha1", "-r", "bill.csv"], b"");
        let digest = String::from_utf8_lossy(&digest[..40]).into_owned();
        let url = format!("http://{}/v3/billdownload/file?token=1", till.address);
        let text = format!(
            "{{\"download_url\":\"{url}\",\"hash_type\":\"SHA1\",\"hash_value\":\"{digest}\"}}"
        );
        return signed(till, text);
    }
    if path == "/v3/billdownload/file" {
        return (200, Vec::new(), bill(till).into_bytes());
    }
    if path == "/v3/refund/domestic/refunds" {
        let (trade, own) = (
            member(body, "transaction_id"),
            member(body, "out_refund_no"),
        );
        let fen: i64 = member(body, "refund").parse().unwrap_or(0);
        let mut trades = held(&till.trades);
        let Some(paid) = trades
            .values_mut()
            .find(|known| known.paid.contains(&trade))
        else {
            return refusal(404, "RESOURCE_NOT_EXISTS");
        };
        paid.refunds.insert(own.clone(), fen);
        let text = format!(
            "{{\"out_refund_no\":\"{own}\",\"status\":\"SUCCESS\",\"amount\":{{\"refund\":{fen}}}}}"
        );
        return signed(till, text);
    }
    let Some(rest) = path.strip_prefix("/v3/pay/transactions/out-trade-no/") else {
        return refusal(404, "NOT_FOUND");
    };
    let mut trades = held(&till.trades);
    let number = rest.trim_end_matches("/close");
    let Some(trade) = trades.get_mut(number) else {
        return refusal(404, "ORDER_NOT_EXIST");
    };
    if number != rest {
        if !trade.paid.is_empty() {
            return refusal(400, "ORDERPAID");
        }
        trade.closed = true;
        let (_, headers, _) = signed(till, String::new());
        return (204, headers, Vec::new());
    }
    let state = match (trade.closed, trade.paid.last()) {
        (true, _) => "CLOSED",
        (false, None) => "NOTPAY",
        (false, Some(_)) => "SUCCESS",
    };
    let paid = trade.paid.last().map_or("", String::as_str);
    let text = transaction(number, trade.fen, paid, state, Lie::None);
    signed(till, text)
}

/// The bill of the day on which everything is paid here.
fn bill(till: &Shared) -> String {
    let mut text =
        "\u{feff}交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,应结订单金额,\
                    退款金额,订单金额,申请退款金额\r\n"
            .to_owned();
    for (number, trade) in held(&till.trades)
        .iter()
        .filter(|(_, trade)| !trade.unbilled)
    {
        let amount = format!("{}.{:02}", trade.fen / 100, trade.fen % 100);
        for paid in &trade.paid {
            text += &format!(
                "`2026-12-01 12:00:00,`{WECHAT_APP},`{WECHAT_MCH},`{paid},`{number},`SUCCESS,`CNY,`{amount},`0.00,`{amount},`0.00\r\n"
            );
        }
    }
    text + "总交易单数,应结订单总金额\r\n`1,`99.00\r\n"
}

/// What is wrong with the signature of a request.
fn wrong(till: &Shared, seen: &Seen) -> Option<String> {
    let header = seen.header("authorization");
    let Some(list) = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ") else {
        return Some(format!("no signature in {header:?}"));
    };
    let of = |name: &str| {
        let start = format!("{name}=\"");
        let part = list.split(',').find_map(|part| part.strip_prefix(&start));
        part.map_or("", |part| part.trim_end_matches('"'))
            .to_owned()
    };
    if of("mchid") != WECHAT_MCH || of("serial_no") != WECHAT_SERIAL {
        return Some("another seller".to_owned());
    }
    let text = format!(
        "{}\n{}\n{}\n{}\n{}\n",
        seen.method,
        seen.target,
        of("timestamp"),
        of("nonce_str"),
        seen.body
    );
    let right = till
        .keys
        .verifies(Keys::Seller, text.as_bytes(), &of("signature"));
    (!right).then(|| "not signed by the seller".to_owned())
}

fn transaction(number: &str, fen: i64, paid: &str, state: &str, lie: Lie) -> String {
    let other = |is: bool, own: &str| {
        if is {
            own.replace('0', "9")
        } else {
            own.to_owned()
        }
    };
    let (app, mch) = (
        other(lie == Lie::App, WECHAT_APP),
        other(lie == Lie::Seller, WECHAT_MCH),
    );
    let number = another(lie, number);
    let fen = match lie {
        Lie::Fen(fen) => fen,
        _ => fen,
    };
    format!(
        "{{\"appid\":\"{app}\",\"mchid\":\"{mch}\",\"out_trade_no\":\"{number}\",\
         \"transaction_id\":\"{paid}\",\"trade_type\":\"NATIVE\",\"trade_state\":\"{state}\",\
         \"success_time\":\"2026-12-01T12:00:00+08:00\",\
         \"amount\":{{\"total\":{fen},\"payer_total\":{fen},\"currency\":\"CNY\"}}}}"
    )
}

/// A notice of a payment.
pub fn notice(
    now: i64,
    keys: &Openssl,
    number: &str,
    trade: &Trade,
    paid: &str,
    lie: Lie,
) -> (String, Vec<u8>) {
    let text = transaction(number, trade.fen, paid, "SUCCESS", lie);
    let sealed = keys.seal(
        WECHAT_API_KEY,
        "fdasflkja484",
        "transaction",
        text.as_bytes(),
    );
    let mut body = format!(
        "{{\"id\":\"EV-1\",\"create_time\":\"2026-12-01T12:00:01+08:00\",\
         \"event_type\":\"TRANSACTION.SUCCESS\",\"resource_type\":\"encrypt-resource\",\
         \"summary\":\"支付成功\",\"resource\":{{\"algorithm\":\"AEAD_AES_256_GCM\",\
         \"original_type\":\"transaction\",\"associated_data\":\"transaction\",\
         \"nonce\":\"fdasflkja484\",\"ciphertext\":\"{sealed}\"}}}}"
    );
    let signer = if lie == Lie::Signature {
        Keys::Nobody
    } else {
        Keys::WeChat
    };
    let at = now - if lie == Lie::Old { 600 } else { 0 };
    let mut headers = sign(keys, signer, at, body.as_bytes());
    headers.push(("Content-Type", "application/json".to_owned()));
    if lie == Lie::Changed {
        body = body.replace("EV-1", "EV-2");
    }
    (
        trade.notify.clone(),
        post(&trade.notify, &headers, body.as_bytes()),
    )
}

fn sign(keys: &Openssl, signer: Keys, at: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let text = [format!("{at}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
    vec![
        ("Wechatpay-Timestamp", at.to_string()),
        ("Wechatpay-Nonce", nonce.to_owned()),
        ("Wechatpay-Serial", WECHAT_KEY_ID.to_owned()),
        ("Wechatpay-Signature", keys.sign(signer, &text)),
    ]
}

fn signed(till: &Shared, text: String) -> Said {
    let headers = sign(&till.keys, Keys::WeChat, (till.now)(), text.as_bytes());
    (200, headers, text.into_bytes())
}

fn refusal(status: u16, code: &str) -> Said {
    let text = format!("{{\"code\":\"{code}\",\"message\":\"no\"}}");
    (status, Vec::new(), text.into_bytes())
}
