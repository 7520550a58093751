//! Numbers and times as people read them, on pages and in mail.

use crate::CHINA_OFFSET;
use vin_core::Date;

/// `12,345`.
pub fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("−{out}") } else { out }
}

/// `2026-12-01 14:05`, in China's time.
pub fn time(unix: i64) -> String {
    let of_day = (unix + i64::from(CHINA_OFFSET)).rem_euclid(86_400);
    format!(
        "{} {:02}:{:02}",
        day(unix),
        of_day / 3_600,
        of_day / 60 % 60
    )
}

/// `2026-12-01`, in China's time.
pub fn day(unix: i64) -> String {
    let date = Date::from_unix(unix, CHINA_OFFSET);
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
