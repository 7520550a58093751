//! Numbers and times as people read them.

use vin_core::Lang;
pub use vin_service::format::{count, day, time};

/// `2026-12-01` of a day written `20261201`.
pub fn day_number(day: u32) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        day / 10_000,
        day / 100 % 100,
        day % 100
    )
}

/// `¥12.50`.
pub fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", count(fen / 100), fen % 100)
}

/// `¥0.0990`: what one of so many costs, rounded down.
pub fn each(fen: i64, calls: i64) -> String {
    let parts = fen * 100 / calls.max(1);
    format!("¥{}.{:04}", count(parts / 10_000), parts % 10_000)
}

/// How long ago something was.
pub fn ago(seconds: i64, lang: Lang) -> String {
    let (number, zh, en) = match seconds.max(0) {
        s @ 0..60 => (s, "秒前", "s ago"),
        s @ 60..3_600 => (s / 60, "分钟前", " min ago"),
        s @ 3_600..86_400 => (s / 3_600, "小时前", " h ago"),
        s => (s / 86_400, "天前", " days ago"),
    };
    match lang {
        Lang::Zh => format!("{number} {zh}"),
        Lang::En => format!("{number}{en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_written_for_people() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-1_000), "−1,000");
        assert_eq!(yuan(123_456), "¥1,234.56");
        assert_eq!(each(9_900, 1_000), "¥0.0990");
        assert_eq!(time(1_796_083_200), "2026-12-01 08:00");
        assert_eq!(day_number(20_261_201), "2026-12-01");
        assert_eq!(ago(59, Lang::En), "59s ago");
        assert_eq!(ago(7_200, Lang::Zh), "2 小时前");
    }
}
