//! Which made-up cars could have been sold: those whose series EPA lists with their engine.
//!
//! Series are found by their bare names here, not by the catalogue's table of names, so that a
//! name which that table misses still counts as a car without values.

use super::text;
use crate::run;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

const TABLE: &str = "data/catalogue/epa/vehicles.tsv.zst";

/// The model years that are looked at.
const YEARS: std::ops::RangeInclusive<u16> = 2010..=2026;
/// A make has at least so many rows in those years.
const ROWS: usize = 100;

/// A row of EPA.
struct Row {
    model: String,
    base: String,
    /// Displacement in tenths of a litre; 0 without an engine.
    tenths: u32,
    cylinders: String,
}

/// What EPA lists.
pub struct Market {
    makes: BTreeMap<String, usize>,
    rows: HashMap<(String, u16), Vec<Row>>,
}

/// Letters and digits in lower case, up to a bracket.
fn plain(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn tenths(litres: &str) -> u32 {
    litres
        .parse::<f64>()
        .map_or(0, |litres| (litres * 10.0).round() as u32)
}

impl Market {
    /// Reads EPA's rows.
    pub fn read() -> Result<Self, String> {
        let path = run::root().join(TABLE);
        let packed = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let bytes = zstd::decode_all(packed.as_slice()).map_err(|e| e.to_string())?;
        let table = String::from_utf8(bytes).map_err(|e| e.to_string())?;
        Ok(Self::of(&table))
    }

    fn of(table: &str) -> Self {
        let mut makes: BTreeMap<String, usize> = BTreeMap::new();
        let mut rows: HashMap<(String, u16), Vec<Row>> = HashMap::new();
        for line in table.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            let [_, year, make, model, base, litres, cylinders, ..] = cells[..] else {
                continue;
            };
            let year = year.parse().unwrap_or(0);
            if YEARS.contains(&year) {
                *makes.entry(make.to_owned()).or_default() += 1;
                rows.entry((plain(make), year)).or_default().push(Row {
                    model: plain(model),
                    base: plain(base),
                    tenths: tenths(litres),
                    cylinders: cylinders.to_owned(),
                });
            }
        }
        makes.retain(|_, rows| *rows >= ROWS);
        Self { makes, rows }
    }

    /// The makes that sold much, and how many rows each has.
    pub fn makes(&self) -> Vec<(String, usize)> {
        self.makes.clone().into_iter().collect()
    }

    /// Whether the car of an answer was sold.
    pub fn takes(&self, answer: &Value) -> bool {
        let year: u16 = text(answer, "yeartype").parse().unwrap_or(0);
        let series = plain(text(answer, "typename"));
        let Some(rows) = self.rows.get(&(plain(text(answer, "brand")), year)) else {
            return false;
        };
        let tenths = tenths(text(answer, "displacement").trim_end_matches(['L', 'T']));
        let cylinders = text(answer, "cylindernum");
        let electric = text(answer, "fueltype") == "Electric";
        !series.is_empty()
            && rows.iter().any(|row| {
                let named = row.model.contains(&series)
                    || row.base.contains(&series)
                    || !row.base.is_empty() && series.contains(&row.base);
                let unknown = tenths == 0 && !electric;
                let engine = unknown || row.tenths.abs_diff(tenths) <= 1;
                let same =
                    cylinders.is_empty() || row.cylinders.is_empty() || cylinders == row.cylinders;
                named && engine && same
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(series: &str, year: &str, displacement: &str) -> Value {
        json!({"result": {"brand": "Ford", "typename": series, "yeartype": year,
            "displacement": displacement, "cylindernum": "4", "fueltype": "Gasoline"}})
    }

    #[test]
    fn only_engines_that_the_series_had_are_taken() {
        let table = "header\n1\t2015\tFord\tFusion AWD\tFusion\t2.0\t4\n";
        let market = Market::of(table);
        assert!(market.takes(&answer("Fusion", "2015", "2.0T")));
        assert!(market.takes(&answer("Fusion", "2015", "")));
        assert!(!market.takes(&answer("Fusion", "2015", "6.6L")));
        assert!(!market.takes(&answer("Fusion", "2016", "2.0T")));
        assert!(!market.takes(&answer("F-150", "2015", "2.0T")));
        assert!(market.makes().is_empty());
    }
}
