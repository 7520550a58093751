//! Each way in which an upstream can fail, and the fault that it becomes, in time.

use crate::{DEADLINE, ask, file, open, query};
use std::time::Duration;
use vin_channel::{Billed, Channel as _, FaultKind, Outcome};
use vin_core::FieldId;
use vin_testkit::upstream::{Format, Script, Upstream};

const VIN: &str = "WP0AA2978BL012976";
/// What it costs.
const COST: &str = "cost = { per_hit = 0.05 }\n";

/// Short times for those that will never answer, so that no test waits for long; a loaded machine
/// needs longer for those that will.
fn times(script: &Script) -> &'static str {
    match script {
        Script::Hang | Script::HangInside | Script::Drip(_) => {
            "timeout = \"700ms\"\nread_timeout = \"400ms\"\n"
        }
        _ => "timeout = \"2400ms\"\nread_timeout = \"2400ms\"\nconnect_timeout = \"2400ms\"\n",
    }
}

fn path(preset: &str) -> &'static str {
    match preset {
        "vpic" => "/api/vehicles/DecodeVinValuesExtended/{vin}",
        _ => "/api/vin/get",
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Connapi => "connapi",
        Format::Jisuapi => "jisuapi",
        Format::Apistd => "apistd",
        Format::Jumdata => "jumdata",
        Format::Vpic => "vpic",
    }
}

/// Plays a script once and gives the outcome; one question is sent, whatever happens.
async fn play(format: Format, script: &Script) -> Outcome {
    let upstream = Upstream::start(format);
    upstream.play(script.clone());
    let preset = name(format);
    let more = [COST, times(script)].concat();
    let channel = open(&file(preset, &upstream, path(preset), &more));
    let asked = tokio::time::timeout(DEADLINE, ask(&channel, VIN)).await;
    let outcome = asked.unwrap_or_else(|_| panic!("{format:?} {script:?} took too long"));
    assert_eq!(upstream.calls(), 1, "{format:?} {script:?} {outcome:?}");
    outcome
}

