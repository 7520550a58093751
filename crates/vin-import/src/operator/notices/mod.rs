//! 公告: the ministry's records of approved products, as operators keep them.
//!
//! A record is a car that is known by maker and 车辆型号. Its cells list alternatives (several
//! wheelbases, engines, tyres); such a field is not known, nothing is guessed. Its patterns of VINs
//! lead to it; where records have a pattern in common, each of them is a candidate.
//!
//! Gross mass, axles, the maker of the engine and the like have no result field and are passed over.

mod columns;
mod values;

use super::input::{self, Sheet};
use super::pattern::patterns;
use super::rows::{Row, Rows, Wrong};
use super::store::{Car, Says, Scope, Store};
use super::{Kind, Progress, Report, Step, cell, form};
use crate::ImportError;
use crate::table::Table;
use columns::Column;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What stands before maker and model in the ledger.
const PREFIX: &str = "notices/";
/// How surely a VIN that fits the pattern of a record is that car: the pattern is the maker's own
/// and legally binding; typing errors remain.
const CONFIDENCE: &str = "0.95";
/// What stands in the source of a car before and after the number of its batch.
const BATCH: (&str, &str) = ("产品公告第", "批");
/// The source of a car of no known batch.
const NO_BATCH: &str = "产品公告";

/// Whether a text is a label of a record.
pub fn is_label(text: &str) -> bool {
    columns::of(text).is_some()
}

/// Whether a sheet with this header holds records: models and patterns, or models and makers.
pub fn holds(header: &[String]) -> bool {
    let known: Vec<_> = header
        .iter()
        .filter_map(|label| columns::of(label))
        .collect();
    let has = |column| known.contains(&column);
    has(Column::Model) && (has(Column::Patterns) || has(Column::Maker))
}

/// A record, of one row or of several that say the same model.
#[derive(Clone, Debug)]
struct Record {
    /// The batch, or 0.
    batch: u32,
    /// By column what the rows say; `None` where they disagree or list several.
    fields: BTreeMap<String, Option<String>>,
    scopes: BTreeSet<Scope>,
}

/// Reads records into the folder of tables.
///
/// # Errors
/// When the file holds none, exceeds a limit, or a table cannot be read or written.
pub fn read(
    path: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let sheets = input::sheets(path, &is_label)?;
    let mut reader = Reader {
        brands: brands(tables)?,
        report: Report::new(Kind::Notices, path),
        records: BTreeMap::new(),
        joined: 0,
    };
    let total = sheets.iter().map(|sheet| sheet.rows.len() as u64).sum();
    let mut found = false;
    for sheet in sheets.iter().filter(|sheet| holds(&sheet.header)) {
        found = true;
        let done = reader.report.rows_read;
        progress(Progress {
            step: Step::Read,
            done,
            total,
        });
        reader.sheet(sheet);
    }
    if !found {
        let reason = "no table has a column 车辆型号 and one of 识别代号 and 企业名称";
        return Err(form(path, 0, reason));
    }
    progress(Progress {
        step: Step::Read,
        done: total,
        total,
    });
    reader.store(tables)
}

/// The Chinese names of brands that the tables know, with the English ones.
fn brands(tables: &Path) -> Result<BTreeMap<String, String>, ImportError> {
    let columns = ["make", "vpic", "zh", "en", "source"];
    let table = Table::read(&tables.join("mapping/brands.tsv"), &columns)?;
    let mut brands = BTreeMap::new();
    for row in table.rows() {
        let [_, _, zh, en, _] = row.cells()?;
        brands.insert(zh.to_owned(), en.to_owned());
    }
    Ok(brands)
}

struct Reader {
    brands: BTreeMap<String, String>,
    report: Report,
    /// By maker and model.
    records: BTreeMap<(String, String), Record>,
    /// Rows that were joined to another, or that a later batch replaces.
    joined: u64,
}

impl Reader {
    fn sheet(&mut self, sheet: &Sheet) {
        let rows = Rows::new(sheet, columns::of);
        let unknown: Vec<_> = rows
            .passed_over()
            .filter(|label| columns::of(label) != Some(Column::Unused))
            .collect();
        if !unknown.is_empty() {
            let (name, labels) = (&sheet.name, unknown.join(", "));
            self.report.note(
                format!("“{name}”中这些列未识别，未读取：{labels}"),
                format!("{name}: these columns are not known and were passed over: {labels}"),
            );
        }
        for row in rows.iter() {
            self.report.rows_read += 1;
            match self.record(&row) {
                Ok((key, record)) => {
                    self.report.rows_taken += 1;
                    self.join(key, record);
                }
                Err(wrong) => self.report.refuse(row.refuse(wrong)),
            }
        }
    }

