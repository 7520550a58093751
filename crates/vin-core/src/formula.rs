//! Cells that a spreadsheet program would run as a formula.

/// Whether a spreadsheet program would take a cell for a formula: it begins with `=`, `+`, `-`, `@`, a
/// tab or a carriage return, and is no plain number.
pub fn is_harmful(cell: &str) -> bool {
    // Full-width signs are read as their narrow siblings.
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) && !is_number(cell)
}

/// A sign, digits, and at most one point between them.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(part)
}

#[cfg(test)]
mod tests {
    use super::is_harmful;

    #[test]
    fn what_begins_like_a_formula_is_harmful_and_a_number_is_not() {
        for cell in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "-",
            "＝1",
            "+1-1",
        ] {
            assert!(is_harmful(cell), "{cell:?}");
        }
        for cell in [
            "",
            "a=1",
            "-5",
            "+8613800138000",
            "-1.50",
            "WP0AA2978BL012976",
        ] {
            assert!(!is_harmful(cell), "{cell:?}");
        }
    }
}
