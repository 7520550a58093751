//! China: the answers of `chejia decode` for cars of known brand and series, rule by rule.
//!
//! The cars are those of `data/evidence/china.tsv`, or of another table with the same first four
//! columns: `vin`, `brand`, `series`, `year`, in Chinese, empty where not known. An answer agrees
//! when one of the two names holds the other (`卡罗拉`, `卡罗拉双擎`).

use crate::run::{self, Failure, switch};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The clock of the answers.
const AS_OF: &str = "2026-11-01";
/// Of the series shown, at most this share may be wrong.
const MOST_WRONG: f64 = 0.05;
/// An answer that is so sure may not be wrong.
const SURE: f64 = 0.9;

/// How often an answer was right, wrong, among several candidates, or not there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Count {
    right: u32,
    wrong: u32,
    candidate: u32,
    unknown: u32,
}

impl Count {
    /// Counts one answer; tells whether it was wrong.
    fn add(&mut self, shown: &str, candidates: &[&str], label: &str) -> bool {
        let same = |one: &str| one.contains(label) || label.contains(one);
        let place = match shown {
            "" if candidates.iter().any(|one| same(one)) => &mut self.candidate,
            "" if candidates.is_empty() => &mut self.unknown,
            "" => &mut self.wrong,
            shown if same(shown) => &mut self.right,
            _ => &mut self.wrong,
        };
        *place += 1;
        !shown.is_empty() && !same(shown)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.right + self.wrong + self.candidate + self.unknown;
        let share = 100.0 * f64::from(self.right) / f64::from(all.max(1));
        write!(
            f,
            "{:4} right ({share:5.1} %) {:4} wrong {:4} candidate {:4} unknown",
            self.right, self.wrong, self.candidate, self.unknown
        )
    }
}

/// The measure over all cars.
#[derive(Default)]
struct Report {
    brand: Count,
    series: Count,
    year: Count,
    /// Per rule that told the series: its key and source.
    rules: BTreeMap<String, Count>,
    /// What was wrong, one line each.
    wrong: String,
    /// Series that were wrong and surer than [`SURE`].
    sure_and_wrong: u32,
}

/// Answers the cars and compares.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let rules = switch(&mut arguments, "--rules");
    let table = match arguments.as_slice() {
        [] => run::root().join("data/evidence/china.tsv"),
        [file] => PathBuf::from(file),
        [_, word, ..] => {
            return Err(Failure::Usage(format!("{word:?} is not understood here")));
        }
    };
    let table = run::read(&table)?;
    let cars: Vec<_> = rows(&table).collect::<Result<_, String>>()?;
    let answers = answers(&cars)?;
    let mut report = Report::default();
    for (car, answer) in cars.iter().zip(answers.lines()) {
        let answer = serde_json::from_str(answer).map_err(|e| format!("{answer}: {e}"))?;
        report.add(*car, &answer);
    }
    print!("{}", report.text(rules));
    Ok(report.judge()?)
}

/// The first four cells of each row.
pub fn rows(table: &str) -> impl Iterator<Item = Result<[&str; 4], String>> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.skip(1).map(|line| {
        let mut cells = line.split('\t');
        let mut next = || {
            cells
                .next()
                .ok_or_else(|| format!("{line:?}: too few columns"))
        };
        Ok([next()?, next()?, next()?, next()?])
    })
}

/// The answers of the release build, one line per car.
fn answers(cars: &[[&str; 4]]) -> Result<String, String> {
    let chejia = run::release_binary()?;
    let file = run::target().join("china/vins.txt");
    let vins: Vec<_> = cars.iter().map(|[vin, ..]| *vin).collect();
    run::write(&file, vins.join("\n") + "\n")?;
    decode(&chejia, &file)
}

