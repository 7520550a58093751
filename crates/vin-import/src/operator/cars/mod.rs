//! Our own template: a sheet of cars, a sheet of rules of VINs, or either alone.
//!
//! docs/data-import.md describes it for operators; [`template`] writes an empty one.

pub mod columns;
pub mod template;

use super::input::{self, Sheet};
use super::pattern::{Pattern, patterns};
use super::rows::{Row, Rows, Wrong};
use super::store::{CARS, Car, Says, Scope, Store};
use super::{Kind, Progress, Report, Step, cell, form};
use crate::compile::records::ENGLISH;
use crate::{ImportError, key};
use columns::{CarColumn, RuleColumn, of_cars, of_rules};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use vin_core::field::Kind as FieldKind;

/// What stands before the operator's key in the ledger.
const PREFIX: &str = "cars/";
/// How surely a VIN that fits a pattern is the car, where the file does not say.
const CONFIDENCE: &str = "0.9";
/// The rule that tells the plant, which is no result field.
const PLANT: (&str, &str) = ("plant", "工厂");
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

    fn rules(&mut self, sheet: &Sheet) {
        let rows = Rows::new(sheet, of_rules);
        self.passed_over(sheet, rows.passed_over());
        let mut all: BTreeMap<(Scope, String), Vec<(Value, Says)>> = BTreeMap::new();
        for row in rows.iter() {
            self.report.rows_read += 1;
            match self.rule(&row, &sheet.name) {
                Ok((scopes, field, value, says)) => {
                    for scope in scopes {
                        let values = all.entry((scope, field.clone())).or_default();
                        values.push((value.clone(), says.clone()));
                    }
                    self.report.rows_taken += 1;
                }
                Err(wrong) => self.report.refuse(row.refuse(wrong)),
            }
        }
        for ((scope, field), values) in all {
            self.store.forget(&scope, &field);
            for (value, says) in values {
                self.store.say(scope.clone(), &field, value, says);
            }
        }
    }

    fn rule(&self, row: &Row<'_, RuleColumn>, file: &str) -> Result<Rule, Wrong> {
        row.cells()?;
        let cell = |column: RuleColumn| row.cell(&column);
        let wrong = |(at, text): (usize, &str), reason: String| (at, text.to_owned(), reason);
        let year = |column| match cell(column) {
            (_, "") => Ok(String::new()),
            found => cell::year(found.1).map_err(|reason| wrong(found, reason)),
        };
        let years = [year(RuleColumn::From)?, year(RuleColumn::To)?];
        in_order(&years).map_err(|reason| wrong(cell(RuleColumn::From), reason))?;
        let [from, to] = years;
        let scopes = self.scopes(row)?.into_iter().map(|pattern| Scope {
            pattern,
            from: from.clone(),
            to: to.clone(),
        });
        let source = match cell(RuleColumn::Source).1 {
            "" => file.to_owned(),
            text => cell::line(text),
        };
        let share = cell(RuleColumn::Confidence);
        let says = Says {
            confidence: cell::confidence(share.1, CONFIDENCE).map_err(|r| wrong(share, r))?,
            source,
        };
        let (cars, field) = (cell(RuleColumn::Cars), cell(RuleColumn::Field));
        let (field, value) = match (cars.1, field.1) {
            ("", "") => {
                return Err(wrong(
                    field,
                    "either cars or a field must be named".to_owned(),
                ));
            }
            (_, "") => (
                CARS.to_owned(),
                self.ids(cars.1).map_err(|reason| wrong(cars, reason))?,
            ),
            ("", _) => self.told(row)?,
            _ => return Err(wrong(field, "cars and a field in one row".to_owned())),
        };
        Ok((scopes.collect(), field, value, says))
    }

    /// The makers and keys of a rule.
    fn scopes(&self, row: &Row<'_, RuleColumn>) -> Result<Vec<Pattern>, Wrong> {
        let pattern = row.cell(&RuleColumn::Pattern);
        let (wmi, key) = (row.cell(&RuleColumn::Wmi), row.cell(&RuleColumn::Key));
        let wrong =
            |(at, text): (usize, &str), reason: &str| (at, text.to_owned(), reason.to_owned());
        match (pattern.1, wmi.1) {
            ("", "") => Err(wrong(wmi, "either WMI and key or a pattern is needed")),
            (text, "") => patterns(text).map_err(|(part, reason)| (pattern.0, part, reason)),
            ("", codes) => {
                let upper = key.1.to_ascii_uppercase();
                match key::parse(&upper) {
                    Err(reason) => return Err(wrong(key, &reason)),
                    Ok(parsed) if parsed.digits != 0 => {
                        return Err(wrong(key, "`#` reads a number, which no rule here wants"));
                    }
                    Ok(_) => {}
                }
                let codes = codes
                    .split([',', '，', '、', ' '])
                    .filter(|code| !code.is_empty());
                let codes = codes.map(|code| {
                    let code = code.to_ascii_uppercase();
                    match is_wmi(&code) {
                        true => Ok(Pattern {
                            wmi: code,
                            key: upper.clone(),
                        }),
                        false => Err(wrong(
                            wmi,
                            "not a WMI of three characters, or of six with 9 in the third",
                        )),
                    }
                });
                codes.collect()
            }
            _ => Err(wrong(pattern, "a pattern and a WMI in one row")),
        }
    }

    /// The ids of cars, as a value in Chinese and English.
    fn ids(&self, keys: &str) -> Result<Value, String> {
        let keys =
            keys.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | '，' | ';' | '；'));
        let ids = keys.filter(|key| !key.is_empty()).map(|key| {
            let id = self.store.id(&format!("{PREFIX}{key}"));
            id.map(|id| id.to_string())
                .ok_or_else(|| format!("no car has the key {key:?}"))
        });
        let ids = ids.collect::<Result<Vec<_>, _>>()?.join(" ");
        Ok((ids.clone(), ids))
    }

    /// The field that a rule tells, and its value.
    fn told(&self, row: &Row<'_, RuleColumn>) -> Result<(String, Value), Wrong> {
        let (at, label) = row.cell(&RuleColumn::Field);
        let (value, english) = (row.cell(&RuleColumn::Value), row.cell(&RuleColumn::English));
        if value.1.is_empty() {
            return Err((value.0, String::new(), "a field needs its value".to_owned()));
        }
        let english = match english.1 {
            "" => value.1,
            text => text,
        };
        if [PLANT.0, PLANT.1].contains(&label) {
            return Ok((
                PLANT.0.to_owned(),
                (cell::line(value.1), cell::line(english)),
            ));
        }
        let field = cell::field(label).map(|(field, _)| field);
        let field = field.filter(|f| matches!(f.kind, FieldKind::Text | FieldKind::NullableText));
        let Some(field) = field else {
            return Err((
                at,
                label.to_owned(),
                "no field of a result that is a text".to_owned(),
            ));
        };
        let zh =
            cell::value(field, value.1).map_err(|reason| (value.0, value.1.to_owned(), reason))?;
        Ok((field.path.to_owned(), (zh, cell::line(english))))
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

/// Scopes, field, value, and how surely.
type Rule = (Vec<Scope>, String, Value, Says);

/// A value in Chinese and English.
type Value = (String, String);

fn in_order([from, to]: &[String; 2]) -> Result<(), String> {
    match !from.is_empty() && !to.is_empty() && from > to {
        true => Err(format!(
            "the first model year {from} is after the last, {to}"
        )),
        false => Ok(()),
    }
}

fn is_wmi(code: &str) -> bool {
    let plain = |c: u8| c.is_ascii_digit() || c.is_ascii_uppercase() && !b"IOQ".contains(&c);
    let whole = code.len() == 3 || code.len() == 6 && code.as_bytes()[2] == b'9';
    whole && code.bytes().all(plain)
}
