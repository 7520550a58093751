//! The error codes of a pass: what is wrong with the VIN, and what it was probably meant to be.

use crate::form::Form;
use crate::pass::{Pass, element};
use crate::subject::{KEY_PLACES, Subject};
use crate::view::View;
use vin_index::vpic::{VALUE_GLIDER, VALUE_OFF_ROAD, symbol};

/// Position 9 in [`Form::invalid`].
pub(crate) const NINTH: u32 = 1 << 8;

/// The places (bits of key places) whose meaning must be known: positions 4–8 and 11.
const MUST_BE_USED: u16 = 0b0000_0101_1111 & !0b10_0000 | 0b100_0000;

/// A set of error codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Codes(u16);

impl Codes {
    /// Every code, ascending.
    const ALL: [u16; 14] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14];
    /// Stands for code 400, which has no bit of its own number.
    const INVALID_BIT: u16 = 15;

    const fn bit(code: u16) -> u16 {
        1 << if code == 400 { Self::INVALID_BIT } else { code }
    }

    fn add(&mut self, code: u16) {
        self.0 |= Self::bit(code);
    }

    /// Whether `code` is set.
    pub const fn has(self, code: u16) -> bool {
        self.0 & Self::bit(code) != 0
    }

    /// The codes, ascending.
    pub fn iter(self) -> impl Iterator<Item = u16> {
        Self::ALL
            .into_iter()
            .chain([400])
            .filter(move |&code| self.has(code))
    }

    fn weight(self) -> i32 {
        let weight = |code| match code {
            1 => -5,
            2 | 3 => -100,
            4 => -200,
            5 => -300,
            6 => -10,
            7 => -10_000,
            8 => -1_000,
            11 | 12 => -20,
            14 => -30,
            400 => -40,
            _ => 0,
        };
        self.iter().map(weight).sum()
    }
}

/// What a pass says of the VIN.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Verdict {
    pub codes: Codes,
    /// The key places that hold a character that no pattern allows.
    pub wrong: u16,
    /// The character that alone can stand in the only wrong place.
    pub correction: Option<u8>,
    /// The key places that no key in use looks at, of those that matter.
    pub unused: u16,
    /// The conclusive year, or that of the pass, was not beyond doubt.
    pub year_in_doubt: bool,
    /// Position 9 may hold anything: such a VIN, or one of an off-road vehicle.
    pub free_ninth: bool,
}

impl Verdict {
    /// The score of the pass, better first when greater.
    pub fn score(&self, view: &View<'_>, pass: &Pass<'_>) -> (i32, u32, u32, u16) {
        let weight = pass.weight(view);
        (
            self.codes.weight(),
            weight,
            pass.table_values(view),
            pass.year.unwrap_or(0),
        )
    }
}

/// What is the same for every pass over a VIN.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// The year that the caller named.
    pub caller_year: Option<u16>,
    /// The pass takes the caller's year, which the VIN does not say.
    pub hinted: bool,
    /// What the characters tell.
    pub form: Form,
    /// The VIN is one of those whose check digit is not checked.
    pub exception: bool,
}

/// Judges a pass.
pub(crate) fn judge(view: &View<'_>, subject: &Subject, pass: &Pass<'_>, case: Case) -> Verdict {
    let mut verdict = Verdict::default();
    let codes = &mut verdict.codes;
    if !case.exception && case.form.check_digit_wrong {
        codes.add(1);
    }
    if subject.as_bytes().len() < 17 {
        codes.add(6);
    }
    if pass.year.is_none() {
        codes.add(11);
    }
    let contradicts = |year| pass.year != Some(year);
    if case.hinted || case.caller_year.is_some_and(contradicts) {
        codes.add(12);
    }
    if pass.wmi.is_none() {
        codes.add(7);
    } else if !pass.matched {
        codes.add(8);
    } else {
        let reached = ((1_u32 << subject.reach) - 1) as u16;
        verdict.unused = MUST_BE_USED & reached & !pass.used;
        if verdict.unused != 0 {
            codes.add(14);
        }
    }
    if !verdict.codes.has(8) && pass.year.is_some() {
        judge_places(subject, pass, &mut verdict);
    }
    judge_body(view, pass, &mut verdict.codes);
    verdict.free_ninth = case.exception || verdict.codes.has(10);
    let ninth = if verdict.free_ninth { NINTH } else { 0 };
    if case.form.invalid & !ninth != 0 || case.form.excess_invalid {
        verdict.codes.add(400);
    }
    let harmless = Codes::bit(9) | Codes::bit(10) | Codes::bit(12) | Codes::bit(14);
    if verdict.codes.0 & !harmless == 0 {
        verdict.codes.add(0);
        if pass.item(element::MODEL).is_none() {
            verdict.codes.add(14);
        }
    }
    verdict
}

/// Finds the places with a character that no pattern names, and the repair of a single one.
fn judge_places(subject: &Subject, pass: &Pass<'_>, verdict: &mut Verdict) {
    let Some(valid) = pass.valid else { return };
    for (at, set) in valid
        .chars
        .iter()
        .enumerate()
        .take(usize::from(subject.reach))
    {
        let set = set.get();
        if set != 0 && set >> subject.symbols[at] & 1 == 0 {
            verdict.wrong |= 1 << at;
        }
    }
    if verdict.wrong == 0 {
        return;
    }
    if verdict.wrong.count_ones() > 1 {
        return verdict.codes.add(5);
    }
    let at = verdict.wrong.trailing_zeros() as usize;
    let candidates = characters(valid.chars[at].get());
    let mut fitting = candidates.clone().filter(|&c| {
        subject.whole().is_some_and(|vin| {
            let mut corrected = *vin;
            corrected[KEY_PLACES[at]] = c;
            // The repair is tried by the strict rule of cars, whatever the vehicle is.
            !Form::of_bytes(&corrected, true).check_digit_wrong
        })
    });
    let mut all = candidates.clone();
    match (all.next(), all.next(), fitting.next(), fitting.next()) {
        (only, None, _, _) => {
            verdict.correction = only;
            verdict.codes.add(2);
        }
        (_, _, Some(fits), None) => {
            verdict.correction = Some(fits);
            verdict.codes.add(3);
        }
        _ => verdict.codes.add(4),
    }
}

/// The characters of a set: `_`, digits, letters.
pub(crate) fn characters(set: u64) -> impl Iterator<Item = u8> + Clone {
    let all = [b'_'].into_iter().chain(b'0'..=b'9').chain(b'A'..=b'Z');
    all.filter(move |&c| symbol(c).is_some_and(|bit| set >> bit & 1 == 1))
}

fn judge_body(view: &View<'_>, pass: &Pass<'_>, codes: &mut Codes) {
    let Some(body) = pass.item(element::BODY_CLASS) else {
        return;
    };
    let flags = view.value(body.value).map_or(0, |value| value.flags);
    if flags & VALUE_GLIDER != 0 {
        codes.add(9);
    }
    if flags & VALUE_OFF_ROAD != 0 {
        codes.add(10);
    }
}