fn decode(chejia: &Path, file: &Path) -> Result<String, String> {
    let input = File::open(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut chejia = run::command(chejia);
    chejia.args(["decode", "-", "--explain", "--as-of", AS_OF]);
    let output = run::output(chejia.stdin(input))?;
    String::from_utf8(output).map_err(|e| format!("the answers are no UTF-8: {e}"))
}

/// The facts of `explain` that speak about a field.
fn facts<'a>(answer: &'a Value, field: &'a str) -> impl Iterator<Item = &'a Value> {
    let facts = answer["explain"].as_array().into_iter().flatten();
    facts.filter(move |fact| {
        let fields = fact["fields"].as_array();
        fields.is_some_and(|fields| fields.iter().any(|one| one == field))
    })
}

impl Report {
    fn add(&mut self, [vin, brand, series, year]: [&str; 4], answer: &Value) {
        let text = |field: &str| answer["result"][field].as_str().unwrap_or("");
        let candidates = |field| -> Vec<_> {
            let facts = facts(answer, field).filter(|fact| fact["rule"] == "overlay-candidate");
            facts.filter_map(|fact| fact["value"].as_str()).collect()
        };
        let labels = [
            (&mut self.brand, "brand", brand),
            (&mut self.series, "typename", series),
            (&mut self.year, "yeartype", year),
        ];
        for (count, field, label) in labels.into_iter().filter(|(_, _, label)| !label.is_empty()) {
            let shown = text(field);
            if count.add(shown, &candidates(field), label) {
                let sure = answer["match"]["confidence"].as_f64().unwrap_or(0.0);
                let _ = writeln!(self.wrong, "{vin} {field} {shown}, is {label} ({sure})");
                self.sure_and_wrong += u32::from(field == "typename" && sure >= SURE);
            }
        }
        if series.is_empty() {
            return;
        }
        let mut told: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for fact in facts(answer, "typename") {
            let cell = |name: &str| fact[name].as_str().unwrap_or("");
            let rule = format!("{} {} ({})", &vin[..3], cell("key"), cell("source"));
            told.entry(rule).or_default().push(cell("value"));
        }
        for (rule, values) in told {
            let count = self.rules.entry(rule).or_default();
            match values[..] {
                [one] => count.add(one, &[], series),
                _ => count.add("", &values, series),
            };
        }
    }

    fn text(&self, rules: bool) -> String {
        let Self {
            brand,
            series,
            year,
            wrong,
            ..
        } = self;
        let mut text = format!("brand  {brand}\nseries {series}\nyear   {year}\n{wrong}");
        for (rule, count) in self.rules.iter().filter(|_| rules) {
            let _ = writeln!(text, "{count}  {rule}");
        }
        text
    }

    /// What must hold of any set of cars.
    fn judge(&self) -> Result<(), String> {
        let shown = self.series.right + self.series.wrong;
        let most = MOST_WRONG * f64::from(shown);
        if self.brand.wrong > 0 {
            return Err("a brand is wrong".into());
        }
        if f64::from(self.series.wrong) > most || self.sure_and_wrong > 0 {
            return Err("too many series are wrong, or one is wrong and sure".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(brand: &str, series: &str, candidates: &[&str]) -> Value {
        let fact = |value: &&str| json!({"fields": ["typename"], "rule": "overlay-candidate", "value": value, "key": "A", "source": "s"});
        let explain: Vec<_> = candidates.iter().map(fact).collect();
        json!({
            "result": {"brand": brand, "typename": series, "yeartype": "2012"},
            "match": {"confidence": 0.95},
            "explain": explain,
        })
    }

    #[test]
    fn an_answer_is_right_wrong_a_candidate_or_unknown() {
        let mut report = Report::default();
        report.add(
            ["LFM00000000000000", "丰田", "卡罗拉", ""],
            &answer("丰田", "卡罗拉双擎", &[]),
        );
        report.add(
            ["LW400000000000000", "理想", "L7", "2012"],
            &answer("理想", "", &["L9", "L7"]),
        );
        report.add(
            ["LW400000000000000", "理想", "i6", "2011"],
            &answer("", "", &[]),
        );
        let count = |right, wrong, candidate, unknown| Count {
            right,
            wrong,
            candidate,
            unknown,
        };
        assert_eq!(report.brand, count(2, 0, 0, 1));
        assert_eq!(report.series, count(1, 0, 1, 1));
        assert_eq!(report.year, count(1, 1, 0, 0));
        report.judge().expect("nothing shown is wrong");
        report.add(
            ["LFM00000000000000", "丰田", "锐志", ""],
            &answer("丰田", "皇冠", &[]),
        );
        assert!(report.judge().is_err());
        assert_eq!(report.sure_and_wrong, 1);
    }

    #[test]
    fn a_table_has_at_least_four_columns() {
        let all: Result<Vec<_>, _> = rows("# a\nvin\nV\tb\ts\t2011\tA\t1\n").collect();
        assert_eq!(all, Ok(vec![["V", "b", "s", "2011"]]));
        assert!(rows("vin\nV\tb\n").next().is_some_and(|row| row.is_err()));
    }
}
