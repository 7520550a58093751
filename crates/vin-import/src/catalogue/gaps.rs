//! Years in which no source lists the bodies of a series: between two that list the same one, and
//! beside one whose cars EPA lists unchanged.

use super::build::Build;
use super::draft::{Body, Car};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use vin_index::catalogue::{Body as Values, source};

/// How many years may be missing.
const YEARS: u16 = 3;

/// Lets a body hold through the missing years when the same one is listed after them.
pub fn close(build: &mut Build) {
    let mut years: BTreeMap<usize, (u16, u16)> = BTreeMap::new();
    for body in &build.bodies {
        let (from, to) = (body.values.from.get(), body.values.to.get());
        let span = years.entry(body.series).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }
    let listed = |series: usize, year: u16, bodies: &[Body]| {
        bodies
            .iter()
            .any(|body| body.series == series && holds(&body.values, year))
    };
    let mut by_series: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, body) in build.bodies.iter().enumerate() {
        by_series.entry(body.series).or_default().push(at);
    }
    let mut longer = Vec::new();
    for (&series, &(from, to)) in &years {
        let of_series = &by_series[&series];
        let own: Vec<_> = of_series
            .iter()
            .map(|&at| build.bodies[at].clone())
            .collect();
        let free = |year: &u16| !listed(series, *year, &own);
        let mut year = from;
        while year <= to {
            let gap = (year..=to).take_while(free).count() as u16;
            if gap == 0 || gap > YEARS {
                year += gap.max(1);
                continue;
            }
            for &at in of_series {
                let body = &build.bodies[at].values;
                let after = own.iter().any(|other| {
                    other.values.from.get() == year + gap && same(body, &other.values)
                });
                if body.to.get() + 1 == year && after {
                    longer.push((at, year + gap - 1));
                }
            }
            year += gap;
        }
    }
    for (at, to) in longer {
        build.bodies[at].values.to = to.into();
    }
}

/// What EPA says of a car in a model year: two equal ones are the same car.
type Rating = (String, [u16; 4], [u8; 6]);

fn rating(car: &Car) -> Rating {
    let v = &car.values;
    let numbers = [v.displacement, v.consumption, v.class, v.body].map(|number| number.get());
    let codes = [v.cylinders, v.fuel, v.electric, v.gearbox, v.gears, v.drive];
    (car.version.clone(), numbers, codes)
}

/// Lets bodies hold in the years beside those in which they are listed, one after the other, as
/// long as EPA lists a car of the series with the same name, drive train and consumption in both
/// years. Of 1,897 pairs of years in which it does, and in which bodies are listed, all but 22
/// have the same body within an inch of length and half an inch of wheelbase, and all but 4 within
/// two inches; consumption is given to a hundredth of a litre.
pub fn extend(build: &mut Build) {
    let mut ratings: HashMap<(usize, u16), HashSet<Rating>> = HashMap::new();
    for car in &build.cars {
        let known = car.values.consumption.get() > 0 && car.values.source == source::EPA;
        if known {
            let of_year = ratings
                .entry((car.series, car.values.year.get()))
                .or_default();
            of_year.insert(rating(car));
        }
    }
    let unchanged = |series: usize, a: u16, b: u16| {
        let both = ratings.get(&(series, a)).zip(ratings.get(&(series, b)));
        both.is_some_and(|(a, b)| !a.is_disjoint(b))
    };
    let mut listed: BTreeSet<(usize, u16)> = BTreeSet::new();
    for body in &build.bodies {
        let years = body.values.from.get()..=body.values.to.get();
        listed.extend(years.map(|year| (body.series, year)));
    }
    for _ in 0..YEARS {
        let mut new = BTreeSet::new();
        for body in &mut build.bodies {
            let (from, to) = (body.values.from.get(), body.values.to.get());
            let free = |year: u16| !listed.contains(&(body.series, year));
            if free(from - 1) && unchanged(body.series, from, from - 1) {
                body.values.from = (from - 1).into();
                new.insert((body.series, from - 1));
            }
            if free(to + 1) && unchanged(body.series, to, to + 1) {
                body.values.to = (to + 1).into();
                new.insert((body.series, to + 1));
            }
        }
        listed.extend(new);
    }
}

fn holds(body: &Values, year: u16) -> bool {
    (body.from.get()..=body.to.get()).contains(&year)
}

/// Whether two rows are of one body: the wheelbase equal, the other sizes within an inch.
fn same(a: &Values, b: &Values) -> bool {
    let near = |a: u16, b: u16| a.abs_diff(b) <= 26;
    let wheelbase = a.wheelbase.get().abs_diff(b.wheelbase.get()) <= 6;
    wheelbase
        && a.model == b.model
        && near(a.length.get(), b.length.get())
        && near(a.width.get(), b.width.get())
        && near(a.height.get(), b.height.get())
}
