//! Coverage: how often each field is filled, over made-up US cars or over labelled ones.
//!
//! Made-up cars come from the generator of the parity corpus. It combines what the patterns allow,
//! also a small car with the engine of a truck, and knows of no sales; [`market`] says which of
//! them were sold, and how much each counts. The shares are of cars that EPA rated, and say
//! nothing of vans and trucks that it did not.

pub mod labelled;
mod market;
mod table;

use crate::page;
use crate::parity::Oracle;
use crate::run::{self, Failure, none_left, option, switch};
use labelled::Labelled;
use market::Market;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use table::Table;

/// How many must be kept.
const LEAST: usize = 5_000;
/// How many series and years are listed that lack a field.
const MISSING: usize = 40;
/// The clock of the answers.
const AS_OF: &str = "2026-11-01";
/// Labels are in English.
pub const ENGLISH: &[&str] = &["--lang", "en"];
const PAGE: &str = "docs/data.md";
const HEADING: &str = "## Coverage";

/// Measures.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let oracle = option(&mut arguments, "--oracle")?;
    let labelled = option(&mut arguments, "--labelled")?;
    let missing = option(&mut arguments, "--missing")?;
    let write = switch(&mut arguments, "--write");
    none_left(&arguments)?;
    let chejia = run::release_binary()?;
    if let Some(file) = labelled {
        return of_labelled(&chejia, Path::new(&file));
    }
    let oracle = Oracle::ready(oracle.as_deref().map(Path::new))?;
    let market = Market::read()?;
    let mut table = Table::default();
    let cars = oracle.cars_of_makes(&market.makes())?;
    each(&chejia, &cars, ENGLISH, |answer| {
        if let Some(cell) = market.cell(answer) {
            table.add(answer, cell);
        }
    })?;
    table.weigh(|cell| market.weight(cell), market::PICKUPS);
    print!("{}", table.text());
    if let Some(field) = missing {
        println!("\nWhere {field} is missing: percent of all cars, percent filled there.\n");
        for (cell, lost, filled) in table.missing(&field)?.iter().take(MISSING) {
            println!("{lost:5.2} {filled:5.1}  {}", market.name(*cell));
        }
        return Ok(());
    }
    if table.cars() < LEAST {
        let cars = table.cars();
        return Err(Failure::Failed(format!(
            "only {cars} cars are left, of {LEAST}"
        )));
    }
    if write {
        page::put_under(PAGE, HEADING, &table.section())?;
    }
    Ok(table.judge()?)
}

fn of_labelled(chejia: &Path, file: &Path) -> Result<(), Failure> {
    let mut labelled = Labelled::read(file)?;
    let vins = run::target().join("coverage/labelled.txt");
    run::write(&vins, labelled.vins())?;
    let mut table = Table::default();
    each(chejia, &vins, ENGLISH, |answer| {
        table.add(answer, (0, 0));
        labelled.compare(answer);
    })?;
    print!("{}\n{}", table.text(), labelled.text());
    Ok(labelled.judge()?)
}

/// Gives `take` the answer to each line of a file of VINs, asked with more options.
pub fn each(
    chejia: &Path,
    vins: &PathBuf,
    options: &[&str],
    mut take: impl FnMut(&Value),
) -> Result<(), String> {
    let input = File::open(vins).map_err(|e| format!("{}: {e}", vins.display()))?;
    let mut command = run::command(chejia);
    command
        .args(["decode", "-", "--as-of", AS_OF])
        .args(options);
    command.stdin(input).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    let output = child.stdout.take().ok_or("the decoder has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|e| e.to_string())?;
        let answer = serde_json::from_str(&line).map_err(|e| format!("{line}: {e}"))?;
        take(&answer);
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("`{}` ended with {status}", run::shown(&command))),
    }
}

/// The text of a result field.
pub fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer["result"][field].as_str().unwrap_or("")
}
