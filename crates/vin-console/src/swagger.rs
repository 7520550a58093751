//! Swagger UI, as its publisher packs it (Apache-2.0): part of the binary, handed out as it is compressed.

use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::io::{Cursor, Read as _};
use std::sync::LazyLock;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// The files that a page needs, with their types.
const FILES: [(&str, &str); 2] = [
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
];

/// A file, compressed.
struct Packed {
    name: &'static str,
    kind: &'static str,
    /// As `Content-Encoding: gzip` has it.
    gzip: Vec<u8>,
}

/// The files. They are few and needed seldom, so they are found when somebody first asks.
static PACKED: LazyLock<Vec<Packed>> = LazyLock::new(|| {
    let files = FILES.into_iter();
    let packed = files.filter_map(|(name, kind)| {
        Some(Packed {
            name,
            kind,
            gzip: gzip(name)?,
        })
    });
    packed.collect()
});

type Archive = ZipArchive<Cursor<&'static [u8]>>;

/// The archive, and the place of a file in it.
fn find(name: &str) -> Option<(Archive, usize)> {
    let archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok()?;
    let end = format!("/dist/{name}");
    let is_it = |own: &str| own.ends_with(&end) && own.matches('/').count() == 2;
    let at = (0..archive.len()).find(|at| {
        let own = archive.name_for_index(*at).and_then(Result::ok);
        own.is_some_and(|own| is_it(&own))
    })?;
    Some((archive, at))
}

/// A member of the archive with the head and foot of gzip around it (RFC 1952): both hold the same stream.
fn gzip(name: &str) -> Option<Vec<u8>> {
    let (mut archive, at) = find(name)?;
    let mut member = archive.by_index_raw(at).ok()?;
    if member.compression() != zip::CompressionMethod::Deflated {
        return None;
    }
    let (sum, size) = (member.crc32(), u32::try_from(member.size()).ok()?);
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    member.read_to_end(&mut out).ok()?;
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    Some(out)
}

/// The same as it is, for the few who take nothing compressed.
fn plain(name: &str) -> Option<Vec<u8>> {
    let (mut archive, at) = find(name)?;
    let mut out = Vec::new();
    archive.by_index(at).ok()?.read_to_end(&mut out).ok()?;
    Some(out)
}

/// A file of Swagger UI.
pub fn file(name: &str, headers: &HeaderMap) -> Response {
    let Some(packed) = PACKED.iter().find(|packed| packed.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let common = [
        (CONTENT_TYPE, packed.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "accept-encoding"),
    ];
    let accepts = headers.get(ACCEPT_ENCODING).map(HeaderValue::as_bytes);
    let takes_gzip = accepts.is_some_and(|kinds| kinds.windows(4).any(|word| word == b"gzip"));
    match takes_gzip {
        true => (common, [(CONTENT_ENCODING, "gzip")], packed.gzip.as_slice()).into_response(),
        false => (common, plain(name).unwrap_or_default()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_holds_what_a_page_needs() {
        assert_eq!(PACKED.len(), FILES.len());
        for packed in &*PACKED {
            let text = plain(packed.name).expect("there");
            assert!(packed.gzip.len() * 2 < text.len(), "{}", packed.name);
            let size = &packed.gzip[packed.gzip.len() - 4..];
            assert_eq!(size, (text.len() as u32).to_le_bytes());
        }
        assert!(find("../x").is_none() && find("index").is_none());
    }
}
