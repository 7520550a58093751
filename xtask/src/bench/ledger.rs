//! What a long log costs: a billed query, a balance, a month's usage and `ledger check` on
//! databases that differ in nothing but how many charges they hold.

use super::document::Section;
use super::place::Place;
use super::server::{Rounds, Server};
use super::{median, ratio};
use crate::run::{self, Failure, cargo};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vin_testkit::Cluster;

/// How many charges the databases hold.
const SIZES: [u64; 3] = [10_000, 1_000_000, 10_000_000];
/// Half of the charges are of the first account, which is the one that asks.
const ACCOUNTS: u64 = 10;
const DAYS: u32 = 150;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(500);
/// Short, for every answer is a charge more.
const CHARGING: Duration = Duration::from_millis(200);
const CONNECTIONS: usize = 64;
const VIN: &str = "&vin=1HGCM82633A004352";
const CHARGED: &[u8] = b"\"charged\":true";
const FOUND: &[u8] = b"\"code\":200";

/// Measures both databases.
pub fn measure() -> Result<Section, Failure> {
    let cluster = Cluster::start();
    let mut rows = of("SQLite", &|| None)?;
    rows.extend(of("PostgreSQL", &|| Some(cluster.database()))?);
    Ok(Section {
        name: "ledger",
        command: "cargo xtask bench ledger --write",
        head: "| database | what | 10 thousand charges | 1 million | 10 million | most ÷ least |",
        rows,
        how: format!(
            "Databases filled by the writer of the server, in committed batches of at most 2048: {ACCOUNTS} accounts with two \
             keys and two packages each, half of the charges of the account that asks, evenly over {DAYS} days. \
             {ROUNDS} interleaved rounds, medians, ratios of neighbouring rounds; the server and its client on the same \
             machine. Of queries the time per answer over HTTP: of {} ms one after another, or at {CONNECTIONS} connections \
             of {} ms, in which the smallest database grows by some ten thousand charges. The usage is that of the last \
             30 days, by day. `ledger check` is the whole command, beside no server.",
            ROUND.as_millis(),
            CHARGING.as_millis()
        ),
    })
}

/// A database of so many charges, and who asks.
pub struct Filled {
    charges: u64,
    /// Where it is.
    pub place: Place,
    key: super::place::Key,
}

/// The rows of one kind of database.
fn of(kind: &str, database: &dyn Fn() -> Option<String>) -> Result<Vec<String>, String> {
    let mut filled = Vec::new();
    for charges in SIZES {
        filled.push(fill(kind, charges, database())?);
    }
    let mut rows = Vec::new();
    let mut row = |what: &str, unit: &str, series: &mut [Vec<f64>]| {
        let last = series.len() - 1;
        let times = ratio(&series[last], &series[0]);
        let cells: Vec<_> = series
            .iter_mut()
            .map(|rounds| format!("{:.0} {unit}", median(rounds)))
            .collect();
        rows.push(format!(
            "| {kind} | {what} | {} | {times:.2} |",
            cells.join(" | ")
        ));
    };

    let mut seconds = vec![Vec::new(); filled.len()];
    for round in 0..=ROUNDS {
        for (database, series) in filled.iter().zip(&mut seconds) {
            let took = check(database)?;
            // The first reads what the others find in memory.
            series.extend((round > 0).then_some(took));
        }
    }
    let mut milliseconds: Vec<Vec<_>> = seconds
        .iter()
        .map(|series| series.iter().map(|s| s * 1e3).collect())
        .collect();
    row("`ledger check`", "ms", &mut milliseconds);
    let mut rates: Vec<Vec<_>> = filled
        .iter()
        .zip(&seconds)
        .map(|(database, series)| series.iter().map(|s| database.charges as f64 / s).collect())
        .collect();
    row("`ledger check`, charges", "per s", &mut rates);

    let mut servers = Vec::new();
    for database in &filled {
        servers.push((database.place.serve()?, &database.key));
    }
    for (what, path, rest, word, length, connections) in [
        ("a balance", "/api/account/balance", "", FOUND, ROUND, 1),
        (
            "a month's usage by day",
            "/api/account/usage",
            "",
            FOUND,
            ROUND,
            1,
        ),
        ("a billed query", "/api/vin/get", VIN, CHARGED, CHARGING, 1),
        (
            "a billed query under load",
            "/api/vin/get",
            VIN,
            CHARGED,
            CHARGING,
            CONNECTIONS,
        ),
    ] {
        for (server, key) in &mut servers {
            server.requests = vec![key.get(path, rest)];
            server.word = word;
        }
        let mut times = turns(&mut servers, length, connections)?;
        row(what, "µs", &mut times);
    }
    drop(servers);
    for database in &filled {
        check(database)?;
    }
    Ok(rows)
}

/// Microseconds per answer of each server, round by round.
fn turns<T>(
    servers: &mut [(Server, T)],
    length: Duration,
    connections: usize,
) -> Result<Vec<Vec<f64>>, String> {
    for (server, _) in &mut *servers {
        server.round(length, connections)?;
        server.rounds = Rounds::default();
    }
    for _ in 0..ROUNDS {
        for (server, _) in &mut *servers {
            server.round(length, connections)?;
        }
    }
    let times = |server: &Server| server.rounds.rates.iter().map(|rate| 1e6 / rate).collect();
    Ok(servers.iter().map(|(server, _)| times(server)).collect())
}

/// A database of so many charges, half of them of the first of its accounts.
pub fn fill(kind: &str, charges: u64, database: Option<String>) -> Result<Filled, String> {
    let place = Place::new(&format!("ledger-{kind}-{charges}"), database)?;
    let mut keys = Vec::new();
    for n in 0..ACCOUNTS {
        let account = place.account(&format!("138001380{n:02}"))?;
        // The first package is used up on the way, the second never.
        let used = charges / if n == 0 { 4 } else { ACCOUNTS * 4 };
        place.grant(&account, &used.to_string())?;
        place.grant(&account, "1000000000")?;
        for _ in 0..2 {
            keys.push(place.key(&account, &[])?);
        }
    }
    let example = [
        "build",
        "--release",
        "--locked",
        "--package",
        "vin-store",
        "--example",
        "charges",
    ];
    run::succeed(&mut cargo(&example))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_err(|e| e.to_string())?.as_secs();
    let started = Instant::now();
    let mut filling = run::command(run::target().join("release/examples/charges"));
    filling
        .arg(place.url())
        .args([charges, now, DAYS.into()].map(|n| n.to_string()));
    run::succeed(&mut filling)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("{kind}: {charges} charges written in {seconds:.1} s");
    let key = keys.swap_remove(0);
    Ok(Filled {
        charges,
        place,
        key,
    })
}

/// How many seconds `ledger check` takes, which must find nothing wrong and at least the charges.
fn check(database: &Filled) -> Result<f64, String> {
    let started = Instant::now();
    let said = run::output(&mut database.place.command(&["ledger", "check"]))?;
    let seconds = started.elapsed().as_secs_f64();
    let said: serde_json::Value = serde_json::from_slice(&said).map_err(|e| e.to_string())?;
    let charges = said["charges"].as_u64().unwrap_or(0);
    match said["ok"] == true && charges >= database.charges {
        true => Ok(seconds),
        false => Err(format!(
            "of {} charges the check says {said}",
            database.charges
        )),
    }
}
