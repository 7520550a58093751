//! Calibration: of answers that are so sure, how many are right.
//!
//! The cars are those of a file of labels like that of `cargo xtask coverage --labelled`, with the
//! columns `src`, `vin`, `year`, `make`, `model`, `engine`, `mpg_min`, `mpg_max`, `gearbox` and
//! `drive` (it is the caller's own, nothing of it is kept), and those of `data/evidence/china.tsv`.
//!
//! An answer is right when all that its level claims is: the brand; from `type` on also series
//! and model year; from `group` on also displacement, kind of gearbox and drive; of a `car` also
//! the consumption of the label, within 1 mpg. What a label does not say counts as right.

use crate::coverage::labelled::{self, Label};
use crate::coverage::{ENGLISH, each, text};
use crate::page;
use crate::run::{self, Failure, none_left, switch};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const PAGE: &str = "docs/data.md";
const HEADING: &str = "### Measured";
/// An answer that is so sure must be right this often.
const SURE: f64 = 0.9;

/// Answers and right ones.
#[derive(Clone, Copy, Default)]
struct Count {
    all: u32,
    right: u32,
}

/// By confidence, in steps of a tenth, and level; and the wrong ones.
#[derive(Default)]
struct Curve {
    steps: BTreeMap<(u8, String), Count>,
    wrong: String,
}

/// Measures.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let write = switch(&mut arguments, "--write");
    let show = switch(&mut arguments, "--wrong");
    let file = match arguments.as_slice() {
        [file] => file.clone(),
        other => {
            none_left(other)?;
            return Err(Failure::Usage("a file of labels is needed".to_owned()));
        }
    };
    let chejia = run::release_binary()?;
    let mut curve = Curve::default();
    let labels = labelled::read(Path::new(&file))?;
    let vins = run::target().join("calibrate/vins.txt");
    run::write(
        &vins,
        labels
            .iter()
            .map(|l| format!("{}\n", l.vin))
            .collect::<String>(),
    )?;
    let mut next = labels.iter();
    each(&chejia, &vins, ENGLISH, |answer| {
        if let Some(label) = next.next() {
            curve.add(answer, &label.vin, wrong_by_label(answer, label));
        }
    })?;
    let evidence = run::read(&run::root().join("data/evidence/china.tsv"))?;
    let cars: Vec<[&str; 4]> = crate::china::rows(&evidence).collect::<Result<_, _>>()?;
    run::write(
        &vins,
        cars.iter()
            .map(|[vin, ..]| format!("{vin}\n"))
            .collect::<String>(),
    )?;
    let mut next = cars.iter();
    each(&chejia, &vins, &[], |answer| {
        if let Some(car) = next.next() {
            curve.add(answer, car[0], wrong_by_evidence(answer, car));
        }
    })?;
    print!("{}", curve.text());
    if show {
        print!("{}", curve.wrong);
    }
    if write {
        page::put_under(PAGE, HEADING, &curve.text())?;
    }
    Ok(curve.judge()?)
}

/// What contradicts the label in an answer, or nothing.
fn wrong_by_label(answer: &Value, label: &Label) -> Option<&'static str> {
    let level = level(answer);
    let series = level >= 1;
    let group = level >= 2;
    if !label.brand_is(text(answer, "brand")) {
        Some("brand")
    } else if series && !label.series_is(text(answer, "typename")) {
        Some("series")
    } else if series && !label.year_is(text(answer, "yeartype")) {
        Some("year")
    } else if group && !label.displacement_is(text(answer, "displacement")) {
        Some("displacement")
    } else if group && !label.gearbox_is(text(answer, "geartype")) {
        Some("gearbox")
    } else if group && !label.drive_is(text(answer, "drivemode")) {
        Some("drive")
    } else if level >= 3 && label.consumption_is(text(answer, "comfuelconsumption")) == Some(false)
    {
        Some("consumption")
    } else {
        None
    }
}

