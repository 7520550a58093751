//! What an operator wants of channels, while they are in use.

use super::{Market, PAID, STRANGER};
use crate::money::DEED;
use vin_store::{NEVER, Product};
use vin_testkit::upstream::Script;

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_switched_off_drained_and_moved_while_the_service_runs() {
    let market = Market::open(&[Script::Hit, Script::Hit]).await;
    let answered = async || {
        let answer = market.ask(&format!("vin={STRANGER}")).await;
        answer["data"]["match"]["channel"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(answered().await.as_deref(), Some("a"));
    for (state, tier, wanted) in [
        (Some("disabled"), None, "b"),
        (Some("enabled"), None, "a"),
        (Some("draining"), None, "b"),
        (Some("enabled"), Some(9), "b"),
        (None, Some(0), "a"),
    ] {
        market.set("a", state, tier).await;
        assert_eq!(
            answered().await.as_deref(),
            Some(wanted),
            "{state:?} {tier:?}"
        );
    }
    market.set("a", Some("disabled"), None).await;
    market.set("b", Some("disabled"), None).await;
    let answer = market.ask(&format!("vin={STRANGER}")).await;
    assert_eq!(answer["code"], 1003, "nobody is left to ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_is_local_only_asks_nobody() {
    let market = Market::with(&[Script::Hit], &[PAID], "first_hit", &[]).await;
    let product = Product {
        calls: 500,
        price_fen: 100,
        days: 0,
        policy: "local_only",
        named: true,
    };
    let store = market.store();
    store.set_product(&product).await.expect("set");
    let demo = store
        .account_by_phone("demo")
        .await
        .expect("read")
        .expect("there");
    // It ends first, so it is spent first.
    let lot = store
        .grant(demo, 500, NEVER - 1, DEED)
        .await
        .expect("granted");
    let answer = market.ask(&format!("vin={STRANGER}")).await;
    assert_eq!((&answer["code"], market.calls()), (&1003.into(), vec![0]));
    store.adjust(lot, -500, DEED).await.ok();
}
