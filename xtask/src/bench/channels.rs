//! What the layer of channels costs a billed query that our own data answer: the same query with no
//! channel at all, and beside an enabled one that is never asked. A second server without a channel
//! shows what two servers that are the same differ by.
//!
//! `--baseline FILE` measures another build of the program beside it.

use super::document::Section;
use super::place::Place;
use super::server::{Rounds, Server};
use super::{billed, median, ratio};
use crate::run::Failure;
use std::path::PathBuf;
use std::time::Duration;

const ROUNDS: usize = 12;
const ROUND: Duration = Duration::from_secs(3);
const CONNECTIONS: usize = 64;

/// Vehicles that are charged and that our own data know to their series.
const CARS: [&str; 8] = [
    "1HGCM82633A004352",
    "WP0AA2978BL012976",
    "5YJ3E1EA7KF317000",
    "1FTFW1ET5DFC10312",
    "2T1BURHE0JC074321",
    "3VWDX7AJ5DM264872",
    "1G1ZD5ST4JF123456",
    "4T1BF1FK5CU063142",
];

/// A channel without a secret. Nobody listens there, and nobody asks.
const CHANNEL: &str = "name = \"up\"\npreset = \"vpic\"\n";

/// Measures servers with and without a channel, on SQLite.
pub fn measure(baseline: Option<String>) -> Result<Section, Failure> {
    let plain = Place::new("channels-none", None)?;
    let again = Place::new("channels-none-again", None)?;
    let one = Place::new("channels-one", None)?;
    one.channel("up", CHANNEL)?;
    let mut servers: Vec<(&str, Server)> = vec![
        ("no channel", billed::billed(&plain, &CARS)?.0),
        (
            "no channel, another server",
            billed::billed(&again, &CARS)?.0,
        ),
        ("one channel, enabled", billed::billed(&one, &CARS)?.0),
    ];
    let before = match baseline {
        None => None,
        Some(file) => Some(Place::of("channels-before", None, PathBuf::from(file))?),
    };
    if let Some(before) = &before {
        servers.insert(0, ("the other build", billed::billed(before, &CARS)?.0));
    }
    for (_, server) in &mut servers {
        server.round(ROUND / 3, CONNECTIONS)?;
        server.rounds = Rounds::default();
    }
    for _ in 0..ROUNDS / 2 {
        // There and back, so that none always follows the same one.
        for (_, server) in &mut servers {
            server.round(ROUND, CONNECTIONS)?;
        }
        for (_, server) in servers.iter_mut().rev() {
            server.round(ROUND, CONNECTIONS)?;
        }
    }
    let (first, first_costs) = (
        servers[0].1.rounds.rates.clone(),
        servers[0].1.rounds.costs.clone(),
    );
    let mut rows = Vec::new();
    for (what, server) in &mut servers {
        let rounds = &mut server.rounds;
        let rate = ratio(&rounds.rates, &first);
        let cost = ratio(&rounds.costs, &first_costs);
        rows.push(format!(
            "| {what} | {:.0} | {:.1} µs | {rate:.3} | {cost:.3} |",
            median(&mut rounds.rates),
            median(&mut rounds.costs),
        ));
    }
    Ok(Section {
        name: "channels",
        command: "cargo xtask bench channels --write",
        head: "| what | answers per second | processor per answer | ÷ first, answers | ÷ first, processor |",
        rows,
        how: format!(
            "Signed GET requests over {CONNECTIONS} connections for vehicles that our own data know to their series and that are charged, \
             SQLite with synchronous=FULL; {ROUNDS} interleaved rounds of {} s, there and back, after a warm-up, medians, ratios of neighbouring rounds.",
            ROUND.as_secs()
        ),
    })
}