    fn record(&self, row: &Row<'_, Column>) -> Result<((String, String), Record), Wrong> {
        let mut record = Record {
            batch: 0,
            fields: BTreeMap::new(),
            scopes: BTreeSet::new(),
        };
        let (at, model) = row.cell(&Column::Model);
        let model = code(model).map_err(|reason| (at, model.to_owned(), reason))?;
        let maker = cell::line(row.cell(&Column::Maker).1);
        for (at, column, text) in row.cells()? {
            self.take(&mut record, *column, text)
                .map_err(|(value, reason)| (at, value, reason))?;
        }
        record.set("model", Some(model.clone()));
        let product = row.cell(&Column::Product).1;
        let mark = cell::line(row.cell(&Column::Mark).1);
        // The full name of an approved product is put together of these three.
        record.set("name", Some(cell::line(&format!("{mark}{model}{product}"))));
        Ok(((maker, model), record))
    }

    /// Takes what a cell says, or tells what of it is wrong and why.
    fn take(
        &self,
        record: &mut Record,
        column: Column,
        text: &str,
    ) -> Result<(), (String, String)> {
        let wrong = |reason: String| (text.to_owned(), reason);
        let number = || values::number(text).map_err(wrong);
        match column {
            Column::Model | Column::Product | Column::Date | Column::Unused => {}
            Column::Maker => record.set("manufacturer", values::single(text)),
            Column::Mark => {
                let (zh, en) = self.brand(text);
                record.set("brand@en", en.filter(|_| zh.is_some()));
                record.set("brand", zh);
            }
            Column::Series => record.set("typename", values::single(text)),
            Column::Patterns => {
                for pattern in patterns(text)? {
                    record.scopes.insert(Scope {
                        pattern,
                        from: String::new(),
                        to: String::new(),
                    });
                }
            }
            Column::Size => {
                let sizes = values::size(text).map_err(wrong)?;
                for (path, size) in ["len", "width", "height"].into_iter().zip(sizes) {
                    record.set(path, size);
                }
            }
            Column::Length => record.set("len", number()?),
            Column::Width => record.set("width", number()?),
            Column::Height => record.set("height", number()?),
            Column::Wheelbase => record.set("wheelbase", number()?),
            Column::Kerb => record.set("weight", number()?),
            Column::Load => record.set("ratedloadweight", number()?),
            Column::Tyres => {
                let [front, rear] = values::tyres(text);
                record.set("fronttiresize", front);
                record.set("reartiresize", rear);
            }
            Column::EngineModel => record.set("enginemodel", values::single(text)),
            Column::Volume => record.set("displacementml", volume(number()?).map_err(wrong)?),
            Column::Power => record.set("maxpower", number()?),
            Column::VolumePower => {
                let [ml, kw] = values::volume_power(text).map_err(wrong)?;
                record.set("displacementml", volume(ml).map_err(wrong)?);
                record.set("maxpower", kw);
            }
            Column::Fuel => {
                let (zh, en) = values::fuel(text).unzip();
                record.set("fueltype", zh);
                record.set("fueltype@en", en.flatten().map(str::to_owned));
            }
            Column::Seats => record.set("seatnum", number()?),
            Column::Chassis => record.set("chassis", values::single(text)),
            Column::Consumption => record.set("comfuelconsumption", number()?),
            Column::Batch => {
                let digits: String = text
                    .chars()
                    .skip_while(|c| !c.is_ascii_digit())
                    .take_while(char::is_ascii_digit)
                    .collect();
                record.batch = digits
                    .parse()
                    .map_err(|_| wrong("not the number of a batch".to_owned()))?;
            }
        }
        Ok(())
    }

