//! What a passkey's device says (WebAuthn level 2), checked: for which site, about which challenge, that a
//! person was there and was recognised, and its signature. Which device it is (attestation) is not asked.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use sha2::{Digest as _, Sha256};

/// What a device said, in the bytes in which it said it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// `clientDataJSON`.
    pub client: Vec<u8>,
    /// The authenticator data.
    pub data: Vec<u8>,
}

/// The data of an authenticator, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// What it has counted so far.
    pub(super) counter: i64,
    /// What it calls a passkey that it has just made.
    pub(super) credential: Option<Vec<u8>>,
}

/// The first bytes of every P-256 key as SubjectPublicKeyInfo; its point follows.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The algorithm of an RSA key in one.
const RSA: [u8; 15] = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];
/// A person was there, and was recognised by finger, face or PIN.
const PRESENT_AND_VERIFIED: u8 = 0b101;
/// A new passkey is described.
const DESCRIBED: u8 = 0x40;

impl Said {
    /// What the device says, when it says it for this site and about this challenge. `kind` is
    /// `webauthn.create` or `webauthn.get`; an origin is `https://host` with its port.
    pub(super) fn checked(&self, kind: &str, challenge: &str, origin: &str) -> Option<Device> {
        let client: serde_json::Value = serde_json::from_slice(&self.client).ok()?;
        let right = client["type"] == kind
            && client["challenge"] == base64url(challenge.as_bytes())
            && client["origin"] == origin
            && client["crossOrigin"] != true;
        let site = Sha256::digest(site(origin)?.as_bytes());
        let (own, rest) = self.data.split_at_checked(32)?;
        let (flags, rest) = rest.split_first()?;
        let (counter, rest) = rest.split_first_chunk::<4>()?;
        if !right || own != &site[..] || flags & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED {
            return None;
        }
        let credential = match flags & DESCRIBED {
            0 => None,
            _ => {
                // After 16 bytes that name the make of the device.
                let (length, rest) = rest.get(16..)?.split_first_chunk::<2>()?;
                let length = usize::from(u16::from_be_bytes(*length));
                Some(rest.get(..length).filter(|id| !id.is_empty())?.to_vec())
            }
        };
        let counter = i64::from(u32::from_be_bytes(*counter));
        Some(Device {
            counter,
            credential,
        })
    }

    /// Whether the signature is that of the key over what was said.
    pub(super) fn is_signed(&self, public_key: &[u8], signature: &[u8]) -> bool {
        let Some((algorithm, key)) = verifier(public_key) else {
            return false;
        };
        let signed = [&self.data[..], &Sha256::digest(&self.client)[..]].concat();
        UnparsedPublicKey::new(algorithm, key)
            .verify(&signed, signature)
            .is_ok()
    }
}

/// Whether this is a key that can be checked with: P-256 or RSA.
pub(super) fn is_key(public_key: &[u8]) -> bool {
    verifier(public_key).is_some()
}

/// How a key is checked with, and the key itself.
fn verifier(public_key: &[u8]) -> Option<(&'static dyn VerificationAlgorithm, &[u8])> {
    if let Some(point) = public_key.strip_prefix(&P256) {
        return (point.len() == 65).then_some((&ECDSA_P256_SHA256_ASN1 as _, point));
    }
    let inner = element(public_key, 0x30)?;
    let bits = element(inner.strip_prefix(&RSA)?, 0x03)?;
    let key = bits.strip_prefix(&[0])?;
    Some((&RSA_PKCS1_2048_8192_SHA256 as _, key))
}

/// What is in an element of DER that is all of `bytes`.
fn element(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0x81 => rest
            .split_first()
            .map(|(n, rest)| (usize::from(*n), rest))?,
        0x82 => {
            let (n, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*n)), rest)
        }
        n => (usize::from(*n), rest),
    };
    (*first == tag && rest.len() == length).then_some(rest)
}

/// The host of an origin, which is what a passkey belongs to.
pub(super) fn site(origin: &str) -> Option<&str> {
    let (_, host) = origin.split_once("://")?;
    host.split([':', '/'])
        .next()
        .filter(|host| !host.is_empty())
}

