//! The brands and series of an operator's cars that have no number of a series: each of them has a
//! place in the catalogue.

use super::build::Build;
use crate::ImportError;
use crate::compile::OPERATOR;
use crate::compile::records::ENGLISH;
use crate::table::Table;
use std::path::Path;

/// Adds the brands and series that the cars in the folder of all data name.
pub fn read(data: &Path, build: &mut Build) -> Result<(), ImportError> {
    let path = data.join(OPERATOR).join("cars.tsv");
    if !path.exists() {
        return Ok(());
    }
    let table = Table::read_any(&path)?;
    let columns: Vec<_> = table.columns().map(str::to_owned).collect();
    let place = |path: &str| columns.iter().position(|column| column == path);
    let pair = |path: &str| (place(path), place(&format!("{path}{ENGLISH}")));
    let (brand, series) = (pair("brand"), pair("typename"));
    for row in table.rows() {
        // Who reads the records tells about a row that cannot be right.
        let Ok(cells) = row.all_cells() else {
            continue;
        };
        let text = |at: Option<usize>| at.map_or("", |at| cells[at]);
        let names = |(zh, en): (Option<usize>, Option<usize>)| match (text(zh), text(en)) {
            (zh, "") => (zh, zh),
            both => both,
        };
        let ((brand_zh, brand_en), (zh, en)) = (names(brand), names(series));
        if brand_zh.is_empty() || !cells[1].is_empty() {
            continue;
        }
        let brand = build.series.brand_called(brand_zh, brand_en);
        let name = (brand_zh.to_owned(), zh.to_owned());
        if !zh.is_empty() && !build.own.contains_key(&name) {
            let known = build.series.aliases.get(&name).copied();
            let at = known.unwrap_or_else(|| build.series.called(brand, zh, en, Some(en)));
            build.own.insert(name, at);
        }
    }
    Ok(())
}
