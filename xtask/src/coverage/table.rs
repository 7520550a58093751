//! The fill rate of each field, beside what is aimed at.

use super::market::Cell;
use super::text;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;

/// Which cars a field can have a value for.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    /// Every car.
    All,
    /// Cars with a combustion engine.
    Engine,
}

/// A field, and the share of cars in percent that should have it.
const FIELDS: &[(&str, Of, f64)] = &[
    ("brand", Of::All, 99.5),
    ("typename", Of::All, 99.5),
    ("yeartype", Of::All, 99.5),
    ("displacement", Of::Engine, 98.0),
    ("cylindernum", Of::Engine, 92.0),
    ("fueltype", Of::All, 99.0),
    ("comfuelconsumption", Of::All, 97.0),
    ("environmentalstandards", Of::All, 96.0),
    ("sizetype", Of::All, 97.0),
    ("len", Of::All, 92.0),
    ("width", Of::All, 92.0),
    ("height", Of::All, 92.0),
    ("wheelbase", Of::All, 96.0),
    ("geartype", Of::All, 89.0),
    ("gearnum", Of::All, 82.0),
    ("drivemode", Of::All, 80.0),
    ("doornum", Of::All, 87.0),
    ("maxpower", Of::All, 74.0),
    ("weight", Of::All, 70.0),
    ("seatnum", Of::All, 0.0),
];

/// One car that was counted: how much it counts, and which fields it has.
struct Car {
    cell: Cell,
    electric: bool,
    pickup: bool,
    filled: [bool; FIELDS.len()],
}

/// Which cars have which fields.
#[derive(Default)]
pub struct Table {
    cars: Vec<Car>,
    /// How much a car of each cell counts, a pick-up or not; 1 without an entry.
    weights: HashMap<(Cell, bool), f64>,
}

impl Table {
    /// Counts one answer.
    pub fn add(&mut self, answer: &Value, cell: Cell) {
        let filled = FIELDS
            .iter()
            .map(|(field, ..)| !text(answer, field).is_empty());
        let mut car = Car {
            cell,
            electric: text(answer, "fueltype") == "Electric",
            pickup: text(answer, "bodytype") == "Pickup",
            filled: [false; FIELDS.len()],
        };
        car.filled
            .iter_mut()
            .zip(filled)
            .for_each(|(to, is)| *to = is);
        self.cars.push(car);
    }

    /// How many cars were counted.
    pub fn cars(&self) -> usize {
        self.cars.len()
    }

    /// Lets the cars of a cell count as much together as `weight` says, and then all pick-ups
    /// together as the share `pickups` of all cars.
    pub fn weigh(&mut self, weight: impl Fn(Cell) -> f64, pickups: f64) {
        let mut counts: HashMap<Cell, f64> = HashMap::new();
        let mut of_kind: HashMap<(Cell, bool), f64> = HashMap::new();
        for car in &self.cars {
            *counts.entry(car.cell).or_default() += 1.0;
            *of_kind.entry((car.cell, car.pickup)).or_default() += 1.0;
        }
        let mut sums = [0.0; 2];
        for (&(cell, pickup), count) in &of_kind {
            sums[usize::from(pickup)] += weight(cell) * count / counts[&cell];
        }
        let shares = [1.0 - pickups, pickups];
        let weights = of_kind.into_keys().map(|(cell, pickup)| {
            let kind = usize::from(pickup);
            let factor = shares[kind] / sums[kind];
            ((cell, pickup), factor * weight(cell) / counts[&cell])
        });
        self.weights = weights.collect();
    }

    fn weight(&self, car: &Car) -> f64 {
        let weight = self.weights.get(&(car.cell, car.pickup));
        weight.copied().unwrap_or(1.0)
    }

    /// The share of the cars in percent that have each field, each counting as `weight` says.
    fn shares(&self, weight: impl Fn(&Car) -> f64) -> [f64; FIELDS.len()] {
        let (mut all, mut filled) = ([0.0; FIELDS.len()], [0.0; FIELDS.len()]);
        for car in &self.cars {
            for (n, (_, of, _)) in FIELDS.iter().enumerate() {
                if *of == Of::All || !car.electric {
                    all[n] += weight(car);
                    filled[n] += if car.filled[n] { weight(car) } else { 0.0 };
                }
            }
        }
        std::array::from_fn(|n| 100.0 * filled[n] / f64::max(all[n], f64::MIN_POSITIVE))
    }

    fn weighed(&self) -> [f64; FIELDS.len()] {
        self.shares(|car| self.weight(car))
    }

