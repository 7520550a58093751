//! The model year that position 10 can mean (ISO 3779 table, a cycle of 30 years).

/// The code letters and digits in the order of the years 2010 … 2039.
const CODES: &[u8; 30] = b"ABCDEFGHJKLMNPRSTVWXY123456789";

/// The year in 2010–2039 that `code` stands for; its other meanings lie 30 years apart.
///
/// `None` for the characters that never stand in position 10 (`I O Q U Z 0`).
pub const fn newest(code: u8) -> Option<u16> {
    let mut at = 0;
    while at < CODES.len() {
        if CODES[at] == code {
            return Some(2010 + at as u16);
        }
        at += 1;
    }
    None
}

/// The years in 1980 … `latest` that `code` can mean, oldest first.
pub fn candidates(code: u8, latest: u16) -> Vec<u16> {
    let Some(newest) = newest(code) else {
        return Vec::new();
    };
    [newest - 30, newest]
        .into_iter()
        .filter(|&year| year <= latest)
        .collect()
}

/// The code of a year in 1980 … 2039.
pub fn code_of(year: u16) -> Option<u8> {
    let offset = usize::from(year.checked_sub(1980)?);
    (offset < 60).then(|| CODES[offset % 30])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_for_two_years_thirty_apart() {
        assert_eq!(candidates(b'B', 2028), [1981, 2011]);
        assert_eq!(candidates(b'Y', 2028), [2000]);
        assert_eq!(candidates(b'1', 2028), [2001]);
        assert_eq!(candidates(b'9', 2028), [2009]);
        assert_eq!(candidates(b'V', 2028), [1997, 2027]);
        assert!(candidates(b'0', 2028).is_empty());
    }

    #[test]
    fn code_and_year_are_inverse() {
        for year in 1980..=2039 {
            let code = code_of(year).expect("a year of the table");
            assert!(candidates(code, 2039).contains(&year));
        }
        assert_eq!(code_of(1979), None);
        assert_eq!(code_of(2040), None);
    }
}
