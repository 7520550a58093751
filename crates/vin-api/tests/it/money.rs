//! What is charged and what is not, and what a caller is told about it.

use crate::{REPAIRED, TestClock, app_with};
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::{HeaderMap, Request};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;
use vin_service::{Accounts, IssuedKey, KeySpec, Networks, Password, Phone, Policy, Service};
use vin_store::{AccountId, Deed, NEVER};

/// Vehicles of which only the brand is known, or not even that.
const BRAND_ONLY: &str = "WBA00000000000000";
pub const UNKNOWN: &str = "00000000000000000";

pub const DEED: Deed<'static> = Deed {
    at: 1,
    reason: "test",
    actor: "test",
};

/// A service with one verified account that has 50 calls, and no key yet.
pub struct Shop {
    _dir: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub service: Arc<Service>,
    router: Router,
    pub account: AccountId,
}

/// An answer: the envelope, and the headers.
pub struct Reply {
    pub json: Json,
    pub headers: HeaderMap,
}

impl Reply {
    pub fn code(&self) -> u64 {
        self.json["code"].as_u64().expect("a number")
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(Policy::default(), "").await
    }

    pub async fn with(policy: Policy, trusted_proxies: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(TestClock::default());
        let mut app = app_with(dir.path(), clock.clone(), policy).await;
        app.trusted_proxies = Networks::parse(trusted_proxies).expect("networks");
        let service = app.service.clone();
        let phone = Phone::parse("13812345678").expect("a number");
        let password = Password::parse("correct horse").expect("long enough");
        let accounts = service.accounts();
        let account = accounts
            .create_account(&phone, &password, true)
            .await
            .expect("made");
        accounts
            .store()
            .grant(account, 50, NEVER, DEED)
            .await
            .expect("granted");
        let router = vin_api::router(app);
        Self {
            _dir: dir,
            clock,
            service,
            router,
            account,
        }
    }

    pub fn accounts(&self) -> &Accounts {
        self.service.accounts()
    }

    pub async fn key(&self, spec: KeySpec) -> IssuedKey {
        self.accounts()
            .create_key(self.account, &spec)
            .await
            .expect("made")
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("answered");
        assert_eq!(answer.status(), 200);
        let headers = answer.headers().clone();
        let body = answer
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        let json = serde_json::from_slice(&body).expect("JSON");
        Reply { json, headers }
    }

    pub async fn get(&self, target: &str) -> Reply {
        self.send(Request::get(target).body(Body::empty()).expect("a request"))
            .await
    }

    pub async fn look_up(&self, key: &IssuedKey, vin: &str) -> Reply {
        self.get(&format!("/api/vin/get?key={}&vin={vin}", key.key.reveal()))
            .await
    }

    /// Asks for a vehicle that is charged.
    pub async fn ask(&self, key: &IssuedKey) -> Reply {
        self.look_up(key, REPAIRED).await
    }

    async fn balance(&self, key: &IssuedKey) -> Json {
        let reply = self
            .get(&format!("/api/account/balance?key={}", key.key.reveal()))
            .await;
        assert_eq!(reply.code(), 200, "{}", reply.json);
        reply.json["data"].clone()
    }

    pub async fn remaining(&self, key: &IssuedKey) -> i64 {
        self.balance(key).await["remaining"]
            .as_i64()
            .expect("a number")
    }

    /// The ledger agrees with every balance.
    async fn check(&self) {
        let checked = self.accounts().store().check().await.expect("checked");
        assert_eq!(checked.wrong, [""; 0]);
    }
}

pub fn plain() -> KeySpec {
    KeySpec::default()
}

#[tokio::test]
async fn a_found_vehicle_costs_one_call_and_says_what_is_left() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    for left in [49, 48, 47] {
        let reply = shop.ask(&key).await;
        let charge = json!({"charged": true, "count": 1, "remaining": left});
        assert_eq!(reply.json["data"]["charge"], charge);
        assert_eq!(shop.remaining(&key).await, left);
    }
    shop.check().await;
}

#[tokio::test]
async fn what_is_not_known_to_its_series_is_free() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    let reply = shop.look_up(&key, BRAND_ONLY).await;
    assert_eq!(
        (reply.code(), &reply.json["data"]["match"]["level"]),
        (200, &json!("brand"))
    );
    let charge = json!({"charged": false, "count": 0, "remaining": 50});
    assert_eq!(reply.json["data"]["charge"], charge);
    assert_eq!(shop.look_up(&key, UNKNOWN).await.code(), 1003);
    assert_eq!(shop.look_up(&key, "WP0").await.code(), 403);
    assert_eq!(shop.remaining(&key).await, 50);
    assert_eq!(shop.ask(&key).await.json["data"]["charge"]["remaining"], 49);
    shop.check().await;
}

#[tokio::test]
async fn the_operator_says_from_which_level_on_an_answer_is_charged() {
    let charged = async |level| {
        let policy = Policy {
            charge_min_level: level,
            ..Policy::default()
        };
        let shop = Shop::with(policy, "").await;
        let key = shop.key(plain()).await;
        let reply = shop.look_up(&key, BRAND_ONLY).await;
        reply.json["data"]["charge"]["charged"].clone()
    };
    assert_eq!(charged(vin_core::Level::Brand).await, true);
    assert_eq!(charged(vin_core::Level::Type).await, false);
}

