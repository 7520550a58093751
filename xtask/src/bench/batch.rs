//! Files of VINs: `chejia batch` beside `ultravin decode-parquet`, and the Python packages of both.

use super::document::Section;
use super::round::{Series, run_once};
use crate::package;
use crate::parity::{Oracle, PACKAGE};
use crate::run::{self, Failure};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const CARS: usize = 1_000_000;
const ROUNDS: usize = 5;
/// How often the cars stand in the long file.
const LONG: usize = 10;
const SCRIPT: &str = "benches/peers/batch.py";

/// Measures everything.
pub fn measure(oracle: Option<&str>) -> Result<Section, Failure> {
    let oracle = Oracle::ready(oracle.map(Path::new))?;
    let cars = oracle.cars(CARS)?;
    let chejia = run::release_binary()?;
    let folder = run::target().join("bench/batch");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let at = |name: &str| folder.join(name);
    let csv = table(&cars, &at("cars.csv"), 1)?;
    let batch = |input: &Path, output: &str, options: &[&str]| {
        let mut command = Command::new(&chejia);
        command
            .arg("batch")
            .arg(input)
            .arg("-o")
            .arg(at(output))
            .args(options);
        command.stderr(std::process::Stdio::null());
        command
    };
    // The peer reads Parquet; its VINs stand in a column of that name.
    let status = ["--columns", "status"];
    run::succeed(&mut batch(&csv, "cars.parquet", &status))?;

    let (mut ours, mut peer) = (Series::default(), Series::default());
    let (mut fields, mut text) = (Series::default(), Series::default());
    for _ in 0..ROUNDS {
        ours.add(run_once(
            &mut batch(&csv, "vpic.parquet", &["--vpic"]),
            None,
        )?);
        let mut command = Command::new(oracle.program("ultravin"));
        command
            .arg("decode-parquet")
            .arg(at("cars.parquet"))
            .arg(at("peer.parquet"));
        command
            .args(["--vin-column", "vin"])
            .stderr(std::process::Stdio::null());
        peer.add(run_once(&mut command, None)?);
        fields.add(run_once(&mut batch(&csv, "fields.parquet", &[]), None)?);
        text.add(run_once(&mut batch(&csv, "fields.csv", &[]), None)?);
    }
    let rate = |series: &Series| CARS as f64 / series.seconds();
    let row = |what: &str, series: &Series| {
        format!("| {what} | {:.0} | {:.0} MB |", rate(series), series.peak())
    };
    let mut rows = vec![
        row(
            "`chejia batch cars.csv -o out.parquet --vpic`, all attributes",
            &ours,
        ),
        row(
            "`ultravin decode-parquet cars.parquet out.parquet`, all attributes",
            &peer,
        ),
        format!(
            "| chejia ÷ ultravin, median of neighbouring rounds | {:.2} | |",
            ours.faster_than(&peer)
        ),
        row(
            "`chejia batch cars.csv -o out.parquet`, all fields",
            &fields,
        ),
        row("`chejia batch cars.csv -o out.csv`, all fields", &text),
    ];

    let long = table(&cars, &at("long.csv"), LONG)?;
    for (what, output, options) in [
        ("all attributes", "long-vpic.parquet", &["--vpic"][..]),
        ("all fields", "long-fields.parquet", &[]),
    ] {
        let mut series = Series::default();
        series.add(run_once(&mut batch(&long, output, options), None)?);
        rows.push(format!(
            "| the same to Parquet over {} million rows, {what} | {:.0} | {:.0} MB |",
            CARS * LONG / 1_000_000,
            rate(&series) * LONG as f64,
            series.peak()
        ));
    }
    let _ = std::fs::remove_dir_all(&folder);

    rows.extend(in_python(&cars)?);
    Ok(Section {
        name: "batch",
        command: "cargo xtask bench batch --write",
        head: "| what | VINs/s | peak memory |",
        rows,
        how: format!(
            "Cars: {CARS} clean VINs of passenger cars, MPVs and light trucks of 1996–2026, made up from the \
             vPIC tables in random order by a fixed seed. Commands: {ROUNDS} interleaved rounds on all cores, \
             from a file to a file, start included; medians. The long files: one round. In Python: one thread, \
             interleaved rounds over the first cars, lists of dictionaries."
        ),
    })
}

/// A table of the cars with a header, so many times.
fn table(cars: &Path, path: &Path, times: usize) -> Result<PathBuf, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    writeln!(out, "vin").map_err(failed)?;
    for _ in 0..times {
        let input = File::open(cars).map_err(|e| format!("{}: {e}", cars.display()))?;
        for line in BufReader::new(input).lines() {
            writeln!(out, "{}", line.map_err(failed)?).map_err(failed)?;
        }
    }
    out.flush().map_err(failed)?;
    Ok(path.to_owned())
}

/// The figures of the Python packages, as rows.
fn in_python(cars: &Path) -> Result<Vec<String>, String> {
    let environment = package::installed("bench-python", PACKAGE, true)?;
    let mut python = run::command(environment.join("bin/python"));
    let said = run::output(python.arg(run::root().join(SCRIPT)).arg(cars))?;
    let said = String::from_utf8_lossy(&said);
    let figures = said.lines().filter_map(|line| line.split_once('\t'));
    Ok(figures
        .map(|(what, figure)| format!("| {what} | {figure} | |"))
        .collect())
}
