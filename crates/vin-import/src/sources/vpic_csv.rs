//! NHTSA's vPIC decode tables as one CSV file (`NAME.csv` or `NAME.csv.zst`) per table.
//!
//! Source: NHTSA Product Information Catalog and Vehicle Listing, US public domain.

use crate::{ImportError, table};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

type Rows = Vec<Vec<String>>;

/// Which lookup table names the values of an element; the CSV form does not carry it.
pub const LOOKUPS: &[(u16, &str)] = &[
    (2, "batterytype"),
    (3, "bedtype"),
    (4, "bodycab"),
    (5, "bodystyle"),
    (8, "country"),
    (10, "destinationmarket"),
    (15, "drivetype"),
    (23, "entertainmentsystem"),
    (24, "fueltype"),
    (25, "grossvehicleweightrating"),
    (26, "make"),
    (27, "manufacturer"),
    (28, "model"),
    (36, "steering"),
    (37, "transmission"),
    (39, "vehicletype"),
    (42, "brakesystem"),
    (55, "airbaglocations"),
    (56, "airbaglocations"),
    (60, "wheelbasetype"),
    (62, "valvetraindesign"),
    (64, "engineconfiguration"),
    (65, "airbaglocfront"),
    (66, "fueltype"),
    (67, "fueldeliverytype"),
    (69, "airbaglocknee"),
    (72, "evdriveunit"),
    (75, "country"),
    (78, "pretensioner"),
    (79, "seatbeltsall"),
    (81, "adaptivecruisecontrol"),
    (86, "abs"),
    (87, "autobrake"),
    (88, "blindspotmonitoring"),
    (99, "ecs"),
    (100, "tractioncontrol"),
    (101, "forwardcollisionwarning"),
    (102, "lanedeparturewarning"),
    (103, "lanekeepsystem"),
    (104, "rearvisibilitycamera"),
    (105, "parkassist"),
    (107, "airbaglocations"),
    (116, "trailertype"),
    (117, "trailerbodytype"),
    (122, "coolingtype"),
    (126, "electrificationlevel"),
    (127, "chargerlevel"),
    (135, "turbo"),
    (143, "errorcode"),
    (145, "axleconfiguration"),
    (148, "busfloorconfigtype"),
    (149, "bustype"),
    (151, "custommotorcycletype"),
    (152, "motorcyclesuspensiontype"),
    (153, "motorcyclechassistype"),
    (168, "tpms"),
    (170, "dynamicbrakesupport"),
    (171, "pedestrianautomaticemergencybraking"),
    (172, "autoreversesystem"),
    (173, "automaticpedestrainalertingsound"),
    (174, "can_aacn"),
    (175, "edr"),
    (176, "keylessignition"),
    (177, "daytimerunninglight"),
    (178, "lowerbeamheadlamplightsource"),
    (179, "semiautomaticheadlampbeamswitching"),
    (180, "adaptivedrivingbeam"),
    (183, "rearcrosstrafficalert"),
    (184, "grossvehicleweightrating"),
    (185, "grossvehicleweightrating"),
    (190, "grossvehicleweightrating"),
    (192, "rearautomaticemergencybraking"),
    (193, "blindspotintervention"),
    (194, "lanecenteringassistance"),
    (195, "nonlanduse"),
    (200, "fueltanktype"),
    (201, "fueltankmaterial"),
    (202, "combinedbrakingsystem"),
    (203, "wheeliemitigation"),
];

struct Source<'a> {
    folder: &'a Path,
}

impl Source<'_> {
    /// The rows of a CSV file, the named columns in the named order.
    fn read(&self, name: &str, columns: &[&str]) -> Result<Rows, ImportError> {
        let plain = self.folder.join(format!("{name}.csv"));
        let packed = self.folder.join(format!("{name}.csv.zst"));
        let path = if plain.exists() { &plain } else { &packed };
        let io = |error| ImportError::Io {
            path: path.clone(),
            error,
        };
        let file = std::fs::File::open(path).map_err(io)?;
        let stream: Box<dyn std::io::Read> = if path == &packed {
            Box::new(zstd::Decoder::new(file).map_err(io)?)
        } else {
            Box::new(file)
        };
        let mut reader = csv::Reader::from_reader(stream);
        let broken =
            |error: csv::Error| io(std::io::Error::new(std::io::ErrorKind::InvalidData, error));
        let headers = reader.headers().map_err(broken)?.clone();
        let places: Option<Vec<_>> = columns
            .iter()
            .map(|column| headers.iter().position(|header| header == *column))
            .collect();
        let places = places.ok_or_else(|| ImportError::Columns {
            table: path.display().to_string(),
            expected: columns.join(", "),
            found: headers.iter().collect::<Vec<_>>().join(", "),
        })?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            rows.push(places.iter().map(|&at| record[at].to_owned()).collect());
        }
        Ok(rows)
    }
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

