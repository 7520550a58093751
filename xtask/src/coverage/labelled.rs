//! Labelled cars: consumption, gearbox and drive of the answers beside those of the labels.
//!
//! Both sides of the consumption are rounded to whole mpg, as labels are; unrounded figures agree
//! less often.
//!
//! The file is CSV with the columns `src`, `vin`, `engine`, `mpg_min`, `mpg_max` (city and highway
//! of the label), `gearbox` and `drive`; rows of another `src` than `cars` are left out. It is
//! the caller's own: nothing of it is kept.

use super::text;
use crate::run;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

const L_PER_100_KM_OF_MPG: f64 = 235.2146;
/// The share of consumptions in percent that must be within 1 mpg.
const AIM: f64 = 94.0;

/// A car as its seller describes it.
pub struct Label {
    /// What the row is from; `cars` are listings with all columns.
    src: String,
    /// Its VIN.
    pub vin: String,
    year: String,
    /// Make, model and trim, letters and digits only.
    name: String,
    /// The words of model and trim.
    words: Vec<String>,
    /// In tenths of a litre.
    displacement: Option<i64>,
    /// Combined, in whole miles per gallon, as the label has it.
    mpg: Option<f64>,
    electric: bool,
    gearbox: &'static str,
    drive: &'static str,
}

/// Letters and digits in lower case.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

impl Label {
    /// Whether the label begins with this brand.
    pub fn brand_is(&self, brand: &str) -> bool {
        self.name.starts_with(&plain(brand))
    }

    /// Whether the label holds the name of this series; of `3 Series` a model such as `330 i` is.
    pub fn series_is(&self, series: &str) -> bool {
        let bare = series.trim_end_matches("-Class").trim_end_matches(" Class");
        let by_number = series.strip_suffix(" Series").is_some_and(|number| {
            let of = |word: &String| {
                word.trim_start_matches(['m', 'i'])
                    .starts_with(&plain(number))
            };
            self.words.iter().any(of)
        });
        by_number || self.name.contains(&plain(bare))
    }

    /// Whether it is of this model year; labels of Europe name another one.
    pub fn year_is(&self, year: &str) -> bool {
        self.src != LISTINGS || self.year == year
    }

    /// Whether the displacement is that of the label, to a tenth of a litre.
    pub fn displacement_is(&self, shown: &str) -> bool {
        let shown = tenths(shown.trim_end_matches(['L', 'T']));
        self.displacement
            .zip(shown)
            .is_none_or(|(a, b)| (a - b).abs() <= 1)
    }

    /// Whether the gearbox is of the label's kind, where both are known.
    pub fn gearbox_is(&self, shown: &str) -> bool {
        let shown = gearbox(shown);
        self.gearbox.is_empty() || shown.is_empty() || shown == self.gearbox
    }

    /// Whether the drive is the label's, where both are known.
    pub fn drive_is(&self, shown: &str) -> bool {
        let shown = drive(shown);
        let same = shown == self.drive || shown == "two" && self.drive != "all";
        self.drive.is_empty() || shown.is_empty() || same
    }

    /// Whether the consumption in L/100 km is within 1 mpg, where both are known.
    pub fn consumption_is(&self, shown: &str) -> Option<bool> {
        let shown: f64 = shown.parse().ok()?;
        let mpg = self.mpg?;
        Some(((L_PER_100_KM_OF_MPG / shown).round() - mpg).abs() <= 1.0)
    }
}

/// Litres in tenths.
fn tenths(litres: &str) -> Option<i64> {
    let litres: f64 = litres.parse().ok()?;
    Some((litres * 10.0).round() as i64)
}

/// The rows that say everything.
const LISTINGS: &str = "cars";

/// Reads a file of labels.
pub fn read(file: &Path) -> Result<Vec<Label>, String> {
    parse(&run::read(file)?).map_err(|error| format!("{}: {error}", file.display()))
}

fn parse(rows: &str) -> Result<Vec<Label>, csv::Error> {
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let headers = reader.headers()?.clone();
    let mut labels = Vec::new();
    for record in reader.records() {
        let record = record?;
        let cell = |name: &str| {
            let at = headers.iter().position(|header| header == name);
            at.and_then(|at| record.get(at)).unwrap_or("")
        };
        let number = |name| cell(name).parse().ok().filter(|n: &f64| *n > 0.0);
        let mpg = number("mpg_min").zip(number("mpg_max"));
        let engine = cell("engine");
        labels.push(Label {
            src: cell("src").to_owned(),
            vin: cell("vin").to_owned(),
            year: cell("year").to_owned(),
            name: plain(cell("make")) + &plain(cell("model")),
            words: cell("model").split_whitespace().map(plain).collect(),
            displacement: engine
                .split_once('L')
                .and_then(|(litres, _)| tenths(litres)),
            mpg: mpg.map(|(a, b)| combined(a, b).round()),
            electric: engine.contains("Electric"),
            gearbox: gearbox(cell("gearbox")),
            drive: drive(cell("drive")),
        });
    }
    Ok(labels)
}

/// How often an answer agrees with the label, does not, or is not there.
#[derive(Default)]
struct Count {
    right: usize,
    wrong: usize,
    unknown: usize,
}

impl Count {
    fn add(&mut self, agrees: Option<bool>) {
        match agrees {
            Some(true) => self.right += 1,
            Some(false) => self.wrong += 1,
            None => self.unknown += 1,
        }
    }

    /// The share of what was answered that is right, in percent.
    fn share(&self) -> f64 {
        100.0 * self.right as f64 / (self.right + self.wrong).max(1) as f64
    }
}

