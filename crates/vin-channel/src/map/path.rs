//! The place of a value in a JSON document: `data.result`, `Results.0`.

use serde_json::Value;
use std::fmt;

/// Names and numbers of array elements from the top, joined by dots. Empty for the document itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// When a part is empty.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let parts: Vec<_> = text.split('.').map(str::to_owned).collect();
        match parts.iter().any(String::is_empty) {
            true => Err(format!(
                "{text:?} is no path; write names and element numbers joined by dots, such as data.result or Results.0"
            )),
            false => Ok(Self(parts)),
        }
    }

    /// The value there; `None` where it is missing, or something on the way is no container.
    pub fn get<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(document, |value, part| match value {
            Value::Object(members) => members.get(part),
            Value::Array(elements) => elements.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_through_names_and_elements() {
        let document = serde_json::json!({"a": [{"b": 1}, {"b": 2}], "0": 3});
        for (path, found) in [
            ("a.1.b", Some(2)),
            ("0", Some(3)),
            ("a.2.b", None),
            ("a.b", None),
            ("0.a", None),
        ] {
            let value = Path::parse(path).expect(path);
            let value = value.get(&document).and_then(Value::as_i64);
            assert_eq!(value, found, "{path}");
        }
        assert!(Path::parse("a..b").is_err());
        assert_eq!(Path::default().get(&document), Some(&document));
    }
}
