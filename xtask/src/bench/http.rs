//! A keyed query over HTTP against a handler that only returns the same bytes.

use super::document::Section;
use super::{client, load, machine, median};
use crate::parity::Oracle;
use crate::run::{self, Failure};
use md5::Digest as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_secs(3);
const VINS: usize = 10_000;
const FOUND: &[u8] = b"\"code\":200";

/// A server that is stopped when it is dropped.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    pub(super) requests: Vec<Vec<u8>>,
    /// What must be in every answer.
    pub(super) word: &'static [u8],
    /// Answers per second, and microseconds of the server's processor per answer, of each round.
    pub(super) rates: Vec<f64>,
    costs: Vec<f64>,
    /// The time in which 99 of 100 answers came, in milliseconds, of each round.
    pub(super) slowest: Vec<f64>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Measures both.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = run::read(&oracle.cars(VINS)?)?;
    let cars: Vec<_> = cars.lines().collect();
    let mut keyed = keyed(&cars, &[], None, "var")?;
    let mut bare = bare(&keyed, &cars)?;
    for server in [&mut keyed, &mut bare] {
        server.round(ROUND / 3, CONNECTIONS)?;
        (server.rates, server.costs) = (Vec::new(), Vec::new());
    }
    for _ in 0..ROUNDS {
        keyed.round(ROUND, CONNECTIONS)?;
        bare.round(ROUND, CONNECTIONS)?;
    }
    // Of neighbouring rounds, so that what else the machine does weighs on both alike.
    let pairs = |a: &[f64], b: &[f64]| {
        let mut ratios: Vec<_> = a.iter().zip(b).map(|(a, b)| a / b).collect();
        median(&mut ratios)
    };
    let rate_ratio = pairs(&keyed.rates, &bare.rates);
    let cost_ratio = pairs(&keyed.costs, &bare.costs);
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

impl Server {
    fn start(mut command: Command, address: SocketAddr) -> Result<Self, String> {
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child =
            spawned.map_err(|e| format!("`{}` cannot be started: {e}", run::shown(&command)))?;
        let server = Self {
            child,
            address,
            requests: Vec::new(),
            word: FOUND,
            rates: Vec::new(),
            costs: Vec::new(),
            slowest: Vec::new(),
        };
        let started = Instant::now();
        while client::ask(address, "/readyz").is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err(format!("`{}` does not answer", run::shown(&command)));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    pub(super) fn round(&mut self, length: Duration, connections: usize) -> Result<(), String> {
        let before = machine::processor_time(self.child.id());
        let counted = load::run(self.address, &self.requests, self.word, connections, length)
            .map_err(|e| format!("the connection to {} failed: {e}", self.address))?;
        let after = machine::processor_time(self.child.id());
        if counted.bad > 0 || counted.good == 0 {
            let (good, bad) = (counted.good, counted.bad);
            let word = String::from_utf8_lossy(self.word);
            return Err(format!("{bad} answers without {word}, {good} with it"));
        }
        let used = after
            .zip(before)
            .map_or(f64::NAN, |(after, before)| after - before);
        self.rates.push(counted.good as f64 / counted.seconds);
        self.slowest.push(counted.quantile(0.99));
        self.costs.push(used * 1e6 / counted.good as f64);
        Ok(())
    }
}

/// A port that is free now.
fn free_address() -> Result<SocketAddr, String> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    bound.map_err(|e| format!("no free port: {e}"))
}

/// Our server with an account, calls and a key of its own. Every request is signed, whether the
/// key demands it or not.
pub(super) fn keyed(
    cars: &[&str],
    key_arguments: &[&str],
    database: Option<&str>,
    name: &str,
) -> Result<Server, String> {
    let chejia = run::release_binary()?;
    let folder = run::target().join("bench").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let made = |arguments: &[&str], input: &str| -> Result<serde_json::Value, String> {
        let file = folder.join("input.txt");
        run::write(&file, input)?;
        let input = std::fs::File::open(&file).map_err(|e| e.to_string())?;
        let mut command = run::command(&chejia);
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(&folder)
            .args(database.iter().flat_map(|url| ["--database", *url]))
            .stdin(input);
        serde_json::from_slice(&run::output(&mut command)?).map_err(|e| e.to_string())
    };
    let account = [
        "account",
        "create",
        "--phone",
        "13800138000",
        "--password-stdin",
        "--verified",
    ];
    let account = made(&account, "a long pass phrase for the bench\n")?["account_id"].to_string();
    let account = account.trim_matches('"');
    let calls = [
        "package",
        "grant",
        "--calls",
        "1000000000",
        "--reason",
        "bench",
        "--account",
        account,
    ];
    made(&calls, "")?;
    let key = [&["key", "create", "--account", account], key_arguments].concat();
    let key = made(&key, "")?;
    let secret = key["secret"]
        .as_str()
        .ok_or("`key create` printed no secret")?;
    let key = key["key"].as_str().ok_or("`key create` printed no key")?;

    let address = free_address()?;
    let mut command = run::command(&chejia);
    command
        .args(["serve", "--listen", &address.to_string(), "--data-dir"])
        .arg(&folder)
        .args(database.iter().flat_map(|url| ["--database", *url]));
    let mut server = Server::start(command, address)?;
    let request = |vin: &&str| {
        let query = format!("key={key}&vin={vin}");
        client::signed(
            &format!("/api/vin/get?{query}"),
            &md5(&format!("{query}{secret}")),
        )
    };
    server.requests = cars.iter().map(request).collect();
    Ok(server)
}

fn md5(text: &str) -> String {
    let hash = md5::Md5::digest(text);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bare handler, with an answer of our server of middle length.
pub(super) fn bare(keyed: &Server, cars: &[&str]) -> Result<Server, String> {
    let sample = keyed.requests.iter().step_by(cars.len().div_ceil(101));
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
