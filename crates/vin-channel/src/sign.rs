//! Signatures of questions to upstreams: a hash over a template, spelled and put where it belongs.

use crate::hash::{Hash, Spelling};
use crate::template::{Template, Values};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac};
use hyper::header::HeaderName;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Where the signature goes.
#[derive(Clone, Debug)]
pub(crate) enum Seat {
    Header(HeaderName),
    /// A parameter beside the others, where those are: in the form, the JSON body or the query.
    Parameter(String),
}

/// How questions are signed.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub hash: Hash,
    pub text: Template,
    /// Empty unless the hash is keyed.
    pub key: Template,
    pub spelling: Spelling,
    pub seat: Seat,
}

impl Recipe {
    /// The signature of a question.
    pub fn sign(&self, values: &Values<'_>) -> String {
        let (text, key) = (self.text.fill(values), self.key.fill(values));
        let (text, key) = (text.as_bytes(), key.as_bytes());
        match self.hash {
            Hash::Md5 => self.spell(&Md5::digest(text)),
            Hash::Sha1 => self.spell(&Sha1::digest(text)),
            Hash::Sha256 => self.spell(&Sha256::digest(text)),
            // Every length of key fits HMAC, so the fallback is never taken.
            Hash::HmacSha1 => Hmac::<Sha1>::new_from_slice(key)
                .map(|mac| self.spell(&mac.chain_update(text).finalize().into_bytes()))
                .unwrap_or_default(),
            Hash::HmacSha256 => Hmac::<Sha256>::new_from_slice(key)
                .map(|mac| self.spell(&mac.chain_update(text).finalize().into_bytes()))
                .unwrap_or_default(),
        }
    }

    fn spell(&self, bytes: &[u8]) -> String {
        match self.spelling {
            Spelling::Base64 => base64::engine::general_purpose::STANDARD.encode(bytes),
            Spelling::Hex => hex(bytes),
            Spelling::UpperHex => hex(bytes).to_uppercase(),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::hash::HASHES;
    use crate::slot::About;

    #[track_caller]
    fn check(hash: &str, spelling: Spelling, text: &str, signature: &str) {
        let (_, hash) = HASHES.into_iter().find(|(n, _)| *n == hash).expect("known");
        let secret = &mut |_: &str| Ok(Secret::new("key"));
        let mut template = |text| Template::compile(text, About::Vehicle, true, secret);
        let recipe = Recipe {
            hash,
            text: template(text).expect("good"),
            key: template("{secret.k}").expect("good"),
            spelling,
            seat: Seat::Parameter("sign".to_owned()),
        };
        let values = Values {
            raw: "The quick brown fox jumps over the lazy dog",
            ..Values::default()
        };
        assert_eq!(recipe.sign(&values), signature);
    }

    // Published test values of each hash over the sentence with all letters.
    #[test]
    fn every_hash_gives_its_published_value() {
        check(
            "md5",
            Spelling::Hex,
            "{raw}",
            "9e107d9d372bb6826bd81d3542a419d6",
        );
        check(
            "md5",
            Spelling::UpperHex,
            "{raw}",
            "9E107D9D372BB6826BD81D3542A419D6",
        );
        check(
            "sha1",
            Spelling::Base64,
            "{raw}",
            "L9ThxnotKPzthJ7hu3bnORuT6xI=",
        );
        check(
            "sha256",
            Spelling::Hex,
            "{raw}",
            "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592",
        );
        check(
            "hmac-sha1",
            Spelling::Hex,
            "{raw}",
            "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9",
        );
        check(
            "hmac-sha256",
            Spelling::Hex,
            "{raw}",
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
        );
    }
}
