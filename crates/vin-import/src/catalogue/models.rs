//! Which vPIC make and model a source's name means.
//!
//! vPIC's own names are known without a table: a source's name that begins with one means that
//! model, the longest wins. `models.tsv` says the rest; its rows win over vPIC names of equal
//! length.

use super::name::Name;
use crate::ImportError;
use crate::report::Judge;
use crate::table::{Table, unescape};
use std::collections::HashMap;
use std::path::Path;

/// The columns of the table. An empty pattern is about the make as a whole, an empty model says
/// that vPIC has no such model.
pub const COLUMNS: [&str; 5] = ["source", "make", "pattern", "vpic_make", "vpic_model"];

/// A vPIC make and, where one fits, a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The id of the make, 0 when vPIC has none.
    pub make: u32,
    /// The id of the model, 0 when vPIC has none.
    pub model: u32,
    /// How many bytes of the name the model's name takes.
    pub taken: usize,
}

/// Every name that is known.
pub struct Models {
    /// vPIC makes by name.
    makes: HashMap<String, u32>,
    /// vPIC models of a make: name and id.
    models: HashMap<u32, Vec<(String, u32)>>,
    /// Texts of vPIC by id.
    pub make_texts: HashMap<u32, String>,
    /// Texts of vPIC by id.
    pub model_texts: HashMap<u32, String>,
    /// Rows of the table about makes: source and make to the id.
    make_rows: HashMap<(String, String), u32>,
    /// Rows about models: make to pattern, source and id.
    model_rows: HashMap<u32, Vec<(String, String, u32)>>,
}

impl Models {
    /// Reads vPIC's names and the table from the folder of all data.
    ///
    /// # Errors
    /// When a table cannot be read or a row names an id that vPIC does not have.
    pub fn read(data: &Path, judge: &mut Judge) -> Result<Self, ImportError> {
        let vpic = data.join("vpic");
        let lookups = Table::read(&vpic.join("lookup.tsv.zst"), &["table", "id", "name"])?;
        let (mut make_texts, mut model_texts) = (HashMap::new(), HashMap::new());
        for row in lookups.rows() {
            let [table, id, name] = row.cells()?;
            let texts = match table {
                "make" => &mut make_texts,
                "model" => &mut model_texts,
                _ => continue,
            };
            texts.insert(row.number("id", id)?, unescape(name).trim().to_owned());
        }
        let table = Table::read(&vpic.join("model.tsv.zst"), &["model", "make"])?;
        let mut models: HashMap<u32, Vec<(String, u32)>> = HashMap::new();
        for row in table.rows() {
            let [model, make] = row.cells()?;
            let model: u32 = row.number("model", model)?;
            let name = model_texts.get(&model).map(|text| Name::of(text));
            let Some(name) = name.filter(|name| !name.text().is_empty()) else {
                continue;
            };
            let of_make = models.entry(row.number("make", make)?).or_default();
            of_make.push((name.text().to_owned(), model));
            // `Prius Prime (PHEV)` is called Prius Prime elsewhere.
            let bare = Name::of(super::series::bare(&model_texts[&model]));
            if bare != name {
                of_make.push((bare.text().to_owned(), model));
            }
        }
        for of_make in models.values_mut() {
            of_make.sort();
        }
        // Of makes with one spelling the older one is meant, which has the smaller id.
        let mut by_id: Vec<_> = make_texts.iter().collect();
        by_id.sort_unstable();
        let mut makes = HashMap::new();
        for (id, text) in by_id {
            makes.entry(Name::of(text).text().to_owned()).or_insert(*id);
        }
        let mut read = Self {
            makes,
            models,
            make_texts,
            model_texts,
            make_rows: HashMap::new(),
            model_rows: HashMap::new(),
        };
        read.rows(&data.join("catalogue/names/models.tsv"), judge)?;
        Ok(read)
    }

    fn rows(&mut self, path: &Path, judge: &mut Judge) -> Result<(), ImportError> {
        let table = Table::read(path, &COLUMNS)?;
        for row in table.rows() {
            let [source, make, pattern, vpic_make, vpic_model] = row.cells()?;
            let id = |column, text: &str| match text {
                "" => Ok(0),
                text => row.number(column, text),
            };
            let (make_id, model) = (id("vpic_make", vpic_make)?, id("vpic_model", vpic_model)?);
            let known = match (make_id, model) {
                (id, _) if id != 0 && !self.make_texts.contains_key(&id) => {
                    Err(row.wrong("vpic_make", vpic_make, "vPIC has no make of this id"))
                }
                (_, id) if id != 0 && !self.model_texts.contains_key(&id) => {
                    Err(row.wrong("vpic_model", vpic_model, "vPIC has no model of this id"))
                }
                _ => Ok(()),
            };
            if judge.rule(known)?.is_none() {
                continue;
            }
            if pattern.is_empty() {
                let key = (source.to_owned(), Name::of(make).text().to_owned());
                self.make_rows.insert(key, make_id);
            } else {
                let row = (pattern.to_owned(), source.to_owned(), model);
                self.model_rows.entry(make_id).or_default().push(row);
            }
        }
        Ok(())
    }

    /// The vPIC make that `make` of `source` means, 0 for none.
    pub fn make(&self, source: &str, make: &str) -> u32 {
        let name = Name::of(make).text().to_owned();
        let key = (source.to_owned(), name);
        let known = self.make_rows.get(&key).copied();
        known.unwrap_or_else(|| self.makes.get(&key.1).copied().unwrap_or(0))
    }

    /// The vPIC models of a make, by name.
    pub fn of_make(&self, make: u32) -> &[(String, u32)] {
        self.models.get(&make).map_or(&[], Vec::as_slice)
    }

    /// The vPIC model that a row of the table gives to `name` of a source; of `vpic` and `also`
    /// only rows of their own count.
    pub fn row(&self, source: &str, make: u32, name: &Name) -> Option<Meant> {
        let best = self
            .rows_of(make)
            .filter(|(_, of, _)| of == source)
            .filter_map(|(pattern, _, model)| Some((name.fits(pattern)?, *model)))
            .max_by_key(|(len, _)| *len)?;
        Some(Meant {
            make,
            model: best.1,
            taken: best.0,
        })
    }

    fn rows_of(&self, make: u32) -> impl Iterator<Item = &(String, String, u32)> {
        self.model_rows
            .get(&make)
            .map_or(&[][..], Vec::as_slice)
            .iter()
    }

    /// The vPIC model that `name` of a source means.
    pub fn model(&self, source: &str, make: u32, name: &Name) -> Option<Meant> {
        let rows = self
            .rows_of(make)
            .filter(|(_, of, _)| of == source || of == "*")
            .filter_map(|(pattern, _, model)| Some((name.fits(pattern)?, true, *model)));
        let names = self.of_make(make).iter();
        // The smallest id of equal names wins.
        let names = names.filter_map(|(text, model)| Some((name.fits(text)?, false, *model)));
        let best = rows
            .chain(names)
            .max_by_key(|(len, row, model)| (*len, *row, u32::MAX - *model))?;
        (best.2 != 0).then_some(Meant {
            make,
            model: best.2,
            taken: best.0,
        })
    }
}
