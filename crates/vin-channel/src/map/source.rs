//! Where a value of ours comes from in an upstream's answer, and what is done to it on the way.

use super::path::Path;
use super::unit::Unit;
use super::words::Words;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;
use vin_core::Lang;

/// Why a value cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// It is a container where a text was agreed, or the reverse.
    Shape,
    /// It is a text that the field cannot hold.
    Content,
}

/// A date as an upstream writes it: `yyyy`, `MM`, `dd`, a final `*` for any rest, and itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateForm(String);

impl DateForm {
    /// Reads a form.
    ///
    /// # Errors
    /// When year, month or day is not in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let once = |part| text.matches(part).count() == 1;
        let star = text.find('*').is_none_or(|at| at + 1 == text.len());
        match once("yyyy") && once("MM") && once("dd") && star {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "{text:?} is no form of a date; it needs yyyy, MM and dd, such as yyyy/MM/dd or yyyy-MM-dd* with any rest"
            )),
        }
    }

    /// The date as `yyyy-MM-dd`.
    fn read(&self, text: &str) -> Option<String> {
        let (mut form, mut rest) = (self.0.as_str(), text);
        let (mut year, mut month, mut day) = ("", "", "");
        while !form.is_empty() && form != "*" {
            let parts = [("yyyy", &mut year), ("MM", &mut month), ("dd", &mut day)];
            let mut parts = parts.into_iter();
            if let Some((name, part)) = parts.find(|(name, _)| form.starts_with(name)) {
                (*part, rest) = rest.split_at_checked(name.len())?;
                form = &form[name.len()..];
            } else {
                let literal = form.chars().next()?;
                rest = rest.strip_prefix(literal)?;
                form = &form[literal.len_utf8()..];
            }
        }
        (rest.is_empty() || form == "*").then(|| format!("{year}-{month}-{day}"))
    }
}

/// What is done to a text on its way, in this order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps {
    /// Endings and beginnings that are taken off.
    pub strip: Vec<String>,
    pub unit: Option<(Unit, u32)>,
    pub date: Option<DateForm>,
    /// The table, and whether a value that it does not know is kept.
    pub words: Option<(Arc<Words>, bool)>,
    pub prefix: String,
    pub suffix: String,
    /// What stands for nothing.
    pub default: Option<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A place in the answer. With `unless`, it counts only where the other place is empty or equal.
    Read {
        from: Path,
        unless: Option<Path>,
        steps: Steps,
    },
    /// Several values joined; nothing when one of them is missing.
    Join {
        parts: Vec<Self>,
        with: String,
        steps: Steps,
    },
    /// The first that gives something.
    First(Vec<Self>),
}

/// What answers are read with.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub vehicle: &'a Value,
    /// Texts that mean nothing.
    pub empty: &'a [String],
    pub lang: Lang,
}

impl Source {
    /// The value, or `None` where the answer says nothing.
    ///
    /// # Errors
    /// [`Misfit`].
    pub fn read(&self, reading: &Reading<'_>) -> Result<Option<String>, Misfit> {
        match self {
            Self::Read {
                from,
                unless,
                steps,
            } => {
                let text = scalar(from.get(reading.vehicle), reading.empty)?;
                let other = unless.as_ref().map(|path| path.get(reading.vehicle));
                let other = other.map_or(Ok(None), |value| scalar(value, reading.empty))?;
                let text = text.filter(|text| other.is_none_or(|other| other == *text));
                steps.apply(text, reading)
            }
            Self::Join { parts, with, steps } => {
                let parts: Result<Option<Vec<_>>, _> =
                    parts.iter().map(|part| part.read(reading)).collect();
                let text = parts?.map(|parts| Cow::Owned(parts.join(with)));
                steps.apply(text, reading)
            }
            Self::First(sources) => {
                let mut misfit = None;
                for source in sources {
                    match source.read(reading) {
                        Ok(None) => {}
                        Ok(found) => return Ok(found),
                        Err(why) => misfit = misfit.or(Some(why)),
                    }
                }
                misfit.map_or(Ok(None), Err)
            }
        }
    }

