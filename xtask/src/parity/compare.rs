//! One answer against another: what differs, named.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// One thing that differs.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// An attribute's name, or `model_year`, `error_codes`, `vin`, `line`.
    pub what: String,
    /// What the oracle says; `null` when it says nothing.
    pub expected: Value,
    /// What we say; `null` when we say nothing.
    pub found: Value,
}

/// What differs between two lines.
pub fn compare(expected: &str, found: &str) -> Result<Vec<Difference>, String> {
    let expected =
        object(expected).map_err(|e| format!("the oracle's line is no JSON object: {e}"))?;
    let found = match object(found) {
        Ok(found) => found,
        Err(error) => {
            let text = format!("{error}: {found}");
            return Ok(vec![difference("line", None, Some(&text.into()))]);
        }
    };
    let mut out = Vec::new();
    let members = ["vin", "model_year", "error_codes"];
    collect(&mut out, members.into_iter(), &expected, &found);
    let none = Map::new();
    let (expected, found) = (
        attributes(&expected).unwrap_or(&none),
        attributes(&found).unwrap_or(&none),
    );
    let names: BTreeSet<_> = expected
        .keys()
        .chain(found.keys())
        .map(String::as_str)
        .collect();
    collect(&mut out, names.into_iter(), expected, found);
    Ok(out)
}

fn object(line: &str) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::from_str(line)
}

fn attributes(answer: &Map<String, Value>) -> Option<&Map<String, Value>> {
    answer.get("attributes").and_then(Value::as_object)
}

fn collect<'a>(
    out: &mut Vec<Difference>,
    names: impl Iterator<Item = &'a str>,
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
) {
    for name in names {
        let (expected, found) = (expected.get(name), found.get(name));
        if expected != found {
            out.push(difference(name, expected, found));
        }
    }
}

fn difference(what: &str, expected: Option<&Value>, found: Option<&Value>) -> Difference {
    Difference {
        what: what.to_owned(),
        expected: expected.cloned().unwrap_or(Value::Null),
        found: found.cloned().unwrap_or(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    const ONE: &str = r#"{"vin":"A","model_year":2003,"error_codes":[0],"attributes":{"Make":"HONDA","Note":["a","b"]}}"#;

    #[track_caller]
    fn check(from: &str, to: &str, what: &[&str]) {
        let found = compare(ONE, &ONE.replace(from, to)).expect("two answers");
        let names: Vec<_> = found.iter().map(|d| d.what.as_str()).collect();
        assert_eq!(names, what);
    }

    #[test]
    fn only_what_differs_is_named() {
        check("", "", &[]);
        check("2003", "null", &["model_year"]);
        check("[0]", "[0,12]", &["error_codes"]);
        check("HONDA", "ACURA", &["Make"]);
        check(r#""Make":"HONDA","#, "", &["Make"]);
        check(r#"["a","b"]"#, r#"["b","a"]"#, &["Note"]);
        check(r#""Make""#, r#""Trim":"EX","Make""#, &["Trim"]);
        check("{", "", &["line"]);
    }
}
