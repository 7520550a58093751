//! What upstreams' answers teach.

use super::{Market, PAID, one};
use std::time::Duration;
use tokio::time::Instant;
use vin_service::Routing;
use vin_testkit::upstream::Script;

fn vin(number: u32) -> String {
    format!("0000000000000{number:04}")
}

fn said(series: &str) -> Script {
    Script::Json(format!(
        r#"{{"code":200,"data":{{"result":{{"brand":"测试","typename":"{series}","yeartype":"2020"}}}}}}"#
    ))
}

const LEARNS: &str = "cost = { per_hit = 0.05 }\nlearns = true\nlearns_because = \"contract 7.2\"";

async fn wait_for(market: &Market, rules: usize) {
    let began = Instant::now();
    while market
        .store()
        .learned(None, false)
        .await
        .expect("read")
        .len()
        != rules
    {
        assert!(began.elapsed() < Duration::from_secs(5), "{rules} rules");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The service looks every second.
    tokio::time::sleep(Duration::from_millis(1_300)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_twenty_cars_of_a_build_the_next_costs_nothing() {
    let market = Market::with(&[said("甲")], &[LEARNS], "first_hit", &[]).await;
    for number in 0..20 {
        let answer = market.ask(&format!("vin={}", vin(number))).await;
        assert_eq!(answer["data"]["match"]["channel"], "a", "{answer}");
    }
    wait_for(&market, 1).await;
    assert_eq!(market.calls(), [20]);
    let answer = market.ask(&format!("vin={}&explain=1", vin(20))).await;
    let data = &answer["data"];
    assert_eq!(data["match"]["channel"], "learned", "{answer}");
    assert_eq!(data["result"]["typename"], "甲");
    assert_eq!(data["result"]["vin"], vin(20));
    assert_eq!(data["explain"][0]["source"], "learned/a");
    assert_eq!(data["explain"][0]["rule"], "learned");
    assert_eq!((market.calls(), market.charges().await), (vec![20], 21));
    // Somebody asks for the sake of more than the series, and hears of another one.
    let lesson = vin_store::Lesson {
        channel: "a",
        prefix: "0000000000",
        lang: "zh",
        rest: "0009999",
        at: 1_795_492_900,
        enough: 20,
        age: 1_000_000,
    };
    market
        .store()
        .learn(&lesson, |_| None)
        .await
        .expect("learned");
    wait_for(&market, 0).await;
    let answer = market.ask(&format!("vin={}", vin(21))).await;
    assert_eq!(answer["data"]["match"]["channel"], "a");
    assert_eq!(market.calls(), [21]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_in_so_many_answers_of_a_rule_is_compared_with_its_channel_for_one_call() {
    let routing = Routing {
        learn_audit: 3,
        ..Routing::default()
    };
    let market = Market::routed(&[said("甲"), Script::Hit], &[LEARNS, PAID], routing).await;
    for number in 0..20 {
        market.ask(&format!("vin={}", vin(number))).await;
    }
    wait_for(&market, 1).await;
    let answered = async |number: u32| {
        let answer = market.ask(&format!("vin={}", vin(number))).await;
        let data = &answer["data"];
        assert_eq!(data["charge"]["count"], 1, "{answer}");
        let name = |key: &str| data[key]["channel"].as_str().unwrap_or_default().to_owned();
        (name("match"), data["result"]["typename"].to_string())
    };
    let rule = ("learned".to_owned(), "\"甲\"".to_owned());
    assert_eq!(
        (answered(20).await, answered(21).await),
        (rule.clone(), rule.clone())
    );
    // The third one is put to the channel that taught it, and to nobody else.
    assert_eq!(answered(22).await, ("a".to_owned(), "\"甲\"".to_owned()));
    assert_eq!(market.calls(), [21, 0]);
    assert_eq!(market.charges().await, 23);
    // While the channel fails, the rule answers.
    market.upstreams[0].play(Script::Status(500));
    for number in 23..26 {
        assert_eq!(answered(number).await, rule);
    }
    assert_eq!(market.calls(), [22, 0]);
    assert_eq!(
        market.short().await,
        [one("a", "http_status", "unknown", 500)]
    );
    // What contradicts is the answer, and withdraws the rule.
    market.upstreams[0].play(said("乙"));
    for number in 26..28 {
        assert_eq!(answered(number).await, rule);
    }
    assert_eq!(answered(28).await, ("a".to_owned(), "\"乙\"".to_owned()));
    wait_for(&market, 0).await;
    assert_eq!(answered(29).await.0, "a");
    assert_eq!((market.calls(), market.charges().await), (vec![24, 0], 30));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_contradicts_withdraws_the_rule() {
    let market = Market::with(&[said("甲")], &[LEARNS], "first_hit", &[]).await;
    for number in 0..20 {
        if number == 19 {
            market.upstreams[0].play(said("乙"));
        }
        market.ask(&format!("vin={}", vin(number))).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let rules = market.store().learned(Some("a"), true).await.expect("read");
    assert_eq!((rules.len(), &*rules[0].state), (1, "withdrawn"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_may_not_teach_does_not() {
    let market = Market::with(&[said("甲")], &[PAID], "first_hit", &[]).await;
    for number in 0..21 {
        market.ask(&format!("vin={}", vin(number))).await;
    }
    assert_eq!(market.calls(), [21]);
    assert_eq!(market.store().learned(None, true).await.expect("read"), []);
}
