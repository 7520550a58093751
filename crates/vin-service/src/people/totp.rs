//! One-time passwords by time (RFC 6238): SHA-1, 30 seconds, 6 digits, as every program for phones has them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// How long a password is valid, in seconds.
pub const STEP: i64 = 30;

/// The step of a time.
pub fn step(unix: i64) -> i64 {
    unix.div_euclid(STEP)
}

/// The password of a step.
pub fn code(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        // A key of any length is taken.
        return u32::MAX;
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let bytes = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    u32::from_be_bytes(bytes) % 1_000_000
}

/// The step that a typed password belongs to: this one, or a neighbour, for clocks that differ.
pub fn matches(secret: &[u8], typed: &str, unix: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit());
    let typed: u32 = plain.then(|| typed.parse().ok())??;
    let now = step(unix);
    [now, now - 1, now + 1]
        .into_iter()
        .find(|step| code(secret, *step) == typed)
}

/// The secret as programs for phones want it: Base32 of RFC 4648, without padding.
pub fn base32(secret: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret.iter().map(|byte| format!("{byte:08b}")).collect();
    let letter = |five: &[u8]| {
        let value = five
            .iter()
            .fold(0, |v, bit| v << 1 | usize::from(bit - b'0'));
        char::from(LETTERS[value << (5 - five.len())])
    };
    bits.as_bytes().chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, cut to six digits.
    #[test]
    fn the_vectors_of_the_standard_hold() {
        let secret = b"12345678901234567890";
        for (unix, wanted) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(secret, step(unix)), wanted, "{unix}");
        }
    }

    #[test]
    fn a_neighbouring_step_is_taken_and_no_other() {
        let secret = b"12345678901234567890";
        let typed = |step| format!("{:06}", code(secret, step));
        let now = 1_111_111_111;
        let here = step(now);
        for (step, wanted) in [
            (here, true),
            (here - 1, true),
            (here + 1, true),
            (here - 2, false),
            (here + 2, false),
        ] {
            assert_eq!(
                matches(secret, &typed(step), now).is_some(),
                wanted,
                "{step}"
            );
        }
        for text in ["", "12345", "1234567", "12345a", "一二三四五六"] {
            assert_eq!(matches(secret, text, now), None, "{text}");
        }
    }

    /// Section 10 of RFC 4648.
    #[test]
    fn base32_is_that_of_the_standard() {
        for (bytes, wanted) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), wanted);
        }
    }
}
