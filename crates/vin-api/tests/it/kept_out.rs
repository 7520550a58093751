//! Each code that keeps a caller out, with each of its causes. Signatures are in `signing`.

use crate::REPAIRED;
use crate::money::{DEED, Reply, Shop, UNKNOWN, plain};
use axum::body::Body;
use hyper::Request;
use std::net::IpAddr;
use std::time::Duration;
use vin_api::Peer;
use vin_service::{Hosts, KeySpec, Networks, Password, Phone, Policy, Rate};
use vin_store::NEVER;

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
