//! Load over three channels that fail and recover at random, while at least one works: nobody is charged
//! wrongly, hardly anybody goes without an answer, and breakers do as described.
//!
//! `cargo xtask chaos --minutes N` goes on for longer than a test run does.

use super::{Market, PAID, model::Model};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use vin_channel::ChannelName;
use vin_channel::route::{Came, Draw, Entry};
use vin_testkit::upstream::Script;

/// How many clients ask at once, each one thing at a time.
const CLIENTS: u32 = 8;

/// For how many seconds a test run goes on.
const SECONDS: u64 = 5;

fn seconds() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "`cargo xtask chaos` says how long"
    )]
    let wanted = std::env::var("CHEJIA_CHAOS_SECONDS").ok();
    wanted.map_or(SECONDS, |text| text.parse().expect("a number of seconds"))
}

/// What a client saw.
#[derive(Default)]
struct Seen {
    answered: u64,
    charged: u64,
    others: BTreeMap<u64, u64>,
    slowest: Duration,
    orders: HashSet<String>,
}

async fn client(market: &Market, number: &AtomicU32, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while !stop.load(Ordering::Relaxed) {
        // Every car is another one, so that nothing is answered from memory.
        let number = number.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let answer = market.ask(&format!("vin=0000000{number:010}")).await;
        seen.slowest = seen.slowest.max(began.elapsed());
        match answer["code"].as_u64() {
            Some(200) => {
                seen.answered += 1;
                seen.charged += answer["data"]["charge"]["count"]
                    .as_u64()
                    .expect("a number");
                let order = answer["data"]["order_no"].as_str().expect("a number");
                assert!(seen.orders.insert(order.to_owned()), "an order came twice");
            }
            code => *seen.others.entry(code.expect("a code")).or_default() += 1,
        }
    }
    seen
}

/// What a channel does while it does not work.
fn harm(draw: &mut Draw) -> Script {
    match draw.below(10) {
        0 | 1 => Script::Hang,
        2 => Script::Cut,
        3 => Script::CutBefore,
        4 => Script::Garbage,
        5 => Script::Html,
        6 => Script::Status(503),
        7 => Script::Busy,
        8 => Script::Quota,
        _ => Script::Drip(Duration::from_millis(40)),
    }
}

/// Lets channels fail and recover; one of them works at every moment.
async fn weather(market: &Market, until: Instant, draw: &mut Draw) {
    let mut well = 0;
    while Instant::now() < until {
        for at in 0..3 {
            let works = at == well || draw.below(2) == 0;
            let script = if works { Script::Hit } else { harm(draw) };
            market.upstreams[at].play(script);
        }
        tokio::time::sleep(Duration::from_millis(300 + draw.below(2_500))).await;
        let next = usize::try_from(draw.below(3)).expect("small");
        // What was put to the one that worked is answered before it may fail.
        market.upstreams[next].play(Script::Hit);
        tokio::time::sleep(Duration::from_millis(20)).await;
        well = next;
    }
}

/// Plays the journal against the breaker as it is described.
fn compare(journal: &[Entry]) -> BTreeMap<&'static str, u64> {
    let mut models: BTreeMap<ChannelName, Model> = BTreeMap::new();
    let mut given = BTreeMap::new();
    let mut states = BTreeMap::new();
    for entry in journal {
        let model = models.entry(entry.channel).or_default();
        let ticket = (entry.channel, entry.ticket.number);
        match entry.came {
            None => {
                let may = model.admits(entry.at);
                assert_eq!(may, !entry.ticket.forced, "{entry:?}");
                given.insert(ticket, model.asked(entry.at));
            }
            Some(came) => {
                let asked = given.remove(&ticket).expect("it was given");
                let good = match came {
                    Came::Good => Some(true),
                    Came::Bad => Some(false),
                    Came::Lost => None,
                };
                model.ended(asked, good, entry.at);
            }
        }
        assert_eq!(entry.state, model.state(), "{entry:?}");
        *states.entry(entry.state.name()).or_default() += 1;
    }
    states
}

#[tokio::test(flavor = "multi_thread")]
async fn chaos() {
    let more = [PAID, "cost = { per_call = 0.01 }", ""];
    let scripts = [Script::Hit, Script::Hit, Script::Hit];
    let market = Arc::new(Market::with(&scripts, &more, "first_hit", &[]).await);
    market.set("b", None, Some(1)).await;
    market
        .service
        .with_board(vin_channel::route::Board::keep_journal);
    let (number, stop) = (
        Arc::new(AtomicU32::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (market, number, stop) = (market.clone(), number.clone(), stop.clone());
            tokio::spawn(async move { client(&market, &number, &stop).await })
        })
        .collect();
    let until = Instant::now() + Duration::from_secs(seconds());
    weather(&market, until, &mut Draw::new(20_261_128)).await;
    stop.store(true, Ordering::Relaxed);
    let mut all = Seen::default();
    for one in clients {
        let one = one.await.expect("no panic");
        all.answered += one.answered;
        all.charged += one.charged;
        all.slowest = all.slowest.max(one.slowest);
        for (code, count) in one.others {
            *all.others.entry(code).or_default() += count;
        }
        let orders = all.orders.len() + one.orders.len();
        all.orders.extend(one.orders);
        assert_eq!(all.orders.len(), orders, "an order came twice");
    }
    let charges = market.charges().await;
    assert_eq!(
        (all.charged, all.answered),
        (charges.cast_unsigned(), charges.cast_unsigned())
    );
    let others: u64 = all.others.values().sum();
    let asked = all.answered + others;
    let availability = all.answered as f64 / asked as f64;
    let journal = market.service.with_board(|board| board.journal().to_vec());
    let states = compare(&journal);
    let calls = market.calls();
    // What is recorded is what arrived, and what never left.
    let mut recorded = 0;
    for sum in market.store().channel_sums(202_611).await.expect("read") {
        recorded += usize::try_from(sum.calls).expect("small");
    }
    let arrived: usize = calls.iter().sum();
    assert!(arrived <= recorded, "{arrived} {recorded}");
    let text = format!(
        "{asked} questions, {} answered ({:.3} %), {others} not {:?}; slowest {:?}; {charges} charges; \
         calls {calls:?}; breaker by event {states:?}",
        all.answered,
        availability * 100.0,
        all.others,
        all.slowest,
    );
    // Shown by `--nocapture`.
    std::io::Write::write_all(
        &mut std::io::stdout(),
        format!("chaos: {text}\n").as_bytes(),
    )
    .expect("written");
    assert!(asked > 20 && availability >= 0.999, "{text}");
}
