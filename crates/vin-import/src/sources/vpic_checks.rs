//! What the cells of a dump must keep to, so that the tables made of it compile.

use crate::key;
use vin_index::vpic::FIRST_YEAR;

/// A check of one column.
pub struct Check {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Whether a cell can be right, else what is wrong with it.
    pub is_right: fn(&str) -> Result<(), String>,
}

/// The last year that a VIN can mean.
const LAST_YEAR: u16 = 2060;
/// The years that vehicle specs may be for.
const SPEC_YEARS: std::ops::RangeInclusive<u16> = 1980..=2043;

macro_rules! checks {
    ($($table:literal $column:literal $check:expr;)+) => {
        /// Every check.
        pub const CHECKS: &[Check] = &[
            $(Check { table: $table, column: $column, is_right: $check },)+
        ];
    };
}

checks! {
    "Conversion" "Id" number;
    "DefaultValue" "VehicleTypeId" vehicle_type;
    "DefaultValue" "ElementId" element;
    "Element" "Id" element;
    "Element" "Weight" optional_number;
    "EngineModelPattern" "Id" number;
    "EngineModelPattern" "ElementId" element;
    "EngineModelPattern" "ChangedOn" time;
    "Make_Model" "ModelId" number;
    "Make_Model" "MakeId" number;
    "Pattern" "VinSchemaId" number;
    "Pattern" "Keys" pattern_key;
    "Pattern" "ElementId" element;
    "Pattern" "ChangedOn" time;
    "Pattern" "Id" number;
    "VSpecSchemaPattern" "SchemaId" number;
    "VehicleSpecPattern" "VSpecSchemaPatternId" number;
    "VehicleSpecPattern" "ElementId" element;
    "VehicleSpecPattern" "ChangedOn" time;
    "VehicleSpecSchema" "Id" number;
    "VehicleSpecSchema_Year" "Year" spec_year;
    "VinException" "VIN" vin;
    "Wmi" "Wmi" wmi;
    "Wmi" "VehicleTypeId" optional_byte;
    "Wmi" "TruckTypeId" optional_byte;
    "Wmi" "PublicAvailabilityDate" day;
    "Wmi_VinSchema" "VinSchemaId" number;
    "Wmi_VinSchema" "YearFrom" year;
    "Wmi_VinSchema" "YearTo" optional_year;
}

fn fits<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| "not a number that fits".to_owned())
}

fn number(text: &str) -> Result<(), String> {
    fits::<u32>(text).map(drop)
}

fn element(text: &str) -> Result<(), String> {
    fits::<u8>(text).map(drop)
}

fn optional_number(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        fits::<u16>(text).map(drop)
    }
}

fn optional_byte(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        fits::<u8>(text).map(drop)
    }
}

fn vehicle_type(text: &str) -> Result<(), String> {
    match fits::<u8>(text)? < 16 {
        true => Ok(()),
        false => Err("not below 16".to_owned()),
    }
}

fn year(text: &str) -> Result<(), String> {
    match fits::<u16>(text)? <= LAST_YEAR {
        true => Ok(()),
        false => Err(format!("later than {LAST_YEAR}")),
    }
}

fn optional_year(text: &str) -> Result<(), String> {
    match text {
        "" => Ok(()),
        text if fits::<u16>(text)? < FIRST_YEAR => Err(format!("earlier than {FIRST_YEAR}")),
        text => year(text),
    }
}

fn spec_year(text: &str) -> Result<(), String> {
    let (first, last) = (SPEC_YEARS.start(), SPEC_YEARS.end());
    match SPEC_YEARS.contains(&fits(text)?) {
        true => Ok(()),
        false => Err(format!("not from {first} to {last}")),
    }
}

/// A day, with or without a time behind it. A WMI without one is not public.
fn day(text: &str) -> Result<(), String> {
    let day = text.get(..10).and_then(vin_core::Date::parse);
    day.map(drop)
        .ok_or_else(|| "not a day from which the identifier is public".to_owned())
}

/// A point of time whose order is that of its text; there may be none.
fn time(text: &str) -> Result<(), String> {
    let shape = |(at, c): (usize, u8)| match at {
        4 | 7 => c == b'-',
        10 => c == b' ',
        13 | 16 => c == b':',
        19 => c == b'.',
        _ => c.is_ascii_digit(),
    };
    let whole = text.is_empty() || text.len() >= 19 && text.bytes().enumerate().all(shape);
    if whole {
        Ok(())
    } else {
        Err("not a point of time".to_owned())
    }
}

fn vin(text: &str) -> Result<(), String> {
    match text.len() {
        17 => Ok(()),
        _ => Err("not 17 characters".to_owned()),
    }
}

fn wmi(text: &str) -> Result<(), String> {
    let plain = text
        .bytes()
        .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    match plain && matches!(text.len(), 3 | 6) {
        true => Ok(()),
        false => Err("not three or six characters of a VIN".to_owned()),
    }
}

fn pattern_key(text: &str) -> Result<(), String> {
    let key = key::parse(&text.to_ascii_uppercase())?;
    match key.digits.count_ones() {
        0..=4 => Ok(()),
        _ => Err("more than four `#`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, column: &str, right: &[&str], wrong: &[&str]) {
        let found = CHECKS
            .iter()
            .find(|c| c.table == table && c.column == column);
        let is_right = found.expect("a check").is_right;
        for text in right {
            assert_eq!(is_right(text), Ok(()), "{text}");
        }
        for text in wrong {
            assert!(is_right(text).is_err(), "{text}");
        }
    }

    #[test]
    fn cells_are_checked_by_their_column() {
        check(
            "Pattern",
            "Keys",
            &["K2ca*", "*****|*A", "##", ""],
            &["A|B", "[", "#####", "К"],
        );
        check("Pattern", "ElementId", &["28"], &["", "256", "x"]);
        check(
            "Pattern",
            "ChangedOn",
            &["", "2015-03-04 12:10:53", "2015-03-04 12:10:53.123"],
            &["2015-03-04", "4 March 2015, 12:10:53"],
        );
        check("Wmi", "Wmi", &["LSV", "1G9123"], &["LS", "lsv", "LSV1"]);
        check(
            "Wmi",
            "PublicAvailabilityDate",
            &["2015-01-01 00:00:00", "2015-01-01"],
            &["", "2015"],
        );
        check("Wmi_VinSchema", "YearTo", &["", "2010"], &["1899", "2061"]);
        check(
            "Wmi_VinSchema",
            "YearFrom",
            &["1979", "2010"],
            &["", "2061"],
        );
        check(
            "VehicleSpecSchema_Year",
            "Year",
            &["1980", "2043"],
            &["1979", "2044"],
        );
        check("DefaultValue", "VehicleTypeId", &["15"], &["16"]);
        check("VinException", "VIN", &["1C9FA2625R1257006"], &["1C9"]);
    }
}
