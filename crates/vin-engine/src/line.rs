//! The pure procedure's answer as one line of JSON.

use crate::decode::Decoder;
use crate::pass::is_multi;
use crate::view::View;
use vin_index::vpic::VALUE_PLAIN;

/// Appends `text` as a JSON string.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest
        .iter()
        .position(|&b| b < 0x20 || b == b'"' || b == b'\\')
    {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn member(out: &mut Vec<u8>, name: &str, text: &str) {
    string(out, name);
    out.push(b':');
    string(out, text);
    out.push(b',');
}

/// The names of the elements as JSON, each with its colon.
pub(crate) struct Names {
    json: Vec<u8>,
    ends: [usize; 257],
}

impl Names {
    fn of(view: &View<'_>) -> Self {
        let mut names = Self {
            json: Vec::new(),
            ends: [0; 257],
        };
        for at in 0..256 {
            if let Some(element) = view.elements.get(at) {
                string(&mut names.json, view.strings.get(element.name.get()));
                names.json.push(b':');
            }
            names.ends[at + 1] = names.json.len();
        }
        names
    }

    fn get(&self, element: u8) -> &[u8] {
        let at = usize::from(element);
        &self.json[self.ends[at]..self.ends[at + 1]]
    }
}

impl Decoder<'_> {
    /// Appends `{"vin","model_year","error_codes","attributes"}` without a line feed.
    pub fn write_vpic(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"vin\":");
        string(out, &self.vin());
        out.extend_from_slice(b",\"model_year\":");
        match self.model_year() {
            Some(year) => out.extend_from_slice(year.to_string().as_bytes()),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"error_codes\":[");
        out.extend_from_slice(self.error_code().as_bytes());
        out.extend_from_slice(b"],\"attributes\":{");
        member(out, "Suggested VIN", &self.suggested_vin());
        member(out, "Error Code", &self.error_code());
        member(out, "Possible Values", &self.possible_values());
        member(out, "Additional Error Text", &self.additional_error_text());
        member(out, "Error Text", &self.error_text());
        member(out, "Vehicle Descriptor", &self.descriptor());
        let names = self.names.get_or_init(|| Names::of(&self.view));
        for element in self.best.shown(&self.view) {
            let Some(item) = self.item(element) else {
                continue;
            };
            out.extend_from_slice(names.get(element));
            if is_multi(&self.view, element) {
                out.push(b'[');
                for value in self.all_values(element) {
                    self.value(out, value);
                }
                out.pop();
                out.extend_from_slice(b"],");
            } else {
                self.value(out, item.value);
            }
        }
        out.pop();
        out.extend_from_slice(b"}}");
    }

    /// Appends the text of a value as a JSON string and a comma.
    fn value(&self, out: &mut Vec<u8>, number: u32) {
        match self.view.value(number) {
            Some(value) if value.flags & VALUE_PLAIN != 0 => {
                out.push(b'"');
                out.extend_from_slice(self.view.strings.bytes(value.text.get()));
                out.push(b'"');
            }
            _ => string(out, self.text(number)),
        }
        out.push(b',');
    }

    /// The values of an element that keeps all, in the order of their rows.
    pub(crate) fn all_values(&self, element: u8) -> Vec<u32> {
        let of_element = self.best.multi.iter().filter(|(e, _)| *e == element);
        let mut all: Vec<_> = of_element
            .map(|(_, item)| (item.order, item.value))
            .collect();
        all.sort_by_key(|&(order, _)| order);
        if all.is_empty() {
            return self
                .item(element)
                .map(|item| item.value)
                .into_iter()
                .collect();
        }
        all.into_iter().map(|(_, value)| value).collect()
    }
}
