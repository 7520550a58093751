//! What Alipay would answer and tell.

use super::openssl::{Keys, Openssl};
use super::{ALIPAY_APP, ALIPAY_SELLER, Lie, Said, Shared, Trade, another, held, member, post};
use crate::upstream::Seen;
use std::collections::BTreeMap;

/// Answers a call of the gateway, the page on which people pay, or the button on it.
pub fn answer(till: &Shared, seen: &Seen) -> Said {
    let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
    if let Some(number) = path.strip_prefix("/scan/") {
        // A test that has only a browser pays here, and the server is told.
        till.scanned(number);
        return page("paid");
    }
    if path != "/gateway.do" {
        // A browser asks for an icon.
        return (404, Vec::new(), Vec::new());
    }
    let fields = match seen.method.as_str() {
        "POST" => parsed(&seen.body),
        _ => parsed(query),
    };
    let of = |name: &str| fields.get(name).map_or("", String::as_str);
    let signed = joined(fields.iter().filter(|(name, _)| *name != "sign"));
    if !till
        .keys
        .verifies(Keys::Seller, signed.as_bytes(), of("sign"))
    {
        till.complain(format!("alipay: {signed} is not signed by the seller"));
    }
    if of("app_id") != ALIPAY_APP {
        till.complain(format!("alipay: another application: {}", of("app_id")));
    }
    let (content, method) = (of("biz_content"), of("method"));
    let number = member(content, "out_trade_no");
    let open = || {
        till.open(
            &number,
            Trade {
                fen: fen(&member(content, "total_amount")),
                notify: of("notify_url").to_owned(),
                back: of("return_url").to_owned(),
                ..Trade::default()
            },
        );
    };
    let said = match method {
        "alipay.trade.page.pay" => {
            open();
            let text = format!(
                "<h1>Alipay</h1><a id=\"pay\" href=\"/scan/{number}\">pay</a> <a id=\"back\" href=\"{}\">back</a>",
                of("return_url")
            );
            return page(&text);
        }
        "alipay.trade.precreate" => {
            open();
            let code = format!("http://{}/scan/{number}", till.address);
            done(&[("out_trade_no", &number), ("qr_code", &code)])
        }
        "alipay.trade.query" => match held(&till.trades).get(&number) {
            None => unknown(),
            Some(trade) => queried(&number, trade),
        },
        "alipay.trade.close" => match held(&till.trades).get_mut(&number) {
            None => unknown(),
            Some(trade) if !trade.paid.is_empty() => failed("ACQ.TRADE_STATUS_ERROR"),
            Some(trade) => {
                trade.closed = true;
                done(&[("out_trade_no", &number)])
            }
        },
        "alipay.trade.refund" => match held(&till.trades).get_mut(&number) {
            Some(trade) if trade.paid.contains(&member(content, "trade_no")) => {
                let fen = fen(&member(content, "refund_amount"));
                let own = member(content, "out_request_no");
                let changed = if trade.refunds.insert(own, fen).is_none() {
                    "Y"
                } else {
                    "N"
                };
                done(&[("out_trade_no", &number), ("fund_change", changed)])
            }
            _ => unknown(),
        },
        "alipay.trade.fastpay.refund.query" => {
            let own = member(content, "out_request_no");
            let trades = held(&till.trades);
            let there = trades
                .get(&number)
                .is_some_and(|trade| trade.refunds.contains_key(&own));
            let status = if there { "REFUND_SUCCESS" } else { "" };
            done(&[("out_request_no", &own), ("refund_status", status)])
        }
        "alipay.data.dataservice.bill.downloadurl.query" => {
            let url = format!(
                "http://{}/bill.zip?day={}",
                till.address,
                member(content, "bill_date")
            );
            done(&[("bill_download_url", &url)])
        }
        _ => failed("isv.invalid-method"),
    };
    let sign = till.keys.sign(Keys::Alipay, said.as_bytes());
    let name = format!("{}_response", method.replace('.', "_"));
    let body = format!("{{\"{name}\":{said},\"sign\":\"{sign}\"}}");
    (200, Vec::new(), body.into_bytes())
}

