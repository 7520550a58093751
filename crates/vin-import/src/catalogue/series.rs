//! Brands and series: vPIC's models joined by the name that the trade gives their series, and
//! the series that only other sources know.

use super::models::Models;
use super::name::Name;
use super::words::Words;
use crate::ImportError;
use crate::table::Table;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Chinese; the English one where the trade has none.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Named {
    /// Takes names in both languages where there is only one so far.
    fn translate(&mut self, zh: &str, en: &str) {
        if self.zh == self.en && zh != en {
            (self.zh, self.en) = (zh.to_owned(), en.to_owned());
        }
    }
}

/// A brand.
#[derive(Clone, Debug)]
pub struct Brand {
    /// What the ledger knows it by: `make/452`, or `name/mg`.
    pub key: String,
    /// Its number where that is not the ledger's.
    pub id: Option<u32>,
    /// The vPIC make, or 0.
    pub make: u32,
    /// Its name.
    pub name: Named,
}

/// A series.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the ledger knows it by: brand and the smallest of its vPIC models, or its name.
    pub key: String,
    /// Its number where that is not the ledger's.
    pub id: Option<u32>,
    /// Index of its brand.
    pub brand: usize,
    /// Its name.
    pub name: Named,
}

/// Every brand and series.
#[derive(Default)]
pub struct AllSeries {
    /// The brands.
    pub brands: Vec<Brand>,
    /// The series.
    pub series: Vec<Series>,
    /// vPIC model to series.
    pub of_model: BTreeMap<u32, usize>,
    /// Series to one that may list its cars, where the table of names says so.
    also: BTreeMap<usize, usize>,
    brand_of: HashMap<String, usize>,
    by_name: HashMap<(usize, String), usize>,
    /// Chinese names of brands in the rules of the overlay that the catalogue calls otherwise.
    pub brand_aliases: BTreeMap<String, usize>,
    /// Names of brand and series in the rules of the overlay, and the series that they mean.
    pub aliases: BTreeMap<(String, String), usize>,
    mapped: HashMap<u32, Named>,
}

/// A vPIC name without what it adds in brackets.
pub fn bare(text: &str) -> &str {
    text.split_once(" (").map_or(text, |(name, _)| name)
}

