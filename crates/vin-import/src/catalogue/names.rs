//! What brands and series are called, to the section by which an answer finds them.

use super::series::{AllSeries, Named};
use std::collections::HashMap;
use vin_index::StringPool;
use vin_index::catalogue::{Brand, Type};
use vin_index::names::{CatalogueName, hash};

/// The names: of brands in both languages, of series in Chinese, and those that the rules of the
/// overlay use. `brands` and `series` are the indexes in `all` in the order of the pack.
///
/// Of two that are called the same the one with more cars is meant, then the older one.
pub fn of(
    all: &AllSeries,
    (brands, brand_records): (&[usize], &[Brand]),
    (series, types): (&[usize], &[Type]),
    pool: &mut StringPool,
) -> Vec<CatalogueName> {
    let cars_of = |brand: &Brand| -> u32 {
        let first = brand.types.at.get() as usize;
        let types = types[first..].iter().take(brand.types.count.get() as usize);
        types.map(|kind| kind.cars.count.get()).sum()
    };
    let mut known: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
    let mut names = Vec::new();
    let mut add = |brand: &str, series: &str, at: usize, rank: u32| {
        let key = (pool.add(brand), pool.add(series));
        let meant = known.entry(key).or_insert_with(|| {
            names.push((hash(brand, series), key));
            (at as u32, rank)
        });
        if rank > meant.1 {
            *meant = (at as u32, rank);
        }
    };
    let name = |at: usize| -> &Named { &all.brands[at].name };
    for (n, (&at, record)) in brands.iter().zip(brand_records).enumerate() {
        let cars = cars_of(record);
        add(&name(at).zh, "", n, cars);
        add(&name(at).en, "", n, cars);
    }
    for (alias, &brand) in &all.brand_aliases {
        let n = brands.iter().position(|&at| at == brand).unwrap_or(0);
        add(alias, "", n, cars_of(&brand_records[n]));
    }
    let mut place = vec![0; series.len()];
    for (n, (&at, kind)) in series.iter().zip(types).enumerate() {
        place[at] = n;
        let series = &all.series[at];
        let cars = kind.cars.count.get();
        add(&name(series.brand).zh, &series.name.zh, n, cars);
        let others = all.brand_aliases.iter();
        for (brand, _) in others.filter(|(_, brand)| **brand == series.brand) {
            add(brand, &series.name.zh, n, cars);
        }
    }
    for ((brand, series), &at) in &all.aliases {
        // The rules say which one is meant.
        add(brand, series, place[at], u32::MAX);
    }
    names.sort_unstable();
    let record = |(hash, key): (u32, (u32, u32))| CatalogueName {
        hash: hash.into(),
        brand: key.0.into(),
        series: key.1.into(),
        at: known[&key].0.into(),
    };
    names.into_iter().map(record).collect()
}
