//! The collected catalogue to the sections of a pack.

use super::build::Build;
use super::ids::{Kind, Ledgers};
use super::series::Named;
use super::spelling::Reader;
use super::{groups, names};
use crate::ImportError;
use std::collections::{BTreeMap, BTreeSet};
use vin_index::catalogue::{self as pack, Pair, Range, SOURCE_NAMES};
use vin_index::names::{BRAND_SPELLINGS, NAMES, TYPE_SPELLINGS};
use vin_index::zerocopy::little_endian::U32;
use vin_index::{StringPool, Writer};

/// The series that has anything to say, or is one of vPIC, in the order of the pack.
struct Order {
    /// Brands by index of the build.
    brands: Vec<usize>,
    /// Series by index of the build, those of a brand together.
    series: Vec<usize>,
    /// Index in the pack of a series of the build.
    place: Vec<u32>,
}

impl Order {
    fn of(build: &Build) -> Self {
        let all = &build.series;
        let mut brands: Vec<_> = (0..all.brands.len()).collect();
        brands.sort_by_key(|&at| (all.brands[at].make, &all.brands[at].key));
        let mut rank = vec![0; brands.len()];
        for (n, &at) in brands.iter().enumerate() {
            rank[at] = n;
        }
        let mut series: Vec<_> = (0..all.series.len()).collect();
        series.sort_by_key(|&at| (rank[all.series[at].brand], &all.series[at].key));
        let mut place = vec![0; series.len()];
        for (n, &at) in series.iter().enumerate() {
            place[at] = n as u32;
        }
        Self {
            brands,
            series,
            place,
        }
    }
}

fn words(pool: &mut StringPool, name: &Named) -> pack::Words {
    pack::Words {
        zh: pool.add(&name.zh).into(),
        en: pool.add(&name.en).into(),
    }
}

/// The ranges of equal numbers in a sorted list.
fn ranges(numbers: impl Iterator<Item = u32>) -> BTreeMap<u32, Range> {
    let mut ranges: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for (at, number) in numbers.enumerate() {
        ranges.entry(number).or_insert((at as u32, 0)).1 += 1;
    }
    let range = |(at, count): (u32, u32)| Range {
        at: at.into(),
        count: count.into(),
    };
    ranges
        .into_iter()
        .map(|(number, r)| (number, range(r)))
        .collect()
}

fn pairs(ids: impl Iterator<Item = u32>) -> Vec<Pair> {
    let mut pairs: Vec<_> = ids.enumerate().map(|(at, id)| (id, at as u32)).collect();
    pairs.sort_unstable();
    let pair = |(id, at): (u32, u32)| Pair {
        id: id.into(),
        at: at.into(),
    };
    pairs.into_iter().map(pair).collect()
}

