//! A billed, signed query against a handler that only returns the same bytes, and against what one
//! would build instead: every answer of ours is charged, and sent when its charge is on disk.

use super::document::Section;
use super::http;
use super::peer::Peer;
use super::place::{Key, Place};
use super::server::{Rounds, Server};
use super::{client, median, ratio};
use crate::parity::Oracle;
use crate::run::{self, Failure};
use std::path::Path;
use std::time::Duration;
use vin_testkit::Cluster;

const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(3);
const VINS: usize = 2_000;
const CONNECTIONS: [usize; 2] = [64, 256];
const CHARGED: &[u8] = b"\"charged\":true";
const GRANTED: i64 = 1_000_000_000;

/// Measures SQLite, PostgreSQL, the peer and the bare handler.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = run::read(&oracle.cars(VINS)?)?;
    let cars: Vec<_> = cars.lines().collect();
    let cluster = Cluster::start();
    let place = Place::new("billed-sqlite", None)?;
    let (mut sqlite, key) = billed(&place, &cars)?;
    let shared = Place::new("billed-postgres", Some(cluster.database()))?;
    let (mut postgres, _) = billed(&shared, &cars)?;
    let mut peer = Peer::start(&key, GRANTED)?;
    peer.server.word = CHARGED;
    peer.server.requests = sqlite.requests.clone();
    peer.check(&sqlite)?;
    let mut bare = http::bare(&sqlite)?;
    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        let mut servers = [
            ("billed, SQLite", &mut sqlite),
            ("billed, PostgreSQL", &mut postgres),
            ("FastAPI, ultravin and Redis", &mut peer.server),
            ("a bare axum handler that returns the same bytes", &mut bare),
        ];
        for (_, server) in &mut servers {
            server.round(ROUND / 3, connections)?;
            server.rounds = Rounds::default();
        }
        for _ in 0..ROUNDS {
            for (_, server) in &mut servers {
                server.round(ROUND, connections)?;
            }
        }
        let against = |n: usize| servers[n].1.rounds.rates.clone();
        let (of_peer, of_bare) = (against(2), against(3));
        for (what, server) in servers {
            let rounds = &mut server.rounds;
            let (to_bare, to_peer) = (
                ratio(&rounds.rates, &of_bare),
                ratio(&rounds.rates, &of_peer),
            );
            rows.push(format!(
                "| {connections} | {what} | {:.0} | {:.1} ms | {to_bare:.2} | {to_peer:.1} | {:.0} µs |",
                median(&mut rounds.rates),
                median(&mut rounds.slowest),
                median(&mut rounds.costs),
            ));
        }
    }
    peer.balance()?;
    Ok(Section {
        name: "billed",
        command: "cargo xtask bench billed --write",
        head: "| connections | what | answers per second | 99 of 100 within | ÷ bare | ÷ peer | processor per answer |",
        rows,
        how: format!(
            "Signed GET requests for vehicles that are charged, in turn, with a key that has a rate limit, from one thread \
             of a load generator on the same machine; {ROUNDS} interleaved rounds of {} s after a warm-up, medians, ratios \
             of neighbouring rounds. Every answer says that it was charged, and was sent after its commit: SQLite with WAL \
             and synchronous=FULL, PostgreSQL with fsync and synchronous_commit on the same machine. Processor time is that of \
             the server's processes, without PostgreSQL's and Redis's. The peer is \
             `benches/peers/billed.py`: FastAPI on two uvicorn workers with uvloop and httptools, ultravin, redis-py with \
             hiredis, orjson, and one Lua script for each query on a Redis of its own, whose append-only file is synced \
             every second (`appendfsync everysec`), not before the answer. It checks the same signature, limits, charges \
             and logs, and shows 22 fields in English; its answers were compared with ours, and its balance with its log.",
            ROUND.as_secs()
        ),
    })
}

/// Our server with a key that demands signatures and has a rate, and the cars that are charged.
pub(super) fn billed(place: &Place, cars: &[&str]) -> Result<(Server, Key), String> {
    let account = place.account("13800138000")?;
    place.grant(&account, &GRANTED.to_string())?;
    let key = place.key(&account, &["--signature", "--rate", "1000000/1"])?;
    let mut server = place.serve()?;
    let address = server.address;
    let request = |vin: &&str| key.get("/api/vin/get", &format!("&vin={vin}"));
    let is_charged = |request: &Vec<u8>| {
        let answer = client::send(address, request);
        answer.is_ok_and(|a| a.body.windows(CHARGED.len()).any(|w| w == CHARGED))
    };
    server.requests = cars.iter().map(request).filter(is_charged).collect();
    if server.requests.len() < cars.len() / 2 {
        let charged = server.requests.len();
        return Err(format!("{charged} of {} cars are charged", cars.len()));
    }
    server.word = CHARGED;
    Ok((server, key))
}
