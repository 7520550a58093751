//! The patterns of the schemas: keys, rows, and what each schema allows per position.

use super::values::{Draft, Numbered, Values};
use crate::ImportError;
use crate::key::{self, ParsedKey};
use crate::table::{Table, unescape};
use std::collections::HashMap;
use std::path::Path;
use vin_index::vpic::{CLASS, ClassSet, KEY_FORMULA, Key, Row};
use vin_index::zerocopy::little_endian::{U16, U32, U64};

/// A row before the values are numbered.
struct DraftRow {
    element: u8,
    value: Draft,
    rank: u32,
}

/// Where a schema's keys stand and what it allows.
#[derive(Clone, Copy)]
pub struct Schema {
    /// The index of its first key.
    pub first_key: u32,
    /// How many keys.
    pub keys: u16,
    /// Per position the characters that some key names.
    pub valid: [u64; 10],
}

/// The patterns before the values are numbered.
pub struct Patterns {
    /// The schemas by id.
    pub schemas: HashMap<u32, Schema>,
    keys: Vec<Key>,
    rows: Vec<DraftRow>,
    class_sets: Vec<ClassSet>,
    formulas: Vec<Draft>,
    /// The ranks at which a later change date begins.
    pub date_starts: Vec<U32>,
}

/// What decides between rows of equal priority, as far as it depends on the row alone.
struct Standing {
    changed: String,
    specificity: usize,
    plain_key: u32,
    id: u32,
}

/// The key without the signs that the comparison of keys passes over.
fn plain(key: &str) -> String {
    key.replace(['[', ']'], "")
}

struct Builder<'a> {
    values: &'a mut Values,
    out: Patterns,
    standings: Vec<Standing>,
    plain_keys: HashMap<String, u32>,
    class_numbers: HashMap<[u64; 10], u16>,
    formula_bases: HashMap<(u8, u32), u32>,
}

impl Builder<'_> {
    fn class_number(&mut self, key: &ParsedKey) -> Result<u16, ImportError> {
        if !key.chars.contains(&CLASS) {
            return Ok(0);
        }
        let mut set = [u64::MAX; 10];
        for (slot, (&c, &class)) in set.iter_mut().zip(key.chars.iter().zip(&key.classes)) {
            if c == CLASS {
                *slot = class;
            }
        }
        let next = self.out.class_sets.len();
        let number = *self.class_numbers.entry(set).or_insert(next as u16);
        if usize::from(number) == next {
            if next >= usize::from(KEY_FORMULA) {
                return Err(ImportError::TooMany {
                    what: "sets of classes",
                    limit: next,
                });
            }
            self.out.class_sets.push(ClassSet {
                chars: set.map(U64::new),
            });
        }
        Ok(number)
    }

    /// The base of the values that `digits` digits of a VIN give for `element`.
    fn formula(&mut self, element: u8, digits: u32) -> Draft {
        let next = self.out.formulas.len() as u32;
        let base = *self.formula_bases.entry((element, digits)).or_insert(next);
        if base == next {
            for number in 0..10_u32.pow(digits) {
                let text = format!("{number:0width$}", width = digits as usize);
                let value = self.values.add(element, &text);
                self.out.formulas.push(value);
            }
        }
        Draft(base)
    }

    fn key(&mut self, text: &str, key: &ParsedKey) -> Result<(), ImportError> {
        let mut classes = self.class_number(key)?;
        if key.digits != 0 {
            classes |= KEY_FORMULA;
        }
        self.out.keys.push(Key {
            chars: key.chars,
            classes: U16::new(classes),
            rows: U32::new((key.reach as u32) << 28 | self.out.rows.len() as u32),
        });
        let next = self.plain_keys.len() as u32;
        self.plain_keys.entry(plain(text)).or_insert(next);
        Ok(())
    }

    /// Ends the last row range of the keys that were added.
    fn close(&mut self) {
        if !self.out.keys.is_empty() {
            self.out.keys.push(Key {
                chars: [CLASS; 10],
                classes: U16::ZERO,
                rows: U32::new(self.out.rows.len() as u32),
            });
        }
    }

    /// Gives every row its rank: newest change, fewest literals, smallest key, first in order.
    fn rank(&mut self) {
        let mut by_text: Vec<_> = self.plain_keys.iter().collect();
        by_text.sort();
        let mut text_order = vec![0_u32; by_text.len()];
        for (order, (_, number)) in by_text.into_iter().enumerate() {
            text_order[*number as usize] = order as u32;
        }
        let mut order: Vec<_> = (0..self.out.rows.len()).collect();
        let standings = &self.standings;
        order.sort_unstable_by(|&a, &b| {
            let (x, y) = (&standings[a], &standings[b]);
            let text = |s: &Standing| text_order[s.plain_key as usize];
            x.changed
                .cmp(&y.changed)
                .then(y.specificity.cmp(&x.specificity))
                .then(text(y).cmp(&text(x)))
                .then(b.cmp(&a))
        });
        let mut date = "";
        for (rank, &row) in order.iter().enumerate() {
            self.out.rows[row].rank = rank as u32;
            if standings[row].changed != date {
                date = &standings[row].changed;
                self.out.date_starts.push(U32::new(rank as u32));
            }
        }
        // Elements that keep all their values list them by the number of the row.
        order.retain(|&row| super::values::MULTI.contains(&self.out.rows[row].element));
        let mut by_id = order.clone();
        by_id.sort_unstable_by_key(|&row| standings[row].id);
        let mut ranks: Vec<_> = order.iter().map(|&row| self.out.rows[row].rank).collect();
        ranks.sort_unstable();
        for (row, rank) in by_id.into_iter().zip(ranks) {
            self.out.rows[row].rank = rank;
        }
    }
}