    /// The brand of a mark: `大众汽车(VOLKSWAGEN)牌` is 大众.
    fn brand(&self, mark: &str) -> (Option<String>, Option<String>) {
        let Some(mark) = values::single(mark) else {
            return (None, None);
        };
        let mark = mark.trim_end_matches('牌');
        let bare = mark.split(['(', '\u{ff08}']).next().unwrap_or(mark).trim();
        let forms = [mark, bare, bare.trim_end_matches("汽车")];
        let known = forms
            .iter()
            .find_map(|form| self.brands.get_key_value(*form));
        match known {
            Some((zh, en)) => (Some(zh.clone()), Some(en.clone())),
            None if bare.is_empty() => (Some(mark.to_owned()), None),
            None => (Some(bare.to_owned()), None),
        }
    }

    /// Joins a record to those of the same model: a later batch replaces an earlier one; rows of
    /// one batch are variants, whose patterns all count.
    fn join(&mut self, key: (String, String), record: Record) {
        let Some(other) = self.records.get_mut(&key) else {
            self.records.insert(key, record);
            return;
        };
        self.joined += 1;
        if record.batch > other.batch {
            *other = record;
        } else if record.batch == other.batch {
            for (path, value) in record.fields {
                other.set(&path, value);
            }
            other.scopes.extend(record.scopes);
        }
    }

    fn store(self, tables: &Path) -> Result<Report, ImportError> {
        let mut store = Store::open(tables)?;
        let mut report = self.report;
        let (mut replaced, mut older) = (0_u64, 0_u64);
        for ((maker, model), record) in self.records {
            let key = format!("{PREFIX}{maker}/{model}");
            let known = store.get(&key).map_or(0, |car| batch_of(&car.source));
            if record.batch > 0 && record.batch < known {
                older += 1;
                continue;
            }
            let source = match record.batch {
                0 => NO_BATCH.to_owned(),
                batch => format!("{}{batch}{}", BATCH.0, BATCH.1),
            };
            let known = record
                .fields
                .into_iter()
                .filter_map(|(path, value)| Some((path, value?)));
            let mut fields: BTreeMap<_, _> = known.collect();
            for path in ["brand", "fueltype"] {
                // Rows may agree on the English value alone.
                if !fields.contains_key(path) {
                    fields.remove(&format!("{path}@en"));
                }
            }
            let says = Says {
                confidence: CONFIDENCE.to_owned(),
                source: source.clone(),
            };
            let (id, again) = store.put(&key, Car { fields, source })?;
            replaced += u64::from(again);
            if !record.scopes.is_empty() {
                store.lead_to(id, &record.scopes, &says);
            }
        }
        for (count, zh, en) in [
            (
                self.joined,
                "行与同一型号的另一行合并",
                "rows were joined to another row of the same model",
            ),
            (
                replaced,
                "个型号替换了先前导入的",
                "models took the place of ones imported before",
            ),
            (
                older,
                "个型号的批次早于已导入的，保留已导入的",
                "models are of an earlier batch than the one imported before, which stays",
            ),
        ] {
            if count > 0 {
                report.note(format!("{count} {zh}"), format!("{count} {en}"));
            }
        }
        report.tables = store.write()?;
        Ok(report)
    }
}

impl Record {
    /// Takes a value; a second one that differs makes the field unknown.
    fn set(&mut self, path: &str, value: Option<String>) {
        match self.fields.get_mut(path) {
            None => drop(self.fields.insert(path.to_owned(), value)),
            Some(known) if *known != value => *known = None,
            Some(_) => {}
        }
    }
}

/// The number of the batch that a source names, or 0.
fn batch_of(source: &str) -> u32 {
    let number = source
        .strip_prefix(BATCH.0)
        .and_then(|rest| rest.strip_suffix(BATCH.1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A model's code with narrow brackets.
fn code(text: &str) -> Result<String, String> {
    let narrow = |c: char| match c {
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        c => c,
    };
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(narrow)
        .collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-/().+".contains(c);
    match !code.is_empty() && code.len() <= 60 && code.chars().all(plain) {
        true => Ok(code),
        false => Err("not the code of a model".to_owned()),
    }
}

/// A displacement in mL.
fn volume(ml: Option<String>) -> Result<Option<String>, String> {
    let small = ml
        .as_ref()
        .and_then(|ml| ml.parse::<f64>().ok())
        .is_some_and(|ml| ml < 30.0);
    match small {
        true => Err("too small for mL, the unit of these records".to_owned()),
        false => Ok(ml),
    }
}