    /// The series and years in which most cars lack a field: how much they take from its share, in
    /// percent of all cars, and the share of them that have it.
    ///
    /// # Errors
    /// When the table has no such field.
    pub fn missing(&self, field: &str) -> Result<Vec<(Cell, f64, f64)>, String> {
        let n = FIELDS.iter().position(|(name, ..)| *name == field);
        let n = n.ok_or_else(|| format!("no field {field:?} is measured"))?;
        let mut cells: HashMap<Cell, (f64, f64)> = HashMap::new();
        let mut all = 0.0;
        for car in &self.cars {
            let weight = self.weight(car);
            let cell = cells.entry(car.cell).or_default();
            all += weight;
            cell.0 += weight;
            cell.1 += if car.filled[n] { 0.0 } else { weight };
        }
        let shown = |(cell, (of, lost)): (Cell, (f64, f64))| {
            (cell, 100.0 * lost / all, 100.0 * (1.0 - lost / of))
        };
        let mut cells: Vec<_> = cells.into_iter().map(shown).collect();
        cells.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Ok(cells)
    }

    /// The table as a page shows it.
    pub fn text(&self) -> String {
        let engines = self.cars.iter().filter(|car| !car.electric).count();
        let mut text = format!(
            "{} cars, {engines} of them with a combustion engine.\n\n",
            self.cars.len()
        );
        let (weighed, alike) = (self.weighed(), self.shares(|_| 1.0));
        let both = !self.weights.is_empty();
        text.push_str(match both {
            true => "| field | as sold, % | all alike, % | aim |\n|---|---|---|---|\n",
            false => "| field | filled, % | aim |\n|---|---|---|\n",
        });
        for (n, (field, _, aim)) in FIELDS.iter().enumerate() {
            let aim = if *aim > 0.0 {
                format!("{aim}")
            } else {
                String::new()
            };
            let alike = if both {
                format!(" {:.1} |", alike[n])
            } else {
                String::new()
            };
            let _ = writeln!(text, "| `{field}` | {:.1} |{alike} {aim} |", weighed[n]);
        }
        text
    }

    /// What the page says of it, the table included.
    pub fn section(&self) -> String {
        let said = "Made-up US cars of model years 2010 to 2026 that EPA lists by series and engine. \
            The cars of a series and year\ncount together as much as was sold of the series in EPA's \
            fleets of 2019 and 2022, times the share of the model year\namong used cars: 3 % are of \
            2010 to 2014, 12 % of 2015 to 2017, 75 % of 2018 to 2022, 10 % of later years; pick-ups count\n\
            together as 5 %, as among dealers' listings. The second column counts all alike, as the generator combines the patterns.\n\
            `cargo xtask coverage --write` measures.";
        format!("{said}\n\n{}", self.text())
    }

    /// Says which fields miss their aim.
    pub fn judge(&self) -> Result<(), String> {
        let shares = self.weighed().into_iter().zip(FIELDS);
        let missed: Vec<_> = shares
            .filter(|(share, (_, _, aim))| share < aim)
            .map(|(share, (field, _, aim))| format!("{field} {share:.1} of {aim}"))
            .collect();
        match missed.as_slice() {
            [] => Ok(()),
            missed => Err(format!("below the aim: {}", missed.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn share(table: &Table, name: &str) -> f64 {
        let at = FIELDS.iter().position(|(field, ..)| *field == name);
        table.weighed()[at.expect("a field")]
    }

    #[test]
    fn electric_cars_do_not_count_for_the_engine() {
        let mut table = Table::default();
        table.add(
            &json!({"result": {"fueltype": "Electric", "brand": "Tesla"}}),
            (0, 2020),
        );
        table.add(
            &json!({"result": {"fueltype": "Gasoline", "displacement": "2.0L"}}),
            (0, 2020),
        );
        assert_eq!(share(&table, "displacement"), 100.0);
        assert_eq!(share(&table, "brand"), 50.0);
        assert!(table.judge().is_err());
    }

    #[test]
    fn the_cars_of_a_cell_count_together() {
        let mut table = Table::default();
        for _ in 0..3 {
            table.add(&json!({"result": {"brand": "Ford"}}), (0, 2020));
        }
        table.add(&json!({"result": {}}), (1, 2020));
        assert_eq!(share(&table, "brand"), 75.0);
        table.weigh(|(series, _)| [1.0, 4.0][series], 0.0);
        assert_eq!(share(&table, "brand"), 20.0);
    }

    #[test]
    fn pickups_count_together_as_their_share() {
        let mut table = Table::default();
        table.add(&json!({"result": {"brand": "Ford"}}), (0, 2020));
        for _ in 0..5 {
            table.add(&json!({"result": {"bodytype": "Pickup"}}), (1, 2020));
        }
        table.weigh(|_| 1.0, 0.2);
        assert!((share(&table, "brand") - 80.0).abs() < 1e-9);
        let missing = table.missing("brand").expect("a field");
        assert_eq!((missing[0].0, missing[0].2), ((1, 2020), 0.0));
        assert!((missing[0].1 - 20.0).abs() < 1e-9);
        assert!(table.missing("colour").is_err());
    }
}
