//! How fast the pure procedure decodes: in process, as a command beside its peer, and from a cold start.

use super::document::Section;
use super::median;
use super::round::{Series, run_once};
use crate::parity::Oracle;
use crate::run::{self, Failure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

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
            Some(&cars),
        )?);
        ours.add(run_once(
            Command::new(&chejia).args(["decode", "--vpic", "-", "--threads", "1"]),
            Some(&cars),
        )?);
        let mut command = Command::new(oracle.program("ultravin"));
        command
            .args(["decode-batch", "-", "--jsonl"])
            .env("RAYON_NUM_THREADS", "1");
        peer.add(run_once(&mut command, Some(&cars))?);
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

fn milliseconds(command: &mut Command) -> Result<f64, String> {
    let started = Instant::now();
    run::succeed(command.stdin(Stdio::null()).stdout(Stdio::null()))?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}
