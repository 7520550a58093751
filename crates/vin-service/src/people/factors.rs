//! Second factors: one-time passwords and recovery codes of a person.

use super::{Person, totp};
use crate::Accounts;
use vin_store::{FactorRow, Holder, Lookup, Method, NewFactor, StoreError};

/// How many recovery codes are made at once.
pub const RECOVERY_CODES: usize = 10;

/// How many bytes the secret of one-time passwords has (RFC 4226).
const SECRET_BYTES: usize = 20;

/// A secret that is shown, and becomes a factor when its first password was typed.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret as a person types it.
    pub base32: String,
    /// The secret as a program scans it.
    pub uri: String,
    /// What comes back with the first password: the secret, encrypted for this person.
    pub sealed: String,
}

/// Why a factor was not added.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// The password is not the one of now.
    #[error("the code is not the present one; is the clock of the phone right?")]
    Wrong,
    /// What came back is not what was given out.
    #[error("begin again: this form is not ours")]
    Foreign,
    /// A cipher refused to work.
    #[error("the secret could not be encrypted")]
    Cipher,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// The factors of a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn factors(&self, person: &Person) -> Result<Vec<FactorRow>, StoreError> {
        self.store().factors(person.holder()).await
    }

    /// A fresh secret for one-time passwords; nothing is stored yet.
    ///
    /// # Errors
    /// [`FactorError::Cipher`].
    pub fn begin_totp(&self, person: &Person, issuer: &str) -> Result<Enrolment, FactorError> {
        let mut secret = [0; SECRET_BYTES];
        self.random().fill(&mut secret);
        let base32 = totp::base32(&secret);
        let name = match person {
            Person::Customer(row) => &row.phone,
            Person::Operator(row) => &row.name,
        };
        let (issuer, name) = (encoded(issuer), encoded(name));
        let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed = self.seal_for(person.holder(), &text)?;
        Ok(Enrolment {
            uri: format!("otpauth://totp/{issuer}:{name}?secret={base32}&issuer={issuer}"),
            base32,
            sealed: sealed.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }

    /// Takes a secret that was shown, when the first password of it was typed, and makes recovery
    /// codes, which are told once.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn end_totp(
        &self,
        person: &Person,
        sealed: &str,
        code: &str,
    ) -> Result<Vec<String>, FactorError> {
        let holder = person.holder();
        let sealed = bytes(sealed).ok_or(FactorError::Foreign)?;
        let secret = self.open_for(holder, &sealed).ok_or(FactorError::Foreign)?;
        let now = self.clock().unix();
        let step = totp::matches(&secret, code, now).ok_or(FactorError::Wrong)?;
        let factor = NewFactor {
            holder,
            method: Method::Totp,
            sealed: &sealed,
            step,
            at: now,
        };
        let replace = Some((holder, Method::Totp));
        self.store().add_factors(&[factor], replace).await?;
        self.renew_recovery(person).await
    }

    /// Makes recovery codes in place of those that were there.
    ///
    /// # Errors
    /// [`FactorError`].
    pub async fn renew_recovery(&self, person: &Person) -> Result<Vec<String>, FactorError> {
        let holder = person.holder();
        let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let lookups: Vec<_> = codes
            .iter()
            .map(|code| self.recovery_lookup(holder, code))
            .collect();
        let at = self.clock().unix();
        let row = |lookup| NewFactor {
            holder,
            method: Method::Recovery,
            sealed: lookup,
            step: 0,
            at,
        };
        let rows: Vec<_> = lookups.iter().map(|lookup| row(&lookup.0[..])).collect();
        let replace = Some((holder, Method::Recovery));
        self.store().add_factors(&rows, replace).await?;
        Ok(codes)
    }

    /// Removes every factor of a person, passkeys among them; how many they were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_factors(&self, person: &Person) -> Result<u64, StoreError> {
        let holder = person.holder();
        let passkeys = self.store().remove_passkeys(holder, 0).await?;
        Ok(passkeys + self.store().remove_factors(holder).await?)
    }

    pub(super) fn totp_secret(&self, holder: Holder, factor: &FactorRow) -> Option<Vec<u8>> {
        self.open_for(holder, &factor.sealed)
    }

    pub(super) fn recovery_lookup(&self, holder: Holder, code: &str) -> Lookup {
        let plain: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        self.vault()
            .token("recovery", &format!("{holder:?} {plain}"))
    }

    /// 50 random bits, as two groups of five letters and digits that are not mistaken for others.
    fn recovery_code(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
        let mut fresh = [0; 10];
        self.random().fill(&mut fresh);
        let letters = fresh.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let (a, b) = letters.split_at(5);
        format!("{}-{}", String::from_iter(a), String::from_iter(b))
    }

    fn seal_for(&self, holder: Holder, text: &str) -> Result<Vec<u8>, FactorError> {
        let lookup = self.vault().token("factor of", &format!("{holder:?}"));
        let sealed = self.vault().seal(self.random(), &lookup, text);
        sealed.ok_or(FactorError::Cipher)
    }

    fn open_for(&self, holder: Holder, sealed: &[u8]) -> Option<Vec<u8>> {
        let lookup = self.vault().token("factor of", &format!("{holder:?}"));
        bytes(&self.vault().open(&lookup, sealed)?)
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let plain = hex.len().is_multiple_of(2) && hex.is_ascii();
    let byte = |at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    plain.then(|| (0..hex.len()).step_by(2).map(byte).collect())?
}

/// A text as part of a URI.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
