//! A keyed query over HTTP against a handler that only returns the same bytes.

use super::document::Section;
use super::place::Place;
use super::server::{Rounds, Server, free_address};
use super::{client, median, ratio};
use crate::parity::Oracle;
use crate::run::{self, Failure};
use std::path::Path;
use std::time::Duration;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_secs(3);
const VINS: usize = 10_000;

/// Measures both.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = run::read(&oracle.cars(VINS)?)?;
    let cars: Vec<_> = cars.lines().collect();
    let place = Place::new("keyed", None)?;
    let account = place.account("13800138000")?;
    place.grant(&account, "1000000000")?;
    let key = place.key(&account, &[])?;
    let mut keyed = place.serve()?;
    let request = |vin: &&str| key.get("/api/vin/get", &format!("&vin={vin}"));
    keyed.requests = cars.iter().map(request).collect();
    let mut bare = bare(&keyed)?;
    for server in [&mut keyed, &mut bare] {
        server.round(ROUND / 3, CONNECTIONS)?;
        server.rounds = Rounds::default();
    }
    for _ in 0..ROUNDS {
        keyed.round(ROUND, CONNECTIONS)?;
        bare.round(ROUND, CONNECTIONS)?;
    }
    let (keyed, bare) = (&mut keyed.rounds, &mut bare.rounds);
    let rate_ratio = ratio(&keyed.rates, &bare.rates);
    let cost_ratio = ratio(&keyed.costs, &bare.costs);
    let (keyed_rate, bare_rate) = (median(&mut keyed.rates), median(&mut bare.rates));
    let (keyed_cost, bare_cost) = (median(&mut keyed.costs), median(&mut bare.costs));
    Ok(Section {
        name: "http",
        command: "cargo xtask bench http --write",
        head: "| what | answers per second | processor time of the server per answer |",
        rows: vec![
            format!(
                "| `GET /api/vin/get?key=…&vin=…`, {VINS} VINs in turn | {keyed_rate:.0} | {keyed_cost:.1} µs |"
            ),
            format!(
                "| a bare axum handler that returns the same bytes | {bare_rate:.0} | {bare_cost:.1} µs |"
            ),
            format!(
                "| keyed ÷ bare, median of neighbouring rounds | {:.2} | {:.2} |",
                rate_ratio, cost_ratio
            ),
        ],
        how: format!(
            "{CONNECTIONS} keep-alive connections from one thread of a load generator on the same machine, \
             {ROUNDS} interleaved rounds of {} s after a warm-up. Every answer was whole, and every keyed answer \
             had code 200. The bare handler returns one answer of middle length with the same headers.",
            ROUND.as_secs()
        ),
    })
}

/// The bare handler, with an answer of our server of middle length.
pub(super) fn bare(keyed: &Server) -> Result<Server, String> {
    let sample = keyed.requests.len().div_ceil(101);
    let sample = keyed.requests.iter().step_by(sample);
    let answers: Result<Vec<_>, _> = sample
        .map(|request| client::send(keyed.address, request))
        .collect();
    let mut answers = answers.map_err(|e| format!("the server does not answer: {e}"))?;
    answers.sort_by_key(|answer| answer.body.len());
    let answer = answers.swap_remove(answers.len() / 2);
    if answer.status != 200 {
        return Err(format!("the server answered with status {}", answer.status));
    }
    let body = run::target().join("bench/body.json");
    run::write(&body, &answer.body)?;

    run::succeed(&mut run::cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "xtask",
        "--example",
        "bare",
    ]))?;
    let address = free_address()?;
    let mut command = run::command(run::target().join("release/examples/bare"));
    command.arg(address.to_string()).arg(&body);
    for (name, value) in &answer.headers {
        if !["content-length", "date"].contains(&name.to_ascii_lowercase().as_str()) {
            command.arg(format!("{name}: {value}"));
        }
    }
    let mut server = Server::start(command, address)?;
    server.requests = keyed.requests.clone();
    server.word = keyed.word;
    Ok(server)
}
