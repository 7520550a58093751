//! Decimal arithmetic that prints as PostgreSQL's `numeric` does, for the conversions of units.

/// A decimal number: `digits` × 10^−`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeric {
    digits: i128,
    scale: u32,
}

/// How many significant digits a quotient has at least.
const MIN_SIGNIFICANT: i32 = 16;

impl Numeric {
    /// Reads `12`, `1.5`, `1000.`, `-3`; `None` for anything else or too many digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all = format!("{whole}{fraction}");
        let plain = !whole.is_empty() && all.bytes().all(|b| b.is_ascii_digit()) && all.len() <= 18;
        let digits: i128 = plain.then(|| all.parse().ok()).flatten()?;
        Some(Self {
            digits: sign * digits,
            scale: fraction.len() as u32,
        })
    }

    /// The product; its scale is the sum of the scales.
    pub fn times(self, other: Self) -> Self {
        Self {
            digits: self.digits * other.digits,
            scale: self.scale + other.scale,
        }
    }

    /// The quotient, rounded half away from zero at the scale that PostgreSQL chooses.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.digits == 0 {
            return None;
        }
        let (weight, first) = self.leading();
        let (other_weight, other_first) = other.leading();
        let mut quotient_weight = weight - other_weight;
        if first <= other_first {
            quotient_weight -= 1;
        }
        let scale = (MIN_SIGNIFICANT - 4 * quotient_weight).max(0) as u32;
        let scale = scale.max(self.scale).max(other.scale);
        let numerator = self.digits * 10_i128.checked_pow(scale + other.scale)?;
        let denominator = other.digits * 10_i128.checked_pow(self.scale)?;
        let half = denominator.abs() / 2 * numerator.signum();
        Some(Self {
            digits: (numerator + half) / denominator,
            scale,
        })
    }

    /// The weight (power of 10,000) and the value of the first base-10,000 digit.
    fn leading(self) -> (i32, i128) {
        if self.digits == 0 {
            return (0, 0);
        }
        // The digits are cut into groups of four that meet at the decimal point.
        let pad = (4 - self.scale % 4) % 4;
        let mut rest = self.digits.abs() * 10_i128.pow(pad);
        let mut weight = -(((self.scale + pad) / 4) as i32);
        while rest >= 10_000 {
            rest /= 10_000;
            weight += 1;
        }
        (weight, rest)
    }
}

impl std::fmt::Display for Numeric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = 10_i128.pow(self.scale);
        let (whole, fraction) = (self.digits.abs() / unit, self.digits.abs() % unit);
        let sign = if self.digits < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        match self.scale as usize {
            0 => Ok(()),
            width => write!(f, ".{fraction:0width$}"),
        }
    }
}

/// Applies a conversion such as `#x# / 16.387064` to a value; `None` when it is no number.
pub fn convert(value: &str, formula: &str) -> Option<String> {
    let rest = formula.trim().strip_prefix("#x#")?.trim();
    let value = Numeric::parse(value.trim())?;
    let result = match rest.split_at_checked(1)? {
        ("*", factor) => value.times(Numeric::parse(factor.trim())?),
        ("/", divisor) => value.over(Numeric::parse(divisor.trim())?)?,
        _ => return None,
    };
    Some(result.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, formula: &str, expected: &str) {
        assert_eq!(
            convert(value, formula).as_deref(),
            Some(expected),
            "{value} {formula}"
        );
    }

    #[test]
    fn results_print_with_the_scale_of_a_numeric() {
        check("183", "#x# * 16.387064 ", "2998.832712");
        check("183", "#x# * 0.016387064 ", "2.998832712");
        check("1.4", "#x# * 1000", "1400.0");
        check("108", "#x# / 1000.", "0.10800000000000000000");
        check("1000", "#x# / 1000.", "1.00000000000000000000");
        check("1100", "#x# / 1000.", "1.1000000000000000");
        check("108", "#x# / 16.387064 ", "6.5905643622310867");
        check("100", "#x# / 16.387064 ", "6.1023744094732284");
        check("49.3", "#x# / 1000.", "0.04930000000000000000");
        check("0", "#x# / 1000.", "0.00000000000000000000");
    }

    #[test]
    fn what_is_no_number_converts_to_nothing() {
        assert_eq!(convert("about 2", "#x# * 1000"), None);
        assert_eq!(convert("", "#x# * 1000"), None);
        assert_eq!(convert("2", "#x# / 0"), None);
        assert_eq!(convert("2", "#x# ^ 3"), None);
    }
}
