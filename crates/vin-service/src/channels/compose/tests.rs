//! Fusions of answers that were made up.

use super::*;
use vin_channel::{ChannelName, Found};
use vin_core::{Lang, Match, YearMatch};

fn vehicle(fields: &[(FieldId, &'static str)]) -> Vehicle<'static> {
    let mut vehicle = Vehicle::default();
    for (id, text) in fields {
        vehicle.set(*id, *text);
    }
    vehicle
}

fn local(level: Level, confidence: f32, fields: &[(FieldId, &'static str)]) -> Answer<'static> {
    let mut vehicle = vehicle(fields);
    vehicle.set(FieldId::Vin, "WP0AA2978BL012976");
    Answer {
        lang: Lang::Zh,
        vehicle,
        matched: Match {
            level,
            confidence,
            year: YearMatch::default(),
            notes: Vec::new(),
        },
        facts: Vec::new(),
    }
}

fn told(name: &str, trust: u8, fields: &[(FieldId, &'static str)]) -> Told {
    let vehicle = vehicle(fields);
    Told {
        name: ChannelName::parse(name).expect("a name"),
        trust,
        found: Found {
            level: vin_channel::level(&vehicle).unwrap_or(Level::Brand),
            vehicle,
            upstream_order: None,
            misfits: Vec::new(),
        },
    }
}

const BRAND: (FieldId, &str) = (FieldId::Brand, "保时捷");
const SERIES: (FieldId, &str) = (FieldId::TypeName, "Panamera");
const PRICE: (FieldId, &str) = (FieldId::Price, "138.8");

#[test]
fn a_fusion_fills_what_is_empty_and_says_where_each_value_is_from() {
    let mut answer = local(Level::Type, 0.98, &[BRAND, SERIES]);
    let cheap = told(
        "cheap",
        40,
        &[BRAND, SERIES, (FieldId::Price, "1"), (FieldId::Len, "4970")],
    );
    let good = told(
        "good",
        90,
        &[BRAND, (FieldId::TypeName, "panamera (970)"), PRICE],
    );
    let names = compose(&mut answer, true, &[cheap, good], Policy::Fusion, true);
    assert_eq!(names, "local+good+cheap");
    let text = |id| answer.vehicle.text(id).to_owned();
    assert_eq!(
        (text(FieldId::Price), text(FieldId::Len)),
        ("138.8".into(), "4970".into())
    );
    assert_eq!(text(FieldId::TypeName), "Panamera");
    let sources: Vec<_> = answer
        .facts
        .iter()
        .map(|fact| (fact.variable, &*fact.origin.source))
        .collect();
    assert_eq!(sources, [("price", "good"), ("len", "cheap")]);
    assert!(answer.matched.notes.is_empty() && answer.matched.confidence > 0.9);
}

#[test]
fn another_car_is_not_mixed_in_and_the_doubt_is_noted() {
    let mut answer = local(Level::Type, 0.6, &[BRAND, SERIES]);
    let other = told("up", 70, &[BRAND, (FieldId::TypeName, "Cayenne"), PRICE]);
    let names = compose(&mut answer, true, &[other], Policy::Fusion, false);
    assert_eq!(
        (&*names, answer.vehicle.text(FieldId::TypeName)),
        ("up", "Cayenne")
    );
    let codes: Vec<_> = answer.matched.notes.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["channels_differ_series"]);
    assert!((answer.matched.confidence - 0.49).abs() < 0.001);
    let mut answer = local(Level::Type, 0.98, &[BRAND, SERIES]);
    let other = told("up", 70, &[BRAND, (FieldId::TypeName, "Cayenne"), PRICE]);
    let names = compose(&mut answer, true, &[other], Policy::Fusion, false);
    assert_eq!(
        (&*names, answer.vehicle.text(FieldId::Price)),
        ("local", "")
    );
    assert!(answer.matched.confidence < 0.7);
}

#[test]
fn a_first_hit_stands_alone_and_is_as_sure_as_its_channel_is_trusted() {
    let mut answer = local(Level::Brand, 0.9, &[BRAND, (FieldId::Manufacturer, "x")]);
    let up = told("up", 50, &[BRAND, SERIES]);
    let names = compose(&mut answer, true, &[up], Policy::FirstHit, true);
    assert_eq!((&*names, answer.matched.level), ("up", Level::Type));
    assert_eq!(answer.vehicle.text(FieldId::Manufacturer), "");
    assert_eq!(answer.vehicle.text(FieldId::Vin), "WP0AA2978BL012976");
    assert!((answer.matched.confidence - 0.5).abs() < 0.001);
    let mut answer = local(Level::Brand, 0.9, &[BRAND]);
    let up = told("up", 99, &[(FieldId::Brand, "大众")]);
    assert_eq!(
        compose(&mut answer, true, &[up], Policy::FirstHit, true),
        "local"
    );
}

#[test]
fn names_are_compared_as_people_would() {
    for (one, other, wanted) in [
        ("大众", "一汽-大众", false),
        ("A4L", "a4 l", false),
        ("Porsche", "保时捷", false),
        ("Camry", "Corolla", true),
        ("奥迪", "奔驰", true),
    ] {
        assert_eq!(are_different(one, other), wanted, "{one} {other}");
    }
}
