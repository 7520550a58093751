//! The cars of the UK's VCA and of ADEME: one model year each, the year of the publication.

use super::build::Build;
use super::cells::scaled;
use super::draft::{Car, body_of_words, distinguishing_words};
use super::words::{fuel, gearbox};
use crate::ImportError;
use crate::sources::{ademe as ademe_table, vca as vca_table};
use crate::table::{Row, Table};
use vin_index::catalogue::{self as pack, body, electric, source};
use vin_index::zerocopy::little_endian::U16;

/// The model year of the cars on sale in autumn 2022.
const VCA_YEAR: u16 = 2022;
/// The model year of the cars on sale in January 2024.
const ADEME_YEAR: u16 = 2024;

/// A key that stays when the texts stay: 64 bits of FNV-1a over the cells.
fn key(source: &str, cells: &[&str]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in cells.join("\t").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{source}/{hash:016x}")
}

/// The series that a name of VCA begins with: without model years and the word `New`.
fn without_years(name: &str) -> &str {
    let name = name.strip_prefix("New ").unwrap_or(name);
    let name = name.split(" Model Year").next().unwrap_or(name);
    let name = name.split(',').next().unwrap_or(name).trim();
    let is_year = |word: &str| {
        let word = word.to_ascii_uppercase();
        let digits = word.trim_start_matches("MY").trim_end_matches("MY");
        let number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        number && (word.contains("MY") || word.starts_with("20") && word.len() == 4)
    };
    match name.rsplit_once(' ') {
        Some((rest, last)) if is_year(last) => rest.trim(),
        _ => name,
    }
}

/// Reads the cars of VCA.
pub fn vca(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("vca/cars.tsv.zst");
    let table = Table::read(&path, &vca_table::COLUMNS)?;
    for row in table.rows() {
        let cells: [&str; 10] = row.cells()?;
        let [
            make,
            model,
            description,
            box_text,
            cc,
            fuel_text,
            powertrain,
            kw,
            standard,
            l100km,
        ] = cells;
        let named = build.resolve("vca", make, &[without_years(model)]);
        let (fuel, electric) = match fuel_text {
            "Petrol" => (fuel("petrol"), mild(powertrain)),
            "Diesel" => (fuel("diesel"), mild(powertrain)),
            "Petrol Electric" => (fuel("petrol"), hybrid(powertrain)),
            "Diesel Electric" => (fuel("diesel"), hybrid(powertrain)),
            "Electricity" => (fuel("electric"), electric::BATTERY),
            "Electricity / Petrol" => (fuel("petrol"), electric::PLUG_IN),
            "Electricity / Diesel" => (fuel("diesel"), electric::PLUG_IN),
            "Petrol / LPG" => (fuel("lpg"), electric::NONE),
            _ => return Err(row.wrong("fuel", fuel_text, "a fuel that is not known")),
        };
        let (gearbox, gears) = vca_gearbox(box_text);
        let version = if description.is_empty() {
            named.version
        } else {
            description.to_owned()
        };
        let power = scaled(row, "kw", kw, 10.0)?;
        let values = pack::Car {
            year: U16::new(VCA_YEAR),
            displacement: scaled(row, "cc", cc, 1.0)?,
            consumption: scaled(row, "l100km", l100km, 100.0)?,
            standard: U16::new(build.words.number("standard", standard, row)?),
            standard_source: source::VCA,
            power,
            power_source: if power.get() > 0 { source::VCA } else { 0 },
            body: U16::new(body_of_words(model) | body_of_words(description)),
            source: source::VCA,
            fuel,
            electric,
            gearbox,
            gears,
            ..pack::Car::default()
        };
        push(
            build,
            key("vca", &cells[..9]),
            named.series,
            named.model,
            version,
            values,
        );
    }
    Ok(())
}

fn push(
    build: &mut Build,
    key: String,
    series: usize,
    model: u32,
    version: String,
    values: pack::Car,
) {
    let words = distinguishing_words(&version);
    build.cars.push(Car {
        key,
        series,
        model,
        version,
        approval: String::new(),
        words,
        values,
    });
}

fn mild(powertrain: &str) -> u8 {
    match powertrain.contains("Mild") {
        true => electric::MILD,
        false => electric::NONE,
    }
}

fn hybrid(powertrain: &str) -> u8 {
    match powertrain {
        p if p.contains("Plug-in") => electric::PLUG_IN,
        p if p.contains("Mild") => electric::MILD,
        _ => electric::SOME,
    }
}

/// Kind and gears of VCA's texts: `M6`, `A8-AWD`, `DCT7`, `7DCT`, `E-CVT`.
fn vca_gearbox(text: &str) -> (u8, u8) {
    let gears = text
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>();
    let gears = gears.parse().unwrap_or(0);
    let kind = match text {
        "N/A" | "other" | "" => "",
        t if t.contains("E-CVT") => "ecvt",
        t if t.contains("CVT") => "cvt",
        t if t.contains("DCT") => "dct",
        t if t.contains("AMT") => "amt",
        t if t.contains("MT") || t.starts_with('M') => "manual",
        _ => "automatic",
    };
    (gearbox(kind), if kind.is_empty() { 0 } else { gears })
}

