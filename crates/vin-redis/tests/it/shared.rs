//! Limits, nonces and announcements between two nodes.

use crate::{LONG, linked, node};
use std::time::Duration;
use vin_redis::{Cap, Limits, Link, Taken};
use vin_testkit::RedisServer;

const DAY: u32 = 20_261_128;

fn rate(calls: u32, seconds: u32) -> Limits {
    Limits {
        rate: Some((calls, seconds)),
        ..Limits::default()
    }
}

fn cap(limit: u32, day: u32, counted: u32, is_fresh: bool) -> Limits {
    let cap = Cap {
        limit,
        day,
        left: 100,
        counted,
        is_fresh,
    };
    Limits {
        cap: Some(cap),
        ..Limits::default()
    }
}

/// Whether a call was taken.
async fn takes(link: &Link, name: &str, limits: &Limits) -> bool {
    match link.take(name, limits).await.expect("it is there") {
        Taken::CountFirst => panic!("it was counted"),
        Taken::Told {
            rate_is_over,
            day_is_over,
            ..
        } => !rate_is_over && !day_is_over,
    }
}

/// How many of `calls` are taken, by two nodes at once.
async fn of_two(links: &[Link; 2], name: &'static str, limits: Limits, calls: usize) -> usize {
    let asked: Vec<_> = (0..calls)
        .map(|i| {
            let link = links[i % 2].clone();
            tokio::spawn(async move { takes(&link, name, &limits).await })
        })
        .collect();
    let mut taken = 0;
    for one in asked {
        taken += usize::from(one.await.expect("no panic"));
    }
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_a_rate_and_a_cap_exactly() {
    let server = RedisServer::start();
    let ((_a, a), (_b, b)) = (linked(&server).await, linked(&server).await);
    let links = [a, b];
    for (name, calls) in [("r1", 1), ("r7", 7), ("r97", 97)] {
        assert_eq!(
            of_two(&links, name, rate(calls, 3_600), 200).await,
            calls as usize
        );
    }
    // So many that they come in parts of a microsecond.
    assert_eq!(
        of_two(&links, "fast", rate(999_999, 86_400), 2_000).await,
        2_000
    );
    assert_eq!(of_two(&links, "c50", cap(50, DAY, 0, true), 200).await, 50);
    let both = Limits {
        cap: cap(10, DAY, 4, true).cap,
        ..rate(8, 3_600)
    };
    assert_eq!(
        of_two(&links, "both", both, 100).await,
        6,
        "4 were counted before"
    );
}

#[tokio::test]
async fn a_rate_gives_back_one_call_after_the_other() {
    let server = RedisServer::start();
    let (_redis, link) = linked(&server).await;
    let limits = rate(2, 2);
    let told = link.take("r", &limits).await.expect("there");
    let Taken::Told { debt, .. } = told else {
        panic!("{told:?}")
    };
    assert_eq!(debt, Duration::from_secs(1));
    assert!(takes(&link, "r", &limits).await && !takes(&link, "r", &limits).await);
    tokio::time::sleep(Duration::from_millis(1_020)).await;
    assert!(takes(&link, "r", &limits).await && !takes(&link, "r", &limits).await);
    // What a node allowed by itself counts too.
    let known = Limits {
        least_debt: Duration::from_secs(2),
        ..limits
    };
    assert!(takes(&link, "other", &limits).await);
    assert!(!takes(&link, "other", &known).await);
    assert!(!takes(&link, "other", &limits).await, "it is remembered");
}

#[tokio::test]
async fn a_day_that_nobody_counted_is_counted_first() {
    let server = RedisServer::start();
    let (_redis, link) = linked(&server).await;
    let first = link.take("c", &cap(3, DAY, 0, false)).await;
    assert_eq!(first, Ok(Taken::CountFirst));
    assert!(takes(&link, "c", &cap(3, DAY, 1, true)).await);
    assert!(takes(&link, "c", &cap(3, DAY, 0, false)).await);
    assert!(!takes(&link, "c", &cap(3, DAY, 0, false)).await);
    link.give_back("c", DAY);
    link.give_back("c", DAY - 1);
    let mut looks = 0;
    while !takes(&link, "c", &cap(3, DAY, 0, false)).await {
        looks += 1;
        assert!(looks < 500, "it was not given back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(
        !takes(&link, "c", &cap(3, DAY, 0, false)).await,
        "one day's"
    );
    assert!(
        !takes(&link, "c", &cap(9, DAY, 9, false)).await,
        "the store knows more"
    );
    let next = link.take("c", &cap(3, DAY + 1, 0, false)).await;
    assert_eq!(next, Ok(Taken::CountFirst));
    server.command("FLUSHALL");
    let lost = link.take("c", &cap(3, DAY, 0, false)).await;
    assert_eq!(lost, Ok(Taken::CountFirst), "it forgot everything");
}

#[tokio::test]
async fn what_happens_once_happens_once_anywhere() {
    let server = RedisServer::start();
    let ((_a, a), (_b, b)) = (linked(&server).await, linked(&server).await);
    let time = Duration::from_millis(200);
    assert_eq!(a.first("n", time).await, Ok(true));
    assert_eq!(b.first("n", time).await, Ok(false));
    assert_eq!(b.first("m", time).await, Ok(true));
    tokio::time::sleep(2 * time).await;
    assert_eq!(b.first("n", time).await, Ok(true), "it was forgotten");
}

#[tokio::test]
async fn installations_on_one_server_do_not_meet() {
    let server = RedisServer::start();
    let (_redis, ours) = linked(&server).await;
    let url = vin_redis::RedisUrl::parse(&server.url()).expect("a URL");
    let theirs = vin_redis::Redis::start(url, "theirs", LONG);
    let link = theirs.wait(LONG).await.expect("there");
    let time = Duration::from_secs(9);
    assert_eq!(ours.first("n", time).await, Ok(true));
    assert_eq!(link.first("n", time).await, Ok(true));
    let mut news = theirs.news();
    news.mark_unchanged();
    ours.announce().await.expect("announced");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(news.has_changed().is_ok_and(|changed| !changed));
}

#[tokio::test]
async fn an_announcement_is_heard_at_once() {
    let server = RedisServer::start();
    let (_a, a) = linked(&server).await;
    let listening = node(&server.url(), LONG);
    listening.wait(LONG).await.expect("there");
    let mut news = listening.news();
    news.mark_unchanged();
    a.announce().await.expect("announced");
    let heard = tokio::time::timeout(Duration::from_secs(5), news.changed()).await;
    heard.expect("in time").expect("there");
}
