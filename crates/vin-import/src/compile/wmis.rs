//! WMIs, and for each of their years the plan: which schemas are asked.

use super::patterns::Patterns;
use super::values::{Draft, Numbered, Values};
use crate::ImportError;
use crate::table::{Row, Table};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use vin_index::Writer;
use vin_index::vpic::{self, FIRST_YEAR, LongWmi, PlanEntry, ValidSet, Wmi, wmi3_slot};
use vin_index::zerocopy::little_endian::{U16, U32, U64};

/// A schema without a last year holds up to here, later than any year that a VIN can mean.
const LAST_YEAR: u16 = 2060;

struct DraftWmi {
    code: String,
    vehicle_type: u8,
    truck_type: u8,
    public_from: u32,
    manufacturer: Draft,
    vehicle_type_value: Draft,
    makes: Vec<Draft>,
}

/// The WMIs before the values are numbered.
pub struct Wmis {
    wmis: Vec<DraftWmi>,
    /// Per WMI code its schemas: id, first year, last year.
    links: HashMap<String, Vec<(u32, u16, u16)>>,
}

/// `YYYY-MM-DD…` as the number `YYYYMMDD`.
fn date(row: Row<'_>, column: &'static str, text: &str) -> Result<u32, ImportError> {
    let day = text.get(..10).and_then(vin_core::Date::parse);
    let day = day.ok_or_else(|| row.wrong(column, text, "not a date"))?;
    // A time of day is dropped: the WMI counts from the beginning of its day.
    Ok(day.number())
}

impl Wmis {
    /// Reads the WMIs and their schemas from the folder of canonical tables.
    ///
    /// # Errors
    /// When a table cannot be read or a row cannot be right.
    pub fn read(folder: &Path, values: &mut Values) -> Result<Self, ImportError> {
        let columns = [
            "wmi",
            "vehicle_type",
            "truck_type",
            "public_from",
            "changed",
            "manufacturer",
            "makes",
        ];
        let table = Table::read(&folder.join("wmi.tsv.zst"), &columns)?;
        let mut wmis = Vec::new();
        for row in table.rows() {
            let [
                code,
                vehicle_type,
                truck_type,
                public_from,
                _,
                manufacturer,
                makes,
            ] = row.cells()?;
            if wmi3_slot(&code.as_bytes()[..code.len().min(3)]).is_none()
                || !matches!(code.len(), 3 | 6)
            {
                return Err(row.wrong("wmi", code, "not three or six characters of a VIN"));
            }
            let optional = |column, text: &str| {
                if text.is_empty() {
                    Ok(0)
                } else {
                    row.number(column, text)
                }
            };
            let makes = makes.split(',').filter(|make| !make.is_empty());
            wmis.push(DraftWmi {
                code: code.to_owned(),
                vehicle_type: optional("vehicle_type", vehicle_type)?,
                truck_type: optional("truck_type", truck_type)?,
                public_from: date(row, "public_from", public_from)?,
                manufacturer: values.add(27, manufacturer),
                vehicle_type_value: values.add(39, vehicle_type),
                makes: makes.map(|make| values.add(26, make)).collect(),
            });
        }
        let columns = ["wmi", "schema", "from", "to", "id"];
        let table = Table::read(&folder.join("wmi_schema.tsv.zst"), &columns)?;
        let mut links: HashMap<String, Vec<_>> = HashMap::new();
        for row in table.rows() {
            let [code, schema, from, to, _] = row.cells()?;
            let from: u16 = row.number("from", from)?;
            let to = if to.is_empty() {
                LAST_YEAR
            } else {
                row.number("to", to)?
            };
            if !(FIRST_YEAR..=LAST_YEAR).contains(&from) || to > LAST_YEAR {
                return Err(row.wrong("from", row.cells::<5>()?[2], "a year that no VIN can mean"));
            }
            let link = (row.number("schema", schema)?, from, to);
            links.entry(code.to_owned()).or_default().push(link);
        }
        Ok(Self { wmis, links })
    }

