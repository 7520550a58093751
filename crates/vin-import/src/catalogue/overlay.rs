//! The series that rules name, the project's and an operator's: each of them has a place in the
//! catalogue.
//!
//! A row names a series and not its brand, so the brand is found as a look-up would: of the
//! maker's rows about the brand that hold for every VIN of the row, the most specific ones count.
//! Where these disagree the series has no place, for it would be a guess.

use super::build::Build;
use crate::ImportError;
use crate::compile::OPERATOR;
use crate::compile::overlay::{COLUMNS, tables};
use crate::key::{self, ParsedKey};
use crate::table::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use vin_index::vpic::{ANY, CLASS};

/// The years that a row may hold for; an open end reaches to these.
const YEARS: RangeInclusive<u16> = 1950..=2060;

/// A name in Chinese and English.
type Pair = (String, String);

/// What a row says of the brand or the series of some VINs.
struct Said {
    key: ParsedKey,
    years: RangeInclusive<u16>,
    name: Pair,
}

#[derive(Default)]
struct Maker {
    brands: Vec<Said>,
    series: Vec<Said>,
}

/// Adds the brands and series of the rules in the folder of all data.
pub fn read(data: &Path, build: &mut Build) -> Result<(), ImportError> {
    let mut paths = tables(&data.join("overlay"))?;
    paths.extend(Some(data.join(OPERATOR).join("rules.tsv")).filter(|path| path.exists()));
    let makers = makers(&paths)?;
    let mut brands: BTreeSet<Pair> = BTreeSet::new();
    // Brand and English name to the Chinese names of series.
    let mut series: BTreeMap<(Pair, String), BTreeSet<String>> = BTreeMap::new();
    for (code, maker) in &makers {
        brands.extend(maker.brands.iter().map(|said| said.name.clone()));
        for said in &maker.series {
            let (zh, en) = said.name.clone();
            let of = maker.brands_of(said);
            if of.is_empty() {
                build.unresolved.push(("overlay", code.clone(), zh.clone()));
            }
            for brand in of {
                let names = series.entry((brand, en.clone())).or_default();
                names.insert(zh.clone());
            }
        }
    }
    for (zh, en) in &brands {
        build.series.brand_called(zh, en);
    }
    for (((brand_zh, brand_en), en), names) in &series {
        let brand = build.series.brand_called(brand_zh, brand_en);
        for zh in names {
            let own = (names.len() == 1).then_some(en.as_str());
            let at = build.series.called(brand, zh, en, own);
            let name = (brand_zh.clone(), zh.clone());
            build.series.aliases.entry(name).or_insert(at);
        }
    }
    Ok(())
}

fn makers(paths: &[PathBuf]) -> Result<BTreeMap<String, Maker>, ImportError> {
    let mut makers: BTreeMap<String, Maker> = BTreeMap::new();
    for path in paths {
        let table = Table::read(path, &COLUMNS)?;
        for row in table.rows() {
            let [codes, key, from, to, field, zh, en, _, _] = row.cells()?;
            if !matches!(field, "brand" | "typename") {
                continue;
            }
            let year = |column, text: &str, open: &u16| match text {
                "" => Ok(*open),
                text => row.number(column, text),
            };
            let years = year("from", from, YEARS.start())?..=year("to", to, YEARS.end())?;
            for code in codes.split(',') {
                let said = Said {
                    key: key::parse(key).map_err(|reason| row.wrong("key", key, &reason))?,
                    years: years.clone(),
                    name: (zh.to_owned(), en.to_owned()),
                };
                let maker = makers.entry(code.to_owned()).or_default();
                match field {
                    "brand" => maker.brands.push(said),
                    _ => maker.series.push(said),
                }
            }
        }
    }
    Ok(makers)
}

impl Maker {
    /// The brands of a series: one for each run of years that has only one.
    fn brands_of(&self, series: &Said) -> BTreeSet<Pair> {
        let mut holding: HashMap<(usize, usize), Vec<&Said>> = HashMap::new();
        for brand in self.brands.iter().filter(|brand| brand.covers(series)) {
            holding.entry(brand.specificity()).or_default().push(brand);
        }
        let mut ranks: Vec<_> = holding.into_iter().collect();
        ranks.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        let mut found = BTreeSet::new();
        for year in series.years.clone() {
            let in_year = ranks.iter().find_map(|(_, brands)| {
                let held = brands.iter().filter(|brand| brand.years.contains(&year));
                let names: BTreeSet<_> = held.map(|brand| &brand.name).collect();
                (!names.is_empty()).then_some(names)
            });
            // A maker stays who it is in a year that its row does not reach.
            let names = in_year.unwrap_or_else(|| {
                let of_maker = ranks.iter().find(|(rank, _)| *rank == (0, 0));
                of_maker.map_or_else(BTreeSet::new, |(_, brands)| {
                    brands.iter().map(|brand| &brand.name).collect()
                })
            });
            if names.len() == 1 {
                found.extend(names.into_iter().cloned());
            }
        }
        found
    }
}

impl Said {
    /// Whether every VIN that fits `other` fits this one too.
    fn covers(&self, other: &Self) -> bool {
        let mut both = other.key.classes.iter().zip(&self.key.classes);
        both.all(|(narrow, wide)| narrow & !wide == 0)
    }

    fn specificity(&self) -> (usize, usize) {
        let chars = self.key.chars.iter();
        let looked = chars.clone().filter(|c| **c != ANY).count();
        (
            looked,
            chars.filter(|c| !matches!(**c, ANY | CLASS)).count(),
        )
    }
}
