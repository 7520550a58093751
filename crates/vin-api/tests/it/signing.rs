//! Code 402: what is a signature, and what is none. Vectors of real clients are tested with the
//! built program.

use crate::PAGE_VIN;
use crate::money::Shop;
use axum::body::Body;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::Request;
use md5::{Digest as _, Md5};
use sha2::Sha256;
use std::time::Duration;
use vin_service::{IssuedKey, KeySpec};

/// Noon of 2026-11-24 in China.
const NOON: i64 = 1_795_492_800;

struct Signer {
    shop: Shop,
    key: IssuedKey,
}

impl Signer {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let spec = KeySpec {
            signature: true,
            ..KeySpec::default()
        };
        let key = shop.key(spec).await;
        Self { shop, key }
    }

    /// The parameters, with the key and `more`.
    fn query(&self, more: &str) -> String {
        format!("key={}&vin={PAGE_VIN}{more}", self.key.key.reveal())
    }

    fn sign(&self, text: &str) -> String {
        let hash = Md5::new()
            .chain_update(text)
            .chain_update(self.key.secret.reveal());
        hex(&hash.finalize())
    }

    fn sign_v2(&self, parts: [&str; 5]) -> String {
        let secret = self.key.secret.reveal().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a secret");
        mac.update(parts.join("\n").as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    async fn get(&self, query: &str, sign: &str) -> u64 {
        let request = Request::get(format!("/api/vin/get?{query}")).header("sign", sign);
        self.shop
            .send(request.body(Body::empty()).expect("a request"))
            .await
            .code()
    }

    async fn post(&self, query: &str, body: &str, sign: &str) -> u64 {
        let request = Request::post(format!("/api/vin/get?{query}")).header("sign", sign);
        let request = request
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.shop.send(request).await.code()
    }

    /// A GET with `sign-v2`, sent at noon.
    async fn get_v2(&self, query: &str, sign: &str, timestamp: &str, nonce: &str) -> u64 {
        let request = Request::get(format!("/api/vin/get?{query}"))
            .header("sign-v2", sign)
            .header("timestamp", timestamp)
            .header("nonce", nonce);
        self.shop
            .send(request.body(Body::empty()).expect("a request"))
            .await
            .code()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn what_was_received_is_signed_byte_for_byte() {
    let signer = Signer::open().await;
    let query = signer.query("&x=%20+%7e~%E8%BD%A6");
    let sign = signer.sign(&query);
    assert_eq!(signer.get(&query, &sign).await, 200);
    assert_eq!(signer.get(&query, &sign.to_uppercase()).await, 200);
    assert_eq!(signer.post("", &query, &sign).await, 200);
    assert_eq!(
        signer.post(&query, "", &sign).await,
        200,
        "all of it in the query"
    );
    let json = format!(
        r#"{{"vin":"{PAGE_VIN}","key":"{}"}}"#,
        signer.key.key.reveal()
    );
    assert_eq!(signer.post("", &json, &signer.sign(&json)).await, 200);
}

#[tokio::test]
async fn what_php_or_a_simple_client_would_have_signed_is_good_too() {
    let signer = Signer::open().await;
    let sent = signer.query("&x=%20+%7e~%E8%BD%A6.-_*");
    let php = signer.query("&x=++%7E%7E%E8%BD%A6.-_%2A");
    let unencoded = signer.query("&x=  ~~车.-_*");
    for text in [&sent, &php, &unencoded] {
        assert_eq!(signer.get(&sent, &signer.sign(text)).await, 200, "{text}");
        assert_eq!(
            signer.post("", &sent, &signer.sign(text)).await,
            200,
            "{text}"
        );
    }
}

#[tokio::test]
async fn anything_else_is_code_402_and_costs_nothing() {
    let signer = Signer::open().await;
    let query = signer.query("");
    let sign = signer.sign(&query);
    let swapped = format!("vin={PAGE_VIN}&key={}", signer.key.key.reveal());
    let other = format!("{query}&lang=en");
    let last = if sign.ends_with('0') { "1" } else { "0" };
    let flipped = format!("{}{last}", &sign[..31]);
    for bad in [
        "",
        "x",
        &sign[..31],
        &flipped,
        &format!("{sign}0"),
        &"0".repeat(32),
    ] {
        assert_eq!(signer.get(&query, bad).await, 402, "{bad}");
    }
    assert_eq!(signer.get(&swapped, &sign).await, 402, "the order matters");
    assert_eq!(signer.get(&other, &sign).await, 402);
    assert_eq!(
        signer.post(&query, "lang=en", &sign).await,
        402,
        "the body is what counts"
    );
    let unsigned = signer.shop.get(&format!("/api/vin/get?{query}")).await;
    assert_eq!(unsigned.code(), 402);
    let balance = format!("/api/account/balance?key={}", signer.key.key.reveal());
    assert_eq!(signer.shop.get(&balance).await.code(), 402, "there too");
    assert_eq!(signer.get(&query, &sign).await, 200);
}

#[tokio::test]
async fn a_key_without_the_switch_ignores_signatures() {
    let signer = Signer::open().await;
    let key = signer.shop.key(KeySpec::default()).await;
    let query = format!("key={}&vin={PAGE_VIN}", key.key.reveal());
    assert_eq!(signer.get(&query, "nonsense").await, 200);
}

#[tokio::test]
async fn the_second_kind_is_good_in_time_and_once() {
    let signer = Signer::open().await;
    let query = signer.query("");
    let noon = NOON.to_string();
    let sign = |timestamp: &str, nonce: &str| {
        signer.sign_v2(["GET", "/api/vin/get", &query, timestamp, nonce])
    };
    let good = sign(&noon, "nonce-01");
    assert_eq!(signer.get_v2(&query, &good, &noon, "nonce-01").await, 200);
    assert_eq!(
        signer.get_v2(&query, &good, &noon, "nonce-01").await,
        402,
        "a replay"
    );
    assert_eq!(
        signer
            .get_v2(&query, &sign(&noon, "nonce-02"), &noon, "nonce-03")
            .await,
        402
    );
    assert_eq!(
        signer
            .get_v2(&query, &sign(&noon, "short"), &noon, "short")
            .await,
        402
    );
    let long = "n".repeat(65);
    assert_eq!(
        signer
            .get_v2(&query, &sign(&noon, &long), &noon, &long)
            .await,
        402
    );
    for (skew, code) in [(300, 200), (-300, 200), (301, 402), (-301, 402)] {
        let (timestamp, nonce) = ((NOON + skew).to_string(), format!("nonce{skew:+05}"));
        let sign = sign(&timestamp, &nonce);
        assert_eq!(
            signer.get_v2(&query, &sign, &timestamp, &nonce).await,
            code,
            "{skew}"
        );
    }
    let post = signer.sign_v2(["POST", "/api/vin/get", &query, &noon, "nonce-04"]);
    assert_eq!(
        signer.get_v2(&query, &post, &noon, "nonce-04").await,
        402,
        "the method counts"
    );
    assert_eq!(signer.get_v2(&query, &post, "", "nonce-04").await, 402);
    // A good signature of the first kind does not help a bad one of the second.
    let request = Request::get(format!("/api/vin/get?{query}"))
        .header("sign", signer.sign(&query))
        .header("sign-v2", "00");
    let request = request.body(Body::empty()).expect("a request");
    assert_eq!(signer.shop.send(request).await.code(), 402);
    signer.shop.clock.pass(Duration::from_secs(301));
    assert_eq!(
        signer
            .get_v2(&query, &sign(&noon, "nonce-05"), &noon, "nonce-05")
            .await,
        402
    );
}
