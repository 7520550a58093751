//! Which made-up cars could have been sold, and how much each of them counts.
//!
//! A car could have been sold when EPA lists its series in the year with its engine. Series are
//! found by their bare names here, not by the catalogue's table of names, so that a name which
//! that table misses still counts as a car without values.
//!
//! All cars of a series and model year count together as much as was sold of the series in the
//! fleets of 2019 and 2022 that EPA published, times the share of the model year among used cars,
//! see [`YEARS`]. A series that neither fleet has counts as the least sold one of its make.

use super::text;
use crate::run;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

const VEHICLES: &str = "data/catalogue/epa/vehicles.tsv.zst";
const FLEETS: &str = "data/catalogue/omega/fleet.tsv.zst";

/// The model years that are looked at, in spans, and how much a span counts in percent. Up to 2022
/// as among the 1,500 labelled listings of dealers that the aims were measured on, which are older
/// than the years after.
const YEARS: [(std::ops::RangeInclusive<u16>, f64); 4] = [
    (2010..=2014, 3.0),
    (2015..=2017, 12.0),
    (2018..=2022, 75.0),
    (2023..=2026, 10.0),
];
/// Bodies of vehicles that are sold without one.
const BARE: [&str; 2] = ["Chassis", "Incomplete vehicle"];
/// The share of pick-ups, as among the same listings: of the fleets they are a sixth, but their
/// bed, and with it their length, is in few VINs.
pub const PICKUPS: f64 = 0.05;
/// A make has at least so many rows in those years.
const ROWS: usize = 100;
/// How many cars are made up for each row, so that the much sold series have many.
const PER_ROW: usize = 24;

/// A row of EPA.
struct Row {
    model: String,
    base: String,
    /// Index of its make and series.
    series: usize,
    /// Displacement in tenths of a litre; 0 without an engine.
    tenths: u32,
    cylinders: String,
}

/// What EPA lists.
pub struct Market {
    makes: BTreeMap<String, usize>,
    rows: HashMap<(String, u16), Vec<Row>>,
    /// Make of a series, its name, and how many were sold.
    series: Vec<(String, String, f64)>,
}

/// The series of EPA that a car is of, and its model year.
pub type Cell = (usize, u16);

