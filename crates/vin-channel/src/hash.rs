//! The hashes of signatures and their spellings: tables that files and the reference page walk.

/// The hashes, by their names in a channel's file.
pub(crate) const HASHES: [(&str, Hash); 5] = [
    ("md5", Hash::Md5),
    ("sha1", Hash::Sha1),
    ("sha256", Hash::Sha256),
    ("hmac-sha1", Hash::HmacSha1),
    ("hmac-sha256", Hash::HmacSha256),
];

/// The spellings, by their names in a channel's file.
pub(crate) const SPELLINGS: [(&str, Spelling); 3] = [
    ("hex", Spelling::Hex),
    ("HEX", Spelling::UpperHex),
    ("base64", Spelling::Base64),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha1,
    Sha256,
    HmacSha1,
    HmacSha256,
}

impl Hash {
    /// Whether it takes a key beside the text.
    pub const fn is_keyed(self) -> bool {
        matches!(self, Self::HmacSha1 | Self::HmacSha256)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Spelling {
    Hex,
    UpperHex,
    Base64,
}