/// Base64 as URLs have it, without padding (RFC 4648, 5).
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let mut padded = [0; 3];
        padded[..three.len()].copy_from_slice(three);
        let [a, b, c] = padded.map(u32::from);
        let number = a << 16 | b << 8 | c;
        for place in 0..=three.len() {
            let letter = number >> (18 - 6 * place) & 63;
            out.push(char::from(LETTERS[letter as usize]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
    use vin_testkit::till::Openssl;

    const ORIGIN: &str = "https://vin.example:8443";

    fn said(kind: &str, challenge: &str, origin: &str, host: &str, flags: u8) -> Said {
        let challenge = base64url(challenge.as_bytes());
        let client = serde_json::json!({ "type": kind, "challenge": challenge, "origin": origin });
        let mut data = Sha256::digest(host.as_bytes()).to_vec();
        data.extend_from_slice(&[flags, 0, 0, 1, 2]);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 3, 7, 8, 9]);
        Said {
            client: client.to_string().into_bytes(),
            data,
        }
    }

    #[test]
    fn a_device_is_believed_about_its_own_site_and_challenge_only() {
        let good = said("webauthn.create", "abc", ORIGIN, "vin.example", 0x45);
        let device = Device {
            counter: 258,
            credential: Some(vec![7, 8, 9]),
        };
        assert_eq!(good.checked("webauthn.create", "abc", ORIGIN), Some(device));
        for (other, why) in [
            (
                said("webauthn.get", "abc", ORIGIN, "vin.example", 0x45),
                "kind",
            ),
            (
                said("webauthn.create", "abd", ORIGIN, "vin.example", 0x45),
                "challenge",
            ),
            (
                said(
                    "webauthn.create",
                    "abc",
                    "https://evil.example",
                    "vin.example",
                    0x45,
                ),
                "origin",
            ),
            (
                said("webauthn.create", "abc", ORIGIN, "evil.example", 0x45),
                "site",
            ),
            (
                said("webauthn.create", "abc", ORIGIN, "vin.example", 0x41),
                "nobody was recognised",
            ),
            (
                Said {
                    data: good.data[..40].to_vec(),
                    ..good.clone()
                },
                "cut off",
            ),
        ] {
            assert_eq!(
                other.checked("webauthn.create", "abc", ORIGIN),
                None,
                "{why}"
            );
        }
    }

    #[test]
    fn a_signature_is_checked_with_the_key_that_made_it() {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        let made = made.expect("a key");
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random);
        let pair = pair.expect("a key");
        let public = [&P256[..], pair.public_key().as_ref()].concat();
        let said = said("webauthn.get", "abc", ORIGIN, "vin.example", 0x05);
        let text = [&said.data[..], &Sha256::digest(&said.client)[..]].concat();
        let signature = pair.sign(&random, &text).expect("signed");
        assert!(is_key(&public) && said.is_signed(&public, signature.as_ref()));
        let mut other = said.clone();
        other.data[36] ^= 1;
        assert!(!other.is_signed(&public, signature.as_ref()));
        assert!(!is_key(&public[1..]) && !is_key(b""));
    }

    /// Windows Hello signs with RSA (RS256); the key and its signature are those of the program openssl.
    #[test]
    fn a_signature_by_rsa_is_checked_as_openssl_makes_it() {
        let openssl = Openssl::new();
        let public = |name| openssl.run(&["pkey", "-pubin", "-in", name, "-outform", "DER"], b"");
        let (public, foreign) = (public("seller.pub"), public("nobody.pub"));
        let said = said("webauthn.get", "abc", ORIGIN, "vin.example", 0x05);
        let text = [&said.data[..], &Sha256::digest(&said.client)[..]].concat();
        let signed = |hash| openssl.run(&["dgst", hash, "-sign", "seller.pem"], &text);
        let signature = signed("-sha256");
        assert!(is_key(&public) && said.is_signed(&public, &signature));
        let mut other = said.clone();
        other.client[0] ^= 1;
        assert!(!other.is_signed(&public, &signature), "another text");
        assert!(!said.is_signed(&foreign, &signature), "another key");
        assert!(!said.is_signed(&public, &signed("-sha1")), "another hash");
        assert!(!said.is_signed(&public, &signature[1..]) && !said.is_signed(&public, b""));
        let longer = [&public[..], &[0]].concat();
        assert!(!is_key(&public[..public.len() - 1]) && !is_key(&longer));
    }

    #[test]
    fn texts_are_base64_as_urls_have_it() {
        for (text, wanted) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("~~?", "fn4_"),
        ] {
            assert_eq!(base64url(text.as_bytes()), wanted);
        }
        assert_eq!(site("http://localhost:8080"), Some("localhost"));
        assert_eq!(site("localhost"), None);
    }
}