/// The labels and what was counted.
pub struct Labelled {
    labels: HashMap<String, Label>,
    order: Vec<String>,
    consumption: Count,
    electric: Count,
    gearbox: Count,
    drive: Count,
}

/// EPA's combined figure: 55 % city, 45 % highway, harmonic.
fn combined(a: f64, b: f64) -> f64 {
    let (city, highway) = if a < b { (a, b) } else { (b, a) };
    1.0 / (0.55 / city + 0.45 / highway)
}

/// Manual, automatic or continuously variable, in the words of labels and answers.
fn gearbox(text: &str) -> &'static str {
    let text = text.to_lowercase();
    match text.as_str() {
        "" => "",
        t if t.contains("cvt") || t.contains("variable") => "cvt",
        t if t.contains("manual") && !t.contains("auto") => "manual",
        _ => "automatic",
    }
}

/// Front, rear, all, or two wheels of which it is not said which.
fn drive(text: &str) -> &'static str {
    let text = text.to_lowercase();
    match text.as_str() {
        t if t.contains("all") || t.contains("four") || t.contains("awd") || t.contains("4wd") => {
            "all"
        }
        t if t.contains("front") || t.contains("fwd") => "front",
        t if t.contains("rear") || t.contains("rwd") => "rear",
        t if t.contains("2wd") => "two",
        _ => "",
    }
}

impl Labelled {
    /// Reads the file.
    pub fn read(file: &Path) -> Result<Self, String> {
        let mut labelled = Self {
            labels: HashMap::new(),
            order: Vec::new(),
            consumption: Count::default(),
            electric: Count::default(),
            gearbox: Count::default(),
            drive: Count::default(),
        };
        for label in read(file)?
            .into_iter()
            .filter(|label| label.src == LISTINGS)
        {
            labelled.order.push(label.vin.clone());
            labelled.labels.insert(label.vin.clone(), label);
        }
        Ok(labelled)
    }

    /// The VINs, one per line.
    pub fn vins(&self) -> String {
        self.order.iter().map(|vin| format!("{vin}\n")).collect()
    }

    /// Compares an answer with its label.
    pub fn compare(&mut self, answer: &Value) {
        let Some(label) = self.labels.get(text(answer, "vin")) else {
            return;
        };
        debug_assert_eq!(label.vin, text(answer, "vin"));
        if label.mpg.is_some() {
            let count = match label.electric || text(answer, "fueltype") == "Electric" {
                true => &mut self.electric,
                false => &mut self.consumption,
            };
            count.add(label.consumption_is(text(answer, "comfuelconsumption")));
        }
        let known = |shown: &str, same: bool| (!shown.is_empty()).then_some(same);
        if !label.gearbox.is_empty() {
            let shown = text(answer, "geartype");
            self.gearbox.add(known(shown, label.gearbox_is(shown)));
        }
        if !label.drive.is_empty() {
            let shown = text(answer, "drivemode");
            self.drive.add(known(drive(shown), label.drive_is(shown)));
        }
    }

    /// The counts, one line each.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (name, count) in [
            ("consumption within 1 mpg", &self.consumption),
            ("the same of electric cars, equivalent", &self.electric),
            ("gearbox", &self.gearbox),
            ("drive", &self.drive),
        ] {
            let _ = writeln!(
                out,
                "{name}: {:.1} % of {} ({} not shown)",
                count.share(),
                count.right + count.wrong,
                count.unknown
            );
        }
        out
    }

    /// Whether the consumption is as near as it must be.
    pub fn judge(&self) -> Result<(), String> {
        let share = self.consumption.share();
        match share >= AIM {
            true => Ok(()),
            false => Err(format!(
                "consumption within 1 mpg for {share:.1} %, not {AIM} %"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_answers_are_compared_in_the_same_words() {
        assert_eq!(combined(18.0, 24.0).round(), 20.0);
        assert_eq!(combined(24.0, 18.0).round(), 20.0);
        assert_eq!(gearbox("8-Speed Automatic with Auto-Shift"), "automatic");
        assert_eq!(gearbox("Automatic CVT"), "cvt");
        assert_eq!(gearbox("6-Speed Manual"), "manual");
        assert_eq!(gearbox("Manual (MT)"), "manual");
        assert_eq!(drive("All-wheel Drive"), drive("AWD"));
        assert_eq!(drive("Front-wheel Drive"), drive("FWD"));
        assert_eq!(drive("2WD"), "two");
    }

    #[test]
    fn names_agree_whatever_their_spelling() {
        let rows = "src,vin,year,make,model,engine\n\
                    cars,A,2019,BMW,430 Gran Coupe i,2.0L I4\n\
                    cars,B,2018,Land,Rover Range Rover Sport HSE,3.0L V6\n\
                    cars,C,2019,Mercedes-Benz,C-Class C 300,\n";
        let labels = parse(rows).expect("labels");
        let [bmw, rover, benz] = labels.as_slice() else {
            panic!("three labels");
        };
        assert!(bmw.brand_is("BMW") && bmw.series_is("4 Series") && !bmw.series_is("3 Series"));
        assert!(bmw.displacement_is("2.0T") && !bmw.displacement_is("3.0T"));
        assert!(rover.brand_is("Land Rover") && rover.series_is("Range Rover Sport"));
        assert!(benz.series_is("C-Class") && !benz.series_is("GLE-Class"));
        assert!(benz.displacement_is("2.0L") && benz.year_is("2019") && !benz.year_is("2018"));
    }
}
