//! Texts with placeholders: compiled once when a channel is loaded, filled for each question.

use crate::Secret;
use crate::slot::{About, SLOTS, Slot};
use std::fmt;

/// A piece of a template.
#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Slot(Slot),
    Secret(Secret),
}

/// A text with placeholders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template(Vec<Part>);

/// What the placeholders stand for in one question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Values<'a> {
    pub vin: &'a str,
    pub year: &'a str,
    pub lang: &'a str,
    pub today: &'a str,
    pub timestamp: &'a str,
    pub timestamp_ms: &'a str,
    pub nonce: &'a str,
    pub name: &'a str,
    pub id_number: &'a str,
    pub company: &'a str,
    pub code: &'a str,
    pub raw: &'a str,
    pub sorted: &'a str,
    pub joined: &'a str,
    pub method: &'a str,
    pub path: &'a str,
}

impl<'a> Values<'a> {
    fn get(&self, slot: Slot) -> &'a str {
        match slot {
            Slot::Vin => self.vin,
            Slot::Year => self.year,
            Slot::Lang => self.lang,
            Slot::Today => self.today,
            Slot::Timestamp => self.timestamp,
            Slot::TimestampMs => self.timestamp_ms,
            Slot::Nonce => self.nonce,
            Slot::Name => self.name,
            Slot::IdNumber => self.id_number,
            Slot::Company => self.company,
            Slot::Code => self.code,
            Slot::Raw => self.raw,
            Slot::Sorted => self.sorted,
            Slot::Joined => self.joined,
            Slot::Method => self.method,
            Slot::Path => self.path,
        }
    }
}

impl Template {
    /// Compiles a text of a question, or of its signature. `{{` and `}}` stand for braces; `secret` gives
    /// the secret of a name.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what is allowed.
    pub fn compile(
        text: &str,
        about: About,
        signing: bool,
        secret: &mut dyn FnMut(&str) -> Result<Secret, String>,
    ) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if from.starts_with("{{") || from.starts_with("}}") {
                plain.push_str(&from[..1]);
                rest = &from[2..];
                continue;
            }
            let inner = from.strip_prefix('{').and_then(|f| f.split_once('}'));
            let Some((name, after)) = inner else {
                return Err("a brace stands alone; write {{ or }} for a brace itself".to_owned());
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(match name.strip_prefix("secret.") {
                Some(name) => Part::Secret(secret(name)?),
                None => Part::Slot(slot(name, about, signing)?),
            });
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// Appends the text with `values`; what came from a placeholder goes through `encode`.
    pub fn write(&self, values: &Values<'_>, out: &mut String, encode: fn(&str, &mut String)) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Slot(slot) => encode(values.get(*slot), out),
                Part::Secret(secret) => encode(secret.reveal(), out),
            }
        }
    }

    /// The text with `values`.
    pub fn fill(&self, values: &Values<'_>) -> String {
        let mut out = String::new();
        self.write(values, &mut out, plainly);
        out
    }

    /// The secrets in it.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(secret) => Some(secret),
            Part::Text(_) | Part::Slot(_) => None,
        })
    }

    /// Whether `slot` stands in it.
    pub fn has(&self, slot: Slot) -> bool {
        let is = |part: &Part| matches!(part, Part::Slot(found) if *found == slot);
        self.0.iter().any(is)
    }
}

fn slot(name: &str, about: About, signing: bool) -> Result<Slot, String> {
    let allowed = || {
        SLOTS
            .iter()
            .filter(|(_, _, known, _)| known.fits(about, signing))
    };
    let found = allowed().find(|(known, ..)| *known == name);
    found.map(|(_, slot, ..)| *slot).ok_or_else(|| {
        let names: Vec<_> = allowed().map(|(name, ..)| format!("{{{name}}}")).collect();
        format!(
            "unknown placeholder {{{name}}}; allowed: {}, {{secret.NAME}}",
            names.join(", ")
        )
    })
}

/// Appends a text as it is.
pub(crate) fn plainly(text: &str, out: &mut String) {
    out.push_str(text);
}

/// Appends a text as forms and queries spell it: a space is `+`, and of the other characters only
/// letters, digits, `-`, `_` and `.` stand for themselves.
pub(crate) fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte => encode_byte(byte, out),
        }
    }
}

/// Appends a text as a part of a URL's path spells it.
pub(crate) fn encode_path(text: &str, out: &mut String) {
    for byte in text.bytes() {
        encode_byte(byte, out);
    }
}

fn encode_byte(byte: u8, out: &mut String) {
    use fmt::Write as _;
    if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
        out.push(char::from(byte));
    } else {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(text: &str, signing: bool) -> Result<Template, String> {
        Template::compile(text, About::Vehicle, signing, &mut |name| match name {
            "key" => Ok(Secret::new("K 1")),
            name => Err(format!("no secret {name}")),
        })
    }

    #[track_caller]
    fn check(text: &str, filled: &str) {
        let values = Values {
            vin: "WP0AA2978BL012976",
            raw: "a=1",
            ..Values::default()
        };
        assert_eq!(compile(text, true).expect(text).fill(&values), filled);
    }

    #[test]
    fn placeholders_are_filled_and_braces_can_be_written() {
        check("", "");
        check("plain", "plain");
        check("{vin}", "WP0AA2978BL012976");
        check("{{{vin}}}x", "{WP0AA2978BL012976}x");
        check("{raw}{secret.key}", "a=1K 1");
    }

    #[track_caller]
    fn refuse(text: &str, what: &str) {
        let error = compile(text, false).expect_err(text);
        assert!(error.contains(what), "{error}");
    }

    #[test]
    fn what_no_placeholder_is_is_refused_with_what_is_allowed() {
        refuse("{vim}", "unknown placeholder {vim}; allowed: {vin}, {year}");
        refuse("{raw}", "unknown placeholder {raw}");
        refuse("{vin", "a brace stands alone");
        refuse("vin}", "a brace stands alone");
        refuse("{secret.sk}", "no secret sk");
    }

    #[test]
    fn a_query_spells_what_is_no_letter() {
        let mut out = String::new();
        encode("a b+车~", &mut out);
        assert_eq!(out, "a+b%2B%E8%BD%A6%7E");
        out.clear();
        encode_path("a b", &mut out);
        assert_eq!(out, "a%20b");
    }
}
