//! How fast the pure procedure decodes: in process, as a command beside its peer, and from a cold start.

use super::document::Section;
use super::{machine, median};
use crate::parity::Oracle;
use crate::run::{self, Failure};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CARS: usize = 100_000;
const ROUNDS: usize = 7;
const STARTS: usize = 101;
const A_VIN: &str = "1HGCM82633A004352";

/// Measures everything.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = oracle.cars(CARS)?;
    let chejia = run::release_binary()?;

    let mut rows = in_process(&cars)?;
    let mut ours = Series::default();
    let (mut whole, mut peer) = (Series::default(), Series::default());
    for _ in 0..ROUNDS {
        whole.add(run_once(
            Command::new(&chejia).args(["decode", "-", "--threads", "1"]),
            &cars,
        )?);
        ours.add(run_once(
            Command::new(&chejia).args(["decode", "--vpic", "-", "--threads", "1"]),
            &cars,
        )?);
        let mut command = Command::new(oracle.program("ultravin"));
        command
            .args(["decode-batch", "-", "--jsonl"])
            .env("RAYON_NUM_THREADS", "1");
        peer.add(run_once(&mut command, &cars)?);
    }
    let (ours_rate, peer_rate) = (CARS as f64 / ours.seconds(), CARS as f64 / peer.seconds());
    rows.push(format!(
        "| `chejia decode - --threads 1`, the same with every field of the result | {:.2} µs per VIN |",
        whole.seconds() * 1e6 / CARS as f64
    ));
    rows.push(format!(
        "| `chejia decode --vpic - --threads 1`, {CARS} cars | {ours_rate:.0} VINs/s |"
    ));
    rows.push(format!(
        "| `ultravin decode-batch - --jsonl`, one thread, the same cars | {peer_rate:.0} VINs/s |"
    ));
    rows.push(format!(
        "| chejia ÷ ultravin | {:.2} |",
        ours_rate / peer_rate
    ));
    rows.push(format!(
        "| peak resident memory of chejia over {CARS} cars | {:.1} MB |",
        ours.peak()
    ));
    rows.push(format!(
        "| peak resident memory of ultravin over the same | {:.1} MB |",
        peer.peak()
    ));

    let (mut first, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        first.push(milliseconds(Command::new(&chejia).args([
            "decode",
            "--vpic",
            A_VIN,
            "--threads",
            "1",
        ]))?);
        nothing.push(milliseconds(&mut Command::new("/bin/true"))?);
    }
    rows.push(format!(
        "| `chejia decode --vpic {A_VIN}`, the whole process | {:.2} ms |",
        median(&mut first)
    ));
    rows.push(format!(
        "| `/bin/true`, the whole process | {:.2} ms |",
        median(&mut nothing)
    ));

    Ok(Section {
        name: "decode",
        command: "cargo xtask bench decode --write",
        head: "| what | median |",
        rows,
        how: format!(
            "Cars: {CARS} clean VINs of passenger cars, MPVs and light trucks of 1996–2026, made up from the \
             vPIC tables in random order by a fixed seed. In process: the pure procedure on one thread, answer \
             dropped, medians of rounds over all cars. Commands: {ROUNDS} interleaved rounds from file to \
             `/dev/null`, start included. Whole process: {STARTS} interleaved starts, from spawn to exit."
        ),
    })
}

/// The figures of the engine's own bench, as rows.
fn in_process(cars: &Path) -> Result<Vec<String>, String> {
    let cars = cars.to_string_lossy();
    let arguments = [
        "bench",
        "--package",
        "vin-engine",
        "--bench",
        "decode",
        "--",
        &cars,
    ];
    let said = run::output(&mut run::cargo(&arguments))?;
    let said = String::from_utf8_lossy(&said);
    let figures = said.lines().filter_map(|line| line.split_once('\t'));
    Ok(figures
        .map(|(what, nanoseconds)| format!("| in process, {what} | {nanoseconds} ns per VIN |"))
        .collect())
}

/// One round of a command over the cars.
struct Round {
    seconds: f64,
    peak: f64,
}

#[derive(Default)]
struct Series(Vec<Round>);

impl Series {
    fn add(&mut self, round: Round) {
        self.0.push(round);
    }

    fn seconds(&self) -> f64 {
        median(&mut self.0.iter().map(|r| r.seconds).collect::<Vec<_>>())
    }

    fn peak(&self) -> f64 {
        median(&mut self.0.iter().map(|r| r.peak).collect::<Vec<_>>())
    }
}

fn run_once(command: &mut Command, cars: &Path) -> Result<Round, String> {
    let input = File::open(cars).map_err(|e| format!("{}: {e}", cars.display()))?;
    let started = Instant::now();
    let spawned = command.stdin(input).stdout(Stdio::null()).spawn();
    let mut child =
        spawned.map_err(|e| format!("`{}` cannot be started: {e}", run::shown(command)))?;
    let mut peak = 0.0;
    loop {
        // The peak only grows, so the last look misses no more than one pause.
        peak = machine::peak_resident(child.id()).unwrap_or(peak);
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) if status.success() => break,
            Some(status) => return Err(format!("`{}` ended with {status}", run::shown(command))),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(Round { seconds, peak })
}

fn milliseconds(command: &mut Command) -> Result<f64, String> {
    let started = Instant::now();
    run::succeed(command.stdin(Stdio::null()).stdout(Stdio::null()))?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}
