//! The envelopes of other services: the same question and the same charge, in their shape and codes.

use crate::money::{DEED, Shop, UNKNOWN};
use crate::{REPAIRED, exchange, get, post};
use serde_json::{Value as Json, json};
use vin_service::{KeySpec, Networks, Policy};
use vin_store::NEVER;

const JISUAPI: &str = "/vin/query";
const APISTD: &str = "/v4/vin2/query";

#[track_caller]
fn members(json: &Json) -> Vec<&str> {
    let mut members: Vec<_> = json
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    members.sort_unstable();
    members
}

#[test]
fn a_vehicle_is_the_same_in_every_envelope() {
    let own = get(&format!("/api/vin/get?key=demo&vin={REPAIRED}")).json();
    let result = &own["data"]["result"];
    for query in [
        format!("{JISUAPI}?appkey=demo&vin={REPAIRED}"),
        format!("{JISUAPI}?key=demo&vin={REPAIRED}"),
    ] {
        let answer = get(&query).json();
        assert_eq!(members(&answer), ["msg", "result", "status"]);
        assert_eq!(
            (&answer["status"], &answer["msg"]),
            (&json!(0), &json!("ok"))
        );
        assert_eq!(&answer["result"], result);
    }
    let answer = post(&format!("{APISTD}?key=demo&vin={REPAIRED}"), "", b"").json();
    assert_eq!(members(&answer), ["code", "data", "msg", "success"]);
    assert_eq!(
        (&answer["success"], &answer["code"]),
        (&json!(true), &json!(200))
    );
    assert_eq!(members(&answer["data"]), ["order_no", "result"]);
    assert_eq!(answer["data"]["order_no"].as_str().map(str::len), Some(18));
    assert_eq!(&answer["data"]["result"], result);
    let form = format!("appkey=demo&vin={REPAIRED}");
    let form = post(
        JISUAPI,
        "Content-Type: application/x-www-form-urlencoded\r\n",
        form.as_bytes(),
    );
    assert_eq!(form.json()["status"], 0);
}

#[test]
fn a_page_calls_them_as_scripts() {
    let call = get(&format!("{JISUAPI}?appkey=demo&vin={REPAIRED}&callback=cb"));
    assert_eq!(
        call.header("content-type"),
        "application/javascript; charset=utf-8"
    );
    assert!(
        call.text()
            .starts_with("/**/cb({\"status\":0,\"msg\":\"ok\",\"result\":{")
    );
    assert!(call.text().ends_with("});"));
    let call = get(&format!("{APISTD}?key=demo&vin=x&callback=cb"));
    assert!(
        call.text()
            .starts_with("/**/cb({\"success\":false,\"code\":400,"),
        "{}",
        call.text()
    );
}

/// The numbers of both for one query, and the text of the first.
#[track_caller]
fn check(query: &str, jisuapi: u16, apistd: u16) {
    let answer = get(&format!("{JISUAPI}?{query}")).json();
    assert_eq!(answer["status"], jisuapi, "{query}: {answer}");
    assert_eq!(answer["result"], "", "{query}");
    let answer = get(&format!("{APISTD}?{query}")).json();
    assert_eq!(answer["code"], apistd, "{query}: {answer}");
    assert_eq!(
        (&answer["success"], &answer["data"]),
        (&json!(false), &Json::Null)
    );
}

