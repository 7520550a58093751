//! Whether a key fits a VIN, and what it reads there.

use crate::subject::Subject;
use crate::view::View;
use vin_index::vpic::{ANY, CLASS, KEY_FORMULA, Key};

/// Whether the literal characters of a key are those of the VIN; classes are left open.
#[inline]
pub(crate) fn literals_fit(key: &[u8; 10], vin: &[u8; 16]) -> bool {
    let mut bytes = [0; 16];
    bytes[..10].copy_from_slice(key);
    let mut misses = [0_u8; 16];
    for i in 0..16 {
        let c = bytes[i];
        misses[i] = u8::from(c != vin[i]) & u8::from(c != ANY) & u8::from(c != CLASS);
    }
    u128::from_ne_bytes(misses) == 0
}

pub(crate) fn classes_fit(view: &View<'_>, key: &Key, subject: &Subject) -> bool {
    let number = key.classes.get() & !KEY_FORMULA;
    if number == 0 {
        return true;
    }
    let Some(set) = view.class_sets.get(usize::from(number)) else {
        return false;
    };
    (0..10).all(|at| key.chars[at] != CLASS || set.chars[at].get() >> subject.symbols[at] & 1 == 1)
}

/// The places that a key looks at, as a bit set. A letter that no VIN holds fits classes, but
/// its place does not count as looked at.
pub(crate) fn looked_at(key: &Key, subject: &Subject) -> u16 {
    (0..10).fold(0, |set, at| {
        let counts = match key.chars[at] {
            ANY => false,
            CLASS => !matches!(subject.key[at], b'I' | b'O' | b'Q'),
            _ => true,
        };
        set | u16::from(counts) << at
    })
}

/// The digits of the VIN that a formula key reads, as a number.
pub(crate) fn digits(view: &View<'_>, key: &Key, subject: &Subject) -> u32 {
    let Some(set) = view
        .class_sets
        .get(usize::from(key.classes.get() & !KEY_FORMULA))
    else {
        return 0;
    };
    let is_digit = |&at: &usize| key.chars[at] == CLASS && set.chars[at].get() == (1 << 10) - 1;
    (0..10).filter(is_digit).fold(0, |number, at| {
        number
            .wrapping_mul(10)
            .wrapping_add(u32::from(subject.symbols[at]))
    })
}
