//! The cars of EPA, with their emission standards.

use super::build::Build;
use super::cells::{number, scaled};
use super::draft::{Car, body_of_words, distinguishing_words, doors_of_words};
use super::words::{Words, drive, fuel, gearbox};
use crate::ImportError;
use crate::sources::epa as epa_table;
use crate::table::{Row, Table};
use std::collections::HashMap;
use vin_index::catalogue::{
    self as pack, CHARGER_KNOWN, SUPERCHARGED, TURBO, body, electric, source,
};
use vin_index::zerocopy::little_endian::U16;

/// Model years in which every light car had to be certified to a tier: Tier 2 was phased in by 2009
/// (40 CFR 86.1811-04), and the first cars of Tier 3 came in 2015; that was phased in by 2022
/// (40 CFR 86.1811-17), and Tier 4 begins with 2027.
const TIERS: [(std::ops::RangeInclusive<u16>, &str); 2] =
    [(2010..=2014, "T2"), (2023..=2026, "T3")];

/// Reads the cars of EPA.
pub fn read(build: &mut Build) -> Result<(), ImportError> {
    let standards = standards(build)?;
    let path = build.folder.join("epa/vehicles.tsv.zst");
    let table = Table::read(&path, &epa_table::COLUMNS)?;
    for row in table.rows() {
        let car = car(build, row, &standards);
        let car = build.judge.rule(car)?;
        build.cars.extend(car);
    }
    Ok(())
}

fn car(
    build: &mut Build,
    row: Row<'_>,
    standards: &HashMap<String, u16>,
) -> Result<Car, ImportError> {
    let [
        id,
        year,
        make,
        model,
        base,
        litres,
        cylinders,
        trany,
        drive_text,
        class,
        fuel_text,
        kind,
        charger,
        consumption,
        motor,
    ] = row.cells()?;
    let names = [model, base];
    let named = build.resolve("epa", make, &names[..1 + usize::from(!base.is_empty())]);
    let year: u16 = row.number("year", year)?;
    let electric = electrification(row, kind, motor)?;
    let fuel = fuel_of(row, fuel_text, kind)?;
    let (gearbox, gears) = transmission(row, trany, (named.make, year, electric), &build.words)?;
    let from_words = body_of_words(model);
    let (standard, standard_source) = match standards.get(id) {
        Some(standard) => (*standard, source::EPA_EMISSIONS),
        None => match TIERS.iter().find(|(years, _)| years.contains(&year)) {
            Some((_, tier)) => (build.words.number("standard", tier, row)?, source::EPA),
            None => (0, 0),
        },
    };
    let power = match electric {
        electric::BATTERY => motor_power(motor),
        _ => "",
    };
    let power = scaled(row, "motor", power, 10.0)?;
    let liquid = matches!(fuel_text, "Natural Gas" | "Hydrogen");
    let values = pack::Car {
        year: U16::new(year),
        displacement: scaled(row, "displacement", litres, 1000.0)?,
        // Miles per kg or per equivalent of gas are no litres.
        consumption: scaled(row, "l100km", if liquid { "" } else { consumption }, 100.0)?,
        standard: U16::new(standard),
        class: U16::new(build.words.number("class", class, row)?),
        grade: U16::new(match fuel_text.ends_with("Gasoline") {
            true => build.words.number("grade", fuel_text, row)?,
            false => 0,
        }),
        power,
        power_source: if power.get() > 0 { source::EPA } else { 0 },
        body: U16::new(if from_words == 0 {
            body_of_class(class)
        } else {
            from_words
        }),
        source: source::EPA,
        cylinders: number(row, "cylinders", cylinders)?,
        fuel,
        electric,
        charger: charged(row, charger)?,
        gearbox,
        gears,
        drive: drive_of(row, drive_text)?,
        doors: doors_of_words(model),
        standard_source,
        ..pack::Car::default()
    };
    Ok(Car {
        key: format!("epa/{id}"),
        series: named.series,
        model: named.model,
        version: named.version,
        approval: String::new(),
        words: distinguishing_words(&named.beyond),
        values,
    })
}

/// The standard of each EPA id: the federal one, else the Californian one; where cars of one id
/// were certified to several, all of them.
fn standards(build: &mut Build) -> Result<HashMap<String, u16>, ImportError> {
    let path = build.folder.join("epa/emissions.tsv.zst");
    let table = Table::read(&path, &epa_table::EMISSIONS_COLUMNS)?;
    let mut standards = HashMap::new();
    for row in table.rows() {
        let [id, federal, california] = row.cells()?;
        let codes = if federal.is_empty() {
            california
        } else {
            federal
        };
        if codes != "OT" {
            let number = build.words.numbers("standard", codes, row);
            if let Some(number) = build.judge.rule(number)? {
                standards.insert(id.to_owned(), number);
            }
        }
    }
    Ok(standards)
}

