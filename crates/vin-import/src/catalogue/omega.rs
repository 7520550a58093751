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

/// How many model years before and after a size is taken to hold.
const YEARS: u16 = 2;

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
    let mut fleet: HashMap<(u16, String), Vec<Fleet<'_>>> = HashMap::new();
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
        ] = row.cells()?;
        let year: u16 = row.number("year", year)?;
        let of_name = fleet
            .entry((year, Name::of(name).text().to_owned()))
            .or_default();
        of_name.push(Fleet {
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
        let rows: Vec<_> = names
            .iter()
            .filter_map(|name| fleet.get(&(year, Name::of(name).text().to_owned())))
            .flatten()
            .filter(|fleet| same_car(fleet, &car.values))
            .collect();
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
    for ((series, _, year, key), mut values) in sizes {
        // The same body was sold in the years around, as far as no other one was measured then.
        let free = |year: u16| !measured.contains(&(series, year));
        let from = (year - YEARS..year)
            .rev()
            .take_while(|&year| free(year))
            .last();
        let to = (year + 1..=year + YEARS)
            .take_while(|&year| free(year))
            .last();
        values.from = from.unwrap_or(year).into();
        values.to = to.unwrap_or(year).into();
        build.bodies.push(Body {
            key: key.to_owned(),
            series,
            values,
        });
    }
    Ok(())
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
