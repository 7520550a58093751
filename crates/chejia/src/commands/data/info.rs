//! `chejia data info` and `chejia data verify`: which vehicle data this is, and whether it is whole.

use super::{Place, print_json};
use crate::CommandError;
use crate::outside::SystemClock;
use crate::packs::{Generation, Import, InForce, checked};
use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use vin_engine::catalogue::Coverage;
use vin_import::operator::KINDS;
use vin_service::Clock as _;

/// The list of sources that the data was made from.
const SOURCES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/sources.toml"
));

/// What the importers of loaded data have in common; other sources serve the tests.
const IMPORTERS: &str = "crates/vin-import/";

#[derive(Deserialize)]
struct Sources {
    source: Vec<Source>,
}

#[derive(Deserialize, Serialize)]
pub struct Source {
    name: String,
    /// What it is called.
    pub title: String,
    url: String,
    /// Its licence.
    pub licence: String,
    /// The month of its data.
    pub month: String,
    #[serde(skip_serializing)]
    importer: String,
    #[serde(skip_serializing, default)]
    folder: String,
}

/// Tells which data there is.
pub fn info(place: &Place) -> Result<(), CommandError> {
    let in_force = place.packs.open(place.packs.current()?)?;
    let own = match in_force.generation {
        Generation::BUILT_IN => None,
        generation => Some(place.packs.manifest(generation)?),
    };
    let imports = own.as_ref().map_or(&[][..], |manifest| &manifest.imports);
    let mut tables: BTreeMap<&str, u64> =
        vin_data::TABLES.iter().map(|t| (t.name, t.rows)).collect();
    let changed = own.iter().flat_map(|manifest| &manifest.tables);
    tables.extend(changed.map(|table| (table.table.as_str(), table.rows)));
    print_json(&json!({
        "packs": described(&in_force),
        "coverage": coverage(&in_force.engine.coverage()),
        "sources": sources()?,
        "imports": imports.iter().map(imported).collect::<Vec<_>>(),
        "tables": tables,
    }))
}

/// Reads every byte of the built-in data and of the data in force.
pub fn verify(place: &Place) -> Result<(), CommandError> {
    let today = SystemClock::new().china_date();
    checked(&vin_data::engine(), today)
        .map_err(|reason| CommandError::Failed(format!("the built-in pack: {reason}")))?;
    let in_force = place.packs.open_checked(place.packs.current()?, today)?;
    print_json(&json!({ "ok": true, "packs": described(&in_force) }))
}

/// The packs that there are, the one in force last.
fn described(in_force: &InForce) -> Vec<Json> {
    let built_in = describe(&InForce::built_in(), in_force.generation);
    match in_force.generation {
        Generation::BUILT_IN => vec![built_in],
        current => vec![built_in, describe(in_force, current)],
    }
}

fn describe(data: &InForce, current: Generation) -> Json {
    let pack = data.engine.pack();
    json!({
        "name": data.generation.to_string(),
        "generation": data.generation,
        "in_force": data.generation == current,
        "outdated": data.outdated,
        "bytes": pack.len(),
        "sha256": pack.digest(),
    })
}

/// What the data in force covers; of its cars, how many have each field.
fn coverage(of: &Coverage) -> Json {
    let fields = of.fields.iter();
    let fields: serde_json::Map<_, _> = fields
        .map(|(field, cars)| (field.spec().path.to_owned(), (*cars).into()))
        .collect();
    json!({
        "wmis": of.wmis,
        "wmis_with_rules": of.wmis_with_rules,
        "rules": of.rules,
        "brands": of.brands,
        "series": of.series,
        "groups": of.groups,
        "cars": of.cars,
        "model_years": of.years.map(|(first, last)| [first, last]),
        "cars_with": fields,
    })
}

/// Notes, Chinese and English, about imports of months that are older than what is built in.
pub fn older_than_built_in(imports: &[Import]) -> Result<Vec<(String, String)>, CommandError> {
    let sources = sources()?;
    let mut notes = Vec::new();
    for import in imports {
        let folders = import
            .tables
            .iter()
            .filter_map(|table| table.rsplit_once('/'));
        let folders: Vec<_> = folders.map(|(folder, _)| folder).collect();
        let source = sources
            .iter()
            .find(|source| folders.contains(&&*source.folder));
        if let (Some(source), Some(month)) = (source, &import.month)
            && *month < source.month
        {
            let (kind, newer) = (&import.kind, &source.month);
            notes.push((
                format!("导入的 {kind} 为 {month}，早于内置的 {newer}"),
                format!("the imported {kind} is of {month}, older than the built-in {newer}"),
            ));
        }
    }
    Ok(notes)
}

/// An import with what is known about its publisher.
fn imported(import: &Import) -> Json {
    let spec = KINDS.iter().find(|spec| spec.name == import.kind);
    json!({
        "kind": import.kind,
        "title": spec.map(|spec| spec.en),
        "publisher": spec.map(|spec| spec.publisher),
        "licence": spec.map(|spec| spec.licence),
        "source": import.source,
        "month": import.month,
        "sha256": import.sha256,
        "generation": import.generation,
        "day": import.day,
        "rows": import.rows,
    })
}

/// The sources that the built-in data was made from.
pub fn sources() -> Result<Vec<Source>, CommandError> {
    let sources: Sources = Figment::from(Toml::string(SOURCES))
        .extract()
        .map_err(|error| CommandError::Failed(format!("data/sources.toml: {error}")))?;
    let loaded = sources.source.into_iter();
    Ok(loaded
        .filter(|source| source.importer.starts_with(IMPORTERS))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use vin_import::operator::Kind;

    #[track_caller]
    fn check(month: Option<&str>, table: &str, notes: usize) {
        let import = Import {
            kind: Kind::Vpic.spec().name.to_owned(),
            source: "dump.zip".to_owned(),
            sha256: String::new(),
            month: month.map(str::to_owned),
            generation: Generation(1),
            day: "2026-11-24".to_owned(),
            rows: 1,
            tables: vec![table.to_owned()],
        };
        let found = older_than_built_in(&[import]).expect("the sources");
        assert_eq!(found.len(), notes, "{month:?} {table}");
    }

    #[test]
    fn an_import_that_is_older_than_the_built_in_month_is_told() {
        check(Some("2020-01"), "vpic/wmi.tsv.zst", 1);
        check(Some("2999-01"), "vpic/wmi.tsv.zst", 0);
        check(Some("2020-01"), "operator/cars.tsv", 0);
        check(None, "vpic/wmi.tsv.zst", 0);
    }
}