/// Reads the CSV tables in `folder` and writes the canonical tables into `out`.
///
/// # Errors
/// When a file is missing, has other columns, or cannot be written.
pub fn import(folder: &Path, out: &Path) -> Result<Written, ImportError> {
    std::fs::create_dir_all(out).map_err(|error| ImportError::Io {
        path: out.to_owned(),
        error,
    })?;
    let source = Source { folder };
    let mut written = Written::new();
    let mut put = |name: &'static str, columns: &[&str], rows: Rows| {
        let path = out.join(format!("{name}.tsv.zst"));
        let count = table::write(&path, columns, rows.iter().map(Vec::as_slice))?;
        written.insert(name, count);
        Ok(())
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
        let id: u16 = row[0].parse().unwrap_or(0);
        let lookup = LOOKUPS.iter().find(|(element, _)| *element == id);
        row.push(lookup.map_or(String::new(), |(_, table)| (*table).to_owned()));
    }
    let columns = [
        "id", "name", "code", "group", "type", "decode", "private", "weight", "lookup",
    ];
    put("element", &columns, elements)?;

    let tables: HashMap<_, _> = by_key(source.read("LookupTable", &["Tag", "Name"])?);
    let mut lookups = source.read("Lookup", &["Tag", "Id", "Name"])?;
    for row in &mut lookups {
        if let Some(names) = tables.get(&row[0]) {
            row[0].clone_from(&names[0]);
        }
    }
    sort(&mut lookups, &[0, 1]);
    put("lookup", &["table", "id", "name"], lookups)?;

    let columns = [
        "VinSchemaId",
        "Keys",
        "ElementId",
        "AttributeId",
        "ChangedOn",
        "Id",
    ];
    let mut patterns = source.read("Pattern", &columns)?;
    let waiting = source.read("VinSchema", &["Id", "TobeQCed"])?;
    let waiting: std::collections::HashSet<_> = waiting
        .into_iter()
        .filter(|row| row[1] == "1")
        .map(|mut row| row.swap_remove(0))
        .collect();
    patterns.retain(|row| !waiting.contains(&row[0]));
    sort(&mut patterns, &[0, 1, 2, 5]);
    put(
        "pattern",
        &["schema", "key", "element", "value", "changed", "id"],
        patterns,
    )?;

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
    put("wmi", &columns, wmis)?;

    let columns = ["WmiId", "VinSchemaId", "YearFrom", "YearTo", "Id"];
    let mut links = source.read("Wmi_VinSchema", &columns)?;
    links.retain(|row| !waiting.contains(&row[1]));
    for row in &mut links {
        if let Some(code) = codes.get(&row[0]) {
            row[0].clone_from(code);
        }
    }
    sort(&mut links, &[0, 4]);
    put("wmi_schema", &["wmi", "schema", "from", "to", "id"], links)?;

    let mut models = source.read("Make_Model", &["ModelId", "MakeId"])?;
    sort(&mut models, &[0, 1]);
    put("model", &["model", "make"], models)?;

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
    put(
        "engine",
        &["engine", "element", "value", "changed", "id"],
        engines,
    )?;

    let mut conversions = source.read(
        "Conversion",
        &["Id", "FromElementId", "ToElementId", "Formula"],
    )?;
    sort(&mut conversions, &[0]);
    put("conversion", &["id", "from", "to", "formula"], conversions)?;

    let mut defaults = source.read(
        "DefaultValue",
        &["VehicleTypeId", "ElementId", "DefaultValue"],
    )?;
    sort(&mut defaults, &[0, 1]);
    put("default", &["vehicle_type", "element", "value"], defaults)?;

    let mut exceptions = source.read("VinException", &["VIN"])?;
    sort(&mut exceptions, &[0]);
    put("exception", &["vin"], exceptions)?;

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
    put(
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
    put("spec_pattern", &columns, rows)?;
    Ok(written)
}
