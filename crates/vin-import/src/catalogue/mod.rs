//! The catalogue: from the canonical tables of its sources to brands, series, groups and cars.
//!
//! # Precedence
//! A car is one row of EPA, VCA, ADEME or MIIT; rows of different publishers are never joined to
//! one car, for they are of different markets. What another source adds to a row:
//!
//! | field | from | then |
//! |---|---|---|
//! | emission standard | EPA emissions, federal | EPA emissions, Californian; then the tier that was binding in the model year |
//! | power | EPA, the motor of an electric car with one | OMEGA of that year; then the nearest year, see `groups::carry` |
//! | kerb weight | OMEGA of that year | the nearest year, see `groups::carry` |
//! | seats | OMEGA of that year | none |
//! | sizes | Transport Canada, also through up to three missing years between rows of one body | OMEGA, where Transport Canada has no body of the series; then both in further years, see `bodies` and `gaps` |
//!
//! At a look-up vPIC's own facts about the VIN come before all of these. A field is never
//! averaged over sources; values say which source they are from.

mod bodies;
mod build;
mod canada;
mod cells;
mod draft;
mod epa;
mod european;
mod gaps;
mod groups;
pub mod ids;
mod models;
mod name;
mod names;
mod notice;
mod omega;
mod overlay;
mod own;
mod recorded;
mod series;
mod spelling;
#[cfg(test)]
mod tests;
mod words;
mod write;

use crate::ImportError;
use crate::report::Judge;
use build::Build;
use ids::{FIRST, Ids, Kind, Ledgers, ledger};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use vin_index::{StringPool, Writer};

/// What has a place in the catalogue.
#[derive(Debug)]
pub struct Placed {
    /// The ids of its cars.
    pub cars: BTreeSet<u32>,
    /// Chinese names of brand and series of an operator's cars, and the id of that series.
    pub series: BTreeMap<(String, String), u32>,
}

/// Adds the sections of the catalogue, made from the folder of all data; gives what has a
/// place in it.
///
/// # Errors
/// When a table cannot be read, a row cannot be right, or something has no id yet.
pub fn compile(
    data: &Path,
    pool: &mut StringPool,
    writer: &mut Writer,
    judge: &mut Judge,
) -> Result<Placed, ImportError> {
    let mut ids = Ledgers::read(data)?;
    let mut build = Build::read(data, std::mem::replace(judge, Judge::strict()))?;
    *judge = std::mem::replace(&mut build.judge, Judge::strict());
    recorded::add(data, &mut build, &ids, judge.is_lenient())?;
    if judge.is_lenient() {
        let mut new = 0;
        for (kind, key) in keys(&build) {
            new += usize::from(ids.give(kind, &key)?);
        }
        if new > 0 {
            ids.own.write()?;
        }
    }
    let id = |at: &usize| {
        let series = &build.series.series[*at];
        let given = series.id.map(Ok);
        given.unwrap_or_else(|| ids.get(Kind::Type, &series.key))
    };
    let series = build
        .own
        .iter()
        .map(|(name, at)| Ok((name.clone(), id(at)?)));
    Ok(Placed {
        series: series.collect::<Result<_, ImportError>>()?,
        cars: write::write(build, &ids, pool, writer)?,
    })
}

/// Everything that has an id of a ledger, sorted.
fn keys(build: &Build) -> BTreeSet<(Kind, String)> {
    let brands = build
        .series
        .brands
        .iter()
        .filter(|brand| brand.id.is_none())
        .map(|brand| (Kind::Brand, brand.key.clone()));
    let series = build
        .series
        .series
        .iter()
        .filter(|series| series.id.is_none())
        .map(|series| (Kind::Type, series.key.clone()));
    let groups = groups::of(build)
        .into_iter()
        .map(|group| (Kind::Group, group.key));
    let cars = build.cars.iter().map(|car| (Kind::Car, car.key.clone()));
    brands.chain(series).chain(groups).chain(cars).collect()
}

/// Gives ids to everything that has none yet, and writes the ledger; tells how many.
///
/// # Errors
/// When a table cannot be read or the ledger cannot be written.
pub fn renew_ids(data: &Path) -> Result<String, ImportError> {
    let build = Build::read(data, Judge::strict())?;
    let mut ids = Ids::read(&ledger(data), FIRST)?;
    let mut new = BTreeMap::from(Kind::ALL.map(|kind| (kind, 0)));
    for (kind, key) in keys(&build) {
        *new.entry(kind).or_default() += usize::from(ids.add(kind, &key)?);
    }
    ids.write()?;
    let lines = new
        .iter()
        .map(|(kind, count)| format!("{}\t{count} new\n", kind.name()));
    Ok(lines.collect())
}

/// The names of the sources that no vPIC model stands for, with the number of their rows.
///
/// # Errors
/// When a table cannot be read.
pub fn unresolved_names(data: &Path) -> Result<String, ImportError> {
    let build = Build::read(data, Judge::strict())?;
    let mut missing: BTreeMap<_, usize> = BTreeMap::new();
    for name in build.unresolved {
        *missing.entry(name).or_default() += 1;
    }
    let mut out = String::new();
    for ((source, make, name), rows) in missing {
        let _ = writeln!(out, "{source}\t{make}\t{name}\t{rows}");
    }
    Ok(out)
}
