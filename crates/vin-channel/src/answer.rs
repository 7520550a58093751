//! From the bytes of an answer to an outcome: pure, whatever the bytes are.

use crate::map::FieldMap;
use crate::map::path::Path;
use crate::map::source::scalar;
use crate::meaning::Meaning;
use crate::status::Statuses;
use crate::{Fault, FaultKind, Found, Outcome, Query, level};
use serde_json::Value;
use std::io::Read as _;
use vin_core::Vin;

/// An answer as it came over the network.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, the names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, packed as the header `content-encoding` says.
    pub body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim())
    }
}

/// How the answers of a channel are read.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    pub statuses: Statuses,
    /// Where the vehicle stands.
    pub vehicle: Path,
    /// Where the upstream says which VIN it is about; another one than asked is garbage.
    pub vin: Option<Path>,
    /// Where the upstream's number of the call stands.
    pub order: Option<Path>,
    pub fields: FieldMap,
    pub limits: Limits,
}

/// How much of an answer is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The largest body, unpacked.
    pub most_bytes: usize,
    /// The deepest nesting.
    pub most_depth: usize,
}

/// The longest number of a call that is kept, in bytes.
const MOST_ORDER: usize = 64;

impl Answers {
    /// What an answer to `query` says.
    pub fn read(&self, reply: &Reply, query: &Query) -> Outcome {
        self.understand(reply, query).unwrap_or_else(Outcome::Fault)
    }

    fn understand(&self, reply: &Reply, query: &Query) -> Result<Outcome, Fault> {
        let statuses = &self.statuses;
        for (name, values) in &statuses.headers {
            let value = reply.header(name).unwrap_or_default();
            let mut values = values.iter();
            let found = values.find(|(start, _)| value.starts_with(start.as_str()));
            if let Some((_, meaning)) = found {
                let detail = || format!("HTTP {}, {name}: {}", reply.status, short(value));
                if let Some(outcome) = meaning.outcome(detail) {
                    return Ok(outcome);
                }
            }
        }
        if let Some(meaning) = statuses.http.get(&reply.status) {
            let detail = || format!("HTTP {}", reply.status);
            if let Some(outcome) = meaning.outcome(detail) {
                return Ok(outcome);
            }
        }
        let is_fine = (200..300).contains(&reply.status);
        let document = self.limits.document(reply);
        let document = match document {
            Err(_) if !is_fine => return Err(not_fine(reply.status)),
            document => document?,
        };
        match self.meaning(&document)? {
            // An error page may well hold a code; only one that the file names is believed.
            (None, _) if !is_fine => return Err(not_fine(reply.status)),
            (Some(Meaning::Hit), _) if !is_fine => return Err(not_fine(reply.status)),
            (meaning, detail) => {
                let meaning = meaning.unwrap_or(Meaning::Failed);
                if let Some(outcome) = meaning.outcome(|| detail) {
                    return Ok(outcome);
                }
            }
        }
        self.vehicle(&document, query)
    }

    /// What the code in the answer means, and a sentence about it; `None` for one that is not listed.
    fn meaning(&self, document: &Value) -> Result<(Option<Meaning>, String), Fault> {
        let Some(path) = &self.statuses.path else {
            return Ok((Some(Meaning::Hit), String::new()));
        };
        let code = code(document, path)?;
        let message = self.statuses.message.as_ref();
        let message = message.and_then(|path| path.get(document)?.as_str());
        let detail = match message.map(short) {
            Some(message) if !message.is_empty() => format!("code {}: {message}", short(&code)),
            _ => format!("code {}", short(&code)),
        };
        Ok((self.statuses.codes.get(&code).copied(), detail))
    }

