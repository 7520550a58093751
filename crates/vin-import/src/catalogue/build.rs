//! Reads every source in the order of [`SOURCES`] and collects cars and bodies.

use super::draft::{Body, Car};
use super::models::Models;
use super::name::Name;
use super::series::AllSeries;
use super::words::Words;
use super::{bodies, canada, epa, european, gaps, notice, omega, overlay, own};
use crate::ImportError;
use crate::report::Judge;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything that is being collected.
pub struct Build {
    /// The folder of the catalogue.
    pub folder: PathBuf,
    /// Names of makes and models.
    pub models: Models,
    /// What words mean.
    pub words: Words,
    /// Brands and series.
    pub series: AllSeries,
    /// The cars.
    pub cars: Vec<Car>,
    /// The bodies.
    pub bodies: Vec<Body>,
    /// Names that no vPIC model stands for: source, make and name.
    pub unresolved: Vec<(&'static str, String, String)>,
    /// Names of brand and series of an operator's cars, and the series that they mean.
    pub own: BTreeMap<(String, String), usize>,
    /// What becomes of a row about something that the tables do not know.
    pub judge: Judge,
}

/// Reads one source.
type Read = fn(&mut Build) -> Result<(), ImportError>;

/// The readers in their order: OMEGA completes the cars of EPA, and its sizes fill in where
/// Transport Canada has none; what is said of bodies by hand counts for both.
const SOURCES: &[Read] = &[
    epa::read,
    canada::read,
    close_gaps,
    omega::read,
    bodies::read_generations,
    bodies::read_conditions,
    extend,
    european::vca,
    european::ademe,
    notice::miit,
];

fn close_gaps(build: &mut Build) -> Result<(), ImportError> {
    gaps::close(build);
    Ok(())
}

fn extend(build: &mut Build) -> Result<(), ImportError> {
    gaps::extend(build);
    Ok(())
}

/// What a source's name means.
pub struct Resolved {
    /// Index of the series.
    pub series: usize,
    /// The vPIC make, or 0.
    pub make: u32,
    /// The vPIC model, or 0.
    pub model: u32,
    /// What the name says beyond the series.
    pub version: String,
    /// What the name says beyond the vPIC model.
    pub beyond: String,
}

impl Build {
    /// Reads all sources from the folder of all data.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read(data: &Path, mut judge: Judge) -> Result<Self, ImportError> {
        let folder = data.join("catalogue");
        let models = Models::read(data, &mut judge)?;
        let words = Words::read(&folder.join("names"))?;
        let series = AllSeries::read(data, &models)?;
        let mut build = Self {
            folder,
            models,
            words,
            series,
            cars: Vec::new(),
            bodies: Vec::new(),
            unresolved: Vec::new(),
            own: BTreeMap::new(),
            judge,
        };
        for read in SOURCES {
            read(&mut build)?;
        }
        overlay::read(data, &mut build)?;
        own::read(data, &mut build)?;
        Ok(build)
    }

    /// The series and vPIC model that the first of `names` means which means any.
    ///
    /// Without one the series gets the last name.
    pub fn resolve(&mut self, source: &'static str, make_text: &str, names: &[&str]) -> Resolved {
        let brand = self
            .series
            .brand(source, make_text, &self.models, &self.words);
        let make = self.series.brands[brand].make;
        let full = names.first().copied().unwrap_or_default();
        for (n, text) in names.iter().enumerate() {
            let name = Name::of(text);
            let meant = self.models.model(source, make, &name);
            let known = meant.and_then(|meant| {
                let series = *self.series.of_model.get(&meant.model)?;
                Some((series, meant))
            });
            if let Some((series, meant)) = known {
                let beyond = match n {
                    0 => Name::tail(full, meant.taken).to_owned(),
                    _ => full.to_owned(),
                };
                let version = self.beyond(series, full);
                return Resolved {
                    series,
                    make,
                    model: meant.model,
                    version,
                    beyond,
                };
            }
        }
        let last = names.last().copied().unwrap_or_default();
        if !self.series.has(brand, last) {
            self.unresolved
                .push((source, make_text.to_owned(), last.to_owned()));
        }
        let series = self.series.named(brand, last);
        let version = self.beyond(series, full);
        Resolved {
            series,
            make,
            model: 0,
            beyond: version.clone(),
            version,
        }
    }

    /// `text` without the name of the series, when it begins with that.
    fn beyond(&self, series: usize, text: &str) -> String {
        let name = Name::of(&self.series.series[series].name.en);
        match Name::of(text).fits(name.text()) {
            Some(len) if len > 0 => Name::tail(text, len).to_owned(),
            _ => text.to_owned(),
        }
    }
}
