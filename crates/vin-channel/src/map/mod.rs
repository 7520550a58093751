//! From an upstream's vehicle to ours: every value goes into the field's own type, or nowhere.

pub(crate) mod built_in;
pub(crate) mod path;
pub(crate) mod source;
pub(crate) mod unit;
pub(crate) mod words;

use path::Path;
use serde_json::Value;
use source::{Misfit, Reading, Source, scalar};
use std::borrow::Cow;
use vin_core::{Candidate, Date, FieldId, Kind, Lang, Vehicle};

/// The fields that are never taken from outside: the VIN is the caller's, the check digit is
/// arithmetic, and the mark is on this server.
pub(crate) const OURS: [FieldId; 3] = [FieldId::Vin, FieldId::IsCorrect, FieldId::Logo];

/// What a vehicle cannot be without being another one: here a wrong shape spoils the whole answer.
const IDENTITY: [FieldId; 5] = [
    FieldId::Manufacturer,
    FieldId::Brand,
    FieldId::TypeName,
    FieldId::Name,
    FieldId::YearType,
];

/// The longest text of a field, in bytes.
const MOST_TEXT: usize = 600;
/// The most texts of a list, and the most candidates.
const MOST_LIST: usize = 50;

/// Where each field comes from.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldMap {
    pub fields: Vec<(FieldId, Source)>,
    pub candidates: Option<CandidateMap>,
    /// Texts that mean nothing.
    pub empty: Vec<String>,
}

/// Where the possible cars come from.
#[derive(Clone, Debug)]
pub(crate) struct CandidateMap {
    /// The list in the vehicle.
    pub from: Path,
    pub carid: Option<Source>,
    pub name: Option<Source>,
    pub typeid: Option<Source>,
    pub typename: Option<Source>,
    pub model: Option<Source>,
}

/// A vehicle as far as it could be read.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    pub vehicle: Vehicle<'static>,
    /// The fields whose value could not be used.
    pub misfits: Vec<FieldId>,
}

impl FieldMap {
    /// Reads a vehicle.
    ///
    /// # Errors
    /// The field of the vehicle's identity that has a wrong shape.
    pub fn read(&self, vehicle: &Value, lang: Lang) -> Result<Mapped, FieldId> {
        let reading = Reading {
            vehicle,
            empty: &self.empty,
            lang,
        };
        let mut mapped = Mapped::default();
        for (field, source) in &self.fields {
            match mapped.fill(*field, source, &reading) {
                Ok(()) => {}
                Err(Misfit::Shape) if IDENTITY.contains(field) => return Err(*field),
                Err(Misfit::Shape | Misfit::Content) => mapped.misfits.push(*field),
            }
        }
        if !mapped.vehicle.knows(FieldId::CarType) {
            // The series under its former name, as our own engine gives it.
            let series = mapped.vehicle.text(FieldId::TypeName).to_owned();
            mapped.vehicle.set(FieldId::CarType, series);
        }
        if let Some(map) = &self.candidates {
            match map.read(&reading) {
                Some(candidates) => mapped.vehicle.candidates = candidates,
                None => mapped.misfits.push(FieldId::CarList),
            }
        }
        Ok(mapped)
    }
}

impl Mapped {
    fn fill(&mut self, field: FieldId, source: &Source, of: &Reading<'_>) -> Result<(), Misfit> {
        let vehicle = &mut self.vehicle;
        match field.spec().kind {
            Kind::Int => {
                if let Some(number) = source.read(of)?.map(|text| number(&text)).transpose()? {
                    let fits = field != FieldId::IsImport || matches!(number, 0 | 1);
                    fits.then(|| vehicle.set_int(field, number))
                        .ok_or(Misfit::Content)?;
                }
            }
            Kind::Text | Kind::NullableText => {
                if let Some(text) = source.read(of)? {
                    vehicle.set(field, fitting(field, text)?);
                }
            }
            Kind::Texts => {
                let list = source.place().and_then(|place| place.get(of.vehicle));
                let texts = texts(list, of.empty)?;
                if !texts.is_empty() {
                    vehicle.set_texts(field, texts);
                }
            }
            // They have no value of their own; a channel's file cannot name them.
            Kind::Object | Kind::Candidates => {}
        }
        Ok(())
    }
}

