//! Everything that is done with the master key: finding keys, sealing secrets, hashing passwords.

use crate::{ApiKey, Password, Random};
use aes_gcm::aead::{Aead, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq as _;
use vin_store::Lookup;

/// The key that everything secret in the database depends on.
#[derive(Clone, Copy)]
pub struct MasterKey(pub [u8; 32]);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(***)")
    }
}

/// The ciphers that follow from the master key, each with a key of its own.
#[derive(Clone)]
pub struct Vault {
    lookup: Hmac<Sha256>,
    tokens: Hmac<Sha256>,
    sealing: Aes256Gcm,
    check: String,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(***)")
    }
}

const NONCE_LEN: usize = 12;

impl Vault {
    /// The vault of a master key.
    pub fn new(master: &MasterKey) -> Self {
        let check = derive(master, b"chejia master key check");
        Self {
            lookup: keyed(&derive(master, b"chejia key lookup")),
            tokens: keyed(&derive(master, b"chejia tokens")),
            sealing: Aes256Gcm::new(&derive(master, b"chejia sealed secrets").into()),
            check: check[..16].iter().map(|b| format!("{b:02x}")).collect(),
        }
    }

    /// What tells one master key from another without telling the key.
    pub fn check_value(&self) -> &str {
        &self.check
    }

    /// What a key is found by.
    pub fn lookup(&self, key: &ApiKey) -> Lookup {
        let mut mac = self.lookup.clone();
        mac.update(key.reveal().as_bytes());
        Lookup(mac.finalize().into_bytes().into())
    }

    /// What a token, a name or a code is found by; the same text for another purpose is found by another.
    pub(crate) fn token(&self, purpose: &str, text: &str) -> Lookup {
        let mut mac = self.tokens.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        Lookup(mac.finalize().into_bytes().into())
    }

    /// What proves that a text that comes back is one that we gave out.
    pub(crate) fn tag(&self, purpose: &str, text: &str) -> String {
        let Lookup(bytes) = self.token(purpose, text);
        bytes[..16].iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Whether a tag is that of the text.
    pub(crate) fn is_tag(&self, purpose: &str, text: &str, tag: &str) -> bool {
        let wanted = self.tag(purpose, text);
        wanted.as_bytes().ct_eq(tag.as_bytes()).into()
    }

    /// Encrypts a text for the row that `lookup` names; in no other row can it be opened.
    ///
    /// `None` only when the text is too long for the cipher (64 GiB).
    pub fn seal(&self, random: &dyn Random, lookup: &Lookup, text: &str) -> Option<Vec<u8>> {
        self.seal_bytes(random, lookup, text.as_bytes())
    }

    /// The same for bytes that are no text.
    pub(crate) fn seal_bytes(
        &self,
        random: &dyn Random,
        lookup: &Lookup,
        bytes: &[u8],
    ) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let payload = Payload {
            msg: bytes,
            aad: &lookup.0,
        };
        let sealed = self.sealing.encrypt(&Nonce::from(nonce), payload).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// Decrypts what [`Vault::seal`] made; `None` when it was changed or belongs elsewhere.
    pub fn open(&self, lookup: &Lookup, sealed: &[u8]) -> Option<String> {
        String::from_utf8(self.open_bytes(lookup, sealed)?).ok()
    }

    /// The same for bytes that are no text.
    pub(crate) fn open_bytes(&self, lookup: &Lookup, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let aad = &lookup.0[..];
        let opened = self
            .sealing
            .decrypt(&Nonce::from(*nonce), Payload { msg, aad });
        opened.ok()
    }
}

/// The PHC string of a password (argon2id with the library's defaults: 19 MiB, 2 passes).
///
/// `None` only when the library refuses its own parameters.
pub fn hash_password(random: &dyn Random, password: &Password) -> Option<String> {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    let text = password.reveal().as_bytes();
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(text, &salt)
        .ok()?;
    Some(hash.to_string())
}

/// Whether a password is the one that was hashed; a text that is no hash is nobody's.
pub fn is_password(hash: &str, password: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok()
}

fn derive(master: &MasterKey, purpose: &[u8]) -> [u8; 32] {
    let mut mac = keyed(&master.0);
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key of 32 bytes is padded to the hash's block of 64, as HMAC does with a short key.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = i as u8;
            }
        }
    }

    #[test]
    fn keys_are_found_by_a_hash_that_needs_the_master_key() {
        let key = ApiKey::parse("demo").expect("a key");
        let (a, b) = (
            Vault::new(&MasterKey([1; 32])),
            Vault::new(&MasterKey([2; 32])),
        );
        assert_eq!(a.lookup(&key), Vault::new(&MasterKey([1; 32])).lookup(&key));
        assert_ne!(a.lookup(&key), b.lookup(&key));
        assert_ne!(a.check_value(), b.check_value());
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_row_only() {
        let vault = Vault::new(&MasterKey([1; 32]));
        let (here, there) = (Lookup([3; 32]), Lookup([4; 32]));
        let mut sealed = vault.seal(&Counting, &here, "secret").expect("sealed");
        assert_eq!(vault.open(&here, &sealed).as_deref(), Some("secret"));
        assert_eq!(vault.open(&there, &sealed), None);
        *sealed.last_mut().expect("bytes") ^= 1;
        assert_eq!(vault.open(&here, &sealed), None);
        assert_eq!(vault.open(&here, b"short"), None);
    }

    #[test]
    fn a_password_becomes_an_argon2id_string() {
        let password = Password::parse("correct horse").expect("long enough");
        let hash = hash_password(&Counting, &password).expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
    }
}
