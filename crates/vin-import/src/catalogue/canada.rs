//! The bodies of Transport Canada. What a name says beyond the vPIC model, `2500HD` or `M`, must be
//! said by the VIN too.

use super::build::Build;
use super::cells::{number, scaled};
use super::draft::{Body, distinguishing_words};
use crate::ImportError;
use crate::sources::canada as canada_table;
use crate::table::Table;
use vin_index::catalogue::{self as pack, body, source};
use vin_index::zerocopy::little_endian::U16;

/// Reads the bodies of Transport Canada.
pub fn read(build: &mut Build) -> Result<(), ImportError> {
    let path = build.folder.join("canada/bodies.tsv.zst");
    let table = Table::read(&path, &canada_table::COLUMNS)?;
    for row in table.rows() {
        let [
            make,
            model,
            from,
            to,
            key,
            style,
            doors,
            cab,
            length,
            width,
            height,
            wheelbase,
        ] = row.cells()?;
        let named = build.resolve("canada", make, &[model]);
        let body = match style {
            // An odd door is a tailgate.
            "" if matches!(doors, "3" | "5") => {
                body::HATCHBACK | body::WAGON | body::SUV | body::MINIVAN
            }
            "" => 0,
            "Sedan" => body::SEDAN,
            "Pickup" => body::PICKUP,
            "Coupe" => body::COUPE,
            "SUV" => body::SUV,
            "Wagon" => body::WAGON,
            "Hatchback" => body::HATCHBACK,
            "Convertible" => body::CONVERTIBLE,
            "Van" => body::VAN | body::MINIVAN,
            _ => return Err(row.wrong("style", style, "a form of body that is not known")),
        };
        let cab = match cab {
            "" => 0,
            "Extended" | "Quad" => 2,
            "Regular" => 3,
            // vPIC has one value for all cabs between the regular and the crew cab.
            "Double" => 2,
            "Crew" => 4,
            "Mega" => 13,
            _ => return Err(row.wrong("cab", cab, "a cab that is not known")),
        };
        // A pick-up's doors are known by its cab.
        let doors = match (doors, cab) {
            ("", 3) => 2,
            ("", 4 | 13) => 4,
            (doors, _) => number(row, "doors", doors)?,
        };
        let values = pack::Body {
            model: named.model.into(),
            from: U16::new(row.number("from", from)?),
            to: U16::new(row.number("to", to)?),
            body: U16::new(body),
            length: scaled(row, "length", length, 1.0)?,
            width: scaled(row, "width", width, 1.0)?,
            height: scaled(row, "height", height, 1.0)?,
            wheelbase: scaled(row, "wheelbase", wheelbase, 1.0)?,
            doors,
            cab,
            source: source::CANADA,
            ..pack::Body::default()
        };
        build.bodies.push(Body {
            key: key.to_owned(),
            series: named.series,
            // `2500HD` is 2500 to vPIC.
            words: distinguishing_words(&named.beyond.replace("00HD", "00")),
            values,
        });
    }
    Ok(())
}
