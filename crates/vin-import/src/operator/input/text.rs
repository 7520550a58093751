//! Bytes to text: UTF-8, UTF-16 with a mark, or GB18030, which Chinese programs save.

use crate::{ImportError, operator::form};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::path::Path;

/// The first bytes of a file as text, whatever its encoding; what is no text is replaced.
pub fn start(head: &[u8]) -> String {
    let encoding = Encoding::for_bom(head).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode(head).0.into_owned()
}

/// The text of a file: by its mark, else UTF-8, else GB18030.
///
/// # Errors
/// When it is none of them.
pub fn decode(bytes: Vec<u8>, path: &Path) -> Result<String, ImportError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let text = strict(encoding, &bytes[mark..]);
        return text.ok_or_else(|| {
            form(
                path,
                0,
                format!("not {} as its first bytes say", encoding.name()),
            )
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            strict(GB18030, error.as_bytes())
                .ok_or_else(|| form(path, line as u64, "neither UTF-8 nor GB18030"))
        }
    }
}

/// The text of a page: as its own head says, else as [`decode`] finds it.
///
/// # Errors
/// When it is neither.
pub fn page(bytes: Vec<u8>, path: &Path) -> Result<String, ImportError> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let label = head.split_once("charset=").map(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        let end = |c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c));
        rest.split(end).next().unwrap_or_default()
    });
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    // A browser saves the words of the page and not always its encoding.
    let text = declared.filter(|_| Encoding::for_bom(&bytes).is_none());
    match text.and_then(|encoding| strict(encoding, &bytes)) {
        Some(text) => Ok(text),
        None => decode(bytes, path),
    }
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}