impl AllSeries {
    /// Reads the names of brands and series, and makes the series of vPIC's models of every make
    /// that has a row among the brands.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn read(data: &Path, models: &Models) -> Result<Self, ImportError> {
        let mapping = data.join("mapping");
        let mut all = Self::default();
        let table = Table::read(
            &mapping.join("series.tsv"),
            &["make", "model", "vpic", "zh", "en"],
        )?;
        for row in table.rows() {
            let [_, model, _, zh, en] = row.cells()?;
            let name = Named {
                zh: zh.to_owned(),
                en: en.to_owned(),
            };
            all.mapped.insert(row.number("model", model)?, name);
        }
        let columns = ["make", "vpic", "zh", "en", "source"];
        let table = Table::read(&mapping.join("brands.tsv"), &columns)?;
        for row in table.rows() {
            let [make, _, zh, en, _] = row.cells()?;
            let make = row.number("make", make)?;
            let zh = if zh.is_empty() { en } else { zh };
            let name = Named {
                zh: zh.to_owned(),
                en: en.to_owned(),
            };
            all.add_brand(format!("make/{make}"), make, name);
        }
        for brand in 0..all.brands.len() {
            all.add_models(brand, models);
        }
        Ok(all)
    }

    fn add_brand(&mut self, key: String, make: u32, name: Named) -> usize {
        let next = self.brands.len();
        let at = *self.brand_of.entry(key.clone()).or_insert(next);
        if at == next {
            let id = None;
            self.brands.push(Brand {
                key,
                id,
                make,
                name,
            });
        }
        at
    }

    fn add_models(&mut self, brand: usize, models: &Models) {
        let make = self.brands[brand].make;
        let mut by_id: Vec<_> = models.of_make(make).iter().map(|(_, id)| *id).collect();
        by_id.sort_unstable();
        for model in by_id {
            let text = &models.model_texts[&model];
            // A model that the table calls a form of another one belongs to its series.
            let canonical = models
                .row("vpic", make, &Name::of(text))
                .map_or(model, |meant| meant.model);
            let own = self
                .mapped
                .get(&canonical)
                .or(self.mapped.get(&model))
                .cloned();
            let text = bare(&models.model_texts[&canonical]).to_owned();
            let name = own.unwrap_or(Named {
                zh: text.clone(),
                en: text,
            });
            let named = (brand, Name::of(&name.en).text().to_owned());
            let next = self.series.len();
            let at = *self.by_name.entry(named).or_insert(next);
            if at == next {
                self.series.push(Series {
                    key: format!("{}/{model}", self.brands[brand].key),
                    id: None,
                    brand,
                    name,
                });
            }
            self.of_model.insert(model, at);
        }
        for (text, model) in models.of_make(make) {
            let meant = models.row("also", make, &Name::of(text));
            let other = meant.and_then(|meant| self.of_model.get(&meant.model));
            if let (Some(&other), Some(&own)) = (other, self.of_model.get(model)) {
                self.also.insert(own, other);
            }
        }
    }

    /// The index of the brand that a source's make means; it is added when it is new.
    pub fn brand(&mut self, source: &str, text: &str, models: &Models, words: &Words) -> usize {
        let make = models.make(source, text);
        if make != 0 {
            let key = format!("make/{make}");
            if let Some(&at) = self.brand_of.get(&key) {
                return at;
            }
            let text = models.make_texts[&make].clone();
            let name = Named {
                zh: text.clone(),
                en: text,
            };
            let at = self.add_brand(key, make, name);
            self.add_models(at, models);
            return at;
        }
        let (zh, en) = match words.text("brand", text) {
            Some((zh, en)) => (zh.clone(), en.clone()),
            None => (text.to_owned(), text.to_owned()),
        };
        let known = self
            .brands
            .iter()
            .position(|brand| brand.name.zh == zh || brand.name.en == en);
        known.unwrap_or_else(|| {
            let key = format!("name/{}", Name::of(&en).text());
            self.add_brand(key, 0, Named { zh, en })
        })
    }

    /// The series of a brand that is called `text`; it is added when it is new.
    pub fn named(&mut self, brand: usize, text: &str) -> usize {
        let name = Name::of(text).text().to_owned();
        let next = self.series.len();
        let at = *self.by_name.entry((brand, name.clone())).or_insert(next);
        if at == next {
            self.series.push(Series {
                key: format!("{}/name/{name}", self.brands[brand].key),
                id: None,
                brand,
                name: Named {
                    zh: text.to_owned(),
                    en: text.to_owned(),
                },
            });
        }
        at
    }

    /// The brand of these names, the nearest one first; it is added when it is new. One without a
    /// Chinese name gets this one.
    pub fn brand_called(&mut self, zh: &str, en: &str) -> usize {
        let fits: [&dyn Fn(&Named) -> bool; 3] = [
            &|name| name.zh == zh && name.en == en,
            &|name| name.en == en,
            &|name| name.zh == zh,
        ];
        let mut found = fits
            .iter()
            .filter_map(|fits| self.brands.iter().position(|brand| fits(&brand.name)));
        let at = found.next().unwrap_or_else(|| {
            let name = Named {
                zh: zh.to_owned(),
                en: en.to_owned(),
            };
            let key = format!("name/{}", Name::of(en).text());
            self.add_brand(key, 0, name)
        });
        self.brands[at].name.translate(zh, en);
        if self.brands[at].name.zh != zh {
            self.brand_aliases.insert(zh.to_owned(), at);
        }
        at
    }

    /// The series of a brand that is called `zh`; it is added when it is new.
    ///
    /// A series that has no Chinese name yet is meant when its English one is `own`, and gets
    /// this Chinese name.
    pub fn called(&mut self, brand: usize, zh: &str, en: &str, own: Option<&str>) -> usize {
        let spelt = |text: &str| Name::of(text).text().to_owned();
        // `CLK` and `CLK级` are one series, in English `CLK` and `CLK-Class`.
        let short = |text: &str| spelt(text.trim_end_matches('级'));
        let brand_zh = self.brands[brand].name.zh.clone();
        let is_it = |series: &Series| {
            let own = series.name.zh.strip_prefix(&brand_zh).unwrap_or_default();
            let names = [short(&series.name.zh), short(own)];
            series.brand == brand && names.contains(&short(zh))
        };
        let by_zh = self.series.iter().position(is_it);
        let by_en = || {
            let name = spelt(own?);
            let mut names = [name.clone(), format!("{name}class")].into_iter();
            let at = names.find_map(|name| self.by_name.get(&(brand, name)).copied())?;
            // Chinese names that differ are different series: 花冠 and 卡罗拉.
            let latin = |zh: &str, en: &str| spelt(zh) == spelt(en);
            let name = &self.series[at].name;
            (latin(&name.zh, &name.en) || latin(zh, en)).then_some(at)
        };
        if let Some(at) = by_zh.or_else(by_en) {
            self.series[at].name.translate(zh, en);
            return at;
        }
        self.series.push(Series {
            key: format!("{}/name/{}", self.brands[brand].key, spelt(zh)),
            id: None,
            brand,
            name: Named {
                zh: zh.to_owned(),
                en: en.to_owned(),
            },
        });
        let at = self.series.len() - 1;
        self.by_name.entry((brand, spelt(en))).or_insert(at);
        at
    }

    /// The series that may list the cars of `series`: that of the table of names, else the one
    /// whose name it begins with: Escalade ESV with Escalade.
    pub fn also(&self, series: usize) -> Option<usize> {
        if let Some(&other) = self.also.get(&series) {
            return Some(other).filter(|other| *other != series);
        }
        let (brand, name) = (self.series[series].brand, &self.series[series].name.en);
        // Every shorter run of whole words, the longest first.
        let cuts = name.char_indices().rev().filter(|(_, c)| *c == ' ');
        let mut names = cuts.map(|(at, _)| Name::of(&name[..at]).text().to_owned());
        names.find_map(|name| self.by_name.get(&(brand, name)).copied())
    }

    /// Whether a brand has a series of this name.
    pub fn has(&self, brand: usize, text: &str) -> bool {
        let name = Name::of(text).text().to_owned();
        self.by_name.contains_key(&(brand, name))
    }
}
