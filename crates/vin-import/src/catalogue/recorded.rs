//! The series that cars given field by field are of, and that the catalogue lacks.
//!
//! Such a series has the number that its records give it. A brand that only records know has a
//! number of the operator's ledger; where none may be given, the smallest number of its series.
//! Rows that cannot be right are passed over: who reads the records tells about them.

use super::build::Build;
use super::ids::{Kind, Ledgers};
use super::series::{Named, Series};
use crate::ImportError;
use crate::compile::overlay::tables;
use crate::table::Table;
use std::collections::BTreeMap;
use std::path::Path;

/// The columns that tell a series, the optional English ones last.
const COLUMNS: [&str; 5] = ["typeid", "brand", "typename", "brand@en", "typename@en"];

/// Adds the series of the records in the folder of all data; `gives` says whether the ledger
/// gives numbers to what has none.
pub fn add(data: &Path, build: &mut Build, ids: &Ledgers, gives: bool) -> Result<(), ImportError> {
    let mut paths = tables(&data.join("records"))?;
    let own = data.join("operator/cars.tsv");
    if own.exists() {
        paths.push(own);
    }
    // The first record of a series names it.
    let mut series: BTreeMap<u32, (Named, Named)> = BTreeMap::new();
    for path in paths {
        read(&path, &mut series)?;
    }
    for known in &build.series.series {
        if let Ok(id) = ids.get(Kind::Type, &known.key) {
            series.remove(&id);
        }
    }
    for (id, (brand, name)) in series {
        let all = &mut build.series;
        let known = all.brands.len();
        let brand = all.brand_called(&brand.zh, &brand.en);
        let unknown = ids.get(Kind::Brand, &all.brands[brand].key).is_err();
        if all.brands.len() > known && unknown && !gives {
            all.brands[brand].id = Some(id);
        }
        all.series.push(Series {
            key: format!("record/{id}"),
            id: Some(id),
            brand,
            name,
        });
    }
    Ok(())
}

fn read(path: &Path, series: &mut BTreeMap<u32, (Named, Named)>) -> Result<(), ImportError> {
    let table = Table::read_any(path)?;
    let place = COLUMNS.map(|name| table.columns().position(|column| column == name));
    for row in table.rows() {
        let Ok(cells) = row.all_cells() else {
            continue;
        };
        let [id, brand, name, brand_en, name_en] = place.map(|at| at.map_or("", |at| cells[at]));
        let id = id.parse().unwrap_or(0);
        if id == 0 || brand.is_empty() || name.is_empty() {
            continue;
        }
        let named = |zh: &str, en: &str| Named {
            zh: zh.to_owned(),
            en: if en.is_empty() { zh } else { en }.to_owned(),
        };
        let names = (named(brand, brand_en), named(name, name_en));
        series.entry(id).or_insert(names);
    }
    Ok(())
}