    /// Adds the sections of WMIs and plans; `makes` receives their makes.
    ///
    /// # Errors
    /// When a plan has more schemas than the format can hold.
    pub fn write(
        &self,
        patterns: &Patterns,
        numbered: &Numbered,
        makes: &mut Vec<U32>,
        writer: &mut Writer,
    ) -> Result<(), ImportError> {
        let mut plans = Plans::default();
        let mut wmi3 = vec![U32::ZERO; 36 * 36 * 36];
        let mut long = Vec::new();
        let mut years = Vec::new();
        let mut records: Vec<Wmi> = Vec::new();
        let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
        for wmi in &self.wmis {
            let links = self.links.get(&wmi.code).map_or(&[][..], Vec::as_slice);
            let first = links.iter().map(|link| link.1).min().unwrap_or(FIRST_YEAR);
            let last = links.iter().map(|link| link.2).max();
            let years_at = years.len() as u32;
            for year in first..last.map_or(first, |last| last + 1) {
                years.push(U32::new(plans.plan(links, Some(year), patterns)?));
            }
            let number = records.len();
            records.push(Wmi {
                public_from: U32::new(wmi.public_from),
                next: U32::ZERO,
                years_at: U32::new(years_at),
                first_year: U16::new(first),
                years: (years.len() as u32 - years_at) as u8,
                vehicle_type: wmi.vehicle_type,
                truck_type: wmi.truck_type,
                reserved: [0; 3],
                plan_of_all: U32::new(plans.plan(links, None, patterns)?),
                manufacturer: numbered.get(wmi.manufacturer),
                vehicle_type_value: numbered.get(wmi.vehicle_type_value),
                makes_at: U32::new(makes.len() as u32),
                makes: U32::new(wmi.makes.len() as u32),
            });
            makes.extend(wmi.makes.iter().map(|&make| numbered.get(make)));
            if let Some(former) = by_code.insert(&wmi.code, number) {
                records[former].next = U32::new(number as u32 + 1);
                continue;
            }
            let code = wmi.code.as_bytes();
            if let Some(slot) = wmi3_slot(code) {
                wmi3[slot] = U32::new(number as u32 + 1);
            } else {
                let code = code.try_into().unwrap_or_default();
                long.push(LongWmi {
                    code,
                    reserved: [0; 2],
                    wmi: U32::new(number as u32),
                });
            }
        }
        long.sort_by_key(|wmi| wmi.code);
        writer.table(vpic::WMI3, &wmi3);
        writer.table(vpic::LONG_WMIS, &long);
        writer.table(vpic::WMIS, &records);
        writer.table(vpic::YEARS, &years);
        writer.table(vpic::PLANS, &plans.entries);
        writer.table(vpic::VALID_SETS, &plans.valid_sets);
        Ok(())
    }
}

/// The plans, each distinct one once.
struct Plans {
    entries: Vec<PlanEntry>,
    valid_sets: Vec<ValidSet>,
    known: HashMap<Vec<PlanEntry>, u32>,
    known_sets: HashMap<[u64; 10], u32>,
}

impl Default for Plans {
    fn default() -> Self {
        let head = PlanEntry {
            key: U32::ZERO,
            count: U16::ZERO,
            priority: 0,
            reserved: 0,
            schema: U32::ZERO,
        };
        // Plan 0 means "none".
        Self {
            entries: vec![head],
            valid_sets: Vec::new(),
            known: HashMap::new(),
            known_sets: HashMap::new(),
        }
    }
}

impl Plans {
    /// The index of the head of the plan of `links` in `year` (or of all of them), 0 when no schema holds.
    fn plan(
        &mut self,
        links: &[(u32, u16, u16)],
        year: Option<u16>,
        patterns: &Patterns,
    ) -> Result<u32, ImportError> {
        let holding: Vec<_> = links
            .iter()
            .filter(|link| year.is_none_or(|year| (link.1..=link.2).contains(&year)))
            .collect();
        if holding.is_empty() {
            return Ok(0);
        }
        let mut valid = [0; 10];
        let mut entries = Vec::new();
        for (schema, from, _) in holding {
            let Some(info) = patterns.schemas.get(schema) else {
                continue;
            };
            for (all, some) in valid.iter_mut().zip(info.valid) {
                *all |= some;
            }
            entries.push(PlanEntry {
                key: U32::new(info.first_key),
                count: U16::new(info.keys),
                priority: (from - FIRST_YEAR) as u8,
                reserved: 0,
                schema: U32::new(*schema),
            });
        }
        let next = self.valid_sets.len() as u32;
        let set = *self.known_sets.entry(valid).or_insert(next);
        if set == next {
            self.valid_sets.push(ValidSet {
                chars: valid.map(U64::new),
            });
        }
        let count = u16::try_from(entries.len()).map_err(|_| ImportError::TooMany {
            what: "schemas of a WMI in a year",
            limit: 65_535,
        })?;
        let head = PlanEntry {
            key: U32::new(set),
            count: U16::new(count),
            priority: 0,
            reserved: 0,
            schema: U32::ZERO,
        };
        entries.insert(0, head);
        let next = self.entries.len() as u32;
        let at = *self.known.entry(entries.clone()).or_insert(next);
        if at == next {
            self.entries.extend(entries);
        }
        Ok(at)
    }
}
