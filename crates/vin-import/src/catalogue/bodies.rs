//! `generations.tsv` and `bodies.tsv`: what is said of bodies by hand, with the evidence.

use super::build::Build;
use super::cells::number;
use super::draft::{Body, distinguishing_words};
use crate::ImportError;
use crate::table::{Row, Table};
use std::collections::HashSet;
use vin_index::catalogue::form;

/// The columns of `generations.tsv`: in the model years `from` to `to`, cars of the vPIC model
/// have the bodies that are listed under the vPIC model `as`, in the year `of` or, without one,
/// in the same year.
pub const GENERATION_COLUMNS: [&str; 7] = ["model", "vpic", "from", "to", "as", "of", "evidence"];
/// The columns of `bodies.tsv`: a body is for cars that hold the words and have the drive. The
/// words `-` say that its sizes are those of no car here. `wheelbase` and `bed` are what vPIC
/// calls those of the body, with `/` between alternatives.
pub const CONDITION_COLUMNS: [&str; 6] = ["ref", "words", "drive", "wheelbase", "bed", "evidence"];

const ALL_WHEELS: u8 = 1 << 3 | 1 << 4 | 1 << 5;
const TWO_WHEELS: u8 = 1 << 1 | 1 << 2;

/// Lists bodies for further models and years.
pub fn read_generations(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("names/generations.tsv");
    let table = Table::read(&path, &GENERATION_COLUMNS)?;
    for row in table.rows() {
        let more = further(build, row);
        if let Some(more) = build.judge.rule(more)? {
            build.bodies.extend(more);
        }
    }
    Ok(())
}

/// The bodies that a row lists.
fn further(build: &Build, row: Row<'_>) -> Result<Vec<Body>, ImportError> {
    let [model, vpic, from, to, other, of, _] = row.cells()?;
    let id: u32 = row.number("model", model)?;
    let text = build.models.model_texts.get(&id);
    let series = build.series.of_model.get(&id).copied();
    let series = series.filter(|_| text.is_some_and(|text| text == vpic));
    let series = series.ok_or_else(|| row.wrong("vpic", vpic, "not vPIC's name of the model"))?;
    let (from, to): (u16, u16) = (row.number("from", from)?, row.number("to", to)?);
    let other_id: u32 = row.number("as", other)?;
    let listed = build.series.of_model.get(&other_id).copied();
    let of: u16 = number(row, "of", of)?;
    let clipped = |body: &Body| {
        let (first, last) = (body.values.from.get(), body.values.to.get());
        let years = match of {
            0 => (from.max(first), to.min(last)),
            _ => (from, to),
        };
        let meant = of == 0 || (first..=last).contains(&of);
        let named = matches!(body.values.model.get(), 0) || body.values.model.get() == other_id;
        let mut body = body.clone();
        (body.series, body.values.model) = (series, 0.into());
        (body.values.from, body.values.to) = (years.0.into(), years.1.into());
        (meant && named && years.0 <= years.1).then_some(body)
    };
    let bodies = build
        .bodies
        .iter()
        .filter(|body| Some(body.series) == listed);
    let more: Vec<_> = bodies.filter_map(clipped).collect();
    match more.is_empty() {
        true => Err(row.wrong("as", other, "no body is listed under this model")),
        false => Ok(more),
    }
}

/// The bits of the names in a cell.
fn bits(
    row: Row<'_>,
    column: &'static str,
    cell: &str,
    names: &[&str],
) -> Result<u16, ImportError> {
    let parts = cell.split('/').filter(|part| !part.is_empty());
    let bit = |part: &str| names.iter().position(|name| *name == part);
    let mut found =
        parts.map(|part| bit(part).ok_or_else(|| row.wrong(column, cell, "no such type")));
    found.try_fold(0, |all, bit| Ok(all | 1 << bit?))
}

/// Restricts bodies to the cars that they are for.
pub fn read_conditions(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("names/bodies.tsv");
    let table = Table::read(&path, &CONDITION_COLUMNS)?;
    let mut of_no_car = HashSet::new();
    for row in table.rows() {
        let [key, words, drive, wheelbase, bed, _] = row.cells()?;
        let drives = match drive {
            "" => 0,
            "two" => TWO_WHEELS,
            "all" => ALL_WHEELS,
            _ => return Err(row.wrong("drive", drive, "neither two nor all")),
        };
        let forms = bits(row, "wheelbase", wheelbase, &form::WHEELBASES)?
            | bits(row, "bed", bed, &form::BEDS)? << form::WHEELBASES.len();
        let mut meant = build
            .bodies
            .iter_mut()
            .filter(|body| body.key == key)
            .peekable();
        let known = match meant.peek() {
            None => Err(row.wrong("ref", key, "no such body")),
            Some(_) => Ok(()),
        };
        build.judge.rule(known)?;
        for body in meant {
            (body.values.drives, body.values.forms) = (drives, forms.into());
            if words == "-" {
                of_no_car.insert(key);
            } else {
                body.words.extend(distinguishing_words(words));
            }
        }
    }
    build
        .bodies
        .retain(|body| !of_no_car.contains(body.key.as_str()));
    Ok(())
}
