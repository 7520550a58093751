//! `GET /logo/brand/ID.svg`: a mark for each brand of the catalogue.
//!
//! It is a neutral monogram of our own, never a maker's emblem. An operator who holds the rights
//! to another picture puts it into the folder of logos as `ID.svg`, `ID.png` or `ID.webp`; it is
//! then shown at the same address, with the type that its content has.

mod monogram;

use crate::limits::LOGO_BYTES;
use crate::router::App;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use sha2::{Digest as _, Sha256};
use std::path::Path as FilePath;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

/// A picture may do nothing but be shown.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");

/// How long a picture may be shown without asking again.
const FRESH: HeaderValue = HeaderValue::from_static("public, max-age=3600");

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A kind of picture.
struct Kind {
    /// The end of its name.
    extension: &'static str,
    content_type: &'static str,
    /// Whether bytes are of this kind.
    is: fn(&[u8]) -> bool,
}

/// The kinds that an operator may give, the first one that is there is shown.
const KINDS: [Kind; 3] = [
    Kind {
        extension: "svg",
        content_type: "image/svg+xml",
        is: |bytes| {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            let text = text.trim_start_matches('\u{feff}').trim_start();
            text.starts_with('<') && text.contains("<svg")
        },
    },
    Kind {
        extension: "png",
        content_type: "image/png",
        is: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
    },
    Kind {
        extension: "webp",
        content_type: "image/webp",
        is: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    },
];

/// The address of the mark of a brand, on the server that `base` names.
pub fn address(base: &str, brand: u32) -> String {
    format!("{base}/logo/brand/{brand}.svg")
}

/// Shows the mark of a brand; HTTP 404 when there is no such brand.
pub async fn brand(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let name = id(&file).and_then(|id| Some((id, app.service.shelf().brand_name(id)?)));
    let Some((id, name)) = name else {
        return (StatusCode::NOT_FOUND, "404 没有这个品牌 no such brand\n").into_response();
    };
    let own = match &app.logos {
        Some(folder) => own(folder, id).await,
        None => None,
    };
    let (content_type, bytes) =
        own.unwrap_or_else(|| (KINDS[0].content_type, monogram::svg(&name).into_bytes()));
    picture(content_type, bytes, &headers)
}

/// The id in `1000299.svg`, written in the one way in which addresses have it.
fn id(file: &str) -> Option<u32> {
    let digits = file.strip_suffix(".svg")?;
    let id: u32 = digits.parse().ok()?;
    (id.to_string() == digits).then_some(id)
}

fn picture(content_type: &'static str, bytes: Vec<u8>, request: &HeaderMap) -> Response {
    let digest = Sha256::digest(&bytes);
    let hex: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = HeaderValue::try_from(format!("\"{hex}\""));
    let tag = tag.unwrap_or(HeaderValue::from_static("\"\""));
    let mut held = request.get_all(IF_NONE_MATCH).iter();
    let same = held.any(|list| crate::car::tag_names(list, &tag));
    let mut response = Response::new(match same {
        true => Body::empty(),
        false => Body::from(bytes),
    });
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(CACHE_CONTROL, FRESH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

/// The operator's picture of a brand, if there is a good one.
async fn own(folder: &FilePath, id: u32) -> Option<(&'static str, Vec<u8>)> {
    for kind in &KINDS {
        let path = folder.join(format!("{id}.{}", kind.extension));
        // A pipe or a device would never end.
        let Ok(true) = tokio::fs::metadata(&path)
            .await
            .map(|found| found.is_file())
        else {
            continue;
        };
        match read(&path).await {
            Ok(bytes) if bytes.len() as u64 > LOGO_BYTES => {
                tracing::warn!(path = %path.display(), "logo over {LOGO_BYTES} bytes is not shown");
            }
            Ok(bytes) if (kind.is)(&bytes) => return Some((kind.content_type, bytes)),
            Ok(_) => {
                tracing::warn!(path = %path.display(), "logo is no {} and not shown", kind.extension);
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "logo cannot be read");
            }
        }
    }
    None
}

/// The bytes of a file, at most one more than may be shown.
async fn read(path: &FilePath) -> std::io::Result<Vec<u8>> {
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    file.take(LOGO_BYTES + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_way_to_write_an_id_is_a_file() {
        assert_eq!(id("1000299.svg"), Some(1_000_299));
        for file in [
            "1000299",
            "1000299.png",
            "01.svg",
            "+1.svg",
            "-1.svg",
            ".svg",
            "1.svg.svg",
            "../1.svg",
            "4294967296.svg",
            "１.svg",
            "1 .svg",
        ] {
            assert_eq!(id(file), None, "{file}");
        }
    }
}