async fn check(format: Format, script: Script, kind: FaultKind, billed: Billed) {
    match play(format, &script).await {
        Outcome::Fault(fault) => {
            assert_eq!(fault.kind, kind, "{format:?} {script:?} {fault}");
            assert_eq!(fault.kind.billed(), billed, "{format:?} {script:?}");
            assert!(!fault.detail.is_empty(), "{format:?} {script:?}");
        }
        other => panic!("{format:?} {script:?}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_fails_in_time_and_says_whether_it_may_have_cost_something() {
    use Billed::Unknown;
    for (script, kind) in [
        (Script::Hang, FaultKind::AnswerTimeout),
        (Script::HangInside, FaultKind::AnswerTimeout),
        (
            Script::Drip(Duration::from_millis(50)),
            FaultKind::AnswerTimeout,
        ),
        (Script::CutBefore, FaultKind::Cut),
        (Script::Cut, FaultKind::Cut),
        (Script::NoHttp, FaultKind::Garbage),
        (Script::Garbage, FaultKind::Garbage),
        (Script::Html, FaultKind::Garbage),
        (Script::OtherVin, FaultKind::Garbage),
        (Script::StrangePacking, FaultKind::Garbage),
        (Script::Json("[]".to_owned()), FaultKind::Garbage),
        (Script::Json(String::new()), FaultKind::Garbage),
        (Script::Deep, FaultKind::TooDeep),
        (Script::Large(10 << 20), FaultKind::TooLarge),
        (Script::Endless, FaultKind::TooLarge),
        (Script::Bomb(4 << 20), FaultKind::TooLarge),
        (Script::Status(500), FaultKind::Status(500)),
        (Script::Status(503), FaultKind::Status(503)),
    ] {
        check(Format::Connapi, script, kind, Unknown).await;
    }
    for (script, kind) in [
        (Script::Status(418), FaultKind::Status(418)),
        (
            Script::Redirect("/elsewhere".to_owned()),
            FaultKind::Status(302),
        ),
    ] {
        check(Format::Connapi, script, kind, Billed::No).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_types_are_garbage_in_every_format() {
    for format in Format::ALL {
        check(
            format,
            Script::WrongTypes,
            FaultKind::Garbage,
            Billed::Unknown,
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_codes_of_every_format_have_their_meaning() {
    for format in Format::ALL {
        assert!(
            matches!(play(format, &Script::Hit).await, Outcome::Hit(_)),
            "{format:?}"
        );
        assert!(
            matches!(play(format, &Script::HitPacked).await, Outcome::Hit(_)),
            "{format:?}"
        );
        let none = play(format, &Script::NoRecord).await;
        assert!(matches!(none, Outcome::NoRecord), "{format:?} {none:?}");
        if format == Format::Vpic {
            continue;
        }
        for (script, kind) in [
            (Script::Quota, FaultKind::Quota),
            (Script::NoRight, FaultKind::NoRight),
            (Script::BadVin, FaultKind::BadVin),
            (Script::Failed, FaultKind::Failed),
            (Script::Unheard, FaultKind::Failed),
        ] {
            check(format, script, kind, Billed::No).await;
        }
    }
    for format in [Format::Connapi, Format::Jisuapi, Format::Apistd] {
        check(format, Script::Busy, FaultKind::Busy, Billed::No).await;
    }
    for format in Format::ALL {
        check(format, Script::Status(429), FaultKind::Busy, Billed::No).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_market_s_gateway_speaks_in_a_header() {
    for (value, kind) in [
        ("Quota Exhausted", FaultKind::Quota),
        ("Throttled by USER Flow Control", FaultKind::Busy),
        ("Unauthorized", FaultKind::NoRight),
        ("Something new", FaultKind::Status(403)),
    ] {
        let script = Script::Header(403, "X-Ca-Error-Message".to_owned(), value.to_owned());
        check(Format::Jumdata, script, kind, Billed::No).await;
    }
}

#[tokio::test]
async fn nobody_who_listens_is_asked_nothing() {
    let upstream = Upstream::start(Format::Connapi);
    let text = file("connapi", &upstream, "/", "");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("it").port();
    drop(closed);
    let text = text.replace(&upstream.address().port().to_string(), &port.to_string());
    match ask(&open(&text), VIN).await {
        Outcome::Fault(fault) => {
            assert_eq!(fault.kind, FaultKind::Unreachable, "{fault}");
            assert_eq!(fault.kind.billed(), Billed::No);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deadline_is_kept_that_is_shorter_than_the_channel_s_own() {
    let upstream = Upstream::start(Format::Connapi);
    upstream.play(Script::Hang);
    let channel = open(&file("connapi", &upstream, "/", ""));
    let query = query(VIN);
    let asked = channel.ask(&query, Duration::from_millis(400));
    let asked = tokio::time::timeout(Duration::from_millis(1500), asked);
    let Ok(Outcome::Fault(fault)) = asked.await else {
        panic!("no fault in time")
    };
    assert_eq!(fault.kind, FaultKind::AnswerTimeout);
    let Outcome::Fault(fault) = channel.ask(&query, Duration::ZERO).await else {
        panic!("no fault")
    };
    assert_eq!(fault.kind, FaultKind::ConnectTimeout);
    assert_eq!(upstream.calls(), 1);
}

#[tokio::test]
async fn one_connection_carries_many_questions_and_a_closed_one_costs_none() {
    let upstream = Upstream::start(Format::Connapi);
    let channel = open(&file("connapi", &upstream, "/", ""));
    for _ in 0..5 {
        assert!(matches!(ask(&channel, VIN).await, Outcome::Hit(_)));
    }
    assert_eq!((upstream.calls(), upstream.connections()), (5, 1));
    upstream.play(Script::HitAndClose);
    for _ in 0..5 {
        assert!(matches!(ask(&channel, VIN).await, Outcome::Hit(_)));
        // The other side has closed it by then, and this one has noticed.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(upstream.calls(), 10);
}

#[tokio::test]
async fn a_value_that_a_field_cannot_hold_leaves_the_field_empty_and_is_told() {
    let upstream = Upstream::start(Format::Connapi);
    let result = r#"{"brand":"大众","carid":"x","len":[1],"price":"面议","isimport":2,
        "listdate":"2010","yeartype":2013,"carlist":{"a":1}}"#;
    let json = format!(r#"{{"code":"200","data":{{"result":{result}}}}}"#);
    upstream.play(Script::Json(json));
    let channel = open(&file("connapi", &upstream, "/", ""));
    let Outcome::Hit(found) = ask(&channel, VIN).await else {
        panic!("no vehicle")
    };
    assert_eq!(found.vehicle.text(FieldId::YearType), "2013");
    assert_eq!(
        found.misfits,
        [
            FieldId::ListDate,
            FieldId::CarId,
            FieldId::IsImport,
            FieldId::Len,
            FieldId::Price,
            FieldId::CarList,
        ]
    );
}

#[tokio::test]
async fn no_more_questions_are_on_their_way_than_the_file_allows() {
    let upstream = Upstream::start(Format::Connapi);
    upstream.play(Script::HitAfter(Duration::from_millis(200)));
    let channel = open(&file("connapi", &upstream, "/", "concurrency = 2"));
    let asked = || ask(&channel, VIN);
    let outcomes: [Outcome; 3] = tokio::join!(asked(), asked(), asked()).into();
    let hits = outcomes.iter().filter(|o| matches!(o, Outcome::Hit(_)));
    assert_eq!(hits.count(), 2);
    assert!(matches!(&outcomes[2], Outcome::Fault(fault) if fault.kind == FaultKind::Busy));
    assert_eq!(upstream.calls(), 2);
    assert!(matches!(ask(&channel, VIN).await, Outcome::Hit(_)));
}
