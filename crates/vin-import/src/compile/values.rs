//! Numbering the values: equal (element, text) pairs become equal numbers.

use super::numeric;
use crate::ImportError;
use crate::table::{Table, unescape};
use std::collections::HashMap;
use std::path::Path;
use vin_index::StringPool;
use vin_index::vpic::{self, Conversion, ELEMENT_MULTI, ELEMENT_PUBLIC, Element};
use vin_index::zerocopy::little_endian::{U16, U32};

/// The elements that keep all their values.
pub const MULTI: [u8; 8] = [114, 121, 129, 150, 154, 155, 169, 186];
/// The elements that patterns never decide.
const NOT_FROM_PATTERNS: [u8; 4] = [26, 27, 29, 39];
/// The elements whose names are shown in capitals: make, manufacturer, vehicle type.
const UPPER_CASE: [u8; 3] = [26, 27, 39];
/// The elements of displacement, converted into one another.
const DISPLACEMENTS: [u8; 3] = [11, 12, 13];

/// A value by the number that it has until all are known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Draft(pub u32);

/// The elements and everything that is a value of one.
pub struct Values {
    elements: Vec<ElementInfo>,
    /// Names by lookup table and id.
    names: HashMap<(String, String), String>,
    known: HashMap<(u8, String), Draft>,
    /// The default "not applicable" of an element.
    not_applicable: HashMap<u8, Draft>,
    drafts: Vec<(u8, String, bool)>,
}

#[derive(Default, Clone)]
struct ElementInfo {
    row: Option<Element>,
    lookup: String,
    from_patterns: bool,
}

/// The values, numbered for good.
pub struct Numbered {
    /// The final number of each draft.
    pub finals: Vec<u32>,
    /// The records, `extra` still 0.
    pub records: Vec<vpic::Value>,
    /// Element, raw text and shown text of each.
    pub texts: Vec<(u8, String, String)>,
}

