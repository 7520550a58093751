//! Models with their makes, engine models, vehicle specs and defaults.

use super::values::{Draft, Numbered, Values};
use crate::ImportError;
use crate::table::{Table, unescape};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use vin_index::Writer;
use vin_index::vpic::{self, Defaults, Model, Row, Span, Spec, SpecKey, SpecPattern};
use vin_index::zerocopy::FromZeros;
use vin_index::zerocopy::little_endian::{U16, U32, U64};

/// A row that says what an element is, with the time of its change.
struct Statement {
    element: u8,
    raw: String,
    value: Draft,
    changed: String,
}

#[derive(Default)]
struct DraftPattern {
    keys: Vec<Statement>,
    rows: Vec<Statement>,
}

struct DraftSpec {
    id: u32,
    make: Draft,
    /// `None` for a number that is no vehicle type, with which no vehicle agrees.
    vehicle_type: Option<u32>,
    models: Vec<String>,
    years: u64,
}

/// Everything that hangs on a model or an engine, before the values are numbered.
pub struct Specs {
    /// Makes by model id.
    models: BTreeMap<u32, Vec<Draft>>,
    engines: BTreeMap<String, Vec<Statement>>,
    specs: Vec<DraftSpec>,
    patterns: HashMap<u32, BTreeMap<u32, DraftPattern>>,
    defaults: Vec<(usize, u8, Draft)>,
}

impl Specs {
    /// Reads the tables from the folder of canonical tables.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read(folder: &Path, values: &mut Values) -> Result<Self, ImportError> {
        let mut models: BTreeMap<u32, Vec<Draft>> = BTreeMap::new();
        let table = Table::read(&folder.join("model.tsv.zst"), &["model", "make"])?;
        for row in table.rows() {
            let [model, make] = row.cells()?;
            let make = values.add(26, make);
            models
                .entry(row.number("model", model)?)
                .or_default()
                .push(make);
        }

        let mut engines: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
        let columns = ["engine", "element", "value", "changed", "id"];
        let later = super::later::read(folder, "engine")?;
        let table = Table::read(&folder.join("engine.tsv.zst"), &columns)?;
        for row in table.rows() {
            let [engine, element, value, changed, id] = row.cells()?;
            let changed = later.stamp(changed, row.number("id", id)?);
            let element = row.number("element", element)?;
            if values.taken_from_patterns(element) {
                let statement = statement(values, element, value, &changed);
                engines
                    .entry(unescape(engine).trim().to_lowercase())
                    .or_default()
                    .push(statement);
            }
        }

        let mut specs = Vec::new();
        let columns = ["schema", "make", "vehicle_type", "models", "years"];
        let table = Table::read(&folder.join("spec.tsv.zst"), &columns)?;
        for row in table.rows() {
            let [id, make, vehicle_type, models, years] = row.cells()?;
            let mut set = 0_u64;
            for year in years.split(',').filter(|year| !year.is_empty()) {
                let year: u16 = row.number("years", year)?;
                let bit = year.checked_sub(1980).filter(|&bit| bit < 64);
                set |= 1 << bit.ok_or_else(|| row.wrong("years", years, "outside 1980–2043"))?;
            }
            specs.push(DraftSpec {
                id: row.number("schema", id)?,
                make: values.add(26, make),
                vehicle_type: vehicle_type.parse().ok(),
                models: models.split(',').map(str::to_owned).collect(),
                years: set,
            });
        }

        let mut patterns: HashMap<u32, BTreeMap<u32, DraftPattern>> = HashMap::new();
        let columns = [
            "schema", "pattern", "is_key", "element", "value", "changed", "id",
        ];
        let table = Table::read(&folder.join("spec_pattern.tsv.zst"), &columns)?;
        for row in table.rows() {
            let [schema, pattern, is_key, element, value, changed, _] = row.cells()?;
            let element = row.number("element", element)?;
            let of_schema = patterns.entry(row.number("schema", schema)?).or_default();
            let pattern = of_schema
                .entry(row.number("pattern", pattern)?)
                .or_default();
            if is_key == "1" {
                pattern
                    .keys
                    .push(statement(values, element, value, changed));
            } else if values.taken_from_patterns(element) {
                pattern
                    .rows
                    .push(statement(values, element, value, changed));
            }
        }

