//! Parameters in a body: form, JSON object or multipart, told apart by content more than by header.

mod json;
mod multipart;

use crate::fault::Fault;
use crate::form;
use crate::param::Params;

/// Takes the parameters of a body over those of the query.
///
/// The header is believed where it names JSON or multipart; everything else, also a header
/// that is missing, malformed or plainly wrong, is read as a JSON object if it begins like
/// one, and as a form if not.
///
/// # Errors
/// [`Fault`] when a body that is meant to be JSON or multipart cannot be read.
pub fn read<'r>(content_type: &str, body: &'r [u8], params: &mut Params<'r>) -> Result<(), Fault> {
    let body = body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii();
    if body.is_empty() {
        return Ok(());
    }
    let content_type = content_type.to_ascii_lowercase();
    if content_type.starts_with("multipart/") || body.starts_with(b"--") {
        return multipart::read(body, params).ok_or(Fault::Multipart);
    }
    let named_json = content_type.contains("json");
    if body.starts_with(b"{") || named_json && !looks_like_form(body) {
        return json::read(body, params);
    }
    form::read(body, params);
    Ok(())
}

/// Whether a body that is called JSON is a form all the same.
fn looks_like_form(body: &[u8]) -> bool {
    !body.starts_with(b"[") && !body.starts_with(b"\"") && body.contains(&b'=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param::Param;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[track_caller]
    fn check(content_type: &str, body: &str, key: &str, vin: &str) {
        let mut params = Params::default();
        read(content_type, body.as_bytes(), &mut params).expect(body);
        assert_eq!(
            (params.get(Param::Key), params.get(Param::Vin)),
            (key, vin),
            "{body}"
        );
    }

    #[track_caller]
    fn refuse(content_type: &str, body: &str, fault: &Fault) {
        let mut params = Params::default();
        let refused = read(content_type, body.as_bytes(), &mut params).expect_err(body);
        assert_eq!(&refused, fault, "{body}");
    }

    #[test]
    fn a_form_needs_no_right_header() {
        for content_type in [
            FORM,
            "application/x-www-form-urlencoded;charset:utf-8;",
            "text/html",
            "",
            "application/json",
        ] {
            check(content_type, "key=k&vin=v", "k", "v");
        }
        check(FORM, "\u{feff}key=k&vin=v\r\n", "k", "v");
    }

    #[test]
    fn a_json_object_needs_no_right_header() {
        for content_type in ["application/json", "text/json;charset=utf-8", FORM, ""] {
            check(
                content_type,
                r#"{"key":"k","vin":"v","more":{"a":[1]}}"#,
                "k",
                "v",
            );
        }
        check(
            "application/json",
            "\u{feff} {\"key\":12345678901234567,\"vin\":true}",
            "12345678901234567",
            "1",
        );
        check("application/json", r#"{"key":null,"vin":"车"}"#, "", "车");
        check("application/json", "null", "", "");
    }

    #[test]
    fn what_is_no_object_is_told_so() {
        refuse("application/json", "[1]", &Fault::JsonObject);
        refuse("application/json", "\"key=k\"", &Fault::JsonObject);
        refuse(
            "application/json",
            r#"{"vin":{"a":1}}"#,
            &Fault::JsonValue("vin"),
        );
        refuse(FORM, "{key:k}", &Fault::Json { line: 1, column: 2 });
        refuse(
            "application/json",
            "<xml/>",
            &Fault::Json { line: 1, column: 1 },
        );
    }

    #[test]
    fn multipart_fields_are_read_and_files_are_not() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n\
                    --x\r\nContent-Disposition: form-data; name=vin\r\nContent-Type: text/plain\r\n\r\nv\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nkey=z\r\n--x--\r\n";
        check("multipart/form-data; boundary=x", body, "k", "v");
        check("multipart/form-data", body, "k", "v");
        refuse(
            "multipart/form-data; boundary=x",
            "key=k",
            &Fault::Multipart,
        );
    }
}
