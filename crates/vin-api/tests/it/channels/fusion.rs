//! Answers that are put together from several channels.

use super::{Market, PAID};
use std::collections::BTreeMap;
use vin_channel::route::Policies;
use vin_core::FieldId;
use vin_service::Routing;
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
async fn a_conflict_on_brand_series_or_year_is_noted_and_lowers_the_confidence() {
    let car = |brand: &str, series: &str, year: &str| {
        Script::Json(format!(
            r#"{{"code":200,"data":{{"result":{{"brand":"{brand}","typename":"{series}",
                "yeartype":"{year}","price":"25.98","machineoil":{{"volume":"4.2"}}}}}}}}"#
        ))
    };
    let market = Market::with(&[car("本田", "雅阁", "2003")], &[PAID], "fusion", &WANTED).await;
    let agreed = market.ask(&format!("vin={HONDA}")).await;
    let confidence = |answer: &serde_json::Value| {
        answer["data"]["match"]["confidence"]
            .as_f64()
            .expect("a number")
    };
    assert_eq!(agreed["data"]["match"]["channel"], "local+a");
    assert_eq!(agreed["data"]["match"]["notes"], serde_json::json!([]));
    for (brand, series, year, wanted) in [
        ("丰田", "雅阁", "2003", "brand"),
        ("本田", "思域", "2003", "series"),
        ("本田", "雅阁", "2013", "year"),
    ] {
        market.upstreams[0].play(car(brand, series, year));
        let answer = market.ask(&format!("vin={HONDA}")).await;
        let found = &answer["data"]["match"];
        let notes = found["notes"].as_array().expect("notes");
        let codes: Vec<_> = notes.iter().map(|note| note["code"].as_str()).collect();
        let code = format!("channels_differ_{wanted}");
        assert_eq!(codes, [Some(&*code)], "{answer}");
        assert_eq!(found["channel"], "local", "another car is not mixed in");
        assert_eq!(answer["data"]["result"]["price"], "");
        let lowered = confidence(&agreed) * 0.7;
        assert!((confidence(&answer) - lowered).abs() < 0.006, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_interface_wants_fields_of_its_own() {
    for (own, calls) in [(None, 1), (Some(&[][..]), 0), (Some(&WANTED[..]), 1)] {
        let mut routing = Routing {
            policies: Policies::parse("fusion").expect("a policy"),
            ..Routing::default()
        };
        routing.wanted.otherwise = WANTED.into();
        if let Some(own) = own {
            let path = "/api/vin/get".to_owned();
            routing.wanted.by_path.insert(path, own.into());
        }
        let market = Market::routed(&[said("雅阁")], &[PAID], routing).await;
        market.ask(&format!("vin={HONDA}")).await;
        assert_eq!(market.calls(), [calls], "{own:?}");
    }
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
