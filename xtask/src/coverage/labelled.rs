//! Labelled cars: consumption, gearbox and drive of the answers beside those of the labels.
//!
//! Both sides of the consumption are rounded to whole mpg, as labels are; unrounded figures agree
//! less often.
//!
//! The file is CSV with the columns `src`, `vin`, `engine`, `mpg_min`, `mpg_max` (city and highway
//! of the label), `gearbox` and `drive`; rows of another `src` than `cars` are left out. It is
//! the caller's own: nothing of it is kept.

use super::text;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

const L_PER_100_KM_OF_MPG: f64 = 235.2146;
/// The share of consumptions in percent that must be within 1 mpg.
const AIM: f64 = 94.0;

struct Label {
    vin: String,
    /// Combined, in whole miles per gallon, as the label has it.
    mpg: Option<f64>,
    electric: bool,
    gearbox: &'static str,
    drive: &'static str,
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
        let broken = |error: csv::Error| format!("{}: {error}", file.display());
        let mut reader = csv::Reader::from_path(file).map_err(broken)?;
        let headers = reader.headers().map_err(broken)?.clone();
        let mut labelled = Self {
            labels: HashMap::new(),
            order: Vec::new(),
            consumption: Count::default(),
            electric: Count::default(),
            gearbox: Count::default(),
            drive: Count::default(),
        };
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let cell = |name: &str| {
                let at = headers.iter().position(|header| header == name);
                at.and_then(|at| record.get(at)).unwrap_or("")
            };
            if cell("src") != "cars" {
                continue;
            }
            let number = |name| cell(name).parse().ok().filter(|n: &f64| *n > 0.0);
            let mpg = number("mpg_min").zip(number("mpg_max"));
            let vin = cell("vin").to_owned();
            labelled.order.push(vin.clone());
            let label = Label {
                vin: vin.clone(),
                mpg: mpg.map(|(a, b)| combined(a, b).round()),
                electric: cell("engine").contains("Electric"),
                gearbox: gearbox(cell("gearbox")),
                drive: drive(cell("drive")),
            };
            labelled.labels.insert(vin, label);
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
        if let Some(mpg) = label.mpg {
            let shown: Option<f64> = text(answer, "comfuelconsumption").parse().ok();
            let near = |l: f64| ((L_PER_100_KM_OF_MPG / l).round() - mpg).abs() <= 1.0;
            let count = match label.electric || text(answer, "fueltype") == "Electric" {
                true => &mut self.electric,
                false => &mut self.consumption,
            };
            count.add(shown.map(near));
        }
        if !label.gearbox.is_empty() {
            let shown = gearbox(text(answer, "geartype"));
            self.gearbox
                .add((!shown.is_empty()).then_some(shown == label.gearbox));
        }
        if !label.drive.is_empty() {
            let shown = drive(text(answer, "drivemode"));
            let same = shown == label.drive || shown == "two" && label.drive != "all";
            self.drive.add((!shown.is_empty()).then_some(same));
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
}