#[tokio::test]
async fn code_603_when_the_balance_is_used_up_until_there_is_more() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    for _ in 0..50 {
        assert_eq!(shop.ask(&key).await.code(), 200);
    }
    for _ in 0..3 {
        assert_eq!(shop.ask(&key).await.code(), 603);
    }
    let store = shop.accounts().store();
    store
        .grant(shop.account, 2, NEVER, DEED)
        .await
        .expect("granted");
    let reply = shop.ask(&key).await;
    assert_eq!(reply.json["data"]["charge"]["remaining"], 1);
    shop.check().await;
}

#[tokio::test]
async fn two_hundred_callers_on_fifty_calls_get_exactly_fifty() {
    let shop = Arc::new(Shop::open().await);
    let key = shop.key(plain()).await;
    let mut callers = Vec::new();
    for _ in 0..200 {
        let (shop, key) = (shop.clone(), key.clone());
        callers.push(tokio::spawn(async move { shop.ask(&key).await.code() }));
    }
    let mut codes = std::collections::BTreeMap::new();
    for caller in callers {
        *codes.entry(caller.await.expect("no panic")).or_insert(0) += 1;
    }
    assert_eq!(codes, [(200, 50), (603, 150)].into());
    assert_eq!(shop.remaining(&key).await, 0);
    shop.check().await;
}

#[tokio::test]
async fn the_same_reqid_is_answered_again_and_charged_once() {
    let shop = Arc::new(Shop::open().await);
    let key = shop.key(plain()).await;
    let target = format!(
        "/api/vin/get?key={}&vin={REPAIRED}&reqid=r-1",
        key.key.reveal()
    );
    let mut callers = Vec::new();
    for _ in 0..20 {
        let (shop, target) = (shop.clone(), target.clone());
        callers.push(tokio::spawn(async move { shop.get(&target).await.json }));
    }
    let mut answers = Vec::new();
    for caller in callers {
        answers.push(caller.await.expect("no panic"));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "all are the same");
    let charge = json!({"charged": true, "count": 1, "remaining": 49});
    assert_eq!(answers[0]["data"]["charge"], charge);
    assert_eq!(shop.remaining(&key).await, 49);
    // Typed differently it is the same request; in another language it is not.
    let same = shop.get(&target.replace(REPAIRED, crate::PAGE_VIN)).await;
    assert_eq!(
        same.json["data"]["order_no"],
        answers[0]["data"]["order_no"]
    );
    let other = shop.get(&format!("{target}&lang=en")).await;
    assert_eq!(other.code(), 403);
    assert!(
        other.json["msg"]
            .as_str()
            .is_some_and(|msg| msg.contains("another request"))
    );
    assert_eq!(shop.remaining(&key).await, 49);
    shop.check().await;
}

#[tokio::test]
async fn head_costs_nothing() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    let target = format!("/api/vin/get?key={}&vin={REPAIRED}", key.key.reveal());
    let request = Request::head(&target)
        .body(Body::empty())
        .expect("a request");
    let answer = shop
        .router
        .clone()
        .oneshot(request)
        .await
        .expect("answered");
    assert_eq!(answer.status(), 200);
    assert_eq!(shop.remaining(&key).await, 50);
}

#[tokio::test]
async fn the_balance_names_every_package_and_its_end() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    let ends = 1_795_492_800 + 86_400;
    let store = shop.accounts().store();
    store
        .grant(shop.account, 5, ends, DEED)
        .await
        .expect("granted");
    assert_eq!(shop.ask(&key).await.code(), 200);
    let package = |id, total, remaining, end: Json| {
        let name = format!("{total} 次");
        json!({"id": id, "name": name, "total": total, "remaining": remaining, "expires_at": end})
    };
    // The demo account has the first two packages.
    let soon = package(4, 5, 4, json!("2026-11-25T12:00:00+08:00"));
    let packages = json!([soon, package(3, 50, 50, Json::Null)]);
    assert_eq!(
        shop.balance(&key).await,
        json!({"remaining": 54, "packages": packages})
    );
    shop.clock.pass(Duration::from_secs(86_400));
    assert_eq!(shop.remaining(&key).await, 50, "what has expired is gone");
}

#[tokio::test]
async fn the_usage_is_told_by_day() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    shop.ask(&key).await;
    shop.look_up(&key, BRAND_ONLY).await;
    shop.look_up(&key, UNKNOWN).await;
    shop.look_up(&key, "WP0").await;
    shop.ask(&key).await;
    let usage = async |days: &str| {
        shop.get(&format!(
            "/api/account/usage?key={}{days}",
            key.key.reveal()
        ))
        .await
        .json
    };
    let day = json!({"day": "2026-11-24", "calls": 5, "found": 3, "charged": 2});
    let all = usage("").await;
    assert_eq!(
        all["data"],
        json!({"from": "2026-10-26", "to": "2026-11-24", "days": [day]})
    );
    let none = usage("&from=2026-11-01&to=2026-11-23").await;
    assert_eq!(none["data"]["days"], json!([]));
    for wrong in [
        "&from=x",
        "&from=2026-11-25",
        "&to=2026-02-30",
        "&from=2025-11-23&to=2026-11-24",
    ] {
        assert_eq!(usage(wrong).await["code"], 403, "{wrong}");
    }
    assert_eq!(usage("&from=2025-11-24").await["code"], 200, "366 days");
    let json = format!(r#"{{"key":"{}","from":"2026-11-25"}}"#, key.key.reveal());
    let request = Request::post("/api/account/usage")
        .body(Body::from(json))
        .expect("a request");
    assert_eq!(shop.send(request).await.code(), 403, "read from JSON too");
    assert_eq!(shop.get("/api/account/balance").await.code(), 403);
    assert_eq!(shop.get("/api/account/usage?key=nobody").await.code(), 401);
}
