//! A calendar date, as it is handed in by whoever knows the clock.

use std::fmt;

/// A date of the proleptic Gregorian calendar; its order is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, 0 … 9999.
    pub year: u16,
    /// The month, 1 … 12.
    pub month: u8,
    /// The day of the month, 1 … 31.
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for anything else, or a day that no calendar has.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |part: &str| {
            let plain = part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse().ok()).flatten()
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
            return None;
        }
        let year = digits(&text[..4])?;
        let (month, day) = (digits(&text[5..7])? as u8, digits(&text[8..])? as u8);
        let date = Self { year, month, day };
        ((1..=12).contains(&month) && (1..=date.month_length()).contains(&day)).then_some(date)
    }

    /// The date at `seconds` since 1970-01-01 00:00 UTC, in a zone `offset` seconds east of it.
    ///
    /// Times before the year 0 or after 9999 give the nearest date within.
    pub fn from_unix(seconds: i64, offset: i32) -> Self {
        let days = seconds.saturating_add(i64::from(offset)).div_euclid(86_400);
        // Days are counted from 0000-03-01, so that the leap day ends its year.
        let days = days.clamp(-719_528, 2_932_896) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        Self {
            year: (era * 400 + year_of_era + i64::from(month <= 2)) as u16,
            month: month as u8,
            day: (day_of_year - (153 * shifted + 2) / 5 + 1) as u8,
        }
    }

    /// The date as one number, `YYYYMMDD`.
    pub const fn number(self) -> u32 {
        self.year as u32 * 10_000 + self.month as u32 * 100 + self.day as u32
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i64 {
        // Years are counted from March, so that the leap day ends its year.
        let (month, year) = (self.month as i64, self.year as i64);
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + self.day as i64 - 1;
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    const fn month_length(self) -> u8 {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_date_are_inverse() {
        for days in (-700_000..2_900_000).step_by(97) {
            assert_eq!(Date::from_unix(days * 86_400, 0).days(), days);
        }
    }

    #[test]
    fn text_and_date_are_inverse_and_nonsense_is_refused() {
        for text in ["2026-11-24", "2024-02-29", "1980-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).expect(text).to_string(), text);
        }
        for text in [
            "2023-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "",
            "2026/01/01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn unix_time_becomes_the_date_of_the_zone() {
        assert_eq!(Date::from_unix(0, 0).to_string(), "1970-01-01");
        assert_eq!(Date::from_unix(951_782_400, 0).to_string(), "2000-02-29");
        assert_eq!(
            Date::from_unix(1_795_536_000 + 17 * 3600, 8 * 3600).to_string(),
            "2026-11-25"
        );
        assert_eq!(Date::from_unix(-1, 0).to_string(), "1969-12-31");
        assert_eq!(Date::from_unix(i64::MAX, 0).to_string(), "9999-12-31");
        assert_eq!(Date::from_unix(i64::MIN, 0).to_string(), "0000-01-01");
    }
}
