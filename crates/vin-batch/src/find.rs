//! Which column holds the VINs: by its name, or else by what stands in it.

use crate::kind::Cells;
use crate::{BatchError, limits};
use arrow_array::RecordBatch;
use arrow_schema::Schema;
use vin_core::Vin;

/// What people call the column, without blanks, punctuation and capitals; the surer ones first.
const NAMES: [&str; 25] = [
    "vin",
    "车架号",
    "车辆识别代号",
    "车辆识别代码",
    "车辆识别码",
    "vin码",
    "vin号",
    "vincode",
    "vinnumber",
    "vinno",
    "车架号码",
    "车架",
    "车架号vin",
    "vin车架号",
    "车辆识别代号vin",
    "车架号vin码",
    "底盘号",
    "大架号",
    "vehicleidentificationnumber",
    "vehiclevin",
    "chassisnumber",
    "chassisno",
    "framenumber",
    "frameno",
    "fahrgestellnummer",
];

fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether a column of this name holds VINs.
pub fn is_vin_name(name: &str) -> bool {
    NAMES.contains(&bare(name).as_str())
}

/// Whether a text is a VIN and no word of 17 letters.
pub fn is_vin(text: &str) -> bool {
    // Longer texts are looked at too, for blanks are dropped.
    text.len() <= 200
        && text.chars().filter(|c| c.is_numeric()).count() >= 3
        && Vin::parse(text).is_ok()
}

/// The column that holds the VINs: the one that is named, or the one that is found.
///
/// # Errors
/// When the named one is not there, or none or several are found.
pub fn column(
    schema: &Schema,
    sample: Option<&RecordBatch>,
    named: Option<&str>,
) -> Result<usize, BatchError> {
    let names: Vec<_> = schema.fields().iter().map(|field| field.name()).collect();
    if let Some(name) = named {
        let exact = names.iter().position(|column| *column == name);
        let alike = || {
            let mut alike = (0..names.len()).filter(|at| bare(names[*at]) == bare(name));
            alike.next().filter(|_| alike.next().is_none())
        };
        return exact
            .or_else(alike)
            .ok_or_else(|| BatchError::NoSuchColumn {
                name: name.to_owned(),
                columns: listed(&names),
            });
    }
    for name in NAMES {
        if let Some(at) = names.iter().position(|column| bare(column) == name) {
            return Ok(at);
        }
    }
    let holding = match sample {
        Some(sample) => holding(schema, sample)?,
        None => Vec::new(),
    };
    match holding[..] {
        [at] => Ok(at),
        [] => Err(BatchError::NoVinColumn {
            columns: listed(&names),
        }),
        _ => Err(BatchError::SeveralVinColumns {
            columns: listed(&holding.iter().map(|at| names[*at]).collect::<Vec<_>>()),
        }),
    }
}

/// The columns half of whose first cells are VINs.
fn holding(schema: &Schema, sample: &RecordBatch) -> Result<Vec<usize>, BatchError> {
    let sample = sample.slice(0, sample.num_rows().min(limits::SAMPLE_ROWS));
    let mut holding = Vec::new();
    let mut room = String::new();
    for (at, (field, column)) in schema.fields().iter().zip(sample.columns()).enumerate() {
        let Ok(cells) = Cells::of(field, column) else {
            continue;
        };
        let (mut vins, mut filled) = (0, 0);
        for row in 0..sample.num_rows() {
            let cell = cells.get(row, &mut room);
            let cell = cell.as_deref().unwrap_or("").trim();
            filled += usize::from(!cell.is_empty());
            vins += usize::from(is_vin(cell));
        }
        if vins > 0 && vins * 2 >= filled {
            holding.push(at);
        }
    }
    Ok(holding)
}

/// Names for a message: the first twenty.
fn listed(names: &[&String]) -> String {
    let some: Vec<_> = names.iter().take(20).map(|name| name.as_str()).collect();
    let more = if names.len() > 20 { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_call_the_column_is_known_in_any_spelling() {
        for name in [
            "VIN",
            "Vin No.",
            "vin_code",
            "车架号(VIN)",
            " 车辆识别代号 ",
        ] {
            assert!(is_vin_name(name), "{name}");
        }
        assert!(!is_vin_name("wine") && !is_vin_name(""));
    }

    #[test]
    fn a_word_is_no_vin() {
        assert!(is_vin("WPOAA2978BL012976") && is_vin(" wp0aa2978bl 012976 "));
        assert!(!is_vin("registrationplate") && !is_vin("abc") && !is_vin(""));
    }
}
