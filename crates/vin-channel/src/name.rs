//! The name of a channel: what files, logs, metrics, orders and commands call it.

use std::fmt;

/// The most characters of a name.
const MOST: usize = 32;

/// 1 to 32 characters of `a`–`z`, `0`–`9` and `-`; it is copied, not shared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelName {
    /// Filled up with zeros, so that the order is that of the texts.
    bytes: [u8; MOST],
}

/// The text is no name of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameError;

impl ChannelName {
    /// Our own engine.
    pub const LOCAL: Self = {
        let mut bytes = [0; MOST];
        let mut at = 0;
        while at < 5 {
            bytes[at] = b"local"[at];
            at += 1;
        }
        Self { bytes }
    };

    /// Reads a name.
    ///
    /// # Errors
    /// [`NameError`] for another length, or another character.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let fits = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if !(1..=MOST).contains(&text.len()) || !text.bytes().all(fits) {
            return Err(NameError);
        }
        let mut bytes = [0; MOST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes })
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|b| *b == 0).unwrap_or(MOST);
        // Every byte was checked to be ASCII, so the fallback is never taken.
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelName({self})")
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a channel's name is 1 to 32 characters of a-z, 0-9 and -")
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_back_and_anything_else_is_refused() {
        for text in ["local", "a", "jisuapi-2", &"a".repeat(32)] {
            let name = ChannelName::parse(text).expect(text);
            assert_eq!((name.as_str(), name.to_string()), (text, text.to_owned()));
        }
        assert_eq!(ChannelName::parse("local"), Ok(ChannelName::LOCAL));
        for text in ["", &"a".repeat(33), "Local", "a_b", "a b", "车", "a\0"] {
            assert_eq!(ChannelName::parse(text), Err(NameError), "{text:?}");
        }
    }
}