impl Patterns {
    /// Reads the patterns from the folder of canonical tables, sorted by schema and key.
    ///
    /// # Errors
    /// When the table cannot be read or a row cannot be right.
    pub fn read(folder: &Path, values: &mut Values) -> Result<Self, ImportError> {
        let columns = ["schema", "key", "element", "value", "changed", "id"];
        let table = Table::read(&folder.join("pattern.tsv.zst"), &columns)?;
        let later = super::later::read(folder, "pattern")?;
        let out = Self {
            schemas: HashMap::new(),
            keys: Vec::new(),
            rows: Vec::new(),
            class_sets: vec![ClassSet {
                chars: [U64::new(u64::MAX); 10],
            }],
            formulas: Vec::new(),
            date_starts: Vec::new(),
        };
        let mut builder = Builder {
            values,
            out,
            standings: Vec::new(),
            plain_keys: HashMap::new(),
            class_numbers: HashMap::new(),
            formula_bases: HashMap::new(),
        };
        let mut open: Option<(u32, Schema)> = None;
        let mut current = ("", "");
        let mut parsed = None;
        for row in table.rows() {
            let [schema, text, element, value, changed, id] = row.cells()?;
            let element: u8 = row.number("element", element)?;
            if open.is_none() || schema != current.0 {
                if let Some((id, schema)) = open.take() {
                    builder.close();
                    builder.out.schemas.insert(id, schema);
                }
                let id = row.number("schema", schema)?;
                if builder.out.schemas.contains_key(&id) {
                    return Err(row.wrong("schema", schema, "the table is not sorted by schema"));
                }
                let first_key = builder.out.keys.len() as u32;
                open = Some((
                    id,
                    Schema {
                        first_key,
                        keys: 0,
                        valid: [0; 10],
                    },
                ));
                current = (schema, "");
                parsed = None;
            }
            let Some((_, info)) = &mut open else { continue };
            if parsed.is_none() || text != current.1 {
                let key = key::parse(text).map_err(|reason| row.wrong("key", text, &reason))?;
                for (valid, (&c, &allowed)) in info
                    .valid
                    .iter_mut()
                    .zip(key.chars.iter().zip(&key.allowed))
                {
                    if c != vin_index::vpic::ANY {
                        *valid |= allowed;
                    }
                }
                info.keys = info.keys.checked_add(1).ok_or(ImportError::TooMany {
                    what: "keys in a schema",
                    limit: usize::from(u16::MAX),
                })?;
                builder.key(text, &key)?;
                current.1 = text;
                parsed = Some(key);
            }
            if !builder.values.taken_from_patterns(element) {
                continue;
            }
            let digits = parsed.as_ref().map_or(0, |key| key.digits.count_ones());
            let value = match digits {
                0 => builder.values.add(element, &unescape(value)),
                1..=4 => builder.formula(element, digits),
                _ => return Err(row.wrong("key", text, "more than four `#`")),
            };
            builder.out.rows.push(DraftRow {
                element,
                value,
                rank: 0,
            });
            let id = row.number("id", id)?;
            builder.standings.push(Standing {
                changed: later.stamp(changed, id),
                specificity: text.bytes().filter(|&b| b != b'*').count(),
                id,
                plain_key: builder.plain_keys.get(&plain(text)).copied().unwrap_or(0),
            });
        }
        if let Some((id, schema)) = open {
            builder.close();
            builder.out.schemas.insert(id, schema);
        }
        if builder.out.rows.len() >= 1 << 24 {
            return Err(ImportError::TooMany {
                what: "pattern rows",
                limit: 1 << 24,
            });
        }
        builder.rank();
        Ok(builder.out)
    }

    /// The sections of keys, rows, class sets and formulas.
    pub fn sections(&self, numbered: &Numbered) -> (&[Key], Vec<Row>, &[ClassSet], Vec<U32>) {
        let formula_keys: Vec<_> = self
            .keys
            .windows(2)
            .map(|pair| {
                let formula = pair[0].classes.get() & KEY_FORMULA != 0;
                (formula, pair[0].first_row()..pair[1].first_row())
            })
            .filter(|(formula, _)| *formula)
            .map(|(_, range)| range)
            .collect();
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| Row::new(row.element, numbered.finals[row.value.0 as usize], row.rank))
            .collect();
        // The value of a formula row is a base in the table of formulas, not a value.
        for range in formula_keys {
            for at in range {
                rows[at].value = U32::new(self.rows[at].value.0);
            }
        }
        let formulas = self
            .formulas
            .iter()
            .map(|&draft| numbered.get(draft))
            .collect();
        (&self.keys, rows, &self.class_sets, formulas)
    }
}