    /// The place, when it is one and nothing is done to what stands there.
    pub const fn place(&self) -> Option<&Path> {
        match self {
            Self::Read { from, .. } => Some(from),
            Self::Join { .. } | Self::First(_) => None,
        }
    }
}

impl Steps {
    fn apply(
        &self,
        text: Option<Cow<'_, str>>,
        reading: &Reading<'_>,
    ) -> Result<Option<String>, Misfit> {
        let done = text.map_or(Ok(None), |text| self.change(&text, reading.lang));
        Ok(done?.or_else(|| self.default.clone()))
    }

    fn change(&self, text: &str, lang: Lang) -> Result<Option<String>, Misfit> {
        let mut text = text.trim();
        for strip in &self.strip {
            text = text.strip_suffix(strip.as_str()).unwrap_or(text);
            text = text.strip_prefix(strip.as_str()).unwrap_or(text).trim();
        }
        let mut text = Cow::Borrowed(text);
        if let Some((unit, digits)) = self.unit {
            if is_zero(&text) {
                return Ok(None);
            }
            let converted = unit.convert(&text, digits);
            text = Cow::Owned(converted.ok_or(Misfit::Content)?);
        }
        if let Some(form) = &self.date {
            text = Cow::Owned(form.read(&text).ok_or(Misfit::Content)?);
        }
        if let Some((words, keep)) = &self.words {
            match words.get(&text, lang) {
                Some(word) => text = Cow::Owned(word.to_owned()),
                None if *keep => {}
                None => return Ok(None),
            }
        }
        let text = [&self.prefix, text.as_ref(), &self.suffix].concat();
        Ok((!text.is_empty()).then_some(text))
    }
}

/// A number that stands for nothing: `0`, `0.0`.
fn is_zero(text: &str) -> bool {
    text.contains('0') && text.bytes().all(|b| matches!(b, b'0' | b'.'))
}

/// The text of a value. Empty containers are how some languages write nothing.
pub(crate) fn scalar<'v>(
    value: Option<&'v Value>,
    empty: &[String],
) -> Result<Option<Cow<'v, str>>, Misfit> {
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => Cow::Borrowed(text.trim()),
        Some(Value::Number(number)) => Cow::Owned(number.to_string()),
        Some(Value::Bool(truth)) => Cow::Borrowed(if *truth { "1" } else { "0" }),
        Some(Value::Array(list)) if list.is_empty() => return Ok(None),
        Some(Value::Object(members)) if members.is_empty() => return Ok(None),
        Some(Value::Array(_) | Value::Object(_)) => return Err(Misfit::Shape),
    };
    let nothing = text.is_empty() || empty.iter().any(|word| *word == text);
    Ok((!nothing).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: &str, text: &str, date: Option<&str>) {
        let form = DateForm::parse(form).expect(form);
        assert_eq!(form.read(text).as_deref(), date, "{text}");
    }

    #[test]
    fn dates_are_read_in_their_form() {
        check("yyyy/MM/dd", "2010/09/01", Some("2010-09-01"));
        check("yyyy年MM月dd日", "2010年09月01日", Some("2010-09-01"));
        check("yyyyMMdd", "20100901", Some("2010-09-01"));
        check("yyyy-MM-dd*", "2011-09-08T00:00:00Z", Some("2011-09-08"));
        check("yyyy-MM-dd", "2011-09-08T00:00:00Z", None);
        check("yyyy/MM/dd", "2010-09-01", None);
        check("yyyyMMdd", "车2010", None);
        for form in ["yyyy", "yyyy-MM", "dd", "*yyyyMMdd", "yyyyMMddyyyy"] {
            assert!(DateForm::parse(form).is_err(), "{form}");
        }
    }
}
