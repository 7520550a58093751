//! An operator's own tables: cars and rules, read, renewed by key, and written.
//!
//! A car is known by the key of its row, which the ledger keeps; what an import brings again
//! takes the place of what was there, and nothing else is lost. A rule is known by maker, key,
//! years and field; all values that a file gives for these take the place of all that were there.

use super::pattern::Pattern;
use crate::ImportError;
use crate::catalogue::ids::{Kind, Ledgers};
use crate::compile::OPERATOR;
use crate::compile::overlay::COLUMNS;
use crate::compile::records::{IDS, SOURCE};
use crate::table::{self, Effort, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The field of rules that lead to cars.
pub const CARS: &str = "cars";

/// A car: by the column of `operator/cars.tsv` its value, and where it is from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Car {
    /// The values by path of the field, or such a path with `@en` behind it.
    pub fields: BTreeMap<String, String>,
    /// Where it is from.
    pub source: String,
}

/// For which VINs a rule is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// Maker and key.
    pub pattern: Pattern,
    /// The first model year, or empty.
    pub from: String,
    /// The last model year, or empty.
    pub to: String,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Says {
    /// The share of such cars that it is right for.
    pub confidence: String,
    /// Where it is from.
    pub source: String,
}

/// The values of one field for one scope: Chinese and English, and what is said of them.
type Values = BTreeMap<(String, String), Says>;

/// The tables in memory.
pub struct Store {
    folder: PathBuf,
    ids: Ledgers,
    cars: BTreeMap<u32, Car>,
    rules: BTreeMap<(Scope, String), Values>,
}

impl Store {
    /// Reads the tables in the folder of all data; there may be none yet.
    ///
    /// # Errors
    /// When one cannot be read or is damaged.
    pub fn open(tables: &Path) -> Result<Self, ImportError> {
        let folder = tables.join(OPERATOR);
        let mut store = Self {
            ids: Ledgers::read(tables)?,
            cars: BTreeMap::new(),
            rules: BTreeMap::new(),
            folder,
        };
        store.read_cars()?;
        store.read_rules()?;
        Ok(store)
    }

    fn read_cars(&mut self) -> Result<(), ImportError> {
        let path = self.folder.join("cars.tsv");
        if !path.exists() {
            return Ok(());
        }
        let table = Table::read_any(&path)?;
        let columns: Vec<_> = table.columns().map(str::to_owned).collect();
        for row in table.rows() {
            let cells = row.all_cells()?;
            let mut car = Car::default();
            for (column, cell) in columns.iter().zip(&cells).skip(IDS.len()) {
                match column.as_str() {
                    SOURCE => car.source = (*cell).to_owned(),
                    _ if cell.is_empty() => {}
                    _ => drop(car.fields.insert(column.clone(), (*cell).to_owned())),
                }
            }
            self.cars.insert(row.number(IDS[0], cells[0])?, car);
        }
        Ok(())
    }

    fn read_rules(&mut self) -> Result<(), ImportError> {
        let path = self.folder.join("rules.tsv");
        if !path.exists() {
            return Ok(());
        }
        let table = Table::read(&path, &COLUMNS)?;
        for row in table.rows() {
            let [wmi, key, from, to, field, zh, en, confidence, source] =
                row.cells()?.map(str::to_owned);
            let scope = Scope {
                pattern: Pattern { wmi, key },
                from,
                to,
            };
            let values = self.rules.entry((scope, field)).or_default();
            values.insert((zh, en), Says { confidence, source });
        }
        Ok(())
    }

    /// The id of the car that was imported under `key` before, if there is one.
    pub fn id(&self, key: &str) -> Option<u32> {
        self.ids.own.find(Kind::Car, key)
    }

    /// The car that was imported under `key` before, if there is one.
    pub fn get(&self, key: &str) -> Option<&Car> {
        self.cars.get(&self.id(key)?)
    }

    /// Takes a car under its key; gives its id, and whether it takes the place of another.
    ///
    /// # Errors
    /// When there are no more ids.
    pub fn put(&mut self, key: &str, car: Car) -> Result<(u32, bool), ImportError> {
        self.ids.own.add(Kind::Car, key)?;
        let id = self.id(key).unwrap_or_default();
        Ok((id, self.cars.insert(id, car).is_some()))
    }

    /// Makes `scopes` the VINs of a car, in place of those that led to it alone.
    pub fn lead_to(&mut self, id: u32, scopes: &BTreeSet<Scope>, says: &Says) {
        let own = (id.to_string(), id.to_string());
        for ((_, field), values) in &mut self.rules {
            if field == CARS {
                values.remove(&own);
            }
        }
        self.rules.retain(|_, values| !values.is_empty());
        for scope in scopes {
            let values = self
                .rules
                .entry((scope.clone(), CARS.to_owned()))
                .or_default();
            values.insert(own.clone(), says.clone());
        }
    }

    /// Drops what is known of a field in a scope, before a file says it anew.
    pub fn forget(&mut self, scope: &Scope, field: &str) {
        self.rules.remove(&(scope.clone(), field.to_owned()));
    }

    /// Adds one value of a field in a scope.
    pub fn say(&mut self, scope: Scope, field: &str, value: (String, String), says: Says) {
        let values = self.rules.entry((scope, field.to_owned())).or_default();
        values.insert(value, says);
    }

    /// Writes the tables and the ledger; gives each with its number of rows.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self) -> Result<Vec<(String, u64)>, ImportError> {
        let paths: BTreeSet<_> = self
            .cars
            .values()
            .flat_map(|car| car.fields.keys())
            .collect();
        let mut cars = IDS.join("\t");
        for path in &paths {
            cars.push('\t');
            cars.push_str(path);
        }
        cars.push_str(&format!("\t{SOURCE}\n"));
        for (id, car) in &self.cars {
            // Series get their ids when the catalogue is made; groups are for its own cars.
            cars.push_str(&format!("{id}\t\t"));
            for path in &paths {
                cars.push('\t');
                cars.push_str(car.fields.get(*path).map_or("", String::as_str));
            }
            cars.push_str(&format!("\t{}\n", car.source));
        }
        let mut rules = BTreeSet::new();
        for ((scope, field), values) in &self.rules {
            for ((zh, en), says) in values {
                let cells = [
                    &scope.pattern.wmi,
                    &scope.pattern.key,
                    &scope.from,
                    &scope.to,
                    field,
                    zh,
                    en,
                    &says.confidence,
                    &says.source,
                ];
                rules.insert(cells.map(String::as_str).join("\t"));
            }
        }
        let lines: Vec<_> = std::iter::once(COLUMNS.join("\t")).chain(rules).collect();
        table::save(&self.folder.join("cars.tsv"), &cars, Effort::Quick)?;
        table::save(
            &self.folder.join("rules.tsv"),
            &(lines.join("\n") + "\n"),
            Effort::Quick,
        )?;
        self.ids.own.write()?;
        Ok(vec![
            (format!("{OPERATOR}/cars.tsv"), self.cars.len() as u64),
            (format!("{OPERATOR}/rules.tsv"), lines.len() as u64 - 1),
        ])
    }
}
