//! Numbers of the source in the units of the result fields, written out once for every value.

use super::values::Numbered;
use vin_index::StringPool;
use vin_index::zerocopy::little_endian::U32;

/// 1 mechanical horsepower in kW.
const KW_PER_HP: f64 = 0.7457;
/// 1 mechanical horsepower in metric horsepower (Ps).
const PS_PER_HP: f64 = 1.01387;
/// 1 kW in metric horsepower (Ps), from the two above.
const PS_PER_KW: f64 = PS_PER_HP / KW_PER_HP;
/// 1 inch in mm, exact.
const MM_PER_INCH: f64 = 25.4;
/// 1 pound in kg, exact.
const KG_PER_POUND: f64 = 0.453_592_37;

/// The texts that a number gives: the first and the second field made from it.
fn texts(element: u8, raw: &str) -> Option<(String, String)> {
    let number: f64 = raw.trim().parse().ok()?;
    if !number.is_finite() || number <= 0.0 {
        return None;
    }
    let whole = |value: f64| format!("{value:.0}");
    let one = |text: String| Some((text, String::new()));
    match element {
        // Cylinders, doors, seats, gears.
        9 | 14 | 33 | 63 if number.fract() == 0.0 => one(whole(number)),
        // Displacement in mL, and in litres without and with a turbocharger.
        11 => one(whole(number)),
        13 => Some((format!("{number:.1}L"), format!("{number:.1}T"))),
        // Power in kW and Ps.
        21 => Some((whole(number), whole(number * PS_PER_KW))),
        71 | 125 => Some((whole(number * KW_PER_HP), whole(number * PS_PER_HP))),
        54 => one(whole(number * KG_PER_POUND)),
        111 | 112 => one(whole(number * MM_PER_INCH)),
        _ => None,
    }
}

/// Writes the texts of all numbers into their records.
pub fn write_out(numbered: &mut Numbered, pool: &mut StringPool) {
    for (record, (element, raw, _)) in numbered.records.iter_mut().zip(&numbered.texts) {
        if let Some((first, second)) = texts(*element, raw) {
            let mut add = |text: &str| U32::new(if text.is_empty() { 0 } else { pool.add(text) });
            (record.zh, record.zh2) = (add(&first), add(&second));
            (record.en, record.en2) = (record.zh, record.zh2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(element: u8, raw: &str, first: &str, second: &str) {
        let expected = (first.to_owned(), second.to_owned());
        assert_eq!(texts(element, raw), Some(expected), "{element} {raw}");
    }

    #[test]
    fn numbers_are_converted_exactly_and_then_rounded() {
        check(71, "240", "179", "243");
        check(21, "220", "220", "299");
        check(111, "115.5", "2934", "");
        check(54, "4409", "2000", "");
        check(13, "2.998832712", "3.0L", "3.0T");
        check(11, "1497", "1497", "");
        check(9, "6", "6", "");
    }

    #[test]
    fn what_is_no_positive_number_gives_nothing() {
        for (element, raw) in [
            (71, "TBD"),
            (71, "0"),
            (71, "-3"),
            (9, "4.5"),
            (71, "NaN"),
            (5, "13"),
        ] {
            assert_eq!(texts(element, raw), None, "{element} {raw}");
        }
    }
}
