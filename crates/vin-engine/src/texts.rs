//! The texts of the procedure that are made for one VIN: suggestions and explanations.

use crate::decode::Decoder;
use crate::pass::element;
use crate::subject::KEY_PLACES;
use crate::verdict::{NINTH, characters};
use std::fmt::Write;
use vin_index::vpic::{VALUE_INCOMPLETE, Wmi};

const ONE_PLACE: &str = "In the Possible values section, the Numeric value before the : indicates the position in error and the values after the : indicate the possible values that are allowed in this position.";
const SEVERAL_PLACES: &str = "The error positions are indicated by ! in Suggested VIN. In the Possible values section, each pair of parenthesis indicate information about each error position in VIN . The Numeric value before the : indicates the position in error and the values after the : indicate the possible values that are allowed in this position";
const YEAR_IN_DOUBT: &str = "The Model Year decoded for this VIN may be incorrect. If you know the Model year, please enter it and decode again to get more accurate information.";
const EXCEPTION: &str = " NOTE: Check Digit Exception - The check digit was given an exception based on data from the OEM indicating an error on production.";
const OFF_ROAD: &str = " NOTE: Disregard if this is an off-road vehicle PIN, as check digit calculation may not be accurate.";
const INCOMPLETE: &str = "Incomplete Vehicle Warning - Please be advised that the vehicle may have been altered and may not be an accurate representation of the vehicle in its current condition.";
/// The number of the vehicle type of incomplete vehicles.
const INCOMPLETE_TYPE: u8 = 10;
/// The additional text is cut off after so many characters.
const MOST: usize = 500;

fn places(set: u16) -> impl Iterator<Item = usize> {
    (0..10).filter(move |at| set >> at & 1 == 1)
}

/// Lists `items` behind a heading, as ` Heading: a,b.`
fn list(out: &mut String, heading: &str, separator: &str, items: &[String]) {
    if !items.is_empty() {
        if !out.is_empty() {
            out.push(' ');
        }
        let _ = write!(out, "{heading}: {}.", items.join(separator));
    }
}

impl Decoder<'_> {
    /// The positions whose character can never stand there.
    fn invalid_positions(&self) -> impl Iterator<Item = usize> {
        let ninth = if self.verdict.free_ninth { NINTH } else { 0 };
        let invalid = self.form.invalid & !ninth;
        let excess = self.subject.excess.bytes().zip(18..);
        let excess = excess.filter(|(c, _)| !c.is_ascii_digit() && *c != b'*');
        let within = (1..=17).filter(move |position| invalid >> (position - 1) & 1 == 1);
        within.chain(excess.map(|(_, position)| position))
    }

    /// The VIN as it was read: trimmed and upper-cased.
    pub fn vin(&self) -> String {
        let mut vin: String = self
            .subject
            .as_bytes()
            .iter()
            .map(|&b| char::from(b))
            .collect();
        vin.push_str(&self.subject.excess);
        vin
    }

    /// The VIN that was probably meant, `!` where that is not known; empty when none is wrong.
    pub fn suggested_vin(&self) -> String {
        let wrong = self.verdict.wrong;
        let mut invalid = self.invalid_positions().peekable();
        if wrong == 0 && invalid.peek().is_none() {
            return String::new();
        }
        let mut vin = if wrong == 0 {
            self.vin().into_bytes()
        } else {
            self.subject.as_bytes().to_vec()
        };
        for at in places(wrong) {
            vin[KEY_PLACES[at]] = self.verdict.correction.unwrap_or(b'!');
        }
        for position in invalid {
            match vin.get_mut(position - 1) {
                Some(c) => *c = b'!',
                None => vin.push(b'!'),
            }
        }
        String::from_utf8_lossy(&vin).into_owned()
    }

    /// Per wrong position the characters that may stand there: `(5:ACD)(7:0123)`.
    pub fn possible_values(&self) -> String {
        let mut out = String::new();
        let Some(valid) = self.best.valid else {
            return out;
        };
        for at in places(self.verdict.wrong) {
            let _ = write!(out, "({}:", KEY_PLACES[at] + 1);
            match self.verdict.correction {
                Some(only) => out.push(char::from(only)),
                None => out.extend(characters(valid.chars[at].get()).map(char::from)),
            }
            out.push(')');
        }
        out
    }

    /// Which positions are in error, unused or invalid, and whether the year is in doubt.
    pub fn additional_error_text(&self) -> String {
        let codes = self.verdict.codes;
        let mut out = String::new();
        if codes.has(4) {
            out.push_str(ONE_PLACE);
        } else if codes.has(5) {
            out.push_str(SEVERAL_PLACES);
        }
        let unused: Vec<_> = places(self.verdict.unused)
            .map(|at| (KEY_PLACES[at] + 1).to_string())
            .collect();
        list(&mut out, "Unused position(s)", ",", &unused);
        let invalid: Vec<_> = self
            .invalid_positions()
            .map(|at| format!("{at}:{}", char::from(self.subject.at(at).unwrap_or(b'?'))))
            .collect();
        list(&mut out, "Invalid character(s)", ", ", &invalid);
        let warnings = [
            (self.is_incomplete(), INCOMPLETE),
            (self.verdict.year_in_doubt, YEAR_IN_DOUBT),
        ];
        for (_, text) in warnings.into_iter().filter(|(holds, _)| *holds) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(text);
        }
        out.truncate(MOST);
        out
    }

    /// Whether the vehicle leaves its maker unfinished.
    fn is_incomplete(&self) -> bool {
        let body = self
            .item(element::BODY_CLASS)
            .and_then(|item| self.view.value(item.value));
        let of_type = |wmi: &Wmi| wmi.vehicle_type == INCOMPLETE_TYPE;
        body.is_some_and(|body| body.flags & VALUE_INCOMPLETE != 0)
            || self.best.wmi.is_some_and(of_type)
    }

    /// The texts of the codes.
    pub fn error_text(&self) -> String {
        let text = |code| {
            let note = match code {
                0 if self.exception => EXCEPTION,
                1 if self.verdict.codes.has(10) => OFF_ROAD,
                _ => "",
            };
            format!("{}{note}", self.view.error_text(code).trim_matches(' '))
        };
        let texts: Vec<_> = self.verdict.codes.iter().map(text).collect();
        let mut out = texts.join("; ");
        out.truncate(out.trim_end().len());
        if let Some((end, _)) = out.char_indices().nth(MOST) {
            out.truncate(end);
        }
        out
    }

    /// The codes, separated by commas.
    pub fn error_code(&self) -> String {
        let codes: Vec<_> = self
            .verdict
            .codes
            .iter()
            .map(|code| code.to_string())
            .collect();
        codes.join(",")
    }

    /// Positions 1–8, `*`, 10–11; 10–14 for a small maker; `*` where the VIN is too short.
    pub fn descriptor(&self) -> String {
        let vin = self.subject.as_bytes();
        let len = if vin.get(2) == Some(&b'9') { 14 } else { 11 };
        let c = |at: usize| {
            if at == 8 {
                b'*'
            } else {
                vin.get(at).copied().unwrap_or(b'*')
            }
        };
        (0..len).map(|at| char::from(c(at))).collect()
    }
}
