//! Conversions of units in exact decimal arithmetic, rounded once at the end.

/// A conversion: what a number is multiplied with, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    numerator: i128,
    denominator: i128,
    /// The fraction is divided by the number instead.
    inverse: bool,
    /// How many decimals the result has, unless the file says another number.
    pub digits: u32,
}

const fn unit(numerator: i128, denominator: i128, digits: u32) -> Unit {
    Unit {
        numerator,
        denominator,
        inverse: false,
        digits,
    }
}

/// The conversions, by their names in a channel's file.
pub(crate) const UNITS: [(&str, Unit); 12] = [
    ("in-mm", unit(254, 10, 0)),
    ("cm-mm", unit(10, 1, 0)),
    ("m-mm", unit(1_000, 1, 0)),
    ("lb-kg", unit(45_359_237, 100_000_000, 0)),
    ("t-kg", unit(1_000, 1, 0)),
    ("l-ml", unit(1_000, 1, 0)),
    // A mechanical horsepower is 0.7457 kW and 1.01387 Ps.
    ("hp-kw", unit(7_457, 10_000, 0)),
    ("hp-ps", unit(101_387, 100_000, 0)),
    ("kw-ps", unit(101_387, 74_570, 0)),
    ("ps-kw", unit(74_570, 101_387, 0)),
    (
        "mpg-l/100km",
        Unit {
            numerator: 2_352_146,
            denominator: 10_000,
            inverse: true,
            digits: 1,
        },
    ),
    ("yuan-wan", unit(1, 10_000, 2)),
];

impl Unit {
    /// No conversion, for rounding alone.
    pub const SAME: Self = unit(1, 1, 0);

    /// The most decimals of a result.
    pub const MOST_DIGITS: u32 = 4;

    /// The number in the other unit, with `digits` decimals; halves are rounded up. `None` for what
    /// is no positive decimal number, or rounds to nothing.
    pub fn convert(self, text: &str, digits: u32) -> Option<String> {
        let (mantissa, scale) = decimal(text)?;
        let one = 10_i128.pow(scale);
        let (over, under) = match self.inverse {
            false => (mantissa * self.numerator, one * self.denominator),
            true => (one * self.numerator, mantissa * self.denominator),
        };
        let shift = 10_i128.pow(digits);
        let rounded = (2 * over * shift + under) / (2 * under);
        (rounded > 0).then(|| {
            let (whole, part) = (rounded / shift, rounded % shift);
            match digits {
                0 => whole.to_string(),
                digits => format!("{whole}.{part:0width$}", width = digits as usize),
            }
        })
    }
}

/// A positive decimal number: its digits as one number, and how many of them are decimals.
fn decimal(text: &str) -> Option<(i128, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    // Digits past the ninth decimal change no result.
    let part = part.get(..part.len().min(9))?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || !plain(whole) || !plain(part) {
        return None;
    }
    let number: i128 = format!("{whole}{part}").parse().ok()?;
    let scale = u32::try_from(part.len()).ok()?;
    (number > 0).then_some((number, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, converted: &str) {
        let (_, unit) = UNITS.into_iter().find(|(n, _)| *n == name).expect("known");
        assert_eq!(unit.convert(text, unit.digits).as_deref(), Some(converted));
    }

    #[test]
    fn units_are_converted_exactly_and_rounded_once() {
        check("in-mm", "115.5", "2934");
        check("lb-kg", "4409", "2000");
        check("hp-kw", "240", "179");
        check("hp-ps", "240", "243");
        check("kw-ps", "220", "299");
        check("mpg-l/100km", "25", "9.4");
        check("yuan-wan", "1224300", "122.43");
        check("l-ml", "3.605", "3605");
        check("cm-mm", "497", "4970");
        assert_eq!(Unit::SAME.convert("2.998832712", 1).as_deref(), Some("3.0"));
        assert_eq!(Unit::SAME.convert("2.95", 1).as_deref(), Some("3.0"));
    }

    #[test]
    fn what_is_no_positive_number_gives_nothing() {
        for text in [
            "",
            "0",
            "0.0",
            "-3",
            "NaN",
            "1e3",
            ".5",
            "1,5",
            "1.x",
            "9999999999999",
        ] {
            assert_eq!(Unit::SAME.convert(text, 1), None, "{text}");
        }
        assert_eq!(Unit::SAME.convert("0.001", 1), None);
    }
}
