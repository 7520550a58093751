//! What the characters of a VIN tell without any table: which can never stand where they do,
//! and whether the check digit fits.

use crate::subject::Subject;
use vin_core::{check_digit, model_year};

const DIGIT: u8 = 1;
/// A character that a VIN may hold.
const HELD: u8 = 2;
const YEAR_CODE: u8 = 4;
const CHECK: u8 = 8;
const UNKNOWN: u8 = 16;

/// The kinds of every ASCII character.
static KINDS: [u8; 128] = {
    let mut kinds = [0; 128];
    let mut c = 0;
    while c < 128 {
        let byte = c as u8;
        if byte.is_ascii_digit() {
            kinds[c] |= DIGIT | CHECK;
        }
        if byte == b'X' {
            kinds[c] |= CHECK;
        }
        if check_digit::transliterate(byte).is_some() {
            kinds[c] |= HELD;
        }
        if model_year::newest(byte).is_some() {
            kinds[c] |= YEAR_CODE;
        }
        if byte == b'*' {
            kinds[c] |= UNKNOWN;
        }
        c += 1;
    }
    kinds
};

/// The findings; bit 0 stands for position 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Form {
    /// The positions, up to the 17th, whose character can never stand there.
    pub invalid: u32,
    /// Whether that is so of a character beyond the 17th.
    pub excess_invalid: bool,
    /// Whether position 9 of a whole VIN does not hold what the others demand.
    pub check_digit_wrong: bool,
}

const POSITION_9: u32 = 1 << 8;
const POSITION_10: u32 = 1 << 9;
const POSITION_13: u32 = 1 << 12;
/// Positions 14–17, and 15–17 for a small maker, are digits.
const SERIAL: u32 = 0b1_1110_0000_0000_0000;
const SERIAL_OF_SMALL_MAKER: u32 = 0b1_1100_0000_0000_0000;

impl Form {
    /// Looks at `subject`; `light` says that it is a car, an MPV or a light truck.
    pub fn of(subject: &Subject, light: bool) -> Self {
        let not_digit = |c: char| !c.is_ascii_digit() && c != '*';
        let mut form = Self::of_bytes(subject.as_bytes(), light);
        form.excess_invalid = subject.excess.contains(not_digit);
        form
    }

    /// The same for at most 17 ASCII characters.
    pub fn of_bytes(vin: &[u8], light: bool) -> Self {
        let (mut digits, mut held, mut unknown) = (0_u32, 0_u32, 0_u32);
        let mut sum = 0;
        for (at, &c) in vin.iter().enumerate() {
            let slot = usize::from(c & 127);
            let kind = KINDS[slot];
            digits |= u32::from(kind & DIGIT) << at;
            held |= u32::from((kind & HELD) / HELD) << at;
            unknown |= u32::from((kind & UNKNOWN) / UNKNOWN) << at;
            sum += u32::from(check_digit::VALUES[slot]) * u32::from(check_digit::WEIGHTS[at % 17]);
        }
        let there = (1 << vin.len()) - 1;
        let small = vin.get(2) == Some(&b'9');
        let serial = match (small, light) {
            (true, _) => SERIAL_OF_SMALL_MAKER,
            (false, true) => SERIAL | POSITION_13,
            (false, false) => SERIAL,
        };
        let mut invalid = !digits & serial | !held & !serial & !POSITION_9 & !POSITION_10;
        let kind = |at: usize| vin.get(at).map_or(0, |c| KINDS[usize::from(c & 127)]);
        if kind(8) & (CHECK | UNKNOWN) == 0 {
            invalid |= POSITION_9;
        }
        invalid &= !unknown;
        if kind(9) & YEAR_CODE == 0 {
            invalid |= POSITION_10;
        }
        invalid &= there;
        // With a character that cannot stand where it does, the digit computes to `?`.
        let readable = held == there && invalid & !POSITION_9 == 0;
        let digit = if readable {
            check_digit::from_sum(sum)
        } else {
            b'?'
        };
        let check_digit_wrong = vin.len() == 17 && digit != vin[8];
        Self {
            invalid,
            excess_invalid: false,
            check_digit_wrong,
        }
    }
}
