//! NHTSA's vPIC tables to our canonical tables, whatever form they were published in.
//!
//! Source: NHTSA Product Information Catalog and Vehicle Listing, US public domain.

use super::vpic_patterns::Patterns;
use crate::ImportError;
use crate::table::{self, Effort, escape};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// Rows of cells.
pub type Rows = Vec<Vec<String>>;

/// A published form of the tables. Names of tables and columns are those of the CSV form.
pub trait Published {
    /// The rows of a table, the named columns in the named order.
    ///
    /// # Errors
    /// When the table is missing, has other columns, or cannot be read.
    fn read(&mut self, table: &str, columns: &[&str]) -> Result<Rows, ImportError>;

    /// The patterns of all schemas but those in `waiting`.
    ///
    /// # Errors
    /// The same.
    fn patterns(&mut self, waiting: &HashSet<String>) -> Result<Patterns, ImportError>;

    /// The texts of all lookup tables: table, id, text.
    ///
    /// # Errors
    /// The same.
    fn lookups(&mut self) -> Result<Rows, ImportError>;

    /// The lookup table that names the values of an element, or an empty name.
    fn lookup_of(&self, element: &str) -> String;
}

/// Sorts by the given columns in turn; numbers by size, other texts by their bytes.
fn sort(rows: &mut Rows, by: &[usize]) {
    rows.sort_by_cached_key(|row| {
        let part = |&at: &usize| {
            let cell = row[at].clone();
            (cell.parse::<i64>().unwrap_or(i64::MAX), cell)
        };
        by.iter().map(part).collect::<Vec<_>>()
    });
}

fn by_key(rows: Rows) -> HashMap<String, Vec<String>> {
    let mut map: HashMap<String, Vec<String>> = HashMap::new();
    for mut row in rows {
        let value = row.remove(1);
        map.entry(row.remove(0)).or_default().push(value);
    }
    map
}

/// A name and how many rows were written under it.
pub type Written = BTreeMap<&'static str, usize>;

/// Writes tables and counts their rows.
struct Put<'a> {
    out: &'a Path,
    effort: Effort,
    written: Written,
}

impl Put<'_> {
    fn rows(
        &mut self,
        name: &'static str,
        columns: &[&str],
        rows: Rows,
    ) -> Result<(), ImportError> {
        let mut text = columns.join("\t") + "\n";
        for row in &rows {
            let cells: Vec<_> = row.iter().map(|cell| escape(cell)).collect();
            text.push_str(&cells.join("\t"));
            text.push('\n');
        }
        let path = self.out.join(format!("{name}.tsv.zst"));
        table::save(&path, &text, self.effort)?;
        self.count(name, rows.len());
        Ok(())
    }

    fn count(&mut self, name: &'static str, rows: usize) {
        self.written.insert(name, rows);
    }
}

