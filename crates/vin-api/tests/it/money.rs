//! What is charged and what is not, and each code that keeps a caller out.

use crate::{REPAIRED, TestClock, app_with};
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::{HeaderMap, Request};
use serde_json::{Value as Json, json};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;
use vin_api::Peer;
use vin_service::{
    Accounts, Hosts, IssuedKey, KeySpec, Networks, Password, Phone, Policy, Rate, Service,
};
use vin_store::{AccountId, Deed, NEVER};

/// Vehicles of which only the brand is known, or not even that.
const BRAND_ONLY: &str = "WBA00000000000000";
const UNKNOWN: &str = "00000000000000000";

const DEED: Deed<'static> = Deed {
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

    async fn with(policy: Policy, trusted_proxies: &str) -> Self {
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

    fn accounts(&self) -> &Accounts {
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

    async fn look_up(&self, key: &IssuedKey, vin: &str) -> Reply {
        self.get(&format!("/api/vin/get?key={}&vin={vin}", key.key.reveal()))
            .await
    }

    /// Asks for a vehicle that is charged.
    async fn ask(&self, key: &IssuedKey) -> Reply {
        self.look_up(key, REPAIRED).await
    }

    async fn balance(&self, key: &IssuedKey) -> Json {
        let reply = self
            .get(&format!("/api/account/balance?key={}", key.key.reveal()))
            .await;
        assert_eq!(reply.code(), 200, "{}", reply.json);
        reply.json["data"].clone()
    }

    async fn remaining(&self, key: &IssuedKey) -> i64 {
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

fn plain() -> KeySpec {
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
async fn code_400_for_who_is_not_verified_or_never_held_a_package() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    shop.accounts()
        .store()
        .verify_account(shop.account, false)
        .await
        .expect("done");
    shop.clock.pass(Duration::from_secs(6));
    let reply = shop.ask(&key).await;
    assert_eq!(reply.json["msg"], "账户无权使用该接口：未实名认证");
    let phone = Phone::parse("13812345679").expect("a number");
    let password = Password::parse("correct horse").expect("long enough");
    let other = shop
        .accounts()
        .create_account(&phone, &password, true)
        .await
        .expect("made");
    let key = shop
        .accounts()
        .create_key(other, &plain())
        .await
        .expect("made");
    let reply = shop.ask(&key).await;
    assert_eq!(reply.json["msg"], "账户无权使用该接口：从未开通套餐");
    assert_eq!(reply.code(), 400);
    shop.accounts()
        .store()
        .grant(other, 1, NEVER, DEED)
        .await
        .expect("granted");
    shop.clock.pass(Duration::from_secs(6));
    assert_eq!(shop.ask(&key).await.code(), 200);
}

#[tokio::test]
async fn code_401_for_a_key_that_is_unknown_revoked_or_expired() {
    let shop = Shop::open().await;
    assert_eq!(
        shop.get(&format!("/api/vin/get?key=nobody&vin={REPAIRED}"))
            .await
            .code(),
        401
    );
    let short = KeySpec {
        lives: Some(60),
        ..plain()
    };
    let (revoked, expired) = (shop.key(plain()).await, shop.key(short).await);
    assert_eq!(shop.ask(&revoked).await.code(), 200);
    assert_eq!(shop.ask(&expired).await.code(), 200);
    shop.accounts()
        .revoke_key(&revoked.key)
        .await
        .expect("done");
    shop.clock.pass(Duration::from_secs(60));
    assert_eq!(shop.ask(&revoked).await.code(), 401);
    assert_eq!(shop.ask(&expired).await.code(), 401);
}

#[tokio::test]
async fn a_rotated_key_works_until_its_overlap_is_over() {
    let shop = Shop::open().await;
    let old = shop.key(plain()).await;
    let new = shop
        .accounts()
        .rotate_key(&old.key, 30)
        .await
        .expect("done")
        .expect("in use");
    shop.clock.pass(Duration::from_secs(6));
    assert_eq!(
        (shop.ask(&old).await.code(), shop.ask(&new).await.code()),
        (200, 200)
    );
    shop.clock.pass(Duration::from_secs(30));
    assert_eq!(
        (shop.ask(&old).await.code(), shop.ask(&new).await.code()),
        (401, 200)
    );
}

#[tokio::test]
async fn code_406_for_an_address_that_is_not_on_the_list() {
    let shop = Shop::with(Policy::default(), "10.9.0.0/16").await;
    let spec = KeySpec {
        networks: Networks::parse("192.0.2.0/24").expect("a network"),
        ..plain()
    };
    let key = shop.key(spec).await;
    let from = async |peer: &str, forwarded: &str| {
        let peer = Peer(peer.parse::<IpAddr>().expect("an address"));
        let target = format!("/api/vin/get?key={}&vin={UNKNOWN}", key.key.reveal());
        let mut request = Request::get(target).extension(peer);
        if !forwarded.is_empty() {
            request = request.header("X-Forwarded-For", forwarded);
        }
        shop.send(request.body(Body::empty()).expect("a request"))
            .await
            .code()
    };
    assert_eq!(from("192.0.2.7", "").await, 1003);
    assert_eq!(from("192.0.3.7", "").await, 406);
    assert_eq!(
        from("192.0.3.7", "192.0.2.7").await,
        406,
        "anybody can write a header"
    );
    assert_eq!(
        from("10.9.1.1", "192.0.2.7").await,
        1003,
        "a proxy is believed"
    );
    assert_eq!(
        from("10.9.1.1", "192.0.2.7, 198.51.100.1").await,
        406,
        "not what it was told"
    );
    assert_eq!(
        from("10.9.1.1", "192.0.2.7, 10.9.2.2").await,
        1003,
        "a chain of proxies"
    );
    assert_eq!(from("10.9.1.1", "nonsense").await, 406);
}

#[tokio::test]
async fn code_406_for_a_page_that_is_not_on_the_list() {
    let shop = Shop::open().await;
    let spec = KeySpec {
        hosts: Hosts::parse("shop.example").expect("a host"),
        ..plain()
    };
    let key = shop.key(spec).await;
    assert_eq!(shop.ask(&key).await.code(), 406);
    let target = format!("/api/vin/get?key={}&vin={REPAIRED}", key.key.reveal());
    let from = async |page: &str| {
        let request = Request::get(&target).header("Referer", page);
        shop.send(request.body(Body::empty()).expect("a request"))
            .await
            .code()
    };
    assert_eq!(from("https://shop.example/cars?id=1").await, 200);
    assert_eq!(from("https://shop.example.evil.test/").await, 406);
}

#[tokio::test]
async fn code_429_beyond_the_rate_costs_nothing_and_tells_when_to_come_again() {
    let shop = Shop::open().await;
    let spec = KeySpec {
        rate: Rate::parse("2/10"),
        ..plain()
    };
    let key = shop.key(spec).await;
    let shown = |reply: &Reply| {
        let of = |name: &str| reply.header(name).to_owned();
        [
            of("x-ratelimit-limit"),
            of("x-ratelimit-remaining"),
            of("x-ratelimit-reset"),
            of("retry-after"),
        ]
    };
    let first = shop.ask(&key).await;
    assert_eq!(
        (first.code(), shown(&first)),
        (200, ["2", "1", "5", ""].map(str::to_owned))
    );
    let second = shop.ask(&key).await;
    assert_eq!(
        (second.code(), shown(&second)),
        (200, ["2", "0", "10", ""].map(str::to_owned))
    );
    for _ in 0..3 {
        let refused = shop.ask(&key).await;
        assert_eq!(
            (refused.code(), shown(&refused)),
            (429, ["2", "0", "10", "5"].map(str::to_owned))
        );
    }
    assert_eq!(shop.remaining(&key).await, 48);
    shop.clock.pass(Duration::from_secs(5));
    assert_eq!(
        shop.ask(&key).await.code(),
        200,
        "what was refused did not count"
    );
    let free = shop.key(plain()).await;
    assert_eq!(shown(&shop.ask(&free).await), [""; 4].map(str::to_owned));
}

#[tokio::test]
async fn code_429_beyond_the_cap_of_the_day_until_midnight_in_china() {
    let shop = Shop::open().await;
    let spec = KeySpec {
        daily_cap: Some(2),
        ..plain()
    };
    let key = shop.key(spec).await;
    assert_eq!(
        shop.look_up(&key, "WP0").await.code(),
        403,
        "this does not count"
    );
    let first = shop.ask(&key).await;
    assert_eq!(
        (first.code(), first.header("x-ratelimit-day-remaining")),
        (200, "1")
    );
    assert_eq!(shop.ask(&key).await.code(), 200);
    let refused = shop.ask(&key).await;
    // The clock began at noon.
    assert_eq!(
        (refused.code(), refused.header("retry-after")),
        (429, "43200")
    );
    shop.clock.pass(Duration::from_secs(43_199));
    assert_eq!(shop.ask(&key).await.code(), 429);
    shop.clock.pass(Duration::from_secs(1));
    assert_eq!(shop.ask(&key).await.code(), 200);
}

#[tokio::test]
async fn code_602_for_a_suspended_account_until_it_may_go_on() {
    let shop = Shop::open().await;
    let key = shop.key(plain()).await;
    let suspend = async |suspended| {
        let store = shop.accounts().store();
        assert!(
            store
                .suspend_account(shop.account, suspended)
                .await
                .expect("done")
        );
        shop.clock.pass(Duration::from_secs(6));
    };
    suspend(true).await;
    assert_eq!(shop.ask(&key).await.code(), 602);
    suspend(false).await;
    assert_eq!(shop.ask(&key).await.code(), 200);
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
async fn code_604_for_an_interface_that_is_switched_off() {
    let policy = Policy {
        off: vec!["/api/vin/get".to_owned()],
        ..Policy::default()
    };
    let shop = Shop::with(policy, "").await;
    let key = shop.key(plain()).await;
    assert_eq!(shop.ask(&key).await.code(), 604);
    assert_eq!(shop.remaining(&key).await, 50, "the account is there still");
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
