//! Amounts as the providers write them. Never a floating-point number.

/// `99.50` of 9950.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// 9950 of `99.50`, `99.5` or `99`; `None` for anything else.
pub fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain(yuan) || !plain(rest) || yuan.len() > 12 || rest.len() > 2 {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(yuan * 100 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact() {
        for (text, wanted) in [("99.50", 9_950), ("0.01", 1), ("7", 700), ("7.5", 750)] {
            assert_eq!(fen(text), Some(wanted), "{text}");
        }
        for text in ["", ".5", "5.", "1.001", "-1", "1e2", "1,000.00", " 1", "１"] {
            assert_eq!(fen(text), None, "{text}");
        }
        assert_eq!(yuan(9_905), "99.05");
        assert_eq!(fen(&yuan(123_456_789)), Some(123_456_789));
    }
}
