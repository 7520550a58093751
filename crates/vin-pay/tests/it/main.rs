//! The protocols, against openssl, published vectors, and a till that plays both providers.

mod over_sockets;
mod vectors;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use vin_channel::{Network, Outside, SystemResolver};
use vin_pay::wechat::{ApiKey, Headers};
use vin_pay::{Alipay, Line, PayError, PrivateKey, PublicKey, State, WeChat};
use vin_testkit::till::{
    ALIPAY_APP, ALIPAY_SELLER, At, Lie, Till, WECHAT_API_KEY, WECHAT_APP, WECHAT_KEY_ID,
    WECHAT_MCH, WECHAT_SERIAL,
};

/// A clock that stands still, and bytes that differ.
#[derive(Default)]
struct Machine(AtomicI64);

impl Outside for Machine {
    fn unix_ms(&self) -> i64 {
        now() * 1_000
    }

    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = (next as u8).wrapping_mul(31).wrapping_add(at as u8);
        }
    }
}

/// The time at the till and here.
fn now() -> i64 {
    1_796_097_605
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).expect(path)
}

fn line(gateway: String) -> Line {
    Line {
        network: Network::new(Arc::new(SystemResolver), &[]).expect("TLS"),
        outside: Arc::new(Machine::default()),
        gateway,
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
    }
}

fn alipay(till: &Till) -> Alipay {
    let keys = till.keys();
    Alipay {
        line: line(format!("http://{}/gateway.do", till.address())),
        app_id: ALIPAY_APP.to_owned(),
        seller_id: ALIPAY_SELLER.to_owned(),
        key: PrivateKey::read(&read(&keys.path("seller.pem"))).expect("a key"),
        alipay: PublicKey::read(&read(&keys.path("alipay.pub"))).expect("a key"),
    }
}

fn wechat(till: &Till) -> WeChat {
    let keys = till.keys();
    let public = PublicKey::read(&read(&keys.path("wechat.pub"))).expect("a key");
    WeChat {
        line: line(format!("http://{}", till.address())),
        app_id: WECHAT_APP.to_owned(),
        mch_id: WECHAT_MCH.to_owned(),
        serial: WECHAT_SERIAL.to_owned(),
        key: PrivateKey::read(&read(&keys.path("seller.pem"))).expect("a key"),
        wechat: vec![(WECHAT_KEY_ID.to_owned(), public)],
        api_key: ApiKey::read(WECHAT_API_KEY.as_bytes()).expect("32 bytes"),
    }
}

/// What a notice of the till is taken for.
fn noticed(till: &Till, at: At, lie: Lie) -> Result<State, PayError> {
    let (_, request) = till.notice(at, "P1", lie);
    let text = String::from_utf8(request).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let header = |name: &str| {
        let found = head.lines().find_map(|line| line.strip_prefix(name));
        found.map_or("", |rest| rest.trim_start_matches(": "))
    };
    match at {
        At::Alipay => alipay(till).notice(body.as_bytes()),
        At::WeChat => {
            let headers = Headers {
                timestamp: header("Wechatpay-Timestamp"),
                nonce: header("Wechatpay-Nonce"),
                serial: header("Wechatpay-Serial"),
                signature: header("Wechatpay-Signature"),
            };
            wechat(till).notice(&headers, body.as_bytes())
        }
    }
}
