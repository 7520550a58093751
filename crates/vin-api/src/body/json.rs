//! Parameters in a JSON object.

use crate::fault::Fault;
use crate::param::{PARAMS, Param, Params, by_name};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// Takes the members that are parameters; texts, numbers and booleans are all welcome.
pub fn read(body: &[u8], params: &mut Params<'_>) -> Result<(), Fault> {
    let members = match serde_json::from_slice::<Option<Members>>(body) {
        Ok(members) => members.unwrap_or_default(),
        Err(error) if error.is_data() => return Err(Fault::JsonObject),
        Err(error) => {
            return Err(Fault::Json {
                line: error.line(),
                column: error.column(),
            });
        }
    };
    for (param, value) in members.0 {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => u8::from(yes).to_string(),
            Value::Array(of) if param == Param::Vins => listed(&of)?,
            Value::Array(_) | Value::Object(_) => {
                return Err(Fault::JsonValue(PARAMS[param as usize].name));
            }
        };
        params.set(param, Cow::Owned(text));
    }
    Ok(())
}

/// Texts one below the other, as a form would have them.
fn listed(of: &[Value]) -> Result<String, Fault> {
    let texts: Option<Vec<_>> = of.iter().map(Value::as_str).collect();
    let texts = texts.ok_or(Fault::JsonValue(PARAMS[Param::Vins as usize].name))?;
    Ok(texts.join("\n"))
}

#[derive(Default)]
struct Members(Vec<(Param, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(name) = map.next_key::<String>()? {
                    match by_name(&name) {
                        Some(param) => members.0.push((param, map.next_value()?)),
                        None => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Object)
    }
}
