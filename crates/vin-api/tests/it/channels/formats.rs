//! Each way in which an upstream fails, in the format of every preset.

use super::{CONNAPI, Market, PAID, Preset, STRANGER, one};
use std::time::Duration;
use tokio::task::JoinSet;
use vin_service::Routing;
use vin_testkit::upstream::{Format, Script};

const PRESETS: [Preset; 6] = [
    CONNAPI,
    ("chejia", Format::Connapi, "/api/vin/get"),
    ("jisuapi", Format::Jisuapi, "/vin/query"),
    ("apistd", Format::Apistd, "/v4/vin2/query"),
    ("jumdata", Format::Jumdata, "/vehicle/vin-query"),
    (
        "vpic",
        Format::Vpic,
        "/api/vehicles/DecodeVinValuesExtended/{vin}",
    ),
];

/// What an upstream does, what is recorded of it, whether it may be billed, and the caller's code
/// when there is no other.
fn ways(format: Format) -> [(Script, &'static str, &'static str, u32); 9] {
    let unknown = |script, outcome| (script, outcome, "unknown", 501);
    let quota = match format {
        // It is free of charge, and has no word for it.
        Format::Vpic => (Script::Quota, "no_record", "no", 1003),
        _ => (Script::Quota, "quota", "no", 601),
    };
    [
        unknown(Script::Hang, "answer_timeout"),
        unknown(Script::Cut, "cut"),
        unknown(Script::Garbage, "garbage"),
        unknown(Script::Large(10 << 20), "too_large"),
        unknown(Script::WrongTypes, "garbage"),
        unknown(Script::Html, "garbage"),
        unknown(Script::Status(500), "http_status"),
        quota,
        unknown(Script::Drip(Duration::from_millis(50)), "answer_timeout"),
    ]
}

/// The caller's code in time ([`Market::ask`] sees to that), what is charged and what is recorded, with
/// nobody else to ask and with somebody.
async fn check(preset: Preset, script: Script, outcome: &str, billed: &'static str, code: u32) {
    let what = format!("{} {script:?}", preset.0);
    // The file of vPIC says that it may be asked twice, which a test of one question must not.
    let more = format!("{PAID}\nidempotent = false");
    let more = &[&*more; 2];
    let cost = if billed == "no" { 0 } else { 500 };
    let failed = one("a", outcome, billed, cost);

    let scripts = [script.clone(), Script::Hit];
    let market = Market::of(preset, &scripts[..1], more, Routing::default()).await;
    let answer = market.ask(&format!("vin={STRANGER}")).await;
    assert_eq!(answer["code"], code, "{what} {answer}");
    assert_eq!(market.charges().await, 0, "{what}");
    let route = market.short().await;
    assert_eq!(route, std::slice::from_ref(&failed), "{what}");
    assert_eq!(market.calls(), [1], "{what}");

    let market = Market::of(preset, &scripts, more, Routing::default()).await;
    let answer = market.ask(&format!("vin={STRANGER}")).await;
    let data = &answer["data"];
    assert_eq!(answer["code"], 200, "{what} {answer}");
    assert_eq!(data["match"]["channel"], "b", "{what} {answer}");
    assert_eq!(data["charge"]["count"], 1, "{what}");
    assert_eq!(market.charges().await, 1, "{what}");
    let route = [failed, one("b", "hit", "yes", 500)];
    assert_eq!(market.short().await, route, "{what}");
    assert_eq!(market.calls(), [1, 1], "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_fail_in_each_format_is_answered_in_time_for_one_call_at_most() {
    for preset in PRESETS {
        let mut checks = JoinSet::new();
        for (script, outcome, billed, code) in ways(preset.1) {
            checks.spawn(check(preset, script, outcome, billed, code));
        }
        while let Some(done) = checks.join_next().await {
            done.expect("as it should be");
        }
    }
}