/// Writes the canonical tables into `out`.
///
/// # Errors
/// When a table is missing, has other columns, or cannot be written.
pub fn write(
    source: &mut dyn Published,
    out: &Path,
    effort: Effort,
) -> Result<Written, ImportError> {
    let mut put = Put {
        out,
        effort,
        written: Written::new(),
    };

    let columns = [
        "Id",
        "Name",
        "Code",
        "GroupName",
        "DataType",
        "Decode",
        "IsPrivate",
        "Weight",
    ];
    let mut elements = source.read("Element", &columns)?;
    sort(&mut elements, &[0]);
    for row in &mut elements {
        row.push(source.lookup_of(&row[0]));
    }
    let columns = [
        "id", "name", "code", "group", "type", "decode", "private", "weight", "lookup",
    ];
    put.rows("element", &columns, elements)?;

    let mut lookups = source.lookups()?;
    sort(&mut lookups, &[0, 1]);
    put.rows("lookup", &["table", "id", "name"], lookups)?;

    let waiting = source.read("VinSchema", &["Id", "TobeQCed"])?;
    let waiting: HashSet<_> = waiting
        .into_iter()
        .filter(|row| row[1] == "1")
        .map(|mut row| row.swap_remove(0))
        .collect();
    let patterns = source.patterns(&waiting)?;
    let count = patterns.write(&out.join("pattern.tsv.zst"), effort)?;
    put.count("pattern", count);

    let makes = by_key(source.read("Wmi_Make", &["WmiId", "MakeId"])?);
    let columns = [
        "Wmi",
        "VehicleTypeId",
        "TruckTypeId",
        "PublicAvailabilityDate",
        "ChangedOn",
        "ManufacturerId",
        "Id",
    ];
    let mut wmis = source.read("Wmi", &columns)?;
    let codes: HashMap<_, _> = wmis
        .iter()
        .map(|row| (row[6].clone(), row[0].clone()))
        .collect();
    for row in &mut wmis {
        row[6] = makes
            .get(&row[6])
            .map_or(String::new(), |makes| makes.join(","));
    }
    sort(&mut wmis, &[0]);
    let columns = [
        "wmi",
        "vehicle_type",
        "truck_type",
        "public_from",
        "changed",
        "manufacturer",
        "makes",
    ];
    put.rows("wmi", &columns, wmis)?;

    let columns = ["WmiId", "VinSchemaId", "YearFrom", "YearTo", "Id"];
    let mut links = source.read("Wmi_VinSchema", &columns)?;
    links.retain(|row| !waiting.contains(&row[1]));
    for row in &mut links {
        if let Some(code) = codes.get(&row[0]) {
            row[0].clone_from(code);
        }
    }
    sort(&mut links, &[0, 4]);
    put.rows("wmi_schema", &["wmi", "schema", "from", "to", "id"], links)?;

    let mut models = source.read("Make_Model", &["ModelId", "MakeId"])?;
    sort(&mut models, &[0, 1]);
    put.rows("model", &["model", "make"], models)?;

    let names = by_key(source.read("EngineModel", &["Id", "Name"])?);
    let columns = [
        "EngineModelId",
        "ElementId",
        "AttributeId",
        "ChangedOn",
        "Id",
    ];
    let mut engines = source.read("EngineModelPattern", &columns)?;
    for row in &mut engines {
        row[0] = names
            .get(&row[0])
            .map_or(String::new(), |names| names[0].clone());
    }
    sort(&mut engines, &[0, 4]);
    put.rows(
        "engine",
        &["engine", "element", "value", "changed", "id"],
        engines,
    )?;

    let mut conversions = source.read(
        "Conversion",
        &["Id", "FromElementId", "ToElementId", "Formula"],
    )?;
    sort(&mut conversions, &[0]);
    put.rows("conversion", &["id", "from", "to", "formula"], conversions)?;

    let mut defaults = source.read(
        "DefaultValue",
        &["VehicleTypeId", "ElementId", "DefaultValue"],
    )?;
    sort(&mut defaults, &[0, 1]);
    put.rows("default", &["vehicle_type", "element", "value"], defaults)?;

    let mut exceptions = source.read("VinException", &["VIN"])?;
    sort(&mut exceptions, &[0]);
    put.rows("exception", &["vin"], exceptions)?;

    let years = by_key(source.read("VehicleSpecSchema_Year", &["VehicleSpecSchemaId", "Year"])?);
    let spec_models = by_key(source.read(
        "VehicleSpecSchema_Model",
        &["VehicleSpecSchemaId", "ModelId"],
    )?);
    let mut specs = source.read(
        "VehicleSpecSchema",
        &["Id", "MakeId", "VehicleTypeId", "TobeQCed"],
    )?;
    specs.retain(|row| row[3] != "1");
    for row in &mut specs {
        let join = |map: &HashMap<String, Vec<String>>| {
            map.get(&row[0]).map_or(String::new(), |all| all.join(","))
        };
        let (models, years) = (join(&spec_models), join(&years));
        row[3] = models;
        row.push(years);
    }
    sort(&mut specs, &[0]);
    put.rows(
        "spec",
        &["schema", "make", "vehicle_type", "models", "years"],
        specs,
    )?;

    let schemas = by_key(source.read("VSpecSchemaPattern", &["Id", "SchemaId"])?);
    let columns = [
        "VSpecSchemaPatternId",
        "VSpecSchemaPatternId",
        "IsKey",
        "ElementId",
        "AttributeId",
        "ChangedOn",
        "Id",
    ];
    let mut rows = source.read("VehicleSpecPattern", &columns)?;
    for row in &mut rows {
        row[0] = schemas
            .get(&row[1])
            .map_or(String::new(), |all| all[0].clone());
    }
    sort(&mut rows, &[0, 1, 6]);
    let columns = [
        "schema", "pattern", "is_key", "element", "value", "changed", "id",
    ];
    put.rows("spec_pattern", &columns, rows)?;
    Ok(put.written)
}