impl Values {
    /// Reads elements and lookups from the folder of canonical tables.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read(folder: &Path, pool: &mut StringPool) -> Result<Self, ImportError> {
        let columns = [
            "id", "name", "code", "group", "type", "decode", "private", "weight", "lookup",
        ];
        let table = Table::read(&folder.join("element.tsv.zst"), &columns)?;
        let mut elements = vec![ElementInfo::default(); 256];
        let mut place = 0;
        for row in table.rows() {
            let [id, name, code, group, _, decode, private, weight, lookup] = row.cells()?;
            let number: u8 = row.number("id", id)?;
            let public = private == "0" && !decode.is_empty();
            place += u8::from(public);
            let weight = if weight.is_empty() {
                0
            } else {
                row.number("weight", weight)?
            };
            elements[usize::from(number)] = ElementInfo {
                row: Some(Element {
                    name: U32::new(pool.add(&unescape(name))),
                    code: U32::new(pool.add(code)),
                    group: U32::new(pool.add(group)),
                    weight: U16::new(weight),
                    flags: if public { ELEMENT_PUBLIC } else { 0 }
                        | if MULTI.contains(&number) {
                            ELEMENT_MULTI
                        } else {
                            0
                        },
                    place,
                }),
                lookup: lookup.to_owned(),
                from_patterns: public && !NOT_FROM_PATTERNS.contains(&number),
            };
        }
        let table = Table::read(&folder.join("lookup.tsv.zst"), &["table", "id", "name"])?;
        let mut names = HashMap::new();
        for row in table.rows() {
            let [table, id, name] = row.cells()?;
            names.insert(
                (table.to_owned(), id.to_owned()),
                unescape(name).into_owned(),
            );
        }
        let mut values = Self {
            elements,
            names,
            known: HashMap::new(),
            not_applicable: HashMap::new(),
            drafts: Vec::new(),
        };
        // Number 0 means "none".
        values.drafts.push((0, String::new(), false));
        Ok(values)
    }

    /// Whether rows of patterns about `element` count.
    pub fn taken_from_patterns(&self, element: u8) -> bool {
        self.elements[usize::from(element)].from_patterns
    }

    /// Whether `element` is shown to callers.
    pub fn is_public(&self, element: u8) -> bool {
        let row = self.elements[usize::from(element)].row;
        row.is_some_and(|row| row.flags & ELEMENT_PUBLIC != 0)
    }

    /// Whether the values of `element` are ids with a name.
    pub fn has_lookup(&self, element: u8) -> bool {
        !self.elements[usize::from(element)].lookup.is_empty()
    }

    /// The names of a lookup table, as (id, name).
    pub fn lookup<'a>(&'a self, table: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let of_table = self
            .names
            .iter()
            .filter(move |((name, _), _)| name == table);
        of_table.map(|((_, id), name)| (id.as_str(), name.as_str()))
    }

    /// The value `raw` of `element`.
    pub fn add(&mut self, element: u8, raw: &str) -> Draft {
        if let Some(&draft) = self.known.get(&(element, raw.to_owned())) {
            return draft;
        }
        let draft = Draft(self.drafts.len() as u32);
        self.drafts.push((element, raw.to_owned(), false));
        self.known.insert((element, raw.to_owned()), draft);
        draft
    }

    /// The default "Not Applicable" of `element`.
    pub fn add_not_applicable(&mut self, element: u8) -> Draft {
        *self.not_applicable.entry(element).or_insert_with(|| {
            self.drafts.push((element, "0".to_owned(), true));
            Draft(self.drafts.len() as u32 - 1)
        })
    }

    fn shown(&self, element: u8, raw: &str, not_applicable: bool) -> String {
        let lookup = &self.elements[usize::from(element)].lookup;
        if not_applicable {
            "Not Applicable".to_owned()
        } else if lookup.is_empty() {
            // Line ends are shown as spaces, one for each character.
            raw.replace(['\r', '\n'], " ")
        } else {
            let name = self.names.get(&(lookup.clone(), raw.to_owned()));
            let name = name.cloned().unwrap_or_default();
            if UPPER_CASE.contains(&element) {
                name.to_uppercase()
            } else {
                name
            }
        }
    }

    /// Adds what the displacements convert to.
    ///
    /// # Errors
    /// When the table of conversions cannot be read.
    pub fn convert(&mut self, folder: &Path) -> Result<Vec<(Draft, [Draft; 3])>, ImportError> {
        let columns = ["id", "from", "to", "formula"];
        let table = Table::read(&folder.join("conversion.tsv.zst"), &columns)?;
        let mut formulas = HashMap::new();
        for row in table.rows() {
            let [_, from, to, formula] = row.cells()?;
            let (from, to) = (row.number::<u8>("from", from)?, row.number::<u8>("to", to)?);
            if !DISPLACEMENTS.contains(&from) || !DISPLACEMENTS.contains(&to) {
                return Err(row.wrong("from", formula, "only displacements are converted"));
            }
            formulas.insert((from, to), formula.to_owned());
        }
        let mut converted = Vec::new();
        for element in DISPLACEMENTS {
            self.add(element, "0");
        }
        // Results are values too, but they are not converted again.
        for at in 1..self.drafts.len() {
            let (element, raw, _) = self.drafts[at].clone();
            if !DISPLACEMENTS.contains(&element) {
                continue;
            }
            let mut to = [Draft(0); 3];
            for (slot, target) in to.iter_mut().zip(DISPLACEMENTS) {
                let formula = formulas.get(&(element, target));
                if let Some(result) = formula.and_then(|f| numeric::convert(&raw, f)) {
                    *slot = self.add(target, &result);
                }
            }
            converted.push((Draft(at as u32), to));
        }
        Ok(converted)
    }

    /// Numbers the values by element and text, those that differ in case alone together.
    ///
    /// # Errors
    /// When there are more than a row can name.
    pub fn number(&self, pool: &mut StringPool) -> Result<Numbered, ImportError> {
        if self.drafts.len() >= 1 << 24 {
            return Err(ImportError::TooMany {
                what: "values",
                limit: 1 << 24,
            });
        }
        let mut order: Vec<_> = (0..self.drafts.len()).collect();
        order.sort_by_cached_key(|&at| {
            let (element, raw, not_applicable) = &self.drafts[at];
            (*element, raw.to_lowercase(), raw.clone(), *not_applicable)
        });
        let mut finals = vec![0; order.len()];
        let mut records = Vec::with_capacity(order.len());
        let mut texts = Vec::with_capacity(order.len());
        for (number, &at) in order.iter().enumerate() {
            finals[at] = number as u32;
            let (element, raw, not_applicable) = &self.drafts[at];
            let shown = self.shown(*element, raw, *not_applicable);
            records.push(vpic::Value {
                raw: U32::new(pool.add(raw)),
                text: U32::new(pool.add(&shown)),
                zh: U32::ZERO,
                en: U32::ZERO,
                zh2: U32::ZERO,
                en2: U32::ZERO,
                extra: U32::ZERO,
                element: *element,
                flags: flags(*element, raw, &shown),
                reserved: [0; 2],
            });
            texts.push((*element, raw.clone(), shown));
        }
        Ok(Numbered {
            finals,
            records,
            texts,
        })
    }

    /// The element records by id.
    pub fn element_records(&self) -> Vec<Element> {
        let empty = Element {
            name: U32::ZERO,
            code: U32::ZERO,
            group: U32::ZERO,
            weight: U16::ZERO,
            flags: 0,
            place: 0,
        };
        self.elements
            .iter()
            .map(|info| info.row.unwrap_or(empty))
            .collect()
    }
}

