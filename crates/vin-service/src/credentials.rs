//! What people and programs prove themselves with; none of it is ever printed by `{:?}`.

use crate::Random;
use md5::{Digest as _, Md5};
use std::fmt;

/// The key in a request: 1 to 64 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// The secret that requests are signed with (SK).
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// A password, 8 to 256 bytes.
#[derive(Clone)]
pub struct Password(String);

/// A phone number, the name that an account is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

impl ApiKey {
    /// Reads a key; white space around it does not matter. `None` when it can be nobody's key.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        (plain && (1..=64).contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// A new key of 32 hexadecimal digits.
    pub fn random(random: &dyn Random) -> Self {
        Self(random_hex(random))
    }

    /// The key in clear, to show it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Secret {
    /// A new secret of 32 hexadecimal digits, which has nothing to do with any other datum.
    pub fn random(random: &dyn Random) -> Self {
        Self(random_hex(random))
    }

    /// A secret that was made by [`Secret::random`] and sealed.
    pub(crate) fn from_vault(text: String) -> Self {
        Self(text)
    }

    /// The header `sign` of a request whose query string or body this is.
    pub fn sign(&self, raw: &str) -> String {
        let hash = Md5::digest(format!("{raw}{}", self.0));
        hash.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The secret in clear, to show it to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Password {
    /// Takes a password as it was typed.
    ///
    /// `None` when it has fewer than 8 or more than 256 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        (8..=256)
            .contains(&text.len())
            .then(|| Self(text.to_owned()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl Phone {
    /// Reads a mainland mobile number (`13812345678`, with or without `+86`), or any other
    /// number with its country code (`+85212345678`). Spaces and dashes are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let mut number: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if let Some(rest) = number.strip_prefix("+86") {
            number = rest.to_owned();
        }
        let digits = number.strip_prefix('+').unwrap_or(&number);
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        let right = if number.starts_with('+') {
            (8..=15).contains(&digits.len()) && !digits.starts_with('0')
        } else {
            digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
        };
        (plain && right).then_some(Self(number))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! print_stars {
    ($($name:ident)+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}
print_stars!(ApiKey Secret Password);

fn random_hex(random: &dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_printed() {
        let key = ApiKey::parse(" demo ").expect("a key");
        assert_eq!(
            (key.reveal(), format!("{key:?}").as_str()),
            ("demo", "ApiKey(***)")
        );
        let password = Password::parse("correct horse").expect("long enough");
        assert_eq!(format!("{password:?}"), "Password(***)");
    }

    #[test]
    fn keys_are_short_and_visible() {
        for text in ["", " ", "a b", "钥匙", "a\u{0}", &"k".repeat(65)] {
            assert_eq!(ApiKey::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn phone_numbers_have_one_form() {
        let read = |text| Phone::parse(text).map(|p| p.as_str().to_owned());
        for text in [
            "13812345678",
            "+8613812345678",
            "138-1234-5678",
            "+86 138 1234 5678",
        ] {
            assert_eq!(read(text).as_deref(), Some("13812345678"), "{text}");
        }
        assert_eq!(read("+85212345678").as_deref(), Some("+85212345678"));
        for text in ["", "demo", "12812345678", "1381234567", "+0123456789", "+1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
