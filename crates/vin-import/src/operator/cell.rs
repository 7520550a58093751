//! Cells of an operator's rows: what any of them must keep to, and values of result fields.

use crate::compile::records::{ENGLISH, may_give};
use crate::limits;
use vin_core::field::{FIELDS, Field, Kind};

/// What a program of tables shows where a formula went wrong.
const BROKEN: [&str; 7] = [
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!",
];

/// The first and last year that a car may have.
const YEARS: std::ops::RangeInclusive<u16> = 1950..=2059;

/// Checks a cell, whatever its column.
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &str) -> Result<(), String> {
    if text.len() > limits::CELL_CHARS && text.chars().count() > limits::CELL_CHARS {
        let limit = limits::CELL_CHARS;
        return Err(format!(
            "more than {limit} characters; a quotation mark may be missing"
        ));
    }
    if BROKEN.contains(&text) {
        return Err("a formula that went wrong".to_owned());
    }
    // A letter that only looks like a Latin one would make another name of the same car.
    let foreign = |c: &char| ('\u{370}'..='\u{52f}').contains(c);
    if let Some(c) = text.chars().find(foreign) {
        return Err(format!("{c:?} is neither Chinese nor Latin"));
    }
    let control = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match text.chars().find(control) {
        Some(c) => Err(format!("holds the control character {c:?}")),
        None => Ok(()),
    }
}

/// A text on one line, its runs of blanks being one blank.
pub fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The model year of a cell: `2011`, `2011款`.
///
/// # Errors
/// When it is none.
pub fn year(text: &str) -> Result<String, String> {
    let digits = text.trim_end_matches(['款', '年']).trim();
    let year = digits.parse().ok().filter(|year| YEARS.contains(year));
    year.map(|year| year.to_string())
        .ok_or_else(|| format!("not a year from {} to {}", YEARS.start(), YEARS.end()))
}

/// The confidence of a cell: `0.9`, `90%`; empty for `default`.
///
/// # Errors
/// When it is no share.
pub fn confidence(text: &str, default: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(default.to_owned());
    }
    let share = match text.strip_suffix(['%', '\u{ff05}']) {
        Some(percent) => percent.trim().parse::<f64>().map(|share| share / 100.0),
        None => text.parse::<f64>(),
    };
    match share {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share.to_string()),
        _ => Err("not a share of 0 to 1".to_owned()),
    }
}

/// The field whose path or label is `text`, and whether its English value is meant.
///
/// Labels may be followed by their unit in brackets: `轴距(mm)`.
pub fn field(text: &str) -> Option<(&'static Field, bool)> {
    let whole = plain(text);
    let (text, english) = match whole.strip_suffix(ENGLISH) {
        Some(path) => (path, true),
        None => match ["(英文)", "(english)"]
            .iter()
            .find_map(|mark| whole.strip_suffix(mark))
        {
            Some(label) => (label, true),
            None => (whole.as_str(), false),
        },
    };
    let without_unit = text.rfind('(').map_or(text, |at| &text[..at]);
    let named = |text: &str| {
        FIELDS.iter().find(|field| {
            field.path == text || plain(field.label.zh) == text || plain(field.label.en) == text
        })
    };
    named(text)
        .or_else(|| named(without_unit))
        .map(|field| (field, english))
}

/// A label without blanks, in small letters, with narrow brackets.
pub fn plain(text: &str) -> String {
    let chars = text.chars().filter(|c| !c.is_whitespace() && *c != '*');
    let narrow = chars.map(|c| match c {
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff1a}' => ':',
        c => c.to_ascii_lowercase(),
    });
    narrow.collect::<String>().trim_end_matches(':').to_owned()
}

/// The value that a cell gives to a field, fit for a table of records.
///
/// # Errors
/// When it cannot be a value of that field.
pub fn value(field: &Field, text: &str) -> Result<String, String> {
    if !may_give(field) {
        return Err("a field that the program tells by itself".to_owned());
    }
    let text = match field.kind {
        Kind::Texts => {
            let parts = text.split(['|', '\n', '\r']).map(line);
            parts
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("|")
        }
        _ => line(text),
    };
    let number = || match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(text.clone()),
        _ => Err("not a number of at least 0 without its unit".to_owned()),
    };
    match (field.path, field.unit) {
        ("yeartype", _) => year(&text),
        ("listdate", _) => match vin_core::Date::parse(&text) {
            Some(_) => Ok(text),
            None => Err("not a date as yyyy-MM-dd".to_owned()),
        },
        // The displacement in litres carries a T or an L.
        ("displacement", _) => Ok(text),
        (_, "mm" | "kg" | "mL" | "kW" | "Ps" | "L/100km" | "万元") => number(),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_path_or_a_label_in_either_language() {
        let found = |text| field(text).map(|(field, english)| (field.path, english));
        for text in [
            "wheelbase",
            "轴距",
            "轴距(mm)",
            "轴距（mm）",
            " 轴 距 ",
            "Wheelbase",
            "WHEELBASE (mm)",
        ] {
            assert_eq!(found(text), Some(("wheelbase", false)), "{text}");
        }
        assert_eq!(found("品牌（英文）"), Some(("brand", true)));
        assert_eq!(found("brand@en"), Some(("brand", true)));
        assert_eq!(found("排量（毫升）"), Some(("displacementml", false)));
        assert_eq!(found("排量"), Some(("displacement", false)));
        assert_eq!(
            found("machineoil.volume"),
            Some(("machineoil.volume", false))
        );
        assert_eq!(found("备注"), None);
    }

    #[track_caller]
    fn check_value(path: &str, text: &str, expected: Result<&str, &str>) {
        let (field, _) = field(path).expect(path);
        let found = value(field, text);
        match expected {
            Ok(value) => assert_eq!(found.as_deref(), Ok(value)),
            Err(reason) => assert!(
                found.as_ref().is_err_and(|e| e.contains(reason)),
                "{found:?}"
            ),
        }
    }

    #[test]
    fn values_are_checked_by_the_unit_of_their_field() {
        check_value("len", "4870", Ok("4870"));
        check_value("len", "4870mm", Err("without its unit"));
        check_value("len", "NaN", Err("not a number"));
        check_value("yeartype", "2011款", Ok("2011"));
        check_value("yeartype", "11", Err("not a year"));
        check_value("listdate", "2011-09-01", Ok("2011-09-01"));
        check_value("listdate", "2011.9", Err("yyyy-MM-dd"));
        check_value("displacement", "1.4T", Ok("1.4T"));
        check_value(
            "gearboxinfo.jointpiclist",
            "a.jpg\nb.jpg | c.jpg",
            Ok("a.jpg|b.jpg|c.jpg"),
        );
        check_value("carid", "7", Err("by itself"));
        check_value("vin", "x", Err("by itself"));
    }

    #[test]
    fn cells_keep_to_their_limits() {
        assert_eq!(check("大众 1.4T\n2011"), Ok(()));
        assert!(check(&"长".repeat(limits::CELL_CHARS)).is_ok());
        assert!(check(&"长".repeat(limits::CELL_CHARS + 1)).is_err_and(|e| e.contains("4000")));
        assert!(check("#N/A").is_err());
        assert!(check("С200").is_err_and(|e| e.contains("neither")));
        assert!(check("a\u{7}").is_err_and(|e| e.contains("control")));
        assert_eq!(confidence("95%", "0.9").as_deref(), Ok("0.95"));
        assert_eq!(confidence("", "0.9").as_deref(), Ok("0.9"));
        assert!(confidence("2", "0.9").is_err() && confidence("NaN", "0.9").is_err());
    }
}