impl Numbered {
    /// The final number of a draft.
    pub fn get(&self, draft: Draft) -> U32 {
        U32::new(self.finals[draft.0 as usize])
    }

    /// The first value of `element` that equals `raw` but for case, and how many follow it.
    pub fn fold(&self, element: u8, raw: &str) -> Option<(u32, u8)> {
        let folded = raw.to_lowercase();
        let key = |(e, raw, _): &(u8, String, String)| (*e, raw.to_lowercase());
        let at = self
            .texts
            .partition_point(|text| key(text) < (element, folded.clone()));
        let same = self.texts[at..]
            .iter()
            .take_while(|t| key(t) == (element, folded.clone()));
        let count = same.count();
        (count > 0).then(|| (at as u32, count.min(255) as u8))
    }

    /// The conversion records, and the number of its record set in each displacement.
    pub fn conversions(&mut self, converted: &[(Draft, [Draft; 3])]) -> Vec<Conversion> {
        // Number 0 is what a value read from digits of the VIN converts to.
        let zero = |element| self.fold(element, "0").map_or(0, |(value, _)| value);
        let mut records = vec![Conversion {
            to: DISPLACEMENTS.map(|element| U32::new(zero(element))),
        }];
        for (from, to) in converted {
            self.records[self.finals[from.0 as usize] as usize].extra =
                U32::new(records.len() as u32);
            records.push(Conversion {
                to: to.map(|draft| self.get(draft)),
            });
        }
        records
    }
}

/// The bodies (raw values of element 5) of off-road vehicles.
const OFF_ROAD: [&str; 10] = [
    "69", "84", "86", "88", "97", "105", "113", "124", "126", "127",
];

/// What the engine needs to know of a value beside its text.
fn flags(element: u8, raw: &str, shown: &str) -> u8 {
    let holds = [
        (element == 5 && raw == "64", vpic::VALUE_GLIDER),
        (
            element == 5 && OFF_ROAD.contains(&raw),
            vpic::VALUE_OFF_ROAD,
        ),
        (
            element == 5 && shown.starts_with("Incomplete"),
            vpic::VALUE_INCOMPLETE,
        ),
        (element == 135 && raw == "1", vpic::VALUE_TURBO),
        (
            element == 114 && shown.contains("Curb Weight"),
            vpic::VALUE_WEIGHT_NOTE,
        ),
        (shown.bytes().all(is_plain), vpic::VALUE_PLAIN),
    ];
    let set = holds.into_iter().filter(|(holds, _)| *holds);
    set.fold(0, |flags, (_, flag)| flags | flag)
}

/// Whether a byte stands for itself in a JSON string.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}