/// Writes every section of the catalogue, and gives the ids of its cars.
///
/// # Errors
/// When something has no id in the ledger.
pub fn write(
    mut build: Build,
    ids: &Ledgers,
    pool: &mut StringPool,
    writer: &mut Writer,
) -> Result<BTreeSet<u32>, ImportError> {
    let id = |own: Option<u32>, kind, key: &str| own.map_or_else(|| ids.get(kind, key), Ok);
    let order = Order::of(&build);
    let mut groups = groups::of(&build);
    groups::carry(&mut build, &groups);
    groups.sort_by(|a, b| {
        let of = |group: &groups::Group| order.place[build.cars[group.cars[0]].series];
        of(a)
            .cmp(&of(b))
            .then_with(|| (a.from, &a.key).cmp(&(b.from, &b.key)))
    });
    let mut group_of = vec![0; build.cars.len()];
    for (n, group) in groups.iter().enumerate() {
        for &car in &group.cars {
            group_of[car] = n as u32;
        }
    }

    let mut cars = Vec::with_capacity(build.cars.len());
    for (at, car) in build.cars.iter().enumerate() {
        let id = ids.get(Kind::Car, &car.key)?;
        let place = order.place[car.series];
        cars.push((place, car.values.year.get(), car.model, id, at));
    }
    cars.sort_unstable();
    let mut hashes: Vec<U32> = Vec::new();
    let mut position = vec![0_u32; build.cars.len()];
    let mut records = Vec::with_capacity(cars.len());
    for (n, &(place, _, model, id, at)) in cars.iter().enumerate() {
        position[at] = n as u32;
        let car = &build.cars[at];
        let words_at = hashes.len() as u32;
        hashes.extend(car.words.iter().map(|&word| U32::new(word)));
        let row = car.key.split_once('/').map_or("", |(_, row)| row);
        records.push(pack::Car {
            id: id.into(),
            kind: place.into(),
            group: group_of[at].into(),
            model: model.into(),
            version: pool.add(&car.version).into(),
            key: match car.values.source {
                pack::source::EPA => row.parse().unwrap_or(0).into(),
                _ => pool.add(row).into(),
            },
            approval: pool.add(&car.approval).into(),
            words_at: words_at.into(),
            words: car.words.len() as u8,
            ..car.values
        });
    }

    let mut group_records = Vec::with_capacity(groups.len());
    for group in &groups {
        let first = group.cars.iter().map(|&car| position[car]).min();
        group_records.push(pack::Group {
            id: ids.get(Kind::Group, &group.key)?.into(),
            kind: order.place[build.cars[group.cars[0]].series].into(),
            example: first.unwrap_or(0).into(),
            from: group.from.into(),
            to: group.to.into(),
        });
    }

    let mut bodies: Vec<_> = build.bodies.iter().collect();
    bodies.sort_by_key(|body| {
        (
            order.place[body.series],
            body.values.from.get(),
            &body.key,
            body.values.model.get(),
        )
    });
    let bodies: Vec<_> = bodies
        .into_iter()
        .map(|body| {
            let words_at = hashes.len() as u32;
            hashes.extend(body.words.iter().map(|&word| U32::new(word)));
            pack::Body {
                kind: order.place[body.series].into(),
                key: pool.add(&body.key).into(),
                words_at: words_at.into(),
                words: body.words.len() as u8,
                ..body.values
            }
        })
        .collect();

    let cars_of = ranges(records.iter().map(|car| car.kind.get()));
    let groups_of = ranges(group_records.iter().map(|group| group.kind.get()));
    let bodies_of = ranges(bodies.iter().map(|body| body.kind.get()));
    let range = |of: &BTreeMap<u32, Range>, at: u32| of.get(&at).copied().unwrap_or_default();
    let mut brand_place = vec![0_u32; order.brands.len()];
    for (n, &at) in order.brands.iter().enumerate() {
        brand_place[at] = n as u32;
    }
    let mut types = Vec::with_capacity(order.series.len());
    for (n, &at) in order.series.iter().enumerate() {
        let series = &build.series.series[at];
        let n = n as u32;
        types.push(pack::Type {
            id: id(series.id, Kind::Type, &series.key)?.into(),
            brand: brand_place[series.brand].into(),
            name: words(pool, &series.name),
            groups: range(&groups_of, n),
            cars: range(&cars_of, n),
            bodies: range(&bodies_of, n),
            also: match build.series.also(at) {
                Some(other) => (order.place[other] + 1).into(),
                None => 0.into(),
            },
        });
    }
    let types_of = ranges(types.iter().map(|kind| kind.brand.get()));
    let mut brands = Vec::with_capacity(order.brands.len());
    for (n, &at) in order.brands.iter().enumerate() {
        let brand = &build.series.brands[at];
        brands.push(pack::Brand {
            id: id(brand.id, Kind::Brand, &brand.key)?.into(),
            make: brand.make.into(),
            name: words(pool, &brand.name),
            types: range(&types_of, n as u32),
        });
    }
    let models: Vec<_> = build
        .series
        .of_model
        .iter()
        .map(|(&model, &series)| pack::Model {
            model: model.into(),
            kind: order.place[series].into(),
        })
        .collect();
    let texts: Vec<_> = build
        .words
        .texts
        .iter()
        .map(|(zh, en)| pack::Words {
            zh: pool.add(zh).into(),
            en: pool.add(en).into(),
        })
        .collect();
    let sources: Vec<_> = SOURCE_NAMES
        .iter()
        .map(|name| U32::new(pool.add(name)))
        .collect();

    let names = names::of(
        &build.series,
        (&order.brands, &brands),
        (&order.series, &types),
        pool,
    );
    writer.table(NAMES, &names);
    let reader = Reader::read(&build.folder.join("names"))?;
    let brand_names = order.brands.iter().map(|&at| &build.series.brands[at].name);
    writer.table(BRAND_SPELLINGS, &reader.spellings(brand_names, pool));
    let type_names = order.series.iter().map(|&at| &build.series.series[at].name);
    writer.table(TYPE_SPELLINGS, &reader.spellings(type_names, pool));
    writer.table(
        pack::CAR_IDS,
        &pairs(records.iter().map(|car| car.id.get())),
    );
    writer.table(
        pack::GROUP_IDS,
        &pairs(group_records.iter().map(|group| group.id.get())),
    );
    writer.table(
        pack::TYPE_IDS,
        &pairs(types.iter().map(|kind| kind.id.get())),
    );
    writer.table(pack::BRANDS, &brands);
    writer.table(pack::TYPES, &types);
    writer.table(pack::GROUPS, &group_records);
    writer.table(pack::CARS, &records);
    writer.table(pack::BODIES, &bodies);
    writer.table(pack::MODELS, &models);
    writer.table(pack::CAR_WORDS, &hashes);
    writer.table(pack::WORDS, &texts);
    writer.table(pack::SOURCES, &sources);
    Ok(records.iter().map(|car| car.id.get()).collect())
}
