//! A form with a file, taken in piece by piece: nothing of the file is read before the form is known to be
//! the visitor's own and the visitor may send it.

use crate::FORM_BYTES;
use crate::desk::Upload;
use crate::form::Form;
use crate::reply::Problem;
use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use multer::{Constraints, Field, Multipart, SizeLimit};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// A form whose file is still to come.
pub struct Incoming {
    /// The fields before the file.
    pub form: Form,
    file: Option<Field<'static>>,
}

impl Incoming {
    /// Reads the fields up to the file.
    pub async fn open(headers: &HeaderMap, body: Body, most: u64) -> Result<Self, Problem> {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
        let boundary = boundary.ok_or(Problem::ForeignForm)?;
        let whole = SizeLimit::new().whole_stream(most + FORM_BYTES as u64);
        let limits = Constraints::new().size_limit(whole.per_field(most));
        let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
        let mut fields = Vec::new();
        let mut bytes = 0;
        while let Some(mut field) = parts.next_field().await.map_err(broken)? {
            if field.file_name().is_some() {
                let form = Form::of(fields);
                return Ok(Self {
                    form,
                    file: Some(field),
                });
            }
            let mut value = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                bytes += piece.len();
                if bytes > FORM_BYTES {
                    return Err(Problem::TooLarge);
                }
                value.extend_from_slice(&piece);
            }
            let name = field.name().unwrap_or_default().to_owned();
            fields.push((name, String::from_utf8_lossy(&value).into_owned()));
        }
        Ok(Self {
            form: Form::of(fields),
            file: None,
        })
    }

    /// Reads the file into memory, up to the limit that it was opened with; `None` when none was chosen.
    pub async fn read(self) -> Result<Option<Vec<u8>>, Problem> {
        let Some(mut field) = self.file else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&piece);
        }
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    /// Writes the file into a folder, under the name `fresh`; `None` when no file was chosen.
    pub async fn keep(self, folder: &Path, fresh: &str) -> Result<Option<Upload>, Problem> {
        let Some(mut field) = self.file else {
            return Ok(None);
        };
        let name: String = field
            .file_name()
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect();
        let path = folder.join(fresh);
        let failed = |error: std::io::Error| {
            tracing::error!(%error, "an upload could not be kept");
            Problem::Broken
        };
        let open = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = open.map_err(failed)?;
        let kept = Upload::new(path, name);
        // A piece is some kilobytes into the cache of the system, which is quicker than to hand it on.
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            file.write_all(&piece).map_err(failed)?;
        }
        let empty = file.metadata().map_err(failed)?.len() == 0;
        Ok((!empty).then_some(kept))
    }
}

/// What is wrong with what was sent.
fn broken(error: multer::Error) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Problem::TooLarge
        }
        // The visitor broke off, or a program sent it wrong.
        _ => Problem::ForeignForm,
    }
}
