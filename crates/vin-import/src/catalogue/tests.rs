//! What the names of the sources mean: a transcript over the project's tables.

use super::build::Build;
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