/// Reads the cars of ADEME.
pub fn ademe(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("ademe/cars.tsv.zst");
    let table = Table::read(&path, &ademe_table::COLUMNS)?;
    for row in table.rows() {
        let cells: [&str; 13] = row.cells()?;
        let [
            make,
            family,
            model,
            description,
            energy,
            form,
            cc,
            kw,
            motor,
            box_text,
            gears,
            kg,
            l100km,
        ] = cells;
        // `SERIE 3` is 3 Series to the makers and to vPIC.
        let english = family
            .strip_prefix("SERIE ")
            .map(|number| format!("{number} Series"));
        let family = english.as_deref().unwrap_or(family);
        let names = [model, family];
        let named = build.resolve("ademe", make, &names[..1 + usize::from(!family.is_empty())]);
        let (fuel, electric) = energy_of(row, energy)?;
        let electric_car = electric == electric::BATTERY;
        let power = scaled(row, "kw", if electric_car { motor } else { kw }, 10.0)?;
        let weight = scaled(row, "kg", kg, 1.0)?;
        let kind = match box_text {
            "" => "",
            "MECANIQUE" => "manual",
            "AUTOMATIQUE" => "automatic",
            "VARIATION CONTINUE" => "cvt",
            "VARIATION ELECTRIQUE" => "single",
            _ => return Err(row.wrong("gearbox", box_text, "a gearbox that is not known")),
        };
        let gears = if gears.is_empty() {
            0
        } else {
            row.number("gears", gears)?
        };
        let values = pack::Car {
            year: U16::new(ADEME_YEAR),
            displacement: scaled(row, "cc", cc, 1.0)?,
            consumption: scaled(row, "l100km", l100km, 100.0)?,
            power,
            power_source: if power.get() > 0 { source::ADEME } else { 0 },
            weight,
            weight_source: if weight.get() > 0 { source::ADEME } else { 0 },
            body: U16::new(form_of(row, form)?),
            source: source::ADEME,
            fuel,
            electric,
            gearbox: gearbox(kind),
            gears,
            ..pack::Car::default()
        };
        let version = description.to_owned();
        push(
            build,
            key("ademe", &cells[..11]),
            named.series,
            named.model,
            version,
            values,
        );
    }
    Ok(())
}

fn energy_of(row: Row<'_>, energy: &str) -> Result<(u8, u8), ImportError> {
    Ok(match energy {
        "ESSENCE" | "SUPERETHANOL" => (fuel("petrol"), electric::NONE),
        "GAZOLE" => (fuel("diesel"), electric::NONE),
        "ESS+ELEC HNR" => (fuel("petrol"), electric::SOME),
        "GAZ+ELEC HNR" => (fuel("diesel"), electric::SOME),
        "ELEC+ESSENC HR" => (fuel("petrol"), electric::PLUG_IN),
        "ELEC+GAZOLE HR" => (fuel("diesel"), electric::PLUG_IN),
        "ELECTRIC" => (fuel("electric"), electric::BATTERY),
        "ESS+G.P.L." => (fuel("lpg"), electric::NONE),
        "GAZ NAT.VEH" => (fuel("cng"), electric::NONE),
        _ => return Err(row.wrong("energy", energy, "a fuel that is not known")),
    })
}

fn form_of(row: Row<'_>, form: &str) -> Result<u16, ImportError> {
    Ok(match form {
        "" => 0,
        "BERLINE" => body::SEDAN | body::HATCHBACK,
        "BREAK" => body::WAGON,
        "COUPE" => body::COUPE,
        "CABRIOLET" => body::CONVERTIBLE,
        "TS TERRAINS/CHEMINS" => body::SUV,
        "MINIBUS" | "COMBISPACE" => body::VAN | body::MINIVAN,
        "MONOSPACE" | "MONOSPACE COMPACT" | "MINISPACE" => body::MINIVAN | body::HATCHBACK,
        _ => return Err(row.wrong("body", form, "a form of body that is not known")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_found_without_its_years() {
        for (text, series) in [
            ("Fiesta Model Year Post 2023", "Fiesta"),
            ("F-TYPE, 20MY", "F-TYPE"),
            ("Ceed MY22", "Ceed"),
            ("Sportage MY21.5", "Sportage"),
            ("Jazz 2022", "Jazz"),
            ("New 5008 SUV", "5008 SUV"),
            ("MG HS Plug-in 2021MY", "MG HS Plug-in"),
            ("570S", "570S"),
        ] {
            assert_eq!(without_years(text), series, "{text}");
        }
    }

    #[test]
    fn gearboxes_of_vca_are_read() {
        let check = |text, kind, gears| {
            assert_eq!(vca_gearbox(text), (gearbox(kind), gears), "{text}");
        };
        check("M6", "manual", 6);
        check("A8-AWD", "automatic", 8);
        check("7DCT", "dct", 7);
        check("MT6", "manual", 6);
        check("E-CVT", "ecvt", 0);
        check("N/A", "", 0);
    }
}
