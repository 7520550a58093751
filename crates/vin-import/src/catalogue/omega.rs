//! What OMEGA adds to the cars of EPA and to the bodies.

use super::build::Build;
use super::cells::{number, scaled};
use super::draft::{Body, Car};
use super::name::Name;
use crate::ImportError;
use crate::sources::omega as omega_table;
use crate::table::Table;
use std::collections::HashMap;
use vin_index::catalogue::{self as pack, TURBO, electric, source};
use vin_index::zerocopy::little_endian::U16;

/// A row of OMEGA.
struct Fleet<'a> {
    key: &'a str,
    drive: &'a str,
    litres: f64,
    cylinders: u8,
    electrified: bool,
    charged: bool,
    values: pack::Car,
    sizes: pack::Body,
}

/// Adds power, weight and seats of OMEGA to the cars of EPA that have its name, year, engine and
/// drive, and sizes where Transport Canada has no body of the series in the year.
pub fn read(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("omega/fleet.tsv.zst");
    let table = Table::read(&path, &omega_table::COLUMNS)?;
    let mut fleet = Vec::new();
    let mut of_name: HashMap<(u16, String), Vec<usize>> = HashMap::new();
    for row in table.rows() {
        let [
            key,
            year,
            _,
            name,
            drive,
            electrification,
            litres,
            cylinders,
            charged,
            kw,
            kg,
            seats,
            length,
            width,
            height,
            wheelbase,
            _,
        ] = row.cells()?;
        let year: u16 = row.number("year", year)?;
        for key in keys_of(name) {
            of_name.entry((year, key)).or_default().push(fleet.len());
        }
        fleet.push(Fleet {
            key,
            drive,
            litres: number(row, "displacement", litres)?,
            cylinders: number(row, "cylinders", cylinders)?,
            electrified: electrification != "N",
            charged: charged == "T",
            values: pack::Car {
                power: scaled(row, "kw", kw, 10.0)?,
                weight: scaled(row, "kg", kg, 1.0)?,
                seats: number(row, "seats", seats)?,
                ..pack::Car::default()
            },
            sizes: pack::Body {
                from: U16::new(year),
                to: U16::new(year),
                length: scaled(row, "length", length, 1.0)?,
                width: scaled(row, "width", width, 1.0)?,
                height: scaled(row, "height", height, 1.0)?,
                wheelbase: scaled(row, "wheelbase", wheelbase, 1.0)?,
                source: source::OMEGA,
                ..pack::Body::default()
            },
        });
    }
    let measured: std::collections::HashSet<_> = build
        .bodies
        .iter()
        .flat_map(|body| {
            let years = body.values.from.get()..=body.values.to.get();
            years.map(|year| (body.series, year))
        })
        .collect();
    let mut sizes: std::collections::BTreeMap<(usize, u32, u16, &str), pack::Body> =
        Default::default();
    for car in &mut build.cars {
        let year = car.values.year.get();
        let series = &build.series.series[car.series].name.en;
        let names = [car.version.clone(), format!("{series} {}", car.version)];
        let mut rows: Vec<_> = names
            .iter()
            .flat_map(|name| keys_of(name))
            .filter_map(|key| of_name.get(&(year, key)))
            .flatten()
            .copied()
            .filter(|&at| same_car(&fleet[at], &car.values))
            .collect();
        rows.sort_unstable();
        rows.dedup();
        let rows: Vec<_> = rows.into_iter().map(|at| &fleet[at]).collect();
        add(car, &rows);
        if !measured.contains(&(car.series, year)) {
            for row in rows {
                let body = pack::Body {
                    model: car.model.into(),
                    body: car.values.body,
                    ..row.sizes
                };
                sizes.insert((car.series, car.model, year, row.key), body);
            }
        }
    }
    for ((series, _, _, key), values) in sizes {
        build.bodies.push(Body {
            key: key.to_owned(),
            series,
            words: Vec::new(),
            values,
        });
    }
    Ok(())
}

/// Words of a name that a column of their own says.
const DRIVES: [&str; 6] = ["4x4", "4x2", "4wd", "2wd", "awd", "fwd"];

/// What a name is looked for by: its words but those of its drive, as they stand and in the order
/// of the alphabet. `K10 SILVERADO 4WD` is EPA's `Silverado K10 4WD`, `C 300` its `C300`.
fn keys_of(name: &str) -> [String; 2] {
    let words = name
        .split_whitespace()
        .map(|word| Name::of(word).text().to_owned());
    let mut words: Vec<_> = words
        .filter(|word| !DRIVES.contains(&word.as_str()))
        .collect();
    let joined = words.concat();
    words.sort();
    [joined, words.join(" ")]
}

fn same_car(fleet: &Fleet<'_>, car: &pack::Car) -> bool {
    let litres = f64::from(car.displacement.get()) / 1000.0;
    let all = matches!(car.drive, 3..=5);
    (litres - fleet.litres).abs() < 0.06
        && fleet.cylinders == car.cylinders
        && all == (fleet.drive == "AWD")
        && fleet.electrified == (car.electric != electric::NONE)
}

/// Takes what all rows agree on; rows that differ in charging count for their own kind only.
fn add(car: &mut Car, rows: &[&Fleet<'_>]) {
    let charged = car.values.charger & TURBO != 0;
    let mixed = rows.iter().any(|row| row.charged) && rows.iter().any(|row| !row.charged);
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| !mixed || row.charged == charged)
        .collect();
    fn common<T: PartialEq + Default + Copy>(
        rows: &[&&Fleet<'_>],
        value: impl Fn(&pack::Car) -> T,
    ) -> Option<T> {
        let mut known = rows
            .iter()
            .map(|row| value(&row.values))
            .filter(|v| *v != T::default());
        let first = known.next()?;
        known.all(|other| other == first).then_some(first)
    }
    let values = &mut car.values;
    if let Some(power) = common(&rows, |car| car.power).filter(|_| values.power.get() == 0) {
        (values.power, values.power_source) = (power, source::OMEGA);
    }
    if let Some(weight) = common(&rows, |car| car.weight) {
        (values.weight, values.weight_source) = (weight, source::OMEGA);
    }
    if let Some(seats) = common(&rows, |car| car.seats) {
        (values.seats, values.seats_source) = (seats, source::OMEGA);
    }
}
