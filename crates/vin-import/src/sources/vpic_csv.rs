//! NHTSA's vPIC decode tables as one CSV file (`NAME.csv` or `NAME.csv.zst`) per table.
//!
//! Source: NHTSA Product Information Catalog and Vehicle Listing, US public domain.

use super::vpic::{self, Published, Rows, Written};
use super::vpic_patterns::{PATTERN, Patterns};
use crate::ImportError;
use crate::table::Effort;
use std::collections::{HashMap, HashSet};
use std::path::Path;

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

/// Takes the cells of a row and its line.
type Each<'a> = &'a mut dyn FnMut(Vec<&str>, usize) -> Result<(), ImportError>;

struct Source<'a> {
    folder: &'a Path,
}

impl Source<'_> {
    /// Calls `each` with the named columns of every row of a CSV file, in the named order, and the
    /// line.
    fn each(&self, name: &str, columns: &[&str], each: Each<'_>) -> Result<(), ImportError> {
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
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(0, |at| at.line() as usize);
            each(places.iter().map(|&at| &record[at]).collect(), line)?;
        }
        Ok(())
    }
}

impl Published for Source<'_> {
    fn read(&mut self, table: &str, columns: &[&str]) -> Result<Rows, ImportError> {
        let mut rows = Vec::new();
        self.each(table, columns, &mut |cells, _| {
            rows.push(cells.into_iter().map(str::to_owned).collect());
            Ok(())
        })?;
        Ok(rows)
    }

    fn patterns(&mut self, waiting: &HashSet<String>) -> Result<Patterns, ImportError> {
        let mut patterns = Patterns::default();
        self.each("Pattern", &PATTERN, &mut |cells, line| {
            if waiting.contains(cells[0]) {
                return Ok(());
            }
            let added = patterns.add([cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]]);
            added.map_err(|(column, reason)| ImportError::Row {
                table: "Pattern".to_owned(),
                line,
                column: PATTERN[column].to_owned(),
                value: cells[column].to_owned(),
                reason,
            })
        })?;
        Ok(patterns)
    }

    fn lookups(&mut self) -> Result<Rows, ImportError> {
        let tables = self.read("LookupTable", &["Tag", "Name"])?;
        let tables: HashMap<_, _> = tables
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone()))
            .collect();
        let mut lookups = self.read("Lookup", &["Tag", "Id", "Name"])?;
        for row in &mut lookups {
            if let Some(name) = tables.get(&row[0]) {
                row[0].clone_from(name);
            }
        }
        Ok(lookups)
    }

    fn lookup_of(&self, element: &str) -> String {
        let lookup = LOOKUPS.iter().find(|(id, _)| id.to_string() == element);
        lookup.map_or(String::new(), |(_, table)| (*table).to_owned())
    }
}

/// Reads the CSV tables in `folder` and writes the canonical tables into `out`.
///
/// # Errors
/// When a file is missing, has other columns, or cannot be written.
pub fn import(folder: &Path, out: &Path) -> Result<Written, ImportError> {
    vpic::write(&mut Source { folder }, out, Effort::Kept)
}
