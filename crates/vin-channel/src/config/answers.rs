//! The tables `[status]` and `[answer]` of a channel's file.

use super::reader::{Reader, join};
use super::{ConfigError, fields};
use crate::answer::{Answers, Limits};
use crate::map::path::Path;
use crate::meaning::{MEANINGS, Meaning};
use crate::status::Statuses;
use std::collections::BTreeMap;
use vin_core::Bilingual;

/// The largest body, unpacked, unless the file says another size; and the most that it may say.
const BYTES: (u64, u64) = (1 << 20, 16 << 20);
/// The same for the depth of nesting. A JSON reader of its own accord ends at 128.
const DEPTH: (u64, u64) = (32, 100);

/// Reads how the answers of a channel are understood.
pub(super) fn read(top: &mut Reader<'_>) -> Result<Answers, ConfigError> {
    let mut statuses = match top.table("status")? {
        None => Statuses::default(),
        Some(table) => statuses(table)?,
    };
    // The one HTTP status that means the same everywhere, unless the file says otherwise.
    statuses.http.entry(429).or_insert(Meaning::Busy);
    let Some(mut answer) = top.table("answer")? else {
        return Err(top.wrong(
            "answer",
            "is missing: a table with at least the vehicle's place",
        ));
    };
    let vehicle = answer.need("vehicle", "where the vehicle stands, such as data.result")?;
    let vehicle = Path::parse(vehicle).map_err(|what| answer.wrong("vehicle", what))?;
    let vin = path(&mut answer, "vin")?;
    let order = path(&mut answer, "order")?;
    let limits = limits(&mut answer)?;
    let fields = fields::read(top, &mut answer)?;
    answer.done()?;
    Ok(Answers {
        statuses,
        vehicle,
        vin,
        order,
        fields,
        limits,
    })
}

/// How much of an answer is taken.
pub(super) fn limits(answer: &mut Reader<'_>) -> Result<Limits, ConfigError> {
    let most_bytes = answer.whole("most_bytes", 1_000, BYTES.1)?;
    let most_depth = answer.whole("most_depth", 2, DEPTH.1)?;
    Ok(Limits {
        most_bytes: most_bytes.unwrap_or(BYTES.0) as usize,
        most_depth: most_depth.unwrap_or(DEPTH.0) as usize,
    })
}

pub(super) fn path(table: &mut Reader<'_>, key: &'static str) -> Result<Option<Path>, ConfigError> {
    let text = table.text(key)?;
    let path = text.map(Path::parse).transpose();
    path.map_err(|what| table.wrong(key, what))
}

fn statuses(mut table: Reader<'_>) -> Result<Statuses, ConfigError> {
    let mut statuses = Statuses {
        path: path(&mut table, "path")?,
        message: path(&mut table, "message")?,
        ..Statuses::default()
    };
    statuses.codes = codes(&mut table, &MEANINGS)?;
    let has_hit = statuses.codes.values().any(|m| *m == Meaning::Hit);
    match (&statuses.path, has_hit) {
        (Some(_), false) => {
            return Err(table.wrong(
                "hit",
                "is missing: which codes mean that a vehicle is there",
            ));
        }
        (None, _) if !statuses.codes.is_empty() => {
            return Err(table.wrong("path", "is missing: where the code stands in the answer"));
        }
        _ => {}
    }
    if let Some(mut http) = table.table("http")? {
        for (code, meaning) in codes(&mut http, &MEANINGS)? {
            let status = code.parse().ok().filter(|s| (100..600).contains(s));
            let wrong = || http.wrong("", format!("{code} is no HTTP status"));
            statuses.http.insert(status.ok_or_else(wrong)?, meaning);
        }
        http.done()?;
    }
    if let Some(mut headers) = table.table("headers")? {
        let path = headers.path("");
        for (name, node) in headers.all() {
            let mut values = Reader::of(node, &join(path.trim_end_matches('.'), name))?;
            let list = codes(&mut values, &MEANINGS)?.into_iter().collect();
            values.done()?;
            statuses.headers.push((name.to_ascii_lowercase(), list));
        }
    }
    table.done()?;
    Ok(statuses)
}

/// The lists of codes, one per meaning.
pub(super) fn codes<M: Copy + PartialEq>(
    table: &mut Reader<'_>,
    meanings: &[(&'static str, M, Bilingual)],
) -> Result<BTreeMap<String, M>, ConfigError> {
    let mut codes = BTreeMap::new();
    for &(key, meaning, _) in meanings {
        let path = table.path(key);
        for (node, code) in table.words(key)? {
            if codes
                .insert(code.clone(), meaning)
                .is_some_and(|m| m != meaning)
            {
                let what = format!("{code} is listed under two meanings");
                return Err(ConfigError::at(&node.place, &path, what));
            }
        }
    }
    Ok(codes)
}
