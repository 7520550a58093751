//! Strict clients decode every scalar by its fixed JSON kind: no vehicle may surprise them.

use serde_json::{Map, Value as Json};
use std::io::Read as _;
use std::path::Path;
use vin_api::line;
use vin_core::field::{FIELDS, Field, Kind};
use vin_core::{Date, Lang, Vin};
use vin_engine::Ask;

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 24,
};

/// The VINs of the golden corpus, which holds every vehicle type, with some that it lacks.
fn vins() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/golden/vpic.txt.zst");
    let bytes = std::fs::read(file).expect("the golden corpus");
    let mut text = String::new();
    let mut decoder = zstd::Decoder::new(&bytes[..]).expect("zstd");
    decoder.read_to_string(&mut text).expect("UTF-8");
    let first = text
        .lines()
        .filter_map(|line| line.split(['\t', ' ', ',']).next());
    let more = [
        "1HGCM82633A004352",
        "1FTFW1ET5EFA12345",
        "5UXKR0C59JL075817",
        "WPOAA2978BL012976",
        "LSVNY6A2XBN012345",
    ];
    first.chain(more).map(str::to_owned).collect()
}

#[track_caller]
fn check_object(of: &Map<String, Json>, parent: Option<&str>, vin: &str) {
    let members: Vec<_> = FIELDS
        .iter()
        .filter(|field| field.parent() == parent)
        .collect();
    assert_eq!(of.len(), members.len(), "{vin}: members of {parent:?}");
    for field in members {
        let value = of
            .get(field.name())
            .unwrap_or_else(|| panic!("{vin}: no {}", field.path));
        assert!(
            is_of_kind(field, value, vin),
            "{vin}: {} is {value}",
            field.path
        );
    }
}

fn is_of_kind(field: &Field, value: &Json, vin: &str) -> bool {
    match field.kind {
        Kind::Int => value.is_i64(),
        Kind::Text => value.is_string(),
        // Nothing known is null, never "".
        Kind::NullableText => value.is_null() || value.as_str().is_some_and(|s| !s.is_empty()),
        Kind::Texts => {
            let items = value.as_array();
            items.is_some_and(|items| items.iter().all(Json::is_string))
        }
        Kind::Object => match value.as_object() {
            Some(members) => {
                check_object(members, Some(field.path), vin);
                true
            }
            None => value.is_null(),
        },
        Kind::Candidates => {
            let items = value.as_array();
            items.is_some_and(|items| items.iter().all(is_candidate))
        }
    }
}

fn is_candidate(value: &Json) -> bool {
    value.as_object().is_some_and(|car| {
        car.len() == 5
            && ["carid", "typeid"].iter().all(|name| car[*name].is_i64())
            && ["name", "typename", "model"]
                .iter()
                .all(|name| car[*name].is_string())
    })
}

#[test]
fn every_scalar_has_its_kind_for_every_vehicle_type() {
    let engine = vin_data::engine();
    let (mut hits, mut brands_alone) = (0, 0);
    for vin in vins() {
        let Ok(parsed) = Vin::parse(&vin) else {
            continue;
        };
        for (lang, explain) in [(Lang::Zh, false), (Lang::En, true)] {
            let ask = Ask {
                year: None,
                lang,
                explain,
                today: TODAY,
            };
            let Some(answer) = engine.answer(&parsed, &ask) else {
                continue;
            };
            let mut out = Vec::new();
            line::answer(&mut out, &answer, explain);
            let json: Json = serde_json::from_slice(&out).expect("JSON");
            let result = json["result"].as_object().expect("an object");
            check_object(result, None, &vin);
            assert_eq!(result["vin"], parsed.vin.as_str());
            // A Chinese maker of several brands is worth an answer without a brand.
            let maker_alone = vin.starts_with(['L', 'H']) && result["manufacturer"] != "";
            assert!(result["brand"] != "" || maker_alone, "{vin}");
            assert!(json["match"]["level"].is_string());
            assert_eq!(json.get("explain").is_some(), explain);
            hits += 1;
            brands_alone += usize::from(json["match"]["level"] == "brand");
        }
    }
    // The corpus must reach both full and sparse answers, or this test shows nothing.
    assert!(hits > 2000, "{hits} hits");
    assert!(brands_alone > 10, "{brands_alone} with the brand alone");
}
