//! Signatures of requests: `sign`, as the trade's clients make it, and `sign-v2`.
//!
//! Both cover what was received byte for byte. Comparing takes the same time wherever two
//! signatures differ.

use crate::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use std::borrow::Cow;
use subtle::ConstantTimeEq as _;

/// How far the clock of a client may be from ours, in seconds.
pub const MAX_SKEW: i64 = 300;

/// The longest nonce, in characters; the shortest has 8.
pub const NONCE_CHARS: usize = 64;

/// What a request proves its sender with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof<'r> {
    /// The query string of a GET, the body of a POST; byte for byte.
    pub raw: &'r [u8],
    /// The parameters in it, decoded, in the order in which they came.
    pub pairs: &'r [(Cow<'r, str>, Cow<'r, str>)],
    /// The header `sign`.
    pub sign: Option<&'r str>,
    /// The header `sign-v2`.
    pub sign_v2: Option<&'r str>,
    /// The header `timestamp`.
    pub timestamp: Option<&'r str>,
    /// The header `nonce`.
    pub nonce: Option<&'r str>,
    /// The method.
    pub method: &'r str,
    /// The path.
    pub path: &'r str,
}

/// Whether a proof is good; a good `sign-v2` has a nonce that must not have been used before.
pub enum Verdict<'r> {
    /// It is not.
    Bad,
    /// It is.
    Good,
    /// It is, when this nonce is new.
    GoodOnce(&'r str),
}

impl<'r> Proof<'r> {
    /// Checks the proof against a secret. `sign-v2` counts where it was sent.
    pub fn check(&self, secret: &Secret, now: i64) -> Verdict<'r> {
        match (self.sign_v2, self.sign) {
            (Some(sign), _) => self.check_v2(sign, secret, now),
            (None, Some(sign)) if self.is_signed(sign, secret) => Verdict::Good,
            _ => Verdict::Bad,
        }
    }

    fn is_signed(&self, sign: &str, secret: &Secret) -> bool {
        let Some(sign) = digits::<16>(sign) else {
            return false;
        };
        let matches = |text: &[u8]| {
            let hash = Md5::new().chain_update(text).chain_update(secret.reveal());
            bool::from(hash.finalize().as_slice().ct_eq(&sign))
        };
        matches(self.raw)
            || matches(&joined(self.pairs, encode))
            || matches(&joined(self.pairs, |text, out| {
                out.extend_from_slice(text.as_bytes())
            }))
    }

    fn check_v2(&self, sign: &str, secret: &Secret, now: i64) -> Verdict<'r> {
        let (Some(sign), Some(timestamp), Some(nonce)) =
            (digits::<32>(sign), self.timestamp, self.nonce)
        else {
            return Verdict::Bad;
        };
        let in_time = timestamp
            .parse()
            .is_ok_and(|at: i64| now.abs_diff(at) <= MAX_SKEW as u64);
        let plain = nonce.bytes().all(|b| b.is_ascii_graphic());
        if !in_time || !plain || !(8..=NONCE_CHARS).contains(&nonce.len()) {
            return Verdict::Bad;
        }
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else {
            return Verdict::Bad;
        };
        let parts = [
            self.method.as_bytes(),
            self.path.as_bytes(),
            self.raw,
            timestamp.as_bytes(),
            nonce.as_bytes(),
        ];
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                mac.update(b"\n");
            }
            mac.update(part);
        }
        match bool::from(mac.finalize().into_bytes().as_slice().ct_eq(&sign)) {
            true => Verdict::GoodOnce(nonce),
            false => Verdict::Bad,
        }
    }
}

/// Hexadecimal digits of either case.
fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim().as_bytes();
    let nibble = |c: u8| char::from(c).to_digit(16).map(|d| d as u8);
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

fn joined(pairs: &[(Cow<'_, str>, Cow<'_, str>)], write: fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, (name, value)) in pairs.iter().enumerate() {
        if i > 0 {
            out.push(b'&');
        }
        write(name, &mut out);
        out.push(b'=');
        write(value, &mut out);
    }
    out
}

/// Encodes as PHP's `urlencode` does, which `http_build_query` uses: a space is `+`, and of the
/// other characters only letters, digits, `-`, `_` and `.` stand for themselves.
fn encode(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' => out.push(byte),
            byte if byte.is_ascii_alphanumeric() => out.push(byte),
            byte => {
                let digit = |n: u8| b"0123456789ABCDEF"[usize::from(n)];
                out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
}
