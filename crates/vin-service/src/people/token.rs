//! Random tokens: what a cookie or a link carries. The database knows only their keyed hash.

use crate::Random;
use std::fmt;

/// How many random bytes a token has.
const BYTES: usize = 32;

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads a token; `None` when it can be nobody's.
            pub fn parse(text: &str) -> Option<Self> {
                let plain = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                (plain && text.len() == 2 * BYTES).then(|| Self(text.to_owned()))
            }

            pub(crate) fn random(random: &dyn Random) -> Self {
                let mut bytes = [0; BYTES];
                random.fill(&mut bytes);
                Self(bytes.iter().map(|b| format!("{b:02x}")).collect())
            }

            /// The token in clear, for the one who holds it.
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    )+};
}
tokens! {
    /// What the cookie of a session carries.
    SessionToken
    /// What a link that opens something carries.
    LinkToken
}