/// The power of the motor in kW, where the text names one: `150 kW ACPM`.
fn motor_power(text: &str) -> &str {
    let number = text.split_once(" kW").or_else(|| text.split_once("kW"));
    let number = number.map_or("", |(number, _)| number);
    if number.parse::<f64>().is_ok() {
        number
    } else {
        ""
    }
}

/// Whether a hybrid's battery is one of 48 V: `44V Li-Ion`, as loaded.
fn is_mild(motor: &str) -> bool {
    let volts = motor
        .split_once('V')
        .map(|(volts, _)| volts.trim().parse::<u16>());
    matches!(volts, Some(Ok(volts)) if volts <= 60)
}

fn electrification(row: Row<'_>, kind: &str, motor: &str) -> Result<u8, ImportError> {
    Ok(match kind {
        "Hybrid" if is_mild(motor) => electric::MILD,
        "" | "FFV" | "Diesel" | "CNG" | "Bifuel (CNG)" | "Bifuel (LPG)" => electric::NONE,
        "Hybrid" => electric::SOME,
        "Plug-in Hybrid" => electric::PLUG_IN,
        "EV" => electric::BATTERY,
        "FCV" => electric::FUEL_CELL,
        _ => return Err(row.wrong("kind", kind, "a kind of drive that is not known")),
    })
}

fn fuel_of(row: Row<'_>, text: &str, kind: &str) -> Result<u8, ImportError> {
    Ok(match (text, kind) {
        (_, "FFV") => fuel("flex"),
        ("Regular Gasoline" | "Midgrade Gasoline" | "Premium Gasoline", _) => fuel("petrol"),
        ("Diesel", _) => fuel("diesel"),
        ("Electricity", _) => fuel("electric"),
        ("Hydrogen", _) => fuel("hydrogen"),
        ("Natural Gas", _) => fuel("cng"),
        _ => return Err(row.wrong("fuel", text, "a fuel that is not known")),
    })
}

fn charged(row: Row<'_>, text: &str) -> Result<u8, ImportError> {
    match text {
        "" => Ok(CHARGER_KNOWN),
        "T" => Ok(CHARGER_KNOWN | TURBO),
        "S" => Ok(CHARGER_KNOWN | SUPERCHARGED),
        "TS" => Ok(CHARGER_KNOWN | TURBO | SUPERCHARGED),
        _ => Err(row.wrong("charger", text, "not T, S or TS")),
    }
}

fn drive_of(row: Row<'_>, text: &str) -> Result<u8, ImportError> {
    Ok(match text {
        "" | "2-Wheel Drive" => 0,
        "Front-Wheel Drive" => drive("front"),
        "Rear-Wheel Drive" => drive("rear"),
        "All-Wheel Drive" | "4-Wheel or All-Wheel Drive" => drive("all"),
        "4-Wheel Drive" => drive("four"),
        "Part-time 4-Wheel Drive" => drive("part-time"),
        _ => return Err(row.wrong("drive", text, "a drive that is not known")),
    })
}

/// Kind and gears of EPA's text: `Automatic (AM-S7)`, `Automatic 6-spd`, `Manual 5-spd`.
fn transmission(
    row: Row<'_>,
    text: &str,
    (make, year, electric): (u32, u16, u8),
    words: &Words,
) -> Result<(u8, u8), ImportError> {
    let gears = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    if let Some(rest) = text.strip_prefix("Manual") {
        return Ok((gearbox("manual"), gears(rest)));
    }
    let Some(rest) = text
        .strip_prefix("Automatic ")
        .or(text.strip_prefix("Auto "))
    else {
        return match text {
            "" => Ok((0, 0)),
            _ => Err(row.wrong("gearbox", text, "neither manual nor automatic")),
        };
    };
    let code = rest.trim_matches(['(', ')']);
    let code = if code == "variable gear ratios" {
        "AV"
    } else {
        code
    };
    let hybrid = matches!(electric, electric::SOME | electric::PLUG_IN);
    let kind = if code.starts_with("AV") {
        let known = words.gearbox(make, code, year).filter(|_| hybrid);
        known.unwrap_or(gearbox("cvt"))
    } else if code.starts_with("AM") {
        let of_hybrid = || words.gearbox(make, &format!("hybrid {code}"), year);
        let told = hybrid.then(of_hybrid).flatten();
        let told = told.or_else(|| words.gearbox(make, code, year));
        told.unwrap_or(gearbox("amt"))
    } else if code == "A1" && electric >= electric::BATTERY {
        gearbox("single")
    } else {
        gearbox("automatic")
    };
    Ok((kind, gears(code)))
}

fn body_of_class(class: &str) -> u16 {
    match class {
        c if c.contains("Sport Utility") => body::SUV,
        c if c.contains("Pickup") => body::PICKUP,
        c if c.starts_with("Minivan") => body::MINIVAN | body::VAN,
        c if c.starts_with("Van") => body::VAN | body::MINIVAN,
        c if c.contains("Station Wagon") => body::WAGON | body::HATCHBACK | body::SUV,
        "Two Seaters" => body::COUPE | body::CONVERTIBLE | body::HATCHBACK,
        _ => 0,
    }
}
