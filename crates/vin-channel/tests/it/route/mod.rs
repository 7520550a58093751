//! The route by simulation: many questions at once over channels that come and go, in a time that
//! only exists here, and the same again for the same seed.

mod lineup;
mod model;

use model::Model;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use std::time::Duration;
use vin_channel::route::{Ask, Board, Decision, Draw, Kind, Lineup, Mode, Seat, Verdict, Walk};
use vin_channel::{Billed, ChannelName, Facts, Fault, FaultKind, Found, Outcome, Price, Rate};
use vin_core::{Level, Vehicle};

const TOTAL: Duration = Duration::from_millis(2500);
/// The deadline, and what an attempt may need to say that its time is over.
const LATEST: Duration = Duration::from_millis(2601);
/// How much later than it should whatever drives a question may be served by a busy machine.
const LATE: u64 = 400;

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// How a channel is just now.
#[derive(Clone, Copy)]
enum Mood {
    Well,
    Slow,
    Broken(FaultKind),
}

struct Channel {
    moods: Vec<(Duration, Mood)>,
    model: Model,
    asked: Vec<Duration>,
}

struct Order {
    walk: Walk,
    /// By attempt: the seat, what the model gave, what will come of it.
    flights: BTreeMap<u32, (usize, (u64, bool), Outcome)>,
    turn_of: BTreeMap<usize, u32>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    Ends(u32),
    Time,
}

struct World {
    draw: Draw,
    board: Board,
    lineup: Arc<Lineup>,
    channels: Vec<Channel>,
    orders: BTreeMap<u64, Order>,
    events: BinaryHeap<std::cmp::Reverse<(Duration, u64, Event)>>,
    counts: Counts,
    /// Whether the first channel is always well.
    sure: bool,
    seed: u64,
}

#[derive(Default)]
struct Counts {
    turns: u64,
    repeats: u64,
    hedges: u64,
    forced: u64,
    opened: u64,
    hits: u64,
    orders: u64,
}

fn hit() -> Outcome {
    Outcome::Hit(Box::new(Found {
        vehicle: Vehicle::default(),
        level: Level::Type,
        upstream_order: None,
        misfits: Vec::new(),
    }))
}

fn facts(draw: &mut Draw, at: usize, sure: bool) -> Facts {
    let paid = draw.below(3) > 0;
    Facts {
        name: ChannelName::parse(&format!("c{at}")).expect("a name"),
        title: String::new(),
        price: Price {
            per_call: 0,
            per_hit: if paid { 500 } else { 0 },
        },
        idempotent: draw.below(4) == 0,
        timeout: ms(500 + draw.below(2_000)),
        rate: (!sure && draw.below(4) == 0).then(|| Rate {
            count: 3 + draw.below(10) as u32,
            per: ms(1_000),
        }),
        learns: false,
        trust: 50,
    }
}

fn moods(draw: &mut Draw, end: Duration, sure: bool) -> Vec<(Duration, Mood)> {
    let (mut moods, mut at) = (Vec::new(), Duration::ZERO);
    while at < end {
        let broken = FaultKind::ALL[draw.below(FaultKind::ALL.len() as u64) as usize];
        let mood = match draw.below(6) {
            _ if sure => Mood::Well,
            0..3 => Mood::Well,
            3 => Mood::Slow,
            _ => Mood::Broken(broken),
        };
        moods.push((at, mood));
        at += ms(500 + draw.below(20_000));
    }
    moods
}

impl World {
    fn new(seed: u64) -> Self {
        let mut draw = Draw::new(seed);
        let end = ms(20_000 + draw.below(100_000));
        let sure = seed.is_multiple_of(2);
        let (mut seats, mut channels) = (Vec::new(), Vec::new());
        for at in 0..1 + draw.below(4) as usize {
            let sure = sure && at == 0;
            seats.push(Seat {
                facts: facts(&mut draw, at, sure),
                mode: if draw.below(12) == 0 && !sure {
                    Mode::Draining
                } else {
                    Mode::Enabled
                },
                tier: draw.below(3) as u32,
                weight: draw.below(4) as u32 * 10,
            });
            channels.push(Channel {
                moods: moods(&mut draw, end, sure),
                model: Model::default(),
                asked: Vec::new(),
            });
        }
        let mut events = BinaryHeap::new();
        let (mut at, mut order) = (Duration::ZERO, 0);
        let gap = 20 + draw.below(2_000);
        while at < end {
            events.push(std::cmp::Reverse((at, order, Event::Arrives)));
            at += ms(1 + draw.below(gap));
            order += 1;
        }
        let lineup = Arc::new(Lineup { seats });
        let mut board = Board::default();
        board.seat(&lineup);
        Self {
            draw,
            board,
            lineup,
            channels,
            orders: BTreeMap::new(),
            events,
            counts: Counts::default(),
            sure,
            seed,
        }
    }