#[test]
fn what_is_wrong_with_a_request_has_their_numbers() {
    check(&format!("vin={REPAIRED}"), 101, 400);
    check(&format!("key=nobody&vin={REPAIRED}"), 101, 1001);
    check("key=demo", 201, 400);
    check("key=demo&vin=WP0", 202, 400);
    check(&format!("key=demo&vin={REPAIRED}&year=1"), 202, 400);
    check(&format!("key=demo&vin={REPAIRED}&callback=a("), 202, 400);
    check(&format!("key=demo&vin={UNKNOWN}"), 210, 1003);
    let long = format!("vin={}", "x".repeat(20_000));
    check(&long, 202, 400);
    let put = |path: &str| {
        exchange(format!("PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
    };
    assert_eq!(put(JISUAPI).json()["status"], 108);
    assert_eq!(put(APISTD).json()["code"], 404);
}

/// The numbers of both for a key, as a caller with this Shop gets them.
async fn numbers(shop: &Shop, key: &str) -> (u64, u64) {
    let jisuapi = shop
        .get(&format!("{JISUAPI}?appkey={key}&vin={REPAIRED}"))
        .await;
    let apistd = shop
        .get(&format!("{APISTD}?key={key}&vin={REPAIRED}"))
        .await;
    let number = |json: &Json| json.as_u64().expect("a number");
    (
        number(&jisuapi.json["status"]),
        number(&apistd.json["code"]),
    )
}

#[tokio::test]
async fn what_a_key_may_not_has_their_numbers() {
    let shop = Shop::open().await;
    let of = async |spec: KeySpec| {
        let key = shop.key(spec).await;
        numbers(&shop, key.key.reveal()).await
    };
    assert_eq!(of(KeySpec::default()).await, (0, 200));
    let signed = KeySpec {
        signature: true,
        ..KeySpec::default()
    };
    assert_eq!(of(signed).await, (103, 1001));
    let elsewhere = KeySpec {
        networks: Networks::parse("203.0.113.0/24").expect("a network"),
        ..KeySpec::default()
    };
    assert_eq!(of(elsewhere).await, (105, 1001));
    let capped = KeySpec {
        daily_cap: Some(1),
        ..KeySpec::default()
    };
    let key = shop.key(capped).await;
    shop.look_up(&key, REPAIRED).await;
    assert_eq!(numbers(&shop, key.key.reveal()).await, (104, 429));
    let paced = KeySpec {
        rate: Some(vin_service::Rate {
            calls: 1,
            seconds: 60,
        }),
        ..KeySpec::default()
    };
    let key = shop.key(paced).await;
    shop.look_up(&key, REPAIRED).await;
    assert_eq!(numbers(&shop, key.key.reveal()).await, (106, 429));
    let ended = KeySpec {
        lives: Some(1),
        ..KeySpec::default()
    };
    let key = shop.key(ended).await;
    shop.clock.pass(std::time::Duration::from_secs(2));
    assert_eq!(numbers(&shop, key.key.reveal()).await, (102, 1001));
    let native = shop.look_up(&key, REPAIRED).await;
    assert_eq!(native.code(), 401);
    assert!(
        native.json["msg"]
            .as_str()
            .expect("a text")
            .contains("已过期")
    );
}

#[tokio::test]
async fn they_are_charged_alike_and_end_alike() {
    let shop = Shop::open().await;
    let key = shop.key(KeySpec::default()).await;
    let key = key.key.reveal();
    for n in 1..=25 {
        assert_eq!(numbers(&shop, key).await, (0, 200), "{n}");
    }
    assert_eq!(numbers(&shop, key).await, (104, 603));
    let store = shop.accounts().store();
    store
        .grant(shop.account, 2, NEVER, DEED)
        .await
        .expect("granted");
    // Under the client's own number it is charged once, however often it is asked; another envelope
    // is another request.
    let asked = format!("{JISUAPI}?appkey={key}&vin={REPAIRED}&reqid=r1");
    let first = shop.get(&asked).await.json;
    assert_eq!(first["status"], 0);
    assert_eq!(shop.get(&asked).await.json, first);
    let other = shop
        .get(&format!("{APISTD}?key={key}&vin={REPAIRED}&reqid=r1"))
        .await;
    assert_eq!(other.json["code"], 400);
    assert_eq!(
        store
            .lots(shop.account, 1)
            .await
            .expect("read")
            .iter()
            .map(|l| l.remaining)
            .sum::<i64>(),
        1
    );
}

#[tokio::test]
async fn each_can_be_switched_off_alone() {
    let off = Policy {
        off: vec![JISUAPI.to_owned()],
        ..Policy::default()
    };
    let shop = Shop::with(off, "").await;
    let key = shop.key(KeySpec::default()).await;
    assert_eq!(numbers(&shop, key.key.reveal()).await, (108, 200));
}
