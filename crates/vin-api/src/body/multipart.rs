//! Parameters in a multipart form (RFC 7578), as PHP sends an array and curl sends `-F`.

use crate::param::{Params, by_name};
use std::borrow::Cow;

/// Takes the fields that are parameters. `None` when the body has not the shape of a form.
///
/// The boundary is the body's own first line, so that a wrong header does not matter.
pub fn read<'r>(body: &'r [u8], params: &mut Params<'r>) -> Option<()> {
    let first_line = body.split(|&b| b == b'\n').next()?.trim_ascii_end();
    let boundary = Some(first_line).filter(|line| line.len() > 2 && line.starts_with(b"--"))?;
    let mut rest = &body[boundary.len()..];
    while !rest.starts_with(b"--") {
        let part_end = find(rest, boundary)?;
        let part = &rest[..part_end];
        let (head, value) = split_at_blank_line(part)?;
        if let Some(param) = field_name(head).and_then(|name| by_name(&name)) {
            params.set(param, String::from_utf8_lossy(value));
        }
        rest = &rest[part_end + boundary.len()..];
    }
    Some(())
}

/// The head and the value of a part; the line break before the boundary is none of the value's.
fn split_at_blank_line(part: &[u8]) -> Option<(&[u8], &[u8])> {
    let (at, gap) = find(part, b"\r\n\r\n")
        .map(|at| (at, 4))
        .or_else(|| find(part, b"\n\n").map(|at| (at, 2)))?;
    let value = &part[at + gap..];
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    Some((&part[..at], value.strip_suffix(b"\r").unwrap_or(value)))
}

/// The name of a field; a file has none here.
fn field_name(head: &[u8]) -> Option<Cow<'_, str>> {
    let head = String::from_utf8_lossy(head);
    let line = head.lines().find(|line| {
        let name = line.split(':').next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case("content-disposition")
    })?;
    let attribute = |wanted: &str| {
        line.split(';').skip(1).find_map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            name.eq_ignore_ascii_case(wanted)
                .then(|| value.trim_matches('"').to_owned())
        })
    };
    match attribute("filename") {
        Some(_) => None,
        None => attribute("name").map(Cow::Owned),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
