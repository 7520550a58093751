//! The COPY blocks of NHTSA's dump: which tables and columns are needed, and the cells of a row.

use super::vpic_checks::{CHECKS, Check};

/// The tables that are needed, and their columns. `ChangedOn` is the time of the last change, or
/// of the making where there was none.
pub const TABLES: &[(&str, &[&str])] = &[
    (
        "Conversion",
        &["Id", "FromElementId", "ToElementId", "Formula"],
    ),
    (
        "DefaultValue",
        &["VehicleTypeId", "ElementId", "DefaultValue"],
    ),
    (
        "Element",
        &[
            "Id",
            "Name",
            "Code",
            "LookupTable",
            "IsPrivate",
            "GroupName",
            "DataType",
            "Decode",
            "Weight",
        ],
    ),
    ("EngineModel", &["Id", "Name"]),
    (
        "EngineModelPattern",
        &[
            "EngineModelId",
            "ElementId",
            "AttributeId",
            "ChangedOn",
            "Id",
        ],
    ),
    ("Make_Model", &["ModelId", "MakeId"]),
    (
        "Pattern",
        &[
            "VinSchemaId",
            "Keys",
            "ElementId",
            "AttributeId",
            "ChangedOn",
            "Id",
        ],
    ),
    ("VSpecSchemaPattern", &["Id", "SchemaId"]),
    (
        "VehicleSpecPattern",
        &[
            "VSpecSchemaPatternId",
            "IsKey",
            "ElementId",
            "AttributeId",
            "ChangedOn",
            "Id",
        ],
    ),
    (
        "VehicleSpecSchema",
        &["Id", "MakeId", "VehicleTypeId", "TobeQCed"],
    ),
    (
        "VehicleSpecSchema_Model",
        &["VehicleSpecSchemaId", "ModelId"],
    ),
    ("VehicleSpecSchema_Year", &["VehicleSpecSchemaId", "Year"]),
    ("VinException", &["VIN", "CheckDigit"]),
    ("VinSchema", &["Id", "TobeQCed"]),
    (
        "Wmi",
        &[
            "Wmi",
            "VehicleTypeId",
            "TruckTypeId",
            "PublicAvailabilityDate",
            "ChangedOn",
            "ManufacturerId",
            "Id",
        ],
    ),
    ("Wmi_Make", &["WmiId", "MakeId"]),
    (
        "Wmi_VinSchema",
        &["WmiId", "VinSchemaId", "YearFrom", "YearTo", "Id"],
    ),
];
/// The columns of a lookup table.
pub const LOOKUP: &[&str] = &["Id", "Name"];
/// The columns that hold yes or no.
const FLAGS: [&str; 4] = ["IsPrivate", "IsKey", "TobeQCed", "CheckDigit"];

/// A block of rows that is being read.
pub struct Block {
    /// The name of the table in small letters.
    pub table: String,
    /// How many columns the dump has.
    width: usize,
    /// The columns that are held.
    pub columns: &'static [&'static str],
    /// Where each of them stands in the dump; of `ChangedOn` also where the other time stands.
    places: Vec<(usize, Option<usize>)>,
    checks: Vec<&'static Check>,
}

impl Block {
    /// The block that a line opens, or the name of a table that is not needed.
    pub fn open(text: &str) -> Result<Result<Self, String>, String> {
        let broken = || "a COPY block whose head cannot be read".to_owned();
        let rest = text.strip_prefix("COPY ").ok_or_else(broken)?;
        let (table, rest) = rest.split_once(" (").ok_or_else(broken)?;
        let (columns, _) = rest.split_once(") FROM stdin").ok_or_else(broken)?;
        let plain = |text: &str| text.trim().trim_matches('"').to_ascii_lowercase();
        let Some(table) = table.strip_prefix("vpic.").map(plain) else {
            return Ok(Err(table.to_owned()));
        };
        let present: Vec<_> = columns.split(',').map(plain).collect();
        let place = |name: &str| {
            present
                .iter()
                .position(|column| *column == name.to_ascii_lowercase())
        };
        let known = TABLES
            .iter()
            .find(|(name, _)| name.to_ascii_lowercase() == table);
        let columns = match known {
            Some((_, columns)) => *columns,
            None if LOOKUP.iter().all(|column| place(column).is_some()) => LOOKUP,
            None => return Ok(Err(table)),
        };
        let places = columns.iter().map(|column| {
            let missing = || {
                format!(
                    "table {table} has no column {column}; it has {}",
                    present.join(", ")
                )
            };
            match *column {
                "ChangedOn" => {
                    let made = place("CreatedOn").ok_or_else(missing)?;
                    Ok((made, place("UpdatedOn")))
                }
                // Several of the tables are older than the rest and lack what came later.
                "CheckDigit" => Ok((place(column).unwrap_or(usize::MAX), None)),
                column => Ok((place(column).ok_or_else(missing)?, None)),
            }
        });
        let places = places.collect::<Result<Vec<_>, String>>()?;
        let of_table = |check: &&Check| check.table.eq_ignore_ascii_case(&table);
        Ok(Ok(Self {
            width: present.len(),
            columns,
            places,
            checks: CHECKS.iter().filter(of_table).collect(),
            table,
        }))
    }

    /// The held cells of a row.
    pub fn row(&self, text: &str) -> Result<Vec<String>, String> {
        let cells: Vec<_> = text.split('\t').collect();
        if cells.len() != self.width {
            let (table, found, width) = (&self.table, cells.len(), self.width);
            return Err(format!(
                "a row of table {table} has {found} cells and not {width}"
            ));
        }
        let cell = |at: usize| cells.get(at).copied().filter(|cell| *cell != "\\N");
        let row = self
            .columns
            .iter()
            .zip(&self.places)
            .map(|(column, (at, later))| {
                let text = later.and_then(cell).or_else(|| cell(*at));
                match (FLAGS.contains(column), text) {
                    (true, Some("t")) => "1".to_owned(),
                    // Of exceptions the flag says that they hold; it is missing where all do.
                    (true, None) if *column == "CheckDigit" && *at == usize::MAX => "1".to_owned(),
                    (true, _) => "0".to_owned(),
                    (false, text) => unescape(text.unwrap_or_default()),
                }
            });
        Ok(row.collect())
    }

    /// Checks the cells of a row; tells column, value and reason of a wrong one.
    pub fn check(&self, row: &[String]) -> Result<(), (String, String, String)> {
        for check in &self.checks {
            let at = self
                .columns
                .iter()
                .position(|column| *column == check.column);
            let Some(cell) = at.and_then(|at| row.get(at)) else {
                continue;
            };
            (check.is_right)(cell)
                .map_err(|reason| (check.column.to_ascii_lowercase(), cell.clone(), reason))?;
        }
        Ok(())
    }
}

/// A cell of a COPY block without its escapes.
fn unescape(cell: &str) -> String {
    if !cell.contains('\\') {
        return cell.to_owned();
    }
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\u{b}',
            Some(other) => other,
            None => '\\',
        });
    }
    out
}
