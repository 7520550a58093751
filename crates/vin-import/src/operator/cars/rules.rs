//! The sheet of rules: for which VINs, and which cars or which value of a field.

use super::columns::{RuleColumn, of_rules};
use super::{CONFIDENCE, PREFIX, Reader, in_order};
use crate::key;
use crate::operator::cell;
use crate::operator::input::Sheet;
use crate::operator::pattern::{Pattern, patterns};
use crate::operator::rows::{Row, Rows, Wrong};
use crate::operator::store::{CARS, Says, Scope};
use std::collections::BTreeMap;
use vin_core::field::Kind as FieldKind;

/// The rule that tells the plant, which is no result field.
const PLANT: (&str, &str) = ("plant", "工厂");
/// Scopes, field, value, and how surely.
type Rule = (Vec<Scope>, String, Value, Says);

/// A value in Chinese and English.
type Value = (String, String);

impl Reader {
    /// Takes the rules of a sheet.
    pub(super) fn rules(&mut self, sheet: &Sheet) {
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
}

fn is_wmi(code: &str) -> bool {
    let plain = |c: u8| c.is_ascii_digit() || c.is_ascii_uppercase() && !b"IOQ".contains(&c);
    let whole = code.len() == 3 || code.len() == 6 && code.as_bytes()[2] == b'9';
    whole && code.bytes().all(plain)
}
