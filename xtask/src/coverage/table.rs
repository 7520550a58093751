//! The fill rate of each field, beside what is aimed at.

use super::text;
use serde_json::Value;
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

/// The heading of the section in the page.
const HEADING: &str = "## Coverage";

/// How many cars have each field.
#[derive(Default)]
pub struct Table {
    cars: usize,
    with_engine: usize,
    filled: [usize; FIELDS.len()],
}

impl Table {
    /// Counts one answer.
    pub fn add(&mut self, answer: &Value) {
        let electric = text(answer, "fueltype") == "Electric";
        self.cars += 1;
        self.with_engine += usize::from(!electric);
        for ((field, of, _), filled) in FIELDS.iter().zip(&mut self.filled) {
            let counts = *of == Of::All || !electric;
            *filled += usize::from(counts && !text(answer, field).is_empty());
        }
    }

    /// How many cars were counted.
    pub fn cars(&self) -> usize {
        self.cars
    }

    fn shares(&self) -> impl Iterator<Item = (&'static str, f64, f64)> {
        FIELDS
            .iter()
            .zip(self.filled)
            .map(|((field, of, aim), filled)| {
                let all = match of {
                    Of::All => self.cars,
                    Of::Engine => self.with_engine,
                };
                (*field, 100.0 * filled as f64 / all.max(1) as f64, *aim)
            })
    }

    /// The table as a page shows it.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} cars, {} of them with a combustion engine.\n\n| field | filled, % | aim |\n|---|---|---|\n",
            self.cars, self.with_engine
        );
        for (field, share, aim) in self.shares() {
            let aim = if aim > 0.0 {
                format!("{aim}")
            } else {
                String::new()
            };
            let _ = writeln!(text, "| `{field}` | {share:.1} | {aim} |");
        }
        text
    }

    /// The page with this table in its section.
    pub fn put_into(&self, page: &str) -> Result<String, String> {
        let at = page
            .find(HEADING)
            .ok_or(format!("no section {HEADING:?}"))?;
        let body = at + HEADING.len();
        let end = page[body..]
            .find("\n## ")
            .map_or(page.len(), |n| body + n + 1);
        let head = &page[..body];
        let tail = &page[end..];
        let said = "Made-up US cars of 2010 to 2026 that EPA lists by series and engine; `cargo xtask coverage --write` measures.";
        let space = if tail.is_empty() { "" } else { "\n" };
        Ok(format!("{head}\n\n{said}\n\n{}{space}{tail}", self.text()))
    }

    /// Says which fields miss their aim.
    pub fn judge(&self) -> Result<(), String> {
        let missed: Vec<_> = self
            .shares()
            .filter(|(_, share, aim)| share < aim)
            .map(|(field, share, aim)| format!("{field} {share:.1} of {aim}"))
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

    #[test]
    fn electric_cars_do_not_count_for_the_engine() {
        let mut table = Table::default();
        table.add(&json!({"result": {"fueltype": "Electric", "brand": "Tesla"}}));
        table.add(&json!({"result": {"fueltype": "Gasoline", "displacement": "2.0L"}}));
        let share = |name| {
            let found = table.shares().find(|(field, ..)| *field == name);
            found.map(|(_, share, _)| share)
        };
        assert_eq!(share("displacement"), Some(100.0));
        assert_eq!(share("brand"), Some(50.0));
        assert!(table.judge().is_err());
    }

    #[test]
    fn the_table_replaces_its_section_and_nothing_else() {
        let page = "# Data\n\n## Coverage\n\nold\n\n## Next\n\ntext\n";
        let new = Table::default().put_into(page).expect("a section");
        assert!(new.starts_with("# Data\n\n## Coverage\n\nMade-up"));
        assert!(new.ends_with("|\n\n## Next\n\ntext\n") && !new.contains("old"));
        assert!(Table::default().put_into("# Data\n").is_err());
    }
}
