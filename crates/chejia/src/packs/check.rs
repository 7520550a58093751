//! Whether a pack is fit to answer with.

use serde_json::Value as Json;
use vin_core::{Date, FieldId, Lang, Vin};
use vin_engine::{Ask, Engine};

/// VINs of cars that every month of the vPIC tables knows, with their make in these tables.
const KNOWN: [(&str, &str); 5] = [
    ("1HGCM82633A004352", "HONDA"),
    ("1FTFW1ET5DFC10312", "FORD"),
    ("5YJSA1E26HF000337", "TESLA"),
    ("WBA3A5G59DNP26082", "BMW"),
    ("WP0AA2978BL012976", "PORSCHE"),
];

/// Reads every byte of the pack, and decodes some VINs with it.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn checked(engine: &Engine, today: Date) -> Result<(), String> {
    engine.pack().verify().map_err(|error| error.to_string())?;
    KNOWN
        .iter()
        .try_for_each(|&(vin, make)| decodes(engine, vin, make, today))
}

fn decodes(engine: &Engine, vin: &str, make: &str, today: Date) -> Result<(), String> {
    let mut decoder = engine.decoder(today);
    decoder.decode(vin, None);
    let mut line = Vec::new();
    decoder.write_vpic(&mut line);
    let json: Json = serde_json::from_slice(&line)
        .map_err(|error| format!("{vin} does not give JSON: {error}"))?;
    let found = &json["attributes"]["Make"];
    if found != make {
        return Err(format!("{vin} should be of the make {make}, not {found}"));
    }
    let parsed = Vin::parse(vin).map_err(|error| format!("{vin}: {error:?}"))?;
    let ask = Ask {
        year: None,
        lang: Lang::En,
        explain: false,
        today,
    };
    let brand = engine
        .answer(&parsed, &ask)
        .map(|answer| answer.vehicle.text(FieldId::Brand).to_owned());
    match brand {
        Some(brand) if !brand.is_empty() => Ok(()),
        _ => Err(format!("{vin} has no brand any more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vin_index::{Pack, Writer};

    #[test]
    fn the_built_in_data_passes_and_an_empty_pack_does_not() {
        let today = Date::parse("2026-11-24").expect("a date");
        assert_eq!(checked(&vin_data::engine(), today), Ok(()));
        let empty = Pack::from_vec(Writer::default().finish()).expect("a pack");
        let reason = checked(&Engine::new(empty), today).expect_err("nothing in it");
        assert!(reason.contains("HONDA"), "{reason}");
    }
}
