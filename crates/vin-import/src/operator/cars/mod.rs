//! Our own template: a sheet of cars, a sheet of rules of VINs, or either alone.
//!
//! docs/data-import.md describes it for operators; [`template`] writes an empty one.

pub mod columns;
mod rules;
pub mod template;

use super::input::{self, Sheet};
use super::pattern::patterns;
use super::rows::{Row, Rows, Wrong};
use super::store::{Car, Says, Scope, Store};
use super::{Kind, Progress, Report, Step, cell, form};
use crate::ImportError;
use crate::compile::records::ENGLISH;
use columns::{CarColumn, RuleColumn, of_cars, of_rules};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// What stands before the operator's key in the ledger.
const PREFIX: &str = "cars/";
/// How surely a VIN that fits a pattern is the car, where the file does not say.
const CONFIDENCE: &str = "0.9";
/// One of these must be known of a car.
const NEEDED: [&str; 4] = ["brand", "typename", "name", "model"];

/// Whether a text is a label of the template.
pub fn is_label(text: &str) -> bool {
    of_cars(text).is_some() || of_rules(text).is_some()
}

/// What a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Cars.
    Cars,
    /// Rules.
    Rules,
}

/// What a sheet with this header holds; `None` for one that is not of the template.
pub fn holds(header: &[String]) -> Option<Holds> {
    let rules: Vec<_> = header.iter().filter_map(|label| of_rules(label)).collect();
    let has = |means| rules.contains(&means);
    let scope = has(RuleColumn::Wmi) || has(RuleColumn::Pattern);
    if scope && (has(RuleColumn::Cars) || has(RuleColumn::Field)) {
        return Some(Holds::Rules);
    }
    let key = header
        .iter()
        .any(|label| of_cars(label) == Some(CarColumn::Key));
    key.then_some(Holds::Cars)
}

/// Reads a template into the folder of tables.
///
/// # Errors
/// When it is none, exceeds a limit, or a table cannot be read or written.
pub fn read(
    path: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let sheets = input::sheets(path, &is_label)?;
    let mut reader = Reader {
        store: Store::open(tables)?,
        report: Report::new(Kind::Cars, path),
        lines: HashMap::new(),
        replaced: 0,
    };
    let total = sheets.iter().map(|sheet| sheet.rows.len() as u64).sum();
    let step = |done| {
        progress(Progress {
            step: Step::Read,
            done,
            total,
        });
    };
    let of = |kind| {
        sheets
            .iter()
            .filter(move |sheet| holds(&sheet.header) == Some(kind))
    };
    // Rules may lead to cars of any sheet.
    for sheet in of(Holds::Cars) {
        step(reader.report.rows_read);
        reader.cars(sheet)?;
    }
    for sheet in of(Holds::Rules) {
        step(reader.report.rows_read);
        reader.rules(sheet);
    }
    step(total);
    for sheet in sheets.iter().filter(|sheet| holds(&sheet.header).is_none()) {
        let name = &sheet.name;
        reader.report.note(
            format!("未读取“{name}”：既无车型编号，也无规则"),
            format!("{name} was passed over: it has neither keys of cars nor rules"),
        );
    }
    let Reader {
        store,
        mut report,
        replaced,
        ..
    } = reader;
    if report.rows_read == 0 {
        return Err(form(path, 0, "no sheet with cars or rules has any row"));
    }
    if replaced > 0 {
        report.note(
            format!("替换了 {replaced} 款先前导入的车型"),
            format!("{replaced} cars took the place of ones imported before"),
        );
    }
    report.tables = store.write()?;
    Ok(report)
}

struct Reader {
    store: Store,
    report: Report,
    /// The line of each key of this file.
    lines: HashMap<String, u64>,
    replaced: u64,
}

/// What a row of cars says.
struct Given {
    key: String,
    car: Car,
    scopes: BTreeSet<Scope>,
    says: Says,
}

