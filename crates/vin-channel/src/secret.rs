//! Credentials of upstreams, handed in by name; nothing prints them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A credential. `{:?}` of it prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Takes a credential.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The credential itself, for the request that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Credentials by name. The caller reads them from where he keeps secrets; this crate only asks.
pub type Secrets = BTreeMap<String, Secret>;

/// Replaces every secret in `text`, and every secret as a URL spells it, by `***`.
pub(crate) fn redact(text: &str, secrets: &[Secret]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let mut spelled = String::new();
        crate::template::encode(secret.reveal(), &mut spelled);
        for secret in [secret.reveal(), &spelled] {
            // A secret of a few characters is none, and would blank out ordinary words.
            if secret.len() >= 4 {
                text = text.replace(secret, "***");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_neither_printed_nor_left_in_a_text() {
        let secret = Secret::new("a b/c=车");
        assert_eq!(format!("{secret:?}"), "***");
        let text = "key a b/c=车 and a+b%2Fc%3D%E8%BD%A6";
        assert_eq!(redact(text, &[secret]), "key *** and ***");
    }
}
