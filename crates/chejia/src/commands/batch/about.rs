//! What a run is about: the same input, options, program and data. Only then may it go on where one that
//! was killed stopped.

use super::places::Places;
use super::today;
use crate::CommandError;
use crate::cli::Batch;
use serde::{Deserialize, Serialize};
use std::time::UNIX_EPOCH;
use vin_core::Date;
use vin_engine::Engine;

/// What a run is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    version: String,
    pack: String,
    input: Option<String>,
    bytes: u64,
    changed: u128,
    formats: [String; 2],
    column: Option<String>,
    columns: Option<Vec<String>>,
    switches: [bool; 3],
    lang: String,
    /// The day; a run that goes on keeps that of its beginning, unless one is demanded.
    today: String,
    #[serde(skip)]
    demanded: bool,
}

impl About {
    pub fn of(args: &Batch, places: &Places, engine: &Engine) -> Result<Self, CommandError> {
        let mut about = Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pack: engine.pack().digest(),
            input: None,
            bytes: 0,
            changed: 0,
            formats: [places.from.name(), places.to.name()].map(str::to_owned),
            column: args.column.clone(),
            columns: args.columns.clone(),
            switches: [args.vpic, args.explain, args.only_hits],
            lang: format!("{:?}", args.lang),
            today: today(args).to_string(),
            demanded: args.as_of.is_some(),
        };
        if let Some(path) = &places.input {
            let io = || CommandError::io(path.display().to_string());
            let metadata = path.metadata().map_err(io())?;
            let changed = metadata.modified().map_err(io())?;
            about.bytes = metadata.len();
            about.changed = changed
                .duration_since(UNIX_EPOCH)
                .map_or(0, |t| t.as_nanos());
            let path = path.canonicalize().map_err(io())?;
            about.input = Some(path.to_string_lossy().into_owned());
        }
        Ok(about)
    }

    /// Whether a run may go on at all: standard input cannot be read twice.
    pub fn can_go_on(&self) -> bool {
        self.input.is_some()
    }

    /// As it stands in the file of frames.
    pub fn bytes(&self) -> Vec<u8> {
        // Texts and numbers alone: nothing that has no JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The day of the run whose frames are there, if it is this one.
    pub fn day_of(&self, bytes: &[u8]) -> Option<Date> {
        let other: Self = serde_json::from_slice(bytes).ok()?;
        let day = Date::parse(&other.today)?;
        let mut same = self.clone();
        same.demanded = other.demanded;
        if !self.demanded {
            same.today.clone_from(&other.today);
        }
        (same == other && self.can_go_on()).then_some(day)
    }
}