        let mut defaults = Vec::new();
        let columns = ["vehicle_type", "element", "value"];
        let table = Table::read(&folder.join("default.tsv.zst"), &columns)?;
        for row in table.rows() {
            let [vehicle_type, element, value] = row.cells()?;
            let number: usize = row.number("vehicle_type", vehicle_type)?;
            let element: u8 = row.number("element", element)?;
            if number >= 16 {
                return Err(row.wrong("vehicle_type", vehicle_type, "not below 16"));
            }
            if values.is_public(element) {
                let value = match value {
                    "0" if values.has_lookup(element) => values.add_not_applicable(element),
                    _ => values.add(element, value),
                };
                defaults.push((number, element, value));
            }
        }
        Ok(Self {
            models,
            engines,
            specs,
            patterns,
            defaults,
        })
    }

    /// Adds the sections; `makes` receives the makes of the models.
    pub fn write(&self, numbered: &mut Numbered, makes: &mut Vec<U32>, writer: &mut Writer) {
        self.write_engines(numbered, writer);
        self.write_models(numbered, makes, writer);
        let mut defaults: Vec<_> = (0..16).map(|_| Defaults::new_zeroed()).collect();
        for &(vehicle_type, element, value) in &self.defaults {
            let record = &mut defaults[vehicle_type];
            let word = &mut record.mask[usize::from(element) / 64];
            *word = U64::new(word.get() | 1 << (element % 64));
            record.values[usize::from(element)] = numbered.get(value);
        }
        writer.table(vpic::DEFAULTS, &defaults);
    }

    fn write_engines(&self, numbered: &mut Numbered, writer: &mut Writer) {
        let rank = ranks(self.engines.values().flatten());
        let mut rank = rank.into_iter();
        let mut spans = vec![Span {
            at: U32::ZERO,
            count: U32::ZERO,
        }];
        let mut rows = Vec::new();
        let mut by_name = HashMap::new();
        for (name, statements) in &self.engines {
            by_name.insert(name.as_str(), spans.len() as u32);
            spans.push(span(rows.len(), statements.len()));
            rows.extend(
                statements
                    .iter()
                    .zip(rank.by_ref())
                    .map(|(s, rank)| s.row(numbered, rank)),
            );
        }
        for (record, (element, raw, _)) in numbered.records.iter_mut().zip(&numbered.texts) {
            if let (18, Some(&number)) = (*element, by_name.get(raw.trim().to_lowercase().as_str()))
            {
                record.extra = U32::new(number);
            }
        }
        writer.table(vpic::ENGINES, &spans);
        writer.table(vpic::ENGINE_ROWS, &rows);
    }

    fn write_models(&self, numbered: &mut Numbered, makes: &mut Vec<U32>, writer: &mut Writer) {
        let mut by_model: HashMap<&str, Vec<&DraftSpec>> = HashMap::new();
        for spec in &self.specs {
            for model in &spec.models {
                by_model.entry(model).or_default().push(spec);
            }
        }
        let ordered: BTreeMap<_, _> = self.patterns.iter().collect();
        let all_rows = ordered
            .values()
            .flat_map(|of| of.values())
            .flat_map(|p| &p.rows);
        let mut rank = ranks(all_rows).into_iter();
        let (mut keys, mut rows, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        let mut spans = HashMap::new();
        for (schema, of_schema) in ordered {
            spans.insert(*schema, span(patterns.len(), of_schema.len()));
            for pattern in of_schema.values() {
                patterns.push(SpecPattern {
                    keys_at: U32::new(keys.len() as u32),
                    rows_at: U32::new(rows.len() as u32),
                    keys: U16::new(pattern.keys.len() as u16),
                    rows: U16::new(pattern.rows.len() as u16),
                });
                keys.extend(pattern.keys.iter().map(|s| s.key(numbered)));
                rows.extend(
                    pattern
                        .rows
                        .iter()
                        .zip(rank.by_ref())
                        .map(|(s, r)| s.row(numbered, r)),
                );
            }
        }
        let mut models = vec![Model {
            makes: span(0, 0),
            specs: span(0, 0),
        }];
        let mut specs = Vec::new();
        let mut numbers = HashMap::new();
        for (model, its_makes) in &self.models {
            let its_specs = by_model
                .get(model.to_string().as_str())
                .map_or(&[][..], Vec::as_slice);
            numbers.insert(model.to_string(), models.len() as u32);
            models.push(Model {
                makes: span(makes.len(), its_makes.len()),
                specs: span(specs.len(), its_specs.len()),
            });
            makes.extend(its_makes.iter().map(|&make| numbered.get(make)));
            specs.extend(its_specs.iter().map(|spec| Spec {
                make: numbered.get(spec.make),
                years: U64::new(spec.years),
                patterns: spans.get(&spec.id).copied().unwrap_or(span(0, 0)),
                vehicle_type: U32::new(spec.vehicle_type.unwrap_or(u32::MAX)),
                schema: U32::new(spec.id),
            }));
        }
        for (record, (element, raw, _)) in numbered.records.iter_mut().zip(&numbered.texts) {
            if let (28, Some(&number)) = (*element, numbers.get(raw)) {
                record.extra = U32::new(number);
            }
        }
        writer.table(vpic::MODELS, &models);
        writer.table(vpic::SPECS, &specs);
        writer.table(vpic::SPEC_PATTERNS, &patterns);
        writer.table(vpic::SPEC_KEYS, &keys);
        writer.table(vpic::SPEC_ROWS, &rows);
    }
}

fn statement(values: &mut Values, element: u8, cell: &str, changed: &str) -> Statement {
    let raw = unescape(cell).into_owned();
    let value = values.add(element, &raw);
    Statement {
        element,
        raw,
        value,
        changed: changed.to_owned(),
    }
}

impl Statement {
    fn row(&self, numbered: &Numbered, rank: u32) -> Row {
        Row::new(self.element, numbered.get(self.value).get(), rank)
    }

    fn key(&self, numbered: &Numbered) -> SpecKey {
        let alone = (numbered.get(self.value).get(), 1);
        let (value, count) = numbered.fold(self.element, &self.raw).unwrap_or(alone);
        SpecKey {
            value: U32::new(value),
            count,
            element: self.element,
            reserved: [0; 2],
        }
    }
}

fn span(at: usize, count: usize) -> Span {
    Span {
        at: U32::new(at as u32),
        count: U32::new(count as u32),
    }
}

/// The rank of each statement: the newest change first, then the smaller element, then the
/// first in order.
fn ranks<'a>(statements: impl Iterator<Item = &'a Statement>) -> Vec<u32> {
    let all: Vec<_> = statements.collect();
    let mut order: Vec<_> = (0..all.len()).collect();
    order.sort_by(|&a, &b| {
        let by_change = all[a].changed.cmp(&all[b].changed);
        by_change
            .then(all[b].element.cmp(&all[a].element))
            .then(b.cmp(&a))
    });
    let mut ranks = vec![0; all.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as u32;
    }
    ranks
}
