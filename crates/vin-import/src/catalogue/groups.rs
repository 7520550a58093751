//! Cars of one series with the same body, engine, gearbox and drive over an unbroken run of
//! model years make a group.

use super::build::Build;
use super::draft::Car;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vin_index::catalogue as pack;
use vin_index::zerocopy::little_endian::U16;

/// A group.
pub struct Group {
    /// What the ledger knows it by: series, first model year, and what is common.
    pub key: String,
    /// Indexes of its cars in the build.
    pub cars: Vec<usize>,
    /// The first model year.
    pub from: u16,
    /// The last model year.
    pub to: u16,
}

/// What is common to the cars of a group, as text.
fn common(car: &Car) -> String {
    let v = &car.values;
    format!(
        "b{}/{}c{}f{}e{}t{}/g{}-{}/d{}",
        v.body.get(),
        (f64::from(v.displacement.get()) / 100.0).round(),
        v.cylinders,
        v.fuel,
        v.electric,
        v.charger,
        v.gearbox,
        v.gears,
        v.drive
    )
}

/// Wheelbase and length of the bodies of a series in a year; they tell when one follows another.
type Sizes = HashMap<(usize, u16), BTreeSet<(u16, u16)>>;

fn sizes(build: &Build) -> Sizes {
    let mut of: Sizes = HashMap::new();
    for body in &build.bodies {
        let size = (body.values.wheelbase.get(), body.values.length.get());
        for year in body.values.from.get()..=body.values.to.get() {
            if size.0 > 0 && size.1 > 0 {
                of.entry((body.series, year)).or_default().insert(size);
            }
        }
    }
    of
}

/// Whether a new body begins with `year`: none of the year before is still there, within half an
/// inch of wheelbase and an inch of length.
fn begins(of: &Sizes, series: usize, year: u16) -> bool {
    let (Some(before), Some(now)) = (of.get(&(series, year - 1)), of.get(&(series, year))) else {
        return false;
    };
    let same = |a: &(u16, u16), b: &(u16, u16)| a.0.abs_diff(b.0) <= 13 && a.1.abs_diff(b.1) <= 26;
    !now.iter().any(|a| before.iter().any(|b| same(a, b)))
}

/// The groups of all cars, sorted by series and key.
pub fn of(build: &Build) -> Vec<Group> {
    let sizes = sizes(build);
    let mut same: BTreeMap<(usize, String), BTreeMap<u16, Vec<usize>>> = BTreeMap::new();
    for (at, car) in build.cars.iter().enumerate() {
        let key = (car.series, common(car));
        let years = same.entry(key).or_default();
        years.entry(car.values.year.get()).or_default().push(at);
    }
    let mut groups = Vec::new();
    for ((series, common), years) in same {
        let mut open: Option<Group> = None;
        for (year, cars) in years {
            let follows = |group: &Group| group.to + 1 == year && !begins(&sizes, series, year);
            match &mut open {
                Some(group) if follows(group) => {
                    group.to = year;
                    group.cars.extend(cars);
                }
                _ => {
                    let key = format!("{}/{year}/{common}", build.series.series[series].key);
                    groups.extend(open.replace(Group {
                        key,
                        cars,
                        from: year,
                        to: year,
                    }));
                }
            }
        }
        groups.extend(open);
    }
    groups
}

/// How many model years a figure is carried within a group.
const YEARS: u16 = 3;
/// The same where the bodies of all years between are known to be the same.
const YEARS_OF_A_BODY: u16 = 5;
/// How far, as a fraction of the least, the figures of one model year may be apart to be one.
const ONE_FIGURE: u16 = 50;

type Figure = (U16, u8);
type Get = fn(&pack::Car) -> Figure;
type Set = fn(&mut pack::Car, Figure);

/// The figures that are carried.
const FIGURES: [(Get, Set); 2] = [
    (
        |car| (car.power, car.power_source),
        |car, (power, source)| (car.power, car.power_source) = (power, source),
    ),
    (
        |car| (car.weight, car.weight_source),
        |car, (weight, source)| (car.weight, car.weight_source) = (weight, source),
    ),
];

/// Gives cars without power or weight the figure of the nearest model year that has one: first
/// within a group, then within all cars of one series, name, engine and drive, then without the
/// name. Nothing is carried where the cars of that year differ, nor over a change of the body.
pub fn carry(build: &mut Build, groups: &[Group]) {
    let sizes = sizes(build);
    let of_groups = groups.iter().map(|group| (group.cars.clone(), YEARS));
    let mut sets: Vec<_> = of_groups.collect();
    for named in [true, false] {
        let mut alike: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        for (at, car) in build.cars.iter().enumerate() {
            let name = if named { car.version.as_str() } else { "" };
            let key = format!("{}/{name}", engine_and_drive(car));
            alike.entry((car.series, key)).or_default().push(at);
        }
        sets.extend(alike.into_values().map(|cars| (cars, 0)));
    }
    for (cars, years) in sets {
        for figure in FIGURES {
            carry_figure(build, &sizes, &cars, years, figure);
        }
    }
}

/// What decides power and weight, as text.
fn engine_and_drive(car: &Car) -> String {
    let v = &car.values;
    let litres = (f64::from(v.displacement.get()) / 100.0).round();
    let (body, drive) = (v.body.get(), v.drive);
    format!(
        "{body}/{litres}c{}f{}e{}t{}/d{drive}",
        v.cylinders, v.fuel, v.electric, v.charger
    )
}

/// Whether the bodies of a series are known and the same in all years from one to another.
fn one_body(of: &Sizes, series: usize, a: u16, b: u16) -> bool {
    let known = |year: u16| of.contains_key(&(series, year));
    let (from, to) = (a.min(b), a.max(b));
    (from..=to).all(known) && (from + 1..=to).all(|year| !begins(of, series, year))
}

/// Carries within `cars` over as many `years`, or more where one body is proven.
fn carry_figure(
    build: &mut Build,
    sizes: &Sizes,
    cars: &[usize],
    years: u16,
    (get, set): (Get, Set),
) {
    let mut known: BTreeMap<u16, BTreeSet<(u16, u8)>> = BTreeMap::new();
    for &at in cars {
        let car = &build.cars[at].values;
        let (value, source) = get(car);
        if value.get() > 0 {
            let of_year = known.entry(car.year.get()).or_default();
            of_year.insert((value.get(), source));
        }
    }
    for &at in cars {
        let (series, car) = (build.cars[at].series, &mut build.cars[at].values);
        if get(car).0.get() > 0 {
            continue;
        }
        let year = car.year.get();
        let nearest = known.iter().min_by_key(|(of, _)| (of.abs_diff(year), **of));
        let Some((of, values)) = nearest else {
            continue;
        };
        let within = match one_body(sizes, series, *of, year) {
            true => YEARS_OF_A_BODY,
            false => years,
        };
        let (Some(low), Some(high)) = (values.first(), values.last()) else {
            continue;
        };
        if of.abs_diff(year) <= within && high.0 - low.0 <= low.0 / ONE_FIGURE {
            let middle = values.iter().nth(values.len() / 2).unwrap_or(low);
            set(car, (middle.0.into(), middle.1));
        }
    }
}
