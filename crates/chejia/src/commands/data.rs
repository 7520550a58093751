//! `chejia data …`: which vehicle data this is, and whether it is whole.

use super::print_json;
use crate::CommandError;
use crate::cli::Data;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use vin_engine::Engine;

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
struct Source {
    name: String,
    title: String,
    url: String,
    licence: String,
    month: String,
    #[serde(skip_serializing)]
    importer: String,
}

/// Tells about the built-in data, or checks it.
pub fn run(command: &Data) -> Result<(), CommandError> {
    let engine = vin_data::engine();
    match command {
        Data::Info => print_json(&json!({ "packs": [describe(&engine)], "sources": sources()? })),
        Data::Verify => match engine.pack().verify() {
            Ok(()) => print_json(&json!({ "ok": true, "packs": [describe(&engine)] })),
            Err(error) => Err(CommandError::Failed(format!("the built-in pack: {error}"))),
        },
    }
}

fn describe(engine: &Engine) -> Json {
    let pack = engine.pack();
    json!({ "name": "built-in", "bytes": pack.len(), "sha256": pack.digest() })
}

fn sources() -> Result<Vec<Source>, CommandError> {
    let sources: Sources = Figment::from(Toml::string(SOURCES))
        .extract()
        .map_err(|error| CommandError::Failed(format!("data/sources.toml: {error}")))?;
    let loaded = sources.source.into_iter();
    Ok(loaded
        .filter(|source| source.importer.starts_with(IMPORTERS))
        .collect())
}
