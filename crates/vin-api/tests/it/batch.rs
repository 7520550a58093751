//! Many VINs in one request: each answered and charged on its own.

use crate::money::{DEED, Reply, Shop, UNKNOWN};
use crate::{REPAIRED, expect_code, get, post};
use axum::body::Body;
use hyper::Request;
use serde_json::{Value as Json, json};
use vin_service::KeySpec;

const PATH: &str = "/api/vin/batch";
const HONDA: &str = "1HGCM82633A004352";

async fn send(shop: &Shop, body: &Json) -> Reply {
    let request = Request::post(PATH)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    shop.send(request.expect("a request")).await
}

fn codes(reply: &Reply) -> Vec<Option<u64>> {
    let results = reply.json["data"]["results"].as_array().expect("a list");
    results.iter().map(|one| one["code"].as_u64()).collect()
}

async fn left(shop: &Shop) -> i64 {
    let lots = shop
        .accounts()
        .store()
        .lots(shop.account, 1)
        .await
        .expect("read");
    lots.iter().map(|lot| lot.remaining).sum()
}

#[tokio::test]
async fn each_vin_is_answered_and_charged_on_its_own() {
    let shop = Shop::open().await;
    let key = shop.key(KeySpec::default()).await;
    let key = key.key.reveal();
    let typed = [REPAIRED, "WPO AA2978BL012976", "WP0", UNKNOWN, HONDA, "WP0"];
    let reply = send(&shop, &json!({ "key": key, "vins": typed })).await;
    assert_eq!(reply.code(), 200);
    assert_eq!(
        codes(&reply),
        [Some(200), None, Some(403), Some(1003), Some(200), Some(403)]
    );
    let data = &reply.json["data"];
    let results = data["results"].as_array().expect("a list");
    let back: Vec<_> = results
        .iter()
        .map(|one| one["vin"].as_str().expect("a text"))
        .collect();
    assert_eq!(back, typed, "each entry has its VIN as it was written");
    assert_eq!(
        results[1]["same_as"], 0,
        "a VIN that is there twice is answered once"
    );
    assert_eq!(results[0]["data"]["result"]["brand"], "保时捷");
    assert_eq!(results[4]["data"]["result"]["brand"], "本田");
    assert_eq!(results[0]["data"]["charge"]["charged"], true);
    assert!(
        results[2]["msg"]
            .as_str()
            .expect("a text")
            .contains("收到 3 位")
    );
    assert_eq!(
        (&data["total"], &data["charged"], &data["remaining"]),
        (&json!(6), &json!(2), &json!(48))
    );
    // An entry is what the look-up of one VIN would have answered.
    let one = shop
        .get(&format!("/api/vin/get?key={key}&vin={HONDA}"))
        .await;
    assert_eq!(results[4]["data"]["result"], one.json["data"]["result"]);
    assert_eq!(left(&shop).await, 47);
}

#[tokio::test]
async fn a_balance_or_a_rate_that_ends_in_between_stops_the_rest_alone() {
    let shop = Shop::open().await;
    let key = shop.key(KeySpec::default()).await;
    let key = key.key.reveal();
    let vins: Vec<_> = (0..60).map(|n| format!("WP0AA2978BL0{n:05}")).collect();
    let reply = send(&shop, &json!({ "key": key, "vins": vins })).await;
    let codes = codes(&reply);
    assert_eq!(codes.iter().filter(|code| **code == Some(200)).count(), 50);
    assert_eq!(codes.iter().filter(|code| **code == Some(603)).count(), 10);
    assert_eq!(reply.json["data"]["charged"], 50);
    assert_eq!(left(&shop).await, 0);
    let store = shop.accounts().store();
    store
        .grant(shop.account, 50, vin_store::NEVER, DEED)
        .await
        .expect("granted");
    let paced = KeySpec {
        rate: Some(vin_service::Rate {
            calls: 5,
            seconds: 60,
        }),
        ..KeySpec::default()
    };
    let paced = shop.key(paced).await;
    let vins: Vec<_> = vins.iter().take(8).collect();
    let reply = send(&shop, &json!({ "key": paced.key.reveal(), "vins": vins })).await;
    let codes = self::codes(&reply);
    assert_eq!(codes, [vec![Some(200); 5], vec![Some(429); 3]].concat());
    assert_eq!(reply.header("x-ratelimit-remaining"), "0");
    assert_ne!(reply.header("retry-after"), "");
    assert_eq!(left(&shop).await, 45);
}

