//! The picture of a licence: known by its first bytes, not by its name, and never looked into further.

use std::fmt;
use vin_core::Lang;
use vin_store::PictureKind;

/// The most bytes of a picture.
pub const MAX_PICTURE: usize = 4 << 20;

/// A picture. `{:?}` of it tells its kind and size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    kind: PictureKind,
    bytes: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Picture({}, {} bytes)",
            self.kind.name(),
            self.bytes.len()
        )
    }
}

/// Why a file is not taken as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// It does not begin as PNG or JPEG do.
    Kind,
    /// It has more than [`MAX_PICTURE`] bytes.
    Size,
}

impl PictureError {
    /// The reason in words.
    pub fn text(self, lang: Lang) -> String {
        let most = MAX_PICTURE >> 20;
        match (self, lang) {
            (Self::Kind, Lang::Zh) => "图片应为 PNG 或 JPEG 格式".to_owned(),
            (Self::Kind, Lang::En) => "a picture is PNG or JPEG".to_owned(),
            (Self::Size, Lang::Zh) => format!("图片最大 {most} MB"),
            (Self::Size, Lang::En) => format!("a picture has at most {most} MB"),
        }
    }
}

/// How files of each kind begin.
const BEGINNINGS: [(PictureKind, &[u8]); 2] = [
    (PictureKind::Png, b"\x89PNG\r\n\x1a\n"),
    (PictureKind::Jpeg, b"\xff\xd8\xff"),
];

impl Picture {
    /// Takes a file.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn read(bytes: Vec<u8>) -> Result<Self, PictureError> {
        if bytes.len() > MAX_PICTURE {
            return Err(PictureError::Size);
        }
        let begins = |(_, beginning): &(PictureKind, &[u8])| bytes.starts_with(beginning);
        let kind = BEGINNINGS.into_iter().find(begins);
        let (kind, _) = kind.ok_or(PictureError::Kind)?;
        Ok(Self { kind, bytes })
    }

    /// One that was taken before.
    pub(super) fn of(kind: PictureKind, bytes: Vec<u8>) -> Self {
        Self { kind, bytes }
    }

    /// What it is.
    pub const fn kind(&self) -> PictureKind {
        self.kind
    }

    /// Its type, as HTTP calls it.
    pub const fn media_type(&self) -> &'static str {
        match self.kind {
            PictureKind::Png => "image/png",
            PictureKind::Jpeg => "image/jpeg",
        }
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes_and_has_a_limit() {
        for (begins, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Ok(PictureKind::Png)),
            (b"\xff\xd8\xff\xe0rest", Ok(PictureKind::Jpeg)),
            (b"\x89PNG", Err(PictureError::Kind)),
            (b"GIF89a", Err(PictureError::Kind)),
            (b"<svg/>", Err(PictureError::Kind)),
            (b"", Err(PictureError::Kind)),
        ] {
            let read = Picture::read(begins.to_vec());
            assert_eq!(read.map(|picture| picture.kind()), kind, "{begins:?}");
        }
        let mut large = b"\xff\xd8\xff".to_vec();
        large.resize(MAX_PICTURE, 0);
        let picture = Picture::read(large.clone()).expect("just fits");
        assert_eq!(format!("{picture:?}"), "Picture(jpeg, 4194304 bytes)");
        large.push(0);
        assert_eq!(Picture::read(large), Err(PictureError::Size));
    }
}
