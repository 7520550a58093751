//! The check digit in position 9 (49 CFR 565.15(c), GB 16735 annex A).

/// The weight of each of the 17 positions; position 9 itself weighs nothing.
pub const WEIGHTS: [u8; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// The value of a VIN character for the sum, or `None` for one that no VIN may hold.
pub const fn transliterate(c: u8) -> Option<u16> {
    Some(match c {
        b'0'..=b'9' => (c - b'0') as u16,
        b'A'..=b'H' => (c - b'A') as u16 + 1,
        b'J'..=b'N' => (c - b'J') as u16 + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => (c - b'S') as u16 + 2,
        _ => return None,
    })
}

/// In [`VALUES`]: a character that no VIN holds.
pub const NO_VALUE: u8 = 0x80;

/// The value of every ASCII character for the sum, or [`NO_VALUE`].
pub static VALUES: [u8; 128] = {
    let mut values = [NO_VALUE; 128];
    let mut c = 0;
    while c < 128 {
        if let Some(value) = transliterate(c as u8) {
            values[c] = value as u8;
        }
        c += 1;
    }
    values
};

/// The check digit (`0`–`9` or `X`) that the other 16 characters demand.
///
/// `None` when one of them is no VIN character.
pub fn expected(vin: &[u8; 17]) -> Option<u8> {
    let mut sum = 0;
    let mut readable = true;
    for (i, (&c, weight)) in vin.iter().zip(WEIGHTS).enumerate() {
        let value = VALUES[usize::from(c & 127)];
        readable &= i == 8 || (value != NO_VALUE && c < 128);
        sum += u32::from(value) * u32::from(weight);
    }
    readable.then(|| from_sum(sum))
}

/// The check digit of a weighted sum.
pub const fn from_sum(sum: u32) -> u8 {
    match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    }
}

/// Whether position 9 holds the digit that the other characters demand.
pub fn is_right(vin: &[u8; 17]) -> bool {
    expected(vin) == Some(vin[8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(vin: &str, digit: Option<char>) {
        let bytes: &[u8; 17] = vin.as_bytes().try_into().expect("17 characters");
        assert_eq!(expected(bytes).map(char::from), digit, "{vin}");
    }

    #[test]
    fn the_digit_follows_from_the_other_sixteen_characters() {
        check("1HGCM82633A004352", Some('3'));
        check("1M8GDM9A_KP042788", Some('X'));
        check("WP0AA2978BL012976", Some('8'));
        check("11111111111111111", Some('1'));
        check("1HGCM8263OA004352", None);
    }

    #[test]
    fn a_changed_character_is_noticed() {
        assert!(is_right(b"1HGCM82633A004352"));
        assert!(!is_right(b"1HGCM82633A004353"));
    }
}