/// Letters and digits in lower case, up to a bracket.
fn plain(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The letters of a name without words of the drive, its words in the order of the alphabet.
fn sorted(name: &str) -> String {
    const DRIVES: [&str; 6] = ["4x4", "4x2", "4wd", "2wd", "awd", "fwd"];
    let mut words: Vec<_> = name.split_whitespace().map(plain).collect();
    words.retain(|word| !DRIVES.contains(&word.as_str()));
    words.sort();
    words.concat()
}

fn tenths(litres: &str) -> u32 {
    litres
        .parse::<f64>()
        .map_or(0, |litres| (litres * 10.0).round() as u32)
}

fn read(table: &str) -> Result<String, String> {
    let path = run::root().join(table);
    let packed = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let bytes = zstd::decode_all(packed.as_slice()).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

impl Market {
    /// Reads EPA's rows and fleets.
    pub fn read() -> Result<Self, String> {
        Ok(Self::of(&read(VEHICLES)?, &read(FLEETS)?))
    }

    fn of(vehicles: &str, fleets: &str) -> Self {
        let mut market = Self {
            makes: BTreeMap::new(),
            rows: HashMap::new(),
            series: Vec::new(),
        };
        let mut numbers: HashMap<(String, String), usize> = HashMap::new();
        let mut named: HashMap<(u16, String), Vec<usize>> = HashMap::new();
        for line in vehicles.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            let [_, year, make, model, base, litres, cylinders, ..] = cells[..] else {
                continue;
            };
            let year = year.parse().unwrap_or(0);
            if !YEARS.iter().any(|(years, _)| years.contains(&year)) {
                continue;
            }
            *market.makes.entry(make.to_owned()).or_default() += 1;
            let base = if base.is_empty() { model } else { base };
            let key = (plain(make), plain(base));
            let series = *numbers.entry(key).or_insert_with(|| {
                market.series.push((plain(make), base.to_owned(), 0.0));
                market.series.len() - 1
            });
            let of_name = named.entry((year, sorted(model))).or_default();
            if !of_name.contains(&series) {
                of_name.push(series);
            }
            let rows = market.rows.entry((plain(make), year)).or_default();
            rows.push(Row {
                model: plain(model),
                base: plain(base),
                series,
                tenths: tenths(litres),
                cylinders: cylinders.to_owned(),
            });
        }
        for line in fleets.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            let [_, year, _, name, .., sales] = cells[..] else {
                continue;
            };
            let key = (year.parse().unwrap_or(0), sorted(name));
            let of_name = named.get(&key).map_or(&[][..], Vec::as_slice);
            for &series in of_name {
                let sold: f64 = sales.parse().unwrap_or(0.0);
                market.series[series].2 += sold / of_name.len() as f64;
            }
        }
        market.makes.retain(|_, rows| *rows >= ROWS);
        market
    }

    /// The makes that sold much, and how many cars to make up of each.
    pub fn makes(&self) -> Vec<(String, usize)> {
        let counts = self.makes.iter();
        counts
            .map(|(make, rows)| (make.clone(), rows * PER_ROW))
            .collect()
    }

    /// The series and year of EPA that the car of an answer is of; `None` when it was not sold.
    pub fn cell(&self, answer: &Value) -> Option<Cell> {
        let year: u16 = text(answer, "yeartype").parse().unwrap_or(0);
        let series = plain(text(answer, "typename"));
        let rows = self.rows.get(&(plain(text(answer, "brand")), year))?;
        let tenths = tenths(text(answer, "displacement").trim_end_matches(['L', 'T']));
        let cylinders = text(answer, "cylindernum");
        let electric = text(answer, "fueltype") == "Electric";
        // Nor did EPA rate what others build a body on.
        if BARE.contains(&text(answer, "bodytype")) {
            return None;
        }
        // How well the names agree; a short name stands in many that mean another car.
        let names = |row: &Row| match () {
            () if row.base == series || row.model == series => 3,
            () if row.model.starts_with(&series) || series.starts_with(&row.base) => 2,
            () if series.len() > 2
                && (row.model.contains(&series) || row.base.contains(&series)) =>
            {
                1
            }
            () => 0,
        };
        let fits = |row: &&Row| {
            let unknown = tenths == 0 && !electric;
            let engine = unknown || row.tenths.abs_diff(tenths) <= 1;
            let same =
                cylinders.is_empty() || row.cylinders.is_empty() || cylinders == row.cylinders;
            engine && same && names(row) > 0
        };
        let best = rows.iter().filter(fits).max_by_key(|row| names(row))?;
        (!series.is_empty()).then_some((best.series, year))
    }

    /// What a cell is called.
    pub fn name(&self, (series, year): Cell) -> String {
        let (make, name, _) = &self.series[series];
        format!("{year} {make} {name}")
    }

    /// How much all cars of a cell count together.
    pub fn weight(&self, (series, year): Cell) -> f64 {
        let (make, _, sold) = &self.series[series];
        let least = || {
            let of_make = self
                .series
                .iter()
                .filter(|(of, _, sold)| of == make && *sold > 0.0);
            of_make.map(|(.., sold)| *sold).reduce(f64::min)
        };
        let sold = if *sold > 0.0 {
            *sold
        } else {
            least().unwrap_or(1.0)
        };
        let span = YEARS.iter().find(|(years, _)| years.contains(&year));
        let share = span.map_or(0.0, |(years, percent)| percent / years.len() as f64);
        sold * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const VEHICLES: &str = "header\n1\t2015\tFord\tFusion AWD\tFusion\t2.0\t4\n\
        2\t2019\tFord\tFusion AWD\tFusion\t2.0\t4\n3\t2019\tFord\tFlex\tFlex\t3.5\t6\n";
    const FLEETS: &str =
        "header\n2019l1\t2019\tFord\tAWD FUSION\tAWD\t900\n2019l2\t2019\tFord\tFLEX\tFWD\t100\n";

    fn answer(series: &str, year: &str, displacement: &str) -> Value {
        json!({"result": {"brand": "Ford", "typename": series, "yeartype": year,
            "displacement": displacement, "cylindernum": "4", "fueltype": "Gasoline"}})
    }

    #[test]
    fn only_engines_that_the_series_had_are_taken() {
        let market = Market::of(VEHICLES, FLEETS);
        let takes = |series, year, engine| market.cell(&answer(series, year, engine)).is_some();
        assert!(takes("Fusion", "2015", "2.0T"));
        assert!(takes("Fusion", "2015", ""));
        assert!(!takes("Fusion", "2015", "6.6L"));
        assert!(!takes("Fusion", "2016", "2.0T"));
        assert!(!takes("F-150", "2015", "2.0T"));
        assert!(market.makes().is_empty());
    }

    #[test]
    fn cars_count_by_what_was_sold_and_by_their_year() {
        let market = Market::of(VEHICLES, FLEETS);
        let cell = |year| {
            market
                .cell(&answer("Fusion", year, "2.0T"))
                .expect("a cell")
        };
        assert_eq!(market.weight(cell("2019")), 900.0 * 15.0);
        assert_eq!(market.weight(cell("2015")), 900.0 * 4.0);
    }
}
