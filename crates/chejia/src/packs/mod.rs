//! The vehicle data of an operator, in generations beside the one that is built in.
//!
//! | in the data directory | |
//! |---|---|
//! | `packs/current` | the number of the generation in force; without it the built-in data is |
//! | `packs/NNNNNN/pack` | a compiled pack: the built-in tables with the operator's over them |
//! | `packs/NNNNNN/tables/` | the tables that differ from the built-in ones |
//! | `packs/NNNNNN/manifest.json`, `report.json` | what it was made of and with, and what the import said |
//! | `packs/.staging-…` | a generation that is being made, or was when its maker died |
//! | `packs/lock` | locked by whoever changes any of these |
//!
//! A generation is complete before it gets its name, and is never changed afterwards. Which one is
//! in force changes by renaming `current`. This module does not read an operator's files; that is
//! vin-import's.

mod check;
mod manifest;
mod staging;
mod tables;
mod watch;

pub use check::checked;
pub use manifest::{Import, Manifest, TableRows};
pub use staging::Staging;
pub use watch::watch;

use crate::CommandError;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};
use vin_core::Date;
use vin_engine::Engine;
use vin_index::{Pack, PackError};

/// The number of a generation; 0 is the built-in data.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Generation(pub u32);

impl Generation {
    /// The data that is part of the program.
    pub const BUILT_IN: Self = Self(0);

    /// Reads the name of a generation's folder.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        (digits && (6..=9).contains(&text.len()))
            .then(|| text.parse().ok().map(Self))
            .flatten()
    }

    /// The name of its folder.
    fn folder(self) -> String {
        format!("{:06}", self.0)
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::BUILT_IN => f.write_str("built-in"),
            Self(number) => write!(f, "generation {number}"),
        }
    }
}

/// An engine, and which data it works with.
pub struct InForce {
    /// The engine.
    pub engine: Engine,
    /// Where its pack is from.
    pub generation: Generation,
    /// Whether it was made with other built-in data than this program's.
    pub outdated: bool,
}

impl InForce {
    /// The built-in data.
    pub fn built_in() -> Self {
        Self {
            engine: vin_data::engine(),
            generation: Generation::BUILT_IN,
            outdated: false,
        }
    }

    /// Which data it is, for people.
    pub fn describe(&self) -> String {
        let digest = self.engine.pack().digest();
        format!("{} {digest}", self.generation)
    }
}

/// The folder of generations.
#[derive(Clone, Debug)]
pub struct Packs {
    folder: PathBuf,
}

impl Packs {
    /// The generations in a data directory, which need not exist.
    pub fn of(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("packs"),
        }
    }

    /// The generation in force.
    ///
    /// # Errors
    /// When `current` cannot be read or names none.
    pub fn current(&self) -> Result<Generation, CommandError> {
        let path = self.folder.join("current");
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Generation::BUILT_IN),
            text => text.map_err(CommandError::io(path.display().to_string()))?,
        };
        Generation::parse(text.trim_end()).ok_or_else(|| {
            let path = path.display();
            CommandError::Failed(format!(
                "{path} does not name a generation: {text:?}; `chejia data back --to NUMBER` writes it anew"
            ))
        })
    }

    /// Every complete generation that is kept, the oldest first; never the built-in one.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn kept(&self) -> Result<Vec<Generation>, CommandError> {
        let failed = || CommandError::io(self.folder.display().to_string());
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed())?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed())?.file_name();
            kept.extend(name.to_str().and_then(Generation::parse));
        }
        kept.sort_unstable();
        Ok(kept)
    }

    /// What a generation was made of.
    ///
    /// # Errors
    /// When there is no such generation, or its manifest is none.
    pub fn manifest(&self, generation: Generation) -> Result<Manifest, CommandError> {
        Manifest::read(&self.folder.join(generation.folder()))
    }

    fn pack_file(&self, generation: Generation) -> PathBuf {
        self.folder.join(generation.folder()).join("pack")
    }

    /// Opens the data of a generation: quick at any size, for nothing but the header is read.
    ///
    /// # Errors
    /// When the pack is missing, cut off or of another format; the text says what to do.
    pub fn open(&self, generation: Generation) -> Result<InForce, CommandError> {
        if generation == Generation::BUILT_IN {
            return Ok(InForce::built_in());
        }
        let pack = Pack::open(&self.pack_file(generation));
        let pack = pack.map_err(|error| unusable(generation, &error))?;
        let manifest = self.manifest(generation)?;
        Ok(InForce {
            engine: Engine::new(pack),
            generation,
            outdated: manifest.is_outdated(),
        })
    }

    /// Opens the data of a generation and checks all of it: every byte, and that it decodes.
    ///
    /// # Errors
    /// As [`Packs::open`], and when the check fails.
    pub fn open_checked(
        &self,
        generation: Generation,
        today: Date,
    ) -> Result<InForce, CommandError> {
        let opened = self.open(generation)?;
        checked(&opened.engine, today).map_err(|reason| broken(generation, &reason))?;
        Ok(opened)
    }
}

fn unusable(generation: Generation, error: &PackError) -> CommandError {
    match error {
        PackError::Version { .. } => CommandError::Failed(format!(
            "{generation} was made by another version of this program ({error}): \
             run `chejia data rebuild`, or `chejia data back --to 0` for the built-in data"
        )),
        _ => broken(generation, &error.to_string()),
    }
}

fn broken(generation: Generation, reason: &str) -> CommandError {
    CommandError::Failed(format!(
        "{generation} cannot be used: {reason}; \
         run `chejia data rebuild`, or `chejia data back` for the former data"
    ))
}

/// Writes a file under another name, and gives it its name when all of it is on the disk.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut file = fs::File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Waits until the names in a folder are on the disk.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