impl CandidateMap {
    /// The cars, in the upstream's order; what has no name is left out. `None` when it is no list.
    fn read(&self, of: &Reading<'_>) -> Option<Vec<Candidate<'static>>> {
        let list = match self.from.get(of.vehicle) {
            None | Some(Value::Null) => return Some(Vec::new()),
            Some(Value::String(text)) if text.is_empty() => return Some(Vec::new()),
            Some(Value::Object(members)) if members.is_empty() => return Some(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(_) => return None,
        };
        let car = |vehicle: &Value| {
            let of = Reading { vehicle, ..*of };
            let text = |source: &Option<Source>| {
                let text = source.as_ref().and_then(|s| s.read(&of).ok().flatten());
                clean(&text.unwrap_or_default())
            };
            let id = |source| number(&text(source)).unwrap_or(0);
            Candidate {
                carid: id(&self.carid),
                name: text(&self.name).into(),
                typeid: id(&self.typeid),
                typename: text(&self.typename).into(),
                model: text(&self.model).into(),
            }
        };
        let cars = list.iter().filter(|car| car.is_object()).map(car);
        let named = cars.filter(|car| !car.name.is_empty());
        Some(named.take(MOST_LIST).collect())
    }
}

fn texts(list: Option<&Value>, empty: &[String]) -> Result<Vec<Cow<'static, str>>, Misfit> {
    let list = match list {
        Some(Value::Array(list)) => list.as_slice(),
        Some(single @ Value::String(_)) => std::slice::from_ref(single),
        list => return scalar(list, empty).and(Ok(Vec::new())),
    };
    let texts = list.iter().take(MOST_LIST).map(|value| {
        let text = scalar(Some(value), empty)?;
        Ok(text.map(|text| Cow::Owned(clean(&text))))
    });
    texts.filter_map(Result::transpose).collect()
}

/// A whole number that no JavaScript rounds.
fn number(text: &str) -> Result<i64, Misfit> {
    let plain = text.strip_suffix(".0").unwrap_or(text);
    let number = plain.parse::<i64>().ok();
    let exact = number.filter(|n| (0..1 << 53).contains(n));
    exact.ok_or(Misfit::Content)
}

/// Without what no text of a field holds: control characters and blanks at the ends.
fn clean(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control());
    kept.collect::<String>().trim().to_owned()
}

/// The text as the field holds it.
fn fitting(field: FieldId, text: String) -> Result<String, Misfit> {
    let text = clean(&text);
    if text.len() > MOST_TEXT {
        return Err(Misfit::Content);
    }
    let fits = |fits: bool, text: String| fits.then_some(text).ok_or(Misfit::Content);
    match (field, field.spec().unit) {
        (FieldId::YearType, _) => {
            let year = text.trim_end_matches(['款', '年']);
            let fit = year.len() == 4 && matches!(year.parse(), Ok(1900..=2100));
            fits(fit, year.to_owned())
        }
        (_, "yyyy-MM-dd") => fits(Date::parse(&text).is_some(), text),
        (_, "mm" | "kg" | "kW" | "Ps" | "mL" | "万元" | "L/100km") => quantity(&text),
        _ => Ok(text),
    }
}

/// What may stand behind a number whose unit is known anyway.
const UNIT_WORDS: [&str; 12] = [
    "万元", "万", "毫米", "公斤", "千克", "马力", "毫升", "mm", "kg", "kw", "ps", "ml",
];

/// A decimal number, or two of them with a dash between; the unit behind it goes.
fn quantity(text: &str) -> Result<String, Misfit> {
    let lower = text.to_ascii_lowercase();
    let unit = UNIT_WORDS.iter().find(|unit| lower.ends_with(*unit));
    let number = unit.map_or(text, |unit| &text[..text.len() - unit.len()]);
    let number = number.trim();
    let decimal = |part: &str| {
        let (whole, decimals) = part.trim().split_once('.').unwrap_or((part.trim(), "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits(whole) && digits(decimals)
    };
    match number.split('-').count() <= 2 && number.split('-').all(decimal) {
        true => Ok(number.to_owned()),
        false => Err(Misfit::Content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: FieldId, text: &str, fit: Option<&str>) {
        assert_eq!(fitting(field, text.to_owned()).ok().as_deref(), fit);
    }

    #[test]
    fn a_text_fits_its_field_or_is_refused() {
        check(FieldId::YearType, "2010款", Some("2010"));
        check(FieldId::YearType, "10", None);
        check(FieldId::ListDate, "2010-09-01", Some("2010-09-01"));
        check(FieldId::ListDate, "2010-09", None);
        check(FieldId::Price, "48.88万", Some("48.88"));
        check(FieldId::Price, "48.88万元", Some("48.88"));
        check(FieldId::Price, "面议", None);
        check(FieldId::Len, "4970 mm", Some("4970"));
        check(FieldId::Len, "5300-5500", Some("5300-5500"));
        check(FieldId::Len, "1e3", None);
        check(FieldId::Brand, " 保时捷\u{0}\n", Some("保时捷"));
        check(FieldId::Brand, &"长".repeat(201), None);
    }

    #[test]
    fn ids_are_numbers_that_every_client_can_hold() {
        for (text, id) in [("7131", Ok(7131)), ("7131.0", Ok(7131)), ("0", Ok(0))] {
            assert_eq!(number(text), id);
        }
        for text in ["-1", "abc", "9007199254740992", "7.5"] {
            assert_eq!(number(text), Err(Misfit::Content));
        }
    }
}