    fn run(mut self) -> Counts {
        while let Some(std::cmp::Reverse((now, id, event))) = self.events.pop() {
            match event {
                Event::Arrives => {
                    let walk = Walk::new(self.lineup.clone(), &mut self.draw, now, TOTAL, 8);
                    self.orders.insert(
                        id,
                        Order {
                            walk,
                            flights: BTreeMap::new(),
                            turn_of: BTreeMap::new(),
                        },
                    );
                }
                Event::Ends(attempt) => self.ends(id, attempt, now),
                Event::Time => {}
            }
            self.pump(id, now);
            self.compare(now);
        }
        assert!(self.orders.is_empty(), "seed {}", self.seed);
        self.counts
    }

    /// How late the next event comes: on a machine that is busy now and then, and keeps no time for sure.
    fn late(&mut self) -> Duration {
        match !self.sure && self.draw.below(20) == 0 {
            true => ms(self.draw.below(LATE)),
            false => Duration::ZERO,
        }
    }

    fn ends(&mut self, id: u64, attempt: u32, now: Duration) {
        let Some(order) = self.orders.get_mut(&id) else {
            return;
        };
        let Some((seat, given, outcome)) = order.flights.remove(&attempt) else {
            return;
        };
        let enough = matches!(outcome, Outcome::Hit(_));
        order
            .walk
            .ended(&mut self.board, attempt, &outcome, enough, now);
        let good = match &outcome {
            // Nothing was sent, and it tells nothing of the channel.
            Outcome::Fault(fault) if fault.kind == FaultKind::Unrecorded => None,
            Outcome::Fault(fault) => Some(!fault.kind.counts_for_breaker()),
            Outcome::Hit(_) | Outcome::NoRecord => Some(true),
        };
        self.channels[seat].model.ended(given, good, now);
    }

    fn pump(&mut self, id: u64, now: Duration) {
        loop {
            let Some(order) = self.orders.get_mut(&id) else {
                return;
            };
            match order.walk.next(&mut self.board, now) {
                Decision::Ask(ask) => self.ask(id, ask, now),
                Decision::Wait(until) => {
                    assert!(until > now, "seed {}: waits for what has been", self.seed);
                    let served = until + self.late();
                    self.events
                        .push(std::cmp::Reverse((served, id, Event::Time)));
                    return;
                }
                Decision::Finish => return self.finish(id, now),
            }
        }
    }

    fn ask(&mut self, id: u64, ask: Ask, now: Duration) {
        let seed = self.seed;
        let order = self.orders.get_mut(&id).expect("it asks");
        let facts = &self.lineup.seats[ask.seat].facts;
        // The invariant that is about money.
        let bought = order
            .walk
            .log()
            .iter()
            .any(|attempt| attempt.seat == ask.seat && attempt.cost.billed != Billed::No);
        let flying = order.flights.values().any(|(seat, ..)| *seat == ask.seat);
        assert!(
            facts.may_hedge() || !(bought || flying),
            "seed {seed}: bought twice"
        );
        *order.turn_of.entry(ask.seat).or_default() += 1;
        assert!(
            order.turn_of[&ask.seat] <= 2,
            "seed {seed}: asked again and again"
        );
        let others = self.lineup.seats.iter().zip(&self.channels);
        let admitted = others
            .enumerate()
            .filter(|(_, (seat, _))| seat.mode == Mode::Enabled && seat.facts.rate.is_none())
            .filter(|(at, _)| !order.turn_of.contains_key(at) || *at == ask.seat)
            .any(|(_, (_, channel))| channel.model.admits(now));
        let channel = &mut self.channels[ask.seat];
        if !channel.model.admits(now) {
            assert!(!admitted, "seed {seed}: a channel was asked that rests");
            self.counts.forced += 1;
        }
        let given = channel.model.asked(now);
        channel.asked.push(now);
        let mood = channel.moods.iter().rev().find(|(at, _)| *at <= now);
        let mood = mood.map_or(Mood::Well, |(_, mood)| *mood);
        let fault = |kind| Outcome::Fault(Fault::new(kind, ""));
        let (took, outcome) = match mood {
            Mood::Well if self.draw.below(8) == 0 && !self.sure => (ms(20), Outcome::NoRecord),
            Mood::Well => (ms(5 + self.draw.below(60)), hit()),
            Mood::Slow => (ms(200 + self.draw.below(2_000)), hit()),
            Mood::Broken(kind @ (FaultKind::AnswerTimeout | FaultKind::ConnectTimeout)) => {
                (ask.timeout, fault(kind))
            }
            Mood::Broken(kind) => (ms(1 + self.draw.below(300)), fault(kind)),
        };
        let (took, outcome) = match took >= ask.timeout {
            true => (ask.timeout, fault(FaultKind::AnswerTimeout)),
            false => (took, outcome),
        };
        order
            .flights
            .insert(ask.attempt, (ask.seat, given, outcome));
        let took = took + self.late();
        self.events.push(std::cmp::Reverse((
            now + took,
            id,
            Event::Ends(ask.attempt),
        )));
    }