impl Reader {
    fn cars(&mut self, sheet: &Sheet) -> Result<(), ImportError> {
        let rows = Rows::new(sheet, of_cars);
        self.passed_over(sheet, rows.passed_over());
        for row in rows.iter() {
            self.report.rows_read += 1;
            match self.car(&row, &sheet.name) {
                Ok(given) => {
                    self.lines.insert(given.key.clone(), row.line());
                    let (id, again) = self
                        .store
                        .put(&format!("{PREFIX}{}", given.key), given.car)?;
                    self.replaced += u64::from(again);
                    if !given.scopes.is_empty() {
                        self.store.lead_to(id, &given.scopes, &given.says);
                    }
                    self.report.rows_taken += 1;
                }
                Err(wrong) => self.report.refuse(row.refuse(wrong)),
            }
        }
        Ok(())
    }

    fn car(&self, row: &Row<'_, CarColumn>, file: &str) -> Result<Given, Wrong> {
        let (at, key) = row.cell(&CarColumn::Key);
        let wrong = |at: usize, text: &str| {
            let text = text.to_owned();
            move |reason: String| (at, text.clone(), reason)
        };
        let parts = |c: char| c.is_whitespace() || matches!(c, ',' | '、' | '，' | ';' | '；');
        if key.is_empty() || key.contains(parts) || key.chars().count() > 100 {
            let reason = "a key of 1 to 100 characters, without blanks and commas, is needed";
            return Err(wrong(at, key)(reason.to_owned()));
        }
        if let Some(line) = self.lines.get(key) {
            return Err(wrong(at, key)(format!("line {line} has this key too")));
        }
        let mut given = Given {
            key: key.to_owned(),
            car: Car {
                source: file.to_owned(),
                ..Car::default()
            },
            scopes: BTreeSet::new(),
            says: Says {
                confidence: CONFIDENCE.to_owned(),
                source: file.to_owned(),
            },
        };
        let (mut found, mut years) = (Vec::new(), [String::new(), String::new()]);
        for (at, column, text) in row.cells()? {
            let wrong = wrong(at, text);
            match column {
                CarColumn::Key => {}
                CarColumn::Patterns => {
                    found = patterns(text).map_err(|(part, reason)| (at, part, reason))?;
                }
                CarColumn::From => years[0] = cell::year(text).map_err(wrong)?,
                CarColumn::To => years[1] = cell::year(text).map_err(wrong)?,
                CarColumn::Confidence => {
                    given.says.confidence = cell::confidence(text, CONFIDENCE).map_err(wrong)?;
                }
                CarColumn::Source => {
                    given.car.source = cell::line(text);
                    given.says.source = cell::line(text);
                }
                CarColumn::Field(field, english) => {
                    let value = cell::value(field, text).map_err(wrong)?;
                    let mark = if *english { ENGLISH } else { "" };
                    given
                        .car
                        .fields
                        .insert(format!("{}{mark}", field.path), value);
                }
            }
        }
        in_order(&years).map_err(wrong(at, key))?;
        let fields = &given.car.fields;
        if !NEEDED.iter().any(|path| fields.contains_key(*path)) {
            let reason = "neither brand, series, name nor model of the car is known";
            return Err(wrong(at, key)(reason.to_owned()));
        }
        let alone = |path: &String| {
            let zh = path.strip_suffix(ENGLISH)?;
            (!fields.contains_key(zh)).then(|| zh.to_owned())
        };
        if let Some(path) = fields.keys().find_map(alone) {
            return Err(wrong(at, key)(format!(
                "{path} has an English value and no Chinese one"
            )));
        }
        let [from, to] = years;
        given.scopes = found
            .into_iter()
            .map(|pattern| Scope {
                pattern,
                from: from.clone(),
                to: to.clone(),
            })
            .collect();
        Ok(given)
    }

    fn passed_over<'a>(&mut self, sheet: &Sheet, labels: impl Iterator<Item = &'a str>) {
        let labels: Vec<_> = labels.collect();
        if !labels.is_empty() {
            let (name, labels) = (&sheet.name, labels.join(", "));
            self.report.note(
                format!("“{name}”中这些列未识别，未读取：{labels}"),
                format!("{name}: these columns are not known and were passed over: {labels}"),
            );
        }
    }
}

fn in_order([from, to]: &[String; 2]) -> Result<(), String> {
    match !from.is_empty() && !to.is_empty() && from > to {
        true => Err(format!(
            "the first model year {from} is after the last, {to}"
        )),
        false => Ok(()),
    }
}
