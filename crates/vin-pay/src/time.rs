//! Times as the providers write them, in China's time.

use vin_core::Date;

/// China time is eight hours east of UTC, all year.
const CHINA: i64 = 8 * 3_600;

/// `2026-12-01 20:05:09`.
pub fn china(unix: i64) -> String {
    let date = Date::from_unix(unix, CHINA as i32);
    let of_day = (unix + CHINA).rem_euclid(86_400);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        date.year,
        date.month,
        date.day,
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// `2026-12-01T20:05:09+08:00`.
pub fn rfc3339(unix: i64) -> String {
    china(unix).replace(' ', "T") + "+08:00"
}

/// Seconds since 1970-01-01 UTC of one or the other.
pub fn unix(text: &str) -> Option<i64> {
    let text = text.strip_suffix("+08:00").unwrap_or(text);
    let (day, time) = text.split_once([' ', 'T'])?;
    let mut parts = time.split(':').map(|part| match part.len() {
        2 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse::<i64>().ok(),
        _ => None,
    });
    let [hour, minute, second] = [parts.next()??, parts.next()??, parts.next()??];
    let fits = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    let days = Date::parse(day).filter(|_| fits)?.days();
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second - CHINA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        assert_eq!(china(1_796_083_200), "2026-12-01 08:00:00");
        assert_eq!(rfc3339(1_796_083_200), "2026-12-01T08:00:00+08:00");
        for at in [0, 1_796_083_200, 1_796_126_399, 4_102_444_800] {
            assert_eq!(unix(&china(at)), Some(at));
            assert_eq!(unix(&rfc3339(at)), Some(at));
        }
        for text in [
            "",
            "2026-12-01",
            "2026-12-01 24:00:00",
            "2026-12-01 8:00:00",
            "2026-13-01 08:00:00",
        ] {
            assert_eq!(unix(text), None, "{text}");
        }
    }
}