    fn finish(&mut self, id: u64, now: Duration) {
        let seed = self.seed;
        let order = self.orders.remove(&id).expect("it finishes");
        // Of what is under way nothing is known, unless it has overrun its time.
        let known = (order.walk.verdict() != Verdict::Hit).then_some(false);
        for (seat, given, _) in order.flights.values() {
            self.channels[*seat].model.ended(*given, known, now);
        }
        let walk = &order.walk;
        assert!(
            now <= walk.began() + LATEST + ms(if self.sure { 0 } else { 2 * LATE }),
            "seed {seed}: too late"
        );
        let verdict = walk.verdict();
        if self.sure {
            assert_eq!(verdict, Verdict::Hit, "seed {seed}: {:?}", walk.log());
        }
        self.counts.orders += 1;
        self.counts.hits += u64::from(verdict == Verdict::Hit);
        for attempt in walk.log() {
            match attempt.kind {
                Kind::Turn => self.counts.turns += 1,
                Kind::Repeat => self.counts.repeats += 1,
                Kind::Hedge => self.counts.hedges += 1,
            }
        }
        let Counts {
            turns,
            repeats,
            hedges,
            ..
        } = self.counts;
        let flying: u64 = self.orders.values().map(|o| o.flights.len() as u64).sum();
        let turns = turns + flying;
        assert!(
            repeats <= turns / 5 + 10,
            "seed {seed}: {repeats} repeats of {turns}"
        );
        assert!(
            hedges <= turns / 20 + 3,
            "seed {seed}: {hedges} hedges of {turns}"
        );
    }

    fn compare(&mut self, now: Duration) {
        for (seat, channel) in self.lineup.seats.iter().zip(&mut self.channels) {
            let (found, wanted) = (self.board.state(seat.facts.name), channel.model.state());
            assert_eq!(found, wanted, "seed {} at {now:?}", self.seed);
            self.counts.opened = self.counts.opened.max(u64::from(channel.model.opened));
            if let Some(rate) = seat.facts.rate {
                let recent = channel.asked.iter().rev();
                let inside = recent.take_while(|at| **at + rate.per > now).count();
                assert!(
                    inside <= rate.count as usize,
                    "seed {}: too often",
                    self.seed
                );
            }
        }
    }
}

#[test]
fn nothing_is_bought_twice_and_breakers_do_as_described_whatever_happens() {
    let mut all = Counts::default();
    for seed in 0..1_000 {
        let counts = World::new(seed).run();
        all.orders += counts.orders;
        all.hits += counts.hits;
        all.repeats += counts.repeats;
        all.hedges += counts.hedges;
        all.forced += counts.forced;
        all.opened = all.opened.max(counts.opened);
    }
    // Whatever is asserted above has happened.
    assert!(
        all.orders > 100_000 && all.hits > all.orders / 2,
        "{}",
        all.orders
    );
    assert!(
        all.repeats > 1_000 && all.hedges > 1_000 && all.forced > 1_000 && all.opened > 1,
        "{} {} {} {}",
        all.repeats,
        all.hedges,
        all.forced,
        all.opened
    );
}