#[tokio::test]
async fn a_batch_that_is_sent_again_under_its_number_costs_nothing_more() {
    let shop = Shop::open().await;
    let key = shop.key(KeySpec::default()).await;
    let key = key.key.reveal();
    let first = json!({ "key": key, "vins": [REPAIRED, HONDA], "reqid": "batch-1" });
    let reply = send(&shop, &first).await;
    assert_eq!(reply.json["data"]["charged"], 2);
    let again = send(&shop, &first).await;
    assert_eq!(again.json["data"]["charged"], 0);
    assert_eq!(again.json["data"]["results"], reply.json["data"]["results"]);
    // One that was cut off and is completed pays for what is new alone.
    let more = json!({ "key": key, "vins": [HONDA, "WP0AA2978BL012977"], "reqid": "batch-1" });
    assert_eq!(send(&shop, &more).await.json["data"]["charged"], 1);
    assert_eq!(left(&shop).await, 47);
}

#[test]
fn vins_come_in_every_shape() {
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let count = |answer: crate::Answer| expect_code(&answer, 200)["data"]["total"].clone();
    for between in ["%2C", "%0A", "%3B", "%0D%0A", "%EF%BC%8C", "%2C%20%0A"] {
        let vins = format!("{REPAIRED}{between}{HONDA}");
        assert_eq!(
            count(get(&format!("{PATH}?key=demo&vins={vins}"))),
            2,
            "{between}"
        );
        let body = format!("key=demo&vins={vins}");
        assert_eq!(count(post(PATH, form, body.as_bytes())), 2, "{between}");
    }
    let json = json!({ "key": "demo", "vins": format!("{REPAIRED}\n{HONDA}"), "lang": "en" });
    let answer = post(
        PATH,
        "Content-Type: application/json\r\n",
        json.to_string().as_bytes(),
    );
    assert_eq!(
        expect_code(&answer, 200)["data"]["results"][1]["data"]["result"]["brand"],
        "Honda"
    );
}

#[test]
fn a_batch_that_cannot_be_read_is_refused_whole() {
    let refuse = |body: Json, part: &str| {
        let answer = post(
            PATH,
            "Content-Type: application/json\r\n",
            body.to_string().as_bytes(),
        );
        let answer = expect_code(&answer, 403);
        let msg = answer["msg"].as_str().expect("a text");
        assert!(msg.contains(part), "{msg}");
    };
    refuse(json!({ "key": "demo" }), "缺少 vins");
    refuse(json!({ "key": "demo", "vins": [] }), "缺少 vins");
    refuse(json!({ "key": "demo", "vins": [" ", ","] }), "缺少 vins");
    refuse(
        json!({ "key": "demo", "vins": vec![HONDA; 101] }),
        "最多 100 个车架号，收到 101 个",
    );
    refuse(json!({ "key": "demo", "vins": [1] }), "vins 应为字符串");
    refuse(
        json!({ "key": "demo", "vins": [HONDA], "year": "x" }),
        "1980 至 2028",
    );
    refuse(json!({ "vins": [HONDA] }), "缺少 key");
    let hundred = json!({ "key": "demo", "vins": vec![HONDA; 100] });
    let answer = post(
        PATH,
        "Content-Type: application/json\r\n",
        hundred.to_string().as_bytes(),
    );
    let data = &expect_code(&answer, 200)["data"];
    assert_eq!((&data["total"], &data["charged"]), (&json!(100), &json!(1)));
    expect_code(&get(&format!("{PATH}?key=nobody&vins={HONDA}")), 401);
}
