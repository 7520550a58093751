//! Answers that are put together from several channels.

use super::{Market, PAID};
use std::collections::BTreeMap;
use vin_core::FieldId;
use vin_testkit::upstream::Script;

/// A car that our data know to its series, without price and oil.
const HONDA: &str = "1HGCM82633A004352";

const WANTED: [FieldId; 2] = [FieldId::Price, FieldId::OilVolume];

fn said(series: &str) -> Script {
    Script::Json(format!(
        r#"{{"code":200,"data":{{"order_no":"T-9","result":{{"vin":"{HONDA}","brand":"本田",
            "typename":"{series}","price":"25.98","machineoil":{{"volume":"4.2","viscosity":"5W-20"}}}}}}}}"#
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn price_and_oil_come_from_an_upstream_and_each_value_says_where_it_is_from() {
    let market = Market::with(&[said("雅阁")], &[PAID], "fusion", &WANTED).await;
    let answer = market.ask(&format!("vin={HONDA}&explain=1")).await;
    assert_eq!(answer["code"], 200, "{answer}");
    let data = &answer["data"];
    assert_eq!(data["match"]["channel"], "local+a");
    assert_eq!(data["result"]["price"], "25.98");
    assert_eq!(data["result"]["machineoil"]["volume"], "4.2");
    let mut sources = BTreeMap::new();
    for fact in data["explain"].as_array().expect("facts") {
        for field in fact["fields"].as_array().expect("fields") {
            let field = field.as_str().expect("a path");
            sources.insert(field, fact["source"].as_str().expect("a source"));
        }
    }
    assert_eq!((sources["price"], sources["machineoil.volume"]), ("a", "a"));
    assert!(sources["brand"].starts_with("vpic/"), "{sources:?}");
    assert_eq!((market.charges().await, market.calls()), (1, vec![1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_cars_are_not_mixed() {
    let market = Market::with(&[said("思域")], &[PAID], "fusion", &WANTED).await;
    let answer = market.ask(&format!("vin={HONDA}")).await;
    let data = &answer["data"];
    assert_eq!(data["match"]["channel"], "local", "{answer}");
    assert_eq!(data["result"]["price"], "");
    assert_eq!(data["match"]["notes"][0]["code"], "channels_differ_series");
    assert!(data["match"]["confidence"].as_f64().expect("a number") < 0.7);
    assert_eq!((market.charges().await, market.calls()), (1, vec![1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_our_own_data_know_is_answered_while_the_upstream_fails() {
    let market = Market::with(&[Script::Cut], &[PAID], "fusion", &WANTED).await;
    let answer = market.ask(&format!("vin={HONDA}")).await;
    assert_eq!(
        (&answer["code"], &answer["data"]["match"]["channel"]),
        (&200.into(), &"local".into())
    );
    assert_eq!((market.charges().await, market.calls()), (1, vec![1]));
}
