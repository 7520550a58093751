//! The pure procedure's answer as one line of JSON.

use crate::decode::Decoder;
use crate::pass::is_multi;

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
        for element in self.best.shown(&self.view) {
            let Some(item) = self.item(element) else {
                continue;
            };
            let name = self
                .view
                .strings
                .get(self.view.elements[usize::from(element)].name.get());
            if is_multi(&self.view, element) {
                string(out, name);
                out.extend_from_slice(b":[");
                for value in self.all_values(element) {
                    string(out, self.text(value));
                    out.push(b',');
                }
                out.pop();
                out.extend_from_slice(b"],");
            } else {
                member(out, name, self.text(item.value));
            }
        }
        out.pop();
        out.extend_from_slice(b"}}");
    }

    /// The values of an element that keeps all, best first.
    fn all_values(&self, element: u8) -> Vec<u32> {
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
