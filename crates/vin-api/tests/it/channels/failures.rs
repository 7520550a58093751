//! Each way in which an upstream fails: the caller's code, in time, for at most one call.

use super::{BRAND_ONLY, MOST, Market, STRANGER, one};
use crate::REPAIRED;
use std::time::Duration;
use tokio::time::timeout;
use vin_testkit::upstream::Script;

/// What an upstream does, what is recorded of it, and the code when there is no other.
fn ways() -> Vec<(Script, &'static str, &'static str, u32)> {
    vec![
        (Script::Hang, "answer_timeout", "unknown", 501),
        (Script::HangInside, "answer_timeout", "unknown", 501),
        (
            Script::Drip(Duration::from_millis(50)),
            "answer_timeout",
            "unknown",
            501,
        ),
        (Script::Cut, "cut", "unknown", 501),
        (Script::CutBefore, "cut", "unknown", 501),
        (Script::Garbage, "garbage", "unknown", 501),
        (Script::Html, "garbage", "unknown", 501),
        (Script::WrongTypes, "garbage", "unknown", 501),
        (Script::OtherVin, "garbage", "unknown", 501),
        (Script::Large(10 << 20), "too_large", "unknown", 501),
        (Script::Status(500), "http_status", "unknown", 501),
        (Script::Failed, "failed", "no", 501),
        (Script::Quota, "quota", "no", 601),
        (Script::NoRight, "no_right", "no", 601),
        (Script::BadVin, "bad_vin", "no", 1003),
        (Script::NoRecord, "no_record", "no", 1003),
    ]
}

fn cost(billed: &str) -> u32 {
    if billed == "no" { 0 } else { 500 }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_fails_costs_nobody_anything() {
    for (script, outcome, billed, code) in ways() {
        let market = Market::open(std::slice::from_ref(&script)).await;
        let answer = market.ask(&format!("vin={STRANGER}")).await;
        assert_eq!(answer["code"], code, "{script:?} {answer}");
        assert_eq!(market.charges().await, 0, "{script:?}");
        assert_eq!(
            market.short().await,
            [one("a", outcome, billed, cost(billed))],
            "{script:?}"
        );
        assert_eq!(market.calls(), [1], "{script:?}");
        let unknown = market
            .store()
            .unknown_attempts(9)
            .await
            .expect("read")
            .len();
        assert_eq!(unknown, usize::from(billed == "unknown"), "{script:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_channel_answers_for_one_call() {
    for (script, outcome, billed, _) in ways() {
        let market = Market::open(&[script.clone(), Script::Hit]).await;
        let answer = market.ask(&format!("vin={STRANGER}")).await;
        assert_eq!(answer["code"], 200, "{script:?} {answer}");
        assert_eq!(answer["data"]["match"]["channel"], "b");
        assert_eq!(answer["data"]["charge"]["count"], 1);
        assert_eq!(answer["data"]["result"]["vin"], STRANGER);
        assert_eq!(market.charges().await, 1, "{script:?}");
        let wanted = [
            one("a", outcome, billed, cost(billed)),
            one("b", "hit", "yes", 500),
        ];
        assert_eq!(market.short().await, wanted, "{script:?}");
        assert_eq!(market.calls(), [1, 1], "{script:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn code_501_when_all_fail_and_1003_when_one_says_that_there_is_no_record() {
    for (scripts, code) in [
        ([Script::Status(500), Script::Cut], 501),
        ([Script::NoRight, Script::Cut], 501),
        ([Script::NoRight, Script::Quota], 601),
        ([Script::Cut, Script::NoRecord], 1003),
        ([Script::NoRecord, Script::NoRight], 1003),
    ] {
        let market = Market::open(&scripts).await;
        let answer = market.ask(&format!("vin={STRANGER}")).await;
        assert_eq!(answer["code"], code, "{scripts:?}");
        assert_eq!(
            (market.charges().await, market.calls()),
            (0, vec![1, 1]),
            "{scripts:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_our_own_data_know_is_answered_when_nobody_knows_more() {
    let market = Market::open(&[Script::Cut]).await;
    let answer = market.ask(&format!("vin={BRAND_ONLY}")).await;
    assert_eq!(answer["code"], 200, "{answer}");
    let data = &answer["data"];
    assert_eq!(
        (&data["match"]["channel"], &data["match"]["level"]),
        (&"local".into(), &"brand".into())
    );
    assert_eq!(
        (data["charge"]["count"].as_i64(), market.charges().await),
        (Some(0), 0)
    );
    market.upstreams[0].play(Script::Hit);
    let answer = market.ask(&format!("vin={BRAND_ONLY}")).await;
    assert_eq!(answer["data"]["match"]["channel"], "a");
    // The sample is of another brand, so what its channel's trust gives is doubted.
    assert_eq!(answer["data"]["match"]["confidence"], 0.35);
    let notes = answer["data"]["match"]["notes"].to_string();
    assert!(notes.contains("channels_differ_brand"), "{notes}");
    assert_eq!(market.charges().await, 1);
    assert_eq!(market.calls(), [2]);
    let answer = market.ask(&format!("vin={REPAIRED}")).await;
    assert_eq!(answer["data"]["match"]["channel"], "local");
    assert_eq!(market.calls(), [2], "nobody is asked what we know");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_asked_and_charged_once() {
    let market = Market::open(&[Script::HitAfter(Duration::from_millis(100))]).await;
    let query = format!("vin={STRANGER}&reqid=r-1");
    let (first, second) = tokio::join!(market.ask(&query), market.ask(&query));
    assert_eq!((&first["code"], &first), (&200.into(), &second));
    assert_eq!(market.ask(&query).await, first);
    assert_eq!((market.charges().await, market.calls()), (1, vec![1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_is_not_charged_and_what_may_be_billed_is_recorded() {
    let market = Market::open(&[Script::Hang]).await;
    let query = format!("vin={STRANGER}");
    let left = timeout(Duration::from_millis(300), market.ask(&query)).await;
    assert!(left.is_err());
    assert_eq!(market.charges().await, 0);
    let unknown = market.store().unknown_attempts(9).await.expect("read");
    assert_eq!(unknown.len(), 1);
    assert_eq!(
        (&*unknown[0].attempt.outcome, unknown[0].attempt.cost),
        ("abandoned", 500)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_channels_that_hang_are_given_up_in_time() {
    let market = Market::open(&[Script::Hang, Script::Hang, Script::Hang]).await;
    let answer = timeout(MOST, market.ask(&format!("vin={STRANGER}"))).await;
    assert_eq!(answer.expect("in time")["code"], 501);
    assert_eq!((market.charges().await, market.calls()), (0, vec![1, 1, 1]));
}