/// The bill of the day on which everything is paid here.
pub fn bill(till: &Shared) -> Vec<u8> {
    let mut text = "#支付宝业务明细查询\n#账号：[20880000000000010156]\n支付宝交易号,商户订单号,业务类型,商品名称,\
                    创建时间,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号\n"
        .to_owned();
    for (number, trade) in held(&till.trades)
        .iter()
        .filter(|(_, trade)| !trade.unbilled)
    {
        for paid in &trade.paid {
            let amount = yuan(trade.fen);
            text += &format!(
                "{paid}\t,{number}\t,交易,VIN,2026-12-01 12:00:00,2026-12-01 12:00:00,{amount},{amount},\t\n"
            );
        }
    }
    text += "#交易合计：1笔\n";
    let sums = till
        .keys
        .gbk("#支付宝业务汇总查询\n门店编号,门店名称,交易订单总笔数\n");
    let table = till.keys.gbk(&text);
    super::zip::archive(&[("sums.csv", &sums), ("lines.csv", &table)])
}

fn queried(number: &str, trade: &Trade) -> String {
    let amount = yuan(trade.fen);
    let status = match (trade.closed, trade.paid.is_empty()) {
        (true, _) => "TRADE_CLOSED",
        (false, true) => "WAIT_BUYER_PAY",
        (false, false) => "TRADE_SUCCESS",
    };
    done(&[
        ("out_trade_no", number),
        ("trade_no", trade.paid.last().map_or("", String::as_str)),
        ("trade_status", status),
        ("total_amount", &amount),
        ("send_pay_date", "2026-12-01 12:00:00"),
    ])
}

/// A notice of a payment.
pub fn notice(
    keys: &Openssl,
    number: &str,
    trade: &Trade,
    paid: &str,
    lie: Lie,
) -> (String, Vec<u8>) {
    let amount = match lie {
        Lie::Fen(fen) => yuan(fen),
        _ => yuan(trade.fen),
    };
    let other = |is: bool, own: &str| {
        if is {
            own.replace('0', "9")
        } else {
            own.to_owned()
        }
    };
    let mut fields = BTreeMap::from([
        ("app_id", other(lie == Lie::App, ALIPAY_APP)),
        ("seller_id", other(lie == Lie::Seller, ALIPAY_SELLER)),
        ("out_trade_no", another(lie, number)),
        ("trade_no", paid.to_owned()),
        ("trade_status", "TRADE_SUCCESS".to_owned()),
        ("total_amount", amount),
        ("gmt_payment", "2026-12-01 12:00:00".to_owned()),
        ("notify_id", "2026120100222120000000000000000001".to_owned()),
        ("notify_type", "trade_status_sync".to_owned()),
        ("charset", "utf-8".to_owned()),
        ("version", "1.0".to_owned()),
        ("subject", "VIN 1000 次 + 100% & more".to_owned()),
    ]);
    let signer = if lie == Lie::Signature {
        Keys::Nobody
    } else {
        Keys::Alipay
    };
    let sign = keys.sign(signer, joined(fields.iter()).as_bytes());
    if lie == Lie::Changed {
        fields.insert("total_amount", yuan(trade.fen + 1));
    }
    fields.insert("sign_type", "RSA2".to_owned());
    fields.insert("sign", sign);
    let parts: Vec<_> = fields
        .iter()
        .map(|(n, v)| format!("{n}={}", encoded(v)))
        .collect();
    let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
    let request = post(
        &trade.notify,
        &[("Content-Type", kind)],
        parts.join("&").as_bytes(),
    );
    (trade.notify.clone(), request)
}

fn page(text: &str) -> Said {
    let html =
        format!("<!doctype html><html lang=\"en\"><title>till</title><body>{text}</body></html>");
    let kind = ("Content-Type", "text/html; charset=utf-8".to_owned());
    (200, vec![kind], html.into_bytes())
}

fn done(members: &[(&str, &str)]) -> String {
    let mut text = "{\"code\":\"10000\",\"msg\":\"Success\"".to_owned();
    for (name, value) in members {
        text += &format!(",\"{name}\":\"{value}\"");
    }
    text + "}"
}

fn failed(code: &str) -> String {
    format!(
        "{{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"{code}\",\"sub_msg\":\"no\"}}"
    )
}

fn unknown() -> String {
    failed("ACQ.TRADE_NOT_EXIST")
}

fn joined<'a, N: AsRef<str> + 'a>(fields: impl Iterator<Item = (N, &'a String)>) -> String {
    let parts: Vec<_> = fields
        .map(|(name, value)| format!("{}={value}", name.as_ref()))
        .collect();
    parts.join("&")
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn fen(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or(0)
}

fn parsed(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let hex = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        b' ' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
