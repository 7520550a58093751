//! What the names of the sources mean: a transcript over the project's tables.

use super::build::Build;
use super::groups;
use crate::report::Judge;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

static BUILD: LazyLock<Mutex<Build>> = LazyLock::new(|| {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    Mutex::new(Build::read(&data, Judge::strict()).expect("the project's tables"))
});

/// `series | what the name says beyond it`.
#[track_caller]
fn check(source: &'static str, make: &str, names: &[&str], expected: &str) {
    let mut build = BUILD.lock().expect("no test fails while it holds this");
    let found = build.resolve(source, make, names);
    let series = &build.series.series[found.series];
    let model = build
        .models
        .model_texts
        .get(&found.model)
        .map_or("", String::as_str);
    let text = format!("{} | {model} | {}", series.name.en, found.version);
    drop(build);
    assert_eq!(text, expected, "{source} {make} {names:?}");
}

#[test]
fn names_of_epa_mean_vpic_models() {
    let check = |make, names: &[&str], expected| check("epa", make, names, expected);
    check(
        "Ford",
        &["F150 Pickup 2WD FFV", "F150"],
        "F-150 | F-150 | Pickup 2WD FFV",
    );
    check(
        "Ford",
        &["F-150 Lightning 4WD", "F-150 Lightning"],
        "F-150 | F-150 | Lightning 4WD",
    );
    check(
        "BMW",
        &["328i xDrive Sports Wagon", "3 Series"],
        "3 Series | 328i | 328i xDrive Sports Wagon",
    );
    check("BMW", &["X5 xDrive40i", "X5"], "X5 | X5 | xDrive40i");
    check(
        "Mercedes-Benz",
        &["GLE350 4matic", "GLE-Class"],
        "GLE-Class | GLE-Class | GLE350 4matic",
    );
    check(
        "Mercedes-Benz",
        &["EQS 450+ (SUV)", "EQS"],
        "EQS SUV | EQS-Class SUV | EQS 450+ (SUV)",
    );
    check(
        "Toyota",
        &["Camry XLE/XSE", "Camry"],
        "Camry | Camry | XLE/XSE",
    );
    check(
        "Toyota",
        &["Prius Prime", "Prius Prime"],
        "Prius Prime | Prius Prime (PHEV) | ",
    );
    check("Scion", &["FR-S", "FR-S"], "Scion FR-S | Scion FR-S | FR-S");
    check("Mazda", &["CX-50 4WD", "CX-50"], "CX-50 | CX-50 | 4WD");
    check(
        "Mazda",
        &["3 4-Door 4WD", "3"],
        "Mazda3 | Mazda3 | 3 4-Door 4WD",
    );
    check("Volkswagen", &["ID.4 Pro", "ID.4"], "ID.4 | ID.4 | Pro");
    check(
        "Porsche",
        &["911 Carrera 4S Cabriolet", "911"],
        "911 | 911 | Carrera 4S Cabriolet",
    );
}

#[test]
fn names_of_other_sources_mean_the_same_series() {
    check("canada", "Ram", &["Ram 1500"], "1500 | 1500 | Ram 1500");
    check("canada", "Lexus", &["RX350"], "RX | RX | RX350");
    check(
        "vca",
        "LAND ROVER",
        &["Range Rover Sport"],
        "Range Rover Sport | Range Rover Sport | ",
    );
    check("ademe", "B.M.W.", &["X3", "SERIE X"], "X3 | X3 | ");
    check(
        "ademe",
        "MERCEDES",
        &["GLE 350", "CLASSE GLE"],
        "GLE-Class | GLE-Class | GLE 350",
    );
}

#[test]
fn a_name_that_vpic_does_not_know_is_a_series_of_its_own() {
    check("vca", "DACIA", &["Sandero"], "Sandero |  | ");
    check("miit", "比亚迪", &["海豹06"], "海豹06 |  | ");
}

/// The keys of the bodies of a vPIC model that hold in a year, sorted, each once.
fn bodies(build: &Build, model: u32, year: u16) -> Vec<String> {
    let series = build.series.of_model[&model];
    let of_year = build.bodies.iter().filter(|body| {
        let years = body.values.from.get()..=body.values.to.get();
        body.series == series && years.contains(&year)
    });
    let mut keys: Vec<_> = of_year.map(|body| body.key.clone()).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn bodies_hold_in_further_years_and_for_further_models() {
    let build = BUILD.lock().expect("no test fails while it holds this");
    // Santa Fe: the long one of 2019, under another name, was the only one from 2013 on.
    let santa_fe = bodies(&build, 2057, 2016);
    let golf_gti = bodies(&build, 13670, 2018);
    // Listed up to 2025: the RX of 2026 is rated as that of 2025, the RAV4 of 2026 is a new one.
    let rx = bodies(&build, 2214, 2026);
    let rav4 = [bodies(&build, 2217, 2025), bodies(&build, 2217, 2026)];
    drop(build);
    assert_eq!(santa_fe, ["hyundai-santa-fe-xl-suv-4dr-110-2"]);
    assert!(golf_gti.contains(&"volkswagen-golf-body-4dr-103-5-4".to_owned()));
    assert_eq!(rx, ["lexus-rx-suv-4dr-112-2"]);
    assert_eq!(rav4, [vec!["toyota-rav4-suv-4dr-105-9".to_owned()], vec![]]);
}

#[test]
fn what_is_said_of_a_body_counts_and_one_of_no_car_is_gone() {
    let build = BUILD.lock().expect("no test fails while it holds this");
    let of = |key: &str| build.bodies.iter().find(|body| body.key == key).cloned();
    let short = of("mercedes-benz-s-class-sedan-4dr-119-7");
    let bed = of("ram-ram-1500-pickup-crew-144-5");
    drop(build);
    assert!(short.is_none());
    let bed = bed.expect("a listed body");
    // Short is the second type of bed, after the six of wheelbases.
    assert_eq!((bed.words.len(), bed.values.forms.get()), (1, 1 << 7));
}

#[test]
fn figures_are_carried_as_long_as_the_body_is_the_same() {
    let mut build = BUILD.lock().expect("no test fails while it holds this");
    let groups = groups::of(&build);
    groups::carry(&mut build, &groups);
    let weights = |model: u32, year: u16| {
        let cars = build.cars.iter().filter(|car| car.model == model);
        let of_year = cars.filter(|car| car.values.year.get() == year);
        of_year.filter(|car| car.values.weight.get() > 0).count()
    };
    // The RAV4 of 2019 is a new one, and its weights are none of those of 2018.
    let rav4 = (weights(2217, 2018), weights(2217, 2020));
    drop(build);
    assert!(rav4.0 == 0 && rav4.1 > 0, "{rav4:?}");
}
