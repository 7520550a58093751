//! A billed, signed query against a handler that only returns the same bytes: every answer is charged,
//! and sent when its charge is on disk.

use super::document::Section;
use super::http::{self, Server};
use super::{client, median};
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

/// Measures SQLite, PostgreSQL and the bare handler.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = run::read(&oracle.cars(VINS)?)?;
    let cars: Vec<_> = cars.lines().collect();
    let cluster = Cluster::start();
    let mut sqlite = billed(&cars, None, "billed-sqlite")?;
    let mut postgres = billed(&cars, Some(&cluster.database()), "billed-postgres")?;
    let mut bare = http::bare(&sqlite, &cars)?;
    let mut rows = Vec::new();
    for connections in CONNECTIONS {
        let servers = [&mut sqlite, &mut postgres, &mut bare];
        for server in servers {
            server.round(ROUND / 3, connections)?;
            (server.rates, server.slowest) = (Vec::new(), Vec::new());
        }
        for _ in 0..ROUNDS {
            for server in [&mut sqlite, &mut postgres, &mut bare] {
                server.round(ROUND, connections)?;
            }
        }
        let against = bare.rates.clone();
        for (what, server) in [
            ("billed, SQLite", &mut sqlite),
            ("billed, PostgreSQL", &mut postgres),
            ("a bare axum handler that returns the same bytes", &mut bare),
        ] {
            let mut ratios: Vec<_> = server
                .rates
                .iter()
                .zip(&against)
                .map(|(a, b)| a / b)
                .collect();
            rows.push(format!(
                "| {connections} | {what} | {:.0} | {:.1} ms | {:.2} |",
                median(&mut server.rates),
                median(&mut server.slowest),
                median(&mut ratios),
            ));
        }
    }
    Ok(Section {
        name: "billed",
        command: "cargo xtask bench billed --write",
        head: "| connections | what | answers per second | 99 of 100 within | ÷ bare |",
        rows,
        how: format!(
            "Signed GET requests for vehicles that are charged, in turn, from one thread of a load generator on the \
             same machine; {ROUNDS} interleaved rounds of {} s after a warm-up, medians, ratios of neighbouring rounds. \
             Every answer says that it was charged, and was sent after its commit: SQLite with WAL and synchronous=FULL, \
             PostgreSQL with fsync and synchronous_commit on the same machine.",
            ROUND.as_secs()
        ),
    })
}

/// Our server with a key that demands signatures, and the cars that are charged.
fn billed(cars: &[&str], database: Option<&str>, name: &str) -> Result<Server, String> {
    let mut server = http::keyed(cars, &["--signature"], database, name)?;
    let address = server.address;
    let is_charged = |request: &Vec<u8>| {
        let answer = client::send(address, request);
        answer.is_ok_and(|a| a.body.windows(CHARGED.len()).any(|w| w == CHARGED))
    };
    server.requests.retain(is_charged);
    if server.requests.len() < cars.len() / 2 {
        return Err(format!(
            "{} of {} cars are charged",
            server.requests.len(),
            cars.len()
        ));
    }
    server.word = CHARGED;
    Ok(server)
}
