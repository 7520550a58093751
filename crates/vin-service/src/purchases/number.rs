//! The number of a purchase: what a payer writes on a transfer, and a provider of payments knows.

use crate::Random;
use vin_core::Date;

/// Digits and capitals that are not taken for one another.
pub(super) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many of them are drawn, beside the day.
const DRAWN: usize = 9;

/// A number such as `P261201A7K0Q2M9Z`: the day in China, and what nobody can foresee. That none is
/// there twice is seen to by the store.
pub fn purchase_number(random: &dyn Random, today: Date) -> String {
    let day = today.number() % 1_000_000;
    format!("P{day:06}{}", drawn(random, DRAWN))
}

/// So many characters of the alphabet, each as likely as any.
pub(super) fn drawn(random: &dyn Random, count: usize) -> String {
    let mut bytes = vec![0; count];
    random.fill(&mut bytes);
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    bytes.iter().map(letter).collect()
}
