//! Work that a browser does before it may register: cheap for one, dear for a million.
//!
//! The challenge is signed and says when it ends; the answer is a number for which the SHA-256 of
//! challenge and number begins with [`WORK_BITS`] zeros. A challenge is taken once.

use crate::Accounts;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many bits of the hash are zero: some 260,000 hashes, below a second for a phone.
pub const WORK_BITS: u32 = 18;

/// For how long a challenge can be answered, in seconds.
pub const WORK_LIVES: i64 = 1_800;

/// Challenges that were answered, until they end anyway.
#[derive(Default)]
pub(crate) struct Done(Mutex<HashMap<String, i64>>);

impl Accounts {
    /// A challenge to be answered before registering.
    pub fn challenge(&self) -> String {
        let mut fresh = [0; 8];
        self.random().fill(&mut fresh);
        let fresh: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}.{fresh}", self.clock().unix() + WORK_LIVES);
        format!("{text}.{}", self.vault().tag("work", &text))
    }

    /// Whether a challenge of ours was answered, in time and for the first time.
    pub fn worked(&self, challenge: &str, number: &str) -> bool {
        let Some((text, tag)) = challenge.rsplit_once('.') else {
            return false;
        };
        let ends = text.split_once('.').and_then(|(ends, _)| ends.parse().ok());
        let now = self.clock().unix();
        if !self.vault().is_tag("work", text, tag) || ends.is_none_or(|ends: i64| ends <= now) {
            return false;
        }
        if !is_answer(challenge, number) {
            return false;
        }
        let mut done = self.done().0.lock().unwrap_or_else(PoisonError::into_inner);
        done.retain(|_, ends| *ends > now);
        let ends = ends.unwrap_or_default();
        done.insert(challenge.to_owned(), ends).is_none()
    }
}

fn is_answer(challenge: &str, number: &str) -> bool {
    let plain = (1..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let hash = Sha256::digest(format!("{challenge}.{number}"));
    let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    plain && first.leading_zeros() >= WORK_BITS
}