    fn vehicle(&self, document: &Value, query: &Query) -> Result<Outcome, Fault> {
        let garbage = |what: String| Fault::new(FaultKind::Garbage, what);
        let vehicle = match self.vehicle.get(document) {
            Some(vehicle @ Value::Object(members)) if !members.is_empty() => vehicle,
            Some(Value::String(text)) if !text.trim().is_empty() => {
                return Err(garbage("a text where the vehicle should be".to_owned()));
            }
            Some(Value::Number(_) | Value::Bool(true)) => {
                return Err(garbage("no object where the vehicle should be".to_owned()));
            }
            Some(Value::Array(list)) if !list.is_empty() => {
                return Err(garbage("a list where the vehicle should be".to_owned()));
            }
            _ => return Ok(Outcome::NoRecord),
        };
        let echoed = self.vin.as_ref().and_then(|path| path.get(document));
        if let Some(vin) = echoed.and_then(Value::as_str).filter(|vin| !vin.is_empty())
            && !Vin::parse(vin).is_ok_and(|parsed| parsed.vin == query.vin.vin)
        {
            return Err(garbage("the answer is about another VIN".to_owned()));
        }
        let mapped = self
            .fields
            .read(vehicle, query.lang)
            .map_err(|field| garbage(format!("no text for the field {}", field.spec().path)))?;
        let Some(level) = level(&mapped.vehicle) else {
            return Ok(Outcome::NoRecord);
        };
        let order = self.order.as_ref().and_then(|path| path.get(document));
        let order = scalar(order, &[]).ok().flatten();
        let order = order.filter(|order| order.len() <= MOST_ORDER);
        Ok(Outcome::Hit(Box::new(Found {
            vehicle: mapped.vehicle,
            level,
            upstream_order: order.map(std::borrow::Cow::into_owned),
            misfits: mapped.misfits,
        })))
    }
}

impl Limits {
    /// The body as JSON.
    pub fn document(&self, reply: &Reply) -> Result<Value, Fault> {
        let body = self.unpacked(reply)?;
        let text = std::str::from_utf8(&body)
            .map_err(|_| Fault::new(FaultKind::Garbage, "the answer is not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if depth(text) > self.most_depth {
            let what = format!("the JSON is nested deeper than {}", self.most_depth);
            return Err(Fault::new(FaultKind::TooDeep, what));
        }
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let what = match text.chars().next() {
                None => "the answer is empty".to_owned(),
                Some('<') => "the answer is a page of HTML or XML, not JSON".to_owned(),
                Some(_) => format!("the answer is no JSON, line {line} column {column}"),
            };
            Fault::new(FaultKind::Garbage, what)
        })
    }

    fn unpacked<'r>(&self, reply: &'r Reply) -> Result<std::borrow::Cow<'r, [u8]>, Fault> {
        let body = reply.body.as_slice();
        let most = self.most_bytes;
        let too_large = || {
            let what = format!("the answer is larger than {most} bytes");
            Fault::new(FaultKind::TooLarge, what)
        };
        if body.len() > most {
            return Err(too_large());
        }
        let mut out = Vec::new();
        // One byte more than allowed tells that there is more, without unpacking it.
        let limit = most as u64 + 1;
        let done = match reply.header("content-encoding").unwrap_or_default() {
            "" | "identity" => return Ok(body.into()),
            "gzip" | "x-gzip" => {
                let unpacker = flate2::read::GzDecoder::new(body);
                unpacker.take(limit).read_to_end(&mut out)
            }
            "deflate" => {
                let unpacker = flate2::read::ZlibDecoder::new(body);
                unpacker.take(limit).read_to_end(&mut out)
            }
            other => {
                let what = format!("the answer is packed as {}", short(other));
                return Err(Fault::new(FaultKind::Garbage, what));
            }
        };
        done.map_err(|_| Fault::new(FaultKind::Garbage, "the answer cannot be unpacked"))?;
        match out.len() > most {
            true => Err(too_large()),
            false => Ok(out.into()),
        }
    }
}

/// The code that stands at a place, as a text.
pub(crate) fn code(document: &Value, path: &Path) -> Result<String, Fault> {
    let garbage = |what: &str| {
        let what = format!("{what} at {path}, where the code should be");
        Fault::new(FaultKind::Garbage, what)
    };
    match path.get(document) {
        None | Some(Value::Null) => Err(garbage("nothing")),
        Some(Value::Bool(truth)) => Ok(truth.to_string()),
        code => match scalar(code, &[]) {
            Ok(code) => Ok(code.unwrap_or_default().into_owned()),
            Err(_) => Err(garbage("no number and no text")),
        },
    }
}

pub(crate) fn not_fine(status: u16) -> Fault {
    let what = match status {
        300..400 => "redirections are not followed",
        _ => "an HTTP status that the channel's file does not name",
    };
    Fault::new(FaultKind::Status(status), what)
}

/// The beginning of a text from outside, on one line.
fn short(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control());
    plain.take(80).collect()
}

/// How deep the brackets of a JSON text are nested; brackets in strings do not count.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_counted_outside_of_strings() {
        for (text, deep) in [
            ("", 0),
            ("{\"a\":[1,{}]}", 3),
            ("\"[[[\"", 0),
            ("[\"\\\"[[\"]", 1),
            ("]]]]{", 1),
        ] {
            assert_eq!(depth(text), deep, "{text}");
        }
    }
}
