//! Typed reading of a table of a channel's file; what nobody asked for is refused at the end.

use super::ConfigError;
use super::tree::{Kind, Node, Place};
use std::collections::BTreeMap;
use std::time::Duration;

/// A table that is being read.
pub(crate) struct Reader<'n> {
    entries: &'n BTreeMap<String, Node>,
    /// The path of the table from the top, or empty.
    path: String,
    place: &'n Place,
    known: Vec<&'static str>,
}

static NOTHING: BTreeMap<String, Node> = BTreeMap::new();

impl<'n> Reader<'n> {
    /// Reads the table `node`, which stands at `path`.
    ///
    /// # Errors
    /// When it is no table.
    pub fn of(node: &'n Node, path: &str) -> Result<Self, ConfigError> {
        match &node.kind {
            Kind::Table(entries) => Ok(Self {
                entries,
                path: path.to_owned(),
                place: &node.place,
                known: Vec::new(),
            }),
            other => {
                let what = format!("must be a table, not {}", other.name());
                Err(ConfigError::at(&node.place, path, what))
            }
        }
    }

    /// The path of an entry.
    pub fn path(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// An error at an entry, or where it is missing, at the table.
    pub fn wrong(&self, key: &str, what: impl Into<String>) -> ConfigError {
        let place = self.entries.get(key).map_or(self.place, |node| &node.place);
        ConfigError::at(place, &self.path(key), what)
    }

    /// The entry, of any kind.
    pub fn node(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        self.entries.get(key)
    }

    /// Every entry, whatever its name; none is unknown then.
    pub fn all(&mut self) -> impl Iterator<Item = (&'n String, &'n Node)> + use<'n> {
        std::mem::replace(&mut self.entries, &NOTHING).iter()
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Result<Option<&'n str>, ConfigError> {
        match self.node(key).map(|node| &node.kind) {
            None => Ok(None),
            Some(Kind::Text(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(key, format!("must be a text, not {}", other.name()))),
        }
    }

    /// A text that must be there.
    pub fn need(&mut self, key: &'static str, what: &str) -> Result<&'n str, ConfigError> {
        let text = self.text(key)?;
        text.ok_or_else(|| self.wrong(key, format!("is missing: {what}")))
    }

    /// A text that stands in a list of words.
    pub fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
                let what = format!("{text:?} is not allowed; allowed: {}", names.join(", "));
                Err(self.wrong(key, what))
            }
        }
    }

    /// True or false.
    pub fn truth(&mut self, key: &'static str) -> Result<Option<bool>, ConfigError> {
        match self.node(key).map(|node| &node.kind) {
            None => Ok(None),
            Some(Kind::Bool(truth)) => Ok(Some(*truth)),
            Some(other) => {
                let what = format!("must be true or false, not {}", other.name());
                Err(self.wrong(key, what))
            }
        }
    }

    /// A number as it was written.
    fn number(&mut self, key: &'static str) -> Result<Option<&'n str>, ConfigError> {
        match self.node(key).map(|node| &node.kind) {
            None => Ok(None),
            Some(Kind::Number(number)) => Ok(Some(number)),
            Some(other) => Err(self.wrong(key, format!("must be a number, not {}", other.name()))),
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(
        &mut self,
        key: &'static str,
        least: u64,
        most: u64,
    ) -> Result<Option<u64>, ConfigError> {
        let Some(text) = self.number(key)? else {
            return Ok(None);
        };
        let number = text.parse().ok().filter(|n| (least..=most).contains(n));
        let wrong = || {
            let what = format!("{text} is not a whole number from {least} to {most}");
            self.wrong(key, what)
        };
        number.ok_or_else(wrong).map(Some)
    }

    /// An amount of yuan, such as `0.05`, in 1/10000 yuan.
    pub fn yuan(&mut self, key: &'static str) -> Result<Option<u32>, ConfigError> {
        let Some(text) = self.number(key)? else {
            return Ok(None);
        };
        let wrong = || {
            let what = format!(
                "{text} is not an amount of yuan from 0 to 1000, such as 0.05, with at most 4 decimals"
            );
            self.wrong(key, what)
        };
        amount(text).ok_or_else(wrong).map(Some)
    }

    /// A span of time, such as `2s` or `500ms`, from `least` to `most`.
    pub fn span(
        &mut self,
        key: &'static str,
        least: Duration,
        most: Duration,
    ) -> Result<Option<Duration>, ConfigError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let span = duration(text).filter(|span| (least..=most).contains(span));
        let wrong = || {
            let what = format!(
                "{text:?} is not a time from {least:?} to {most:?}, such as \"500ms\" or \"2s\""
            );
            self.wrong(key, what)
        };
        span.ok_or_else(wrong).map(Some)
    }

    /// Texts, or one text for a list of one. Numbers and truths count as texts.
    pub fn words(&mut self, key: &'static str) -> Result<Vec<(&'n Node, String)>, ConfigError> {
        let path = self.path(key);
        let Some(node) = self.node(key) else {
            return Ok(Vec::new());
        };
        let list = match &node.kind {
            Kind::List(list) => list.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let words = list.iter().map(|node| match &node.kind {
            Kind::Text(text) | Kind::Number(text) => Ok((node, text.clone())),
            Kind::Bool(truth) => Ok((node, truth.to_string())),
            other => {
                let what = format!("must be a list of texts and numbers, not {}", other.name());
                Err(ConfigError::at(&node.place, &path, what))
            }
        });
        words.collect()
    }

    /// A table.
    pub fn table(&mut self, key: &'static str) -> Result<Option<Self>, ConfigError> {
        let path = self.path(key);
        let node = self.node(key);
        node.map(|node| Reader::of(node, &path)).transpose()
    }

    /// A table that `false` switches off.
    pub fn table_unless_false(&mut self, key: &'static str) -> Result<Option<Self>, ConfigError> {
        match self.node(key).map(|node| &node.kind) {
            Some(Kind::Bool(false)) => Ok(None),
            _ => self.table(key),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When there is an entry that nobody asked for; all that could be asked for are named.
    pub fn done(mut self) -> Result<(), ConfigError> {
        self.known.sort_unstable();
        self.known.dedup();
        let unknown = self
            .entries
            .keys()
            .find(|key| !self.known.contains(&key.as_str()));
        match unknown {
            None => Ok(()),
            Some(key) => {
                let what = format!("unknown key; allowed here: {}", self.known.join(", "));
                Err(self.wrong(key, what))
            }
        }
    }
}

/// The path of `key` below `path`.
pub(crate) fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

fn amount(text: &str) -> Option<u32> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let digits = format!("{whole}{decimals:0<4}");
    digits.parse().ok().filter(|amount| *amount <= 10_000_000)
}

/// Reads `500ms`, `2s` or `1m`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let number: u32 = number.parse().ok()?;
    let unit = match unit {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        _ => return None,
    };
    unit.checked_mul(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_spans_have_a_unit() {
        for (text, parts) in [
            ("0.05", 500),
            ("1", 10_000),
            ("0.0001", 1),
            ("1000", 10_000_000),
        ] {
            assert_eq!(amount(text), Some(parts), "{text}");
        }
        for text in ["-1", "1e3", "0.00001", "1001", "inf"] {
            assert_eq!(amount(text), None, "{text}");
        }
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("1m"), Some(Duration::from_secs(60)));
        for text in ["5", "s", "1h", "-1s", "1 s", ""] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