fn wrong_by_evidence(answer: &Value, [_, brand, series, _]: &[&str; 4]) -> Option<&'static str> {
    let same = |field, label: &str| {
        let shown = text(answer, field);
        label.is_empty() || shown.contains(label) || label.contains(shown)
    };
    if !same("brand", brand) {
        Some("brand")
    } else if level(answer) >= 1 && !same("typename", series) {
        Some("series")
    } else {
        None
    }
}

/// 0 for `brand` … 3 for `car`.
fn level(answer: &Value) -> usize {
    let level = answer["match"]["level"].as_str().unwrap_or("");
    let levels = ["brand", "type", "group", "car"];
    levels.iter().position(|one| *one == level).unwrap_or(0)
}

impl Curve {
    fn add(&mut self, answer: &Value, vin: &str, wrong: Option<&str>) {
        // What is refused, such as a part of a VIN, claims nothing.
        let Some(sure) = answer["match"]["confidence"].as_f64() else {
            return;
        };
        let step = ((sure + 1e-9) * 10.0).floor().min(9.0) as u8;
        let level = answer["match"]["level"].as_str().unwrap_or("").to_owned();
        let count = self.steps.entry((step, level)).or_default();
        count.all += 1;
        count.right += u32::from(wrong.is_none());
        if let Some(what) = wrong {
            let _ = writeln!(
                self.wrong,
                "{vin}\t{sure}\t{what}\t{}",
                text(answer, "name")
            );
        }
    }

    /// The table as a page shows it.
    fn text(&self) -> String {
        let mut out =
            "| confidence | level | answers | right | share |\n|---|---|---|---|---|\n".to_owned();
        for ((step, level), count) in &self.steps {
            let from = f64::from(*step) / 10.0;
            let share = 100.0 * f64::from(count.right) / f64::from(count.all);
            let _ = writeln!(
                out,
                "| {from:.1} to {:.1} | `{level}` | {} | {} | {share:.1} % |",
                from + 0.1,
                count.all,
                count.right
            );
        }
        out
    }

    /// Whether sure answers are right as often as they say.
    fn judge(&self) -> Result<(), String> {
        let sure = self.steps.iter().filter(|((step, _), _)| *step == 9);
        let (all, right) = sure.fold((0, 0), |(all, right), (_, count)| {
            (all + count.all, right + count.right)
        });
        let share = f64::from(right) / f64::from(all.max(1));
        match share >= SURE {
            true => Ok(()),
            false => Err(format!("of {all} sure answers only {right} are right")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(level: &str, sure: f64) -> Value {
        json!({"result": {"brand": "本田", "typename": "雅阁"}, "match": {"level": level, "confidence": sure}})
    }

    #[test]
    fn an_answer_is_right_when_all_that_its_level_claims_is() {
        let car = ["LHG", "本田", "思域", ""];
        assert_eq!(wrong_by_evidence(&answer("brand", 0.9), &car), None);
        assert_eq!(
            wrong_by_evidence(&answer("type", 0.9), &car),
            Some("series")
        );
        let other = ["LHG", "丰田", "", ""];
        assert_eq!(
            wrong_by_evidence(&answer("brand", 0.9), &other),
            Some("brand")
        );
    }

    #[test]
    fn sure_answers_that_are_wrong_too_often_fail() {
        let mut curve = Curve::default();
        for n in 0..10 {
            curve.add(&answer("type", 0.95), "V", (n == 0).then_some("series"));
        }
        assert!(curve.judge().is_ok());
        assert!(
            curve
                .text()
                .contains("| 0.9 to 1.0 | `type` | 10 | 9 | 90.0 % |")
        );
        curve.add(&answer("type", 0.9), "V", Some("year"));
        assert!(curve.judge().is_err());
        curve.add(&json!({"error": {"code": 403}}), "V", Some("year"));
        assert_eq!(curve.steps.values().map(|count| count.all).sum::<u32>(), 11);
    }
}
