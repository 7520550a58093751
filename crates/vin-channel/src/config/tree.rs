//! A channel's file as a tree that remembers where each value stands.

use super::ConfigError;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The table whose entries are laid over as a whole.
const WHOLE: &str = "fields";

/// Where something stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub file: Arc<str>,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub kind: Kind,
    pub place: Place,
}

/// The values that a channel's file may hold.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(String),
    /// As it was written, so that no decimal is rounded.
    Number(String),
    Bool(bool),
    Date,
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

impl Kind {
    /// What it is, for messages.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Date => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Reads a file.
///
/// # Errors
/// When it is no TOML, with the place.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, ConfigError> {
    let source = Source {
        file: file.into(),
        text,
    };
    let table = DeTable::parse(text).map_err(|error| {
        let place = source.place(error.span().map_or(0, |span| span.start));
        ConfigError::at(&place, "", error.message().trim())
    })?;
    let place = source.place(0);
    Ok(Node {
        kind: source.table(table.into_inner()),
        place,
    })
}

struct Source<'t> {
    file: Arc<str>,
    text: &'t str,
}

impl Source<'_> {
    fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }

    fn table(&self, table: DeTable<'_>) -> Kind {
        let entry = |(key, value): (Spanned<_>, Spanned<DeValue<'_>>)| {
            let place = self.place(key.span().start);
            let key: std::borrow::Cow<'_, str> = key.into_inner();
            let kind = self.kind(value.into_inner());
            (key.into_owned(), Node { kind, place })
        };
        Kind::Table(table.into_iter().map(entry).collect())
    }

    fn kind(&self, value: DeValue<'_>) -> Kind {
        match value {
            DeValue::String(text) => Kind::Text(text.into_owned()),
            DeValue::Integer(number) if number.radix() == 10 => {
                Kind::Number(number.as_str().to_owned())
            }
            // Hexadecimal and the like help nobody here.
            DeValue::Integer(number) => Kind::Text(number.to_string()),
            DeValue::Float(number) => Kind::Number(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Kind::Bool(truth),
            DeValue::Datetime(_) => Kind::Date,
            DeValue::Array(list) => {
                let node = |value: Spanned<DeValue<'_>>| {
                    let place = self.place(value.span().start);
                    let kind = self.kind(value.into_inner());
                    Node { kind, place }
                };
                Kind::List(list.into_iter().map(node).collect())
            }
            DeValue::Table(table) => self.table(table),
        }
    }
}

impl Node {
    /// Lays `over` over this: tables are joined key by key, anything else is replaced. The entries
    /// of the table `WHOLE` are replaced too: half of another's field would be nobody's.
    pub fn overlay(&mut self, over: Self) {
        match (&mut self.kind, over.kind) {
            (Kind::Table(under), Kind::Table(over)) => {
                for (key, mut node) in over {
                    let Some(found) = under.get_mut(&key) else {
                        under.insert(key, node);
                        continue;
                    };
                    match (&mut found.kind, &mut node.kind) {
                        (Kind::Table(under), Kind::Table(over)) if key == WHOLE => {
                            under.append(over);
                        }
                        _ => found.overlay(node),
                    }
                }
            }
            (kind, over_kind) => {
                *kind = over_kind;
                self.place = over.place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_place_and_an_overlay_brings_its_own() {
        let mut under =
            parse("a.toml", "x = 1\n[t]\n\"名\" = \"a\"\nb = [ 1, 2 ]\n").expect("TOML");
        let over = parse("b.toml", "\n[t]\nb = \"new\"\n").expect("TOML");
        under.overlay(over);
        let Kind::Table(top) = &under.kind else {
            panic!("no table")
        };
        let Kind::Table(t) = &top["t"].kind else {
            panic!("no table")
        };
        let at = |node: &Node| (node.place.file.to_string(), node.place.line);
        assert_eq!(at(&top["x"]), ("a.toml".to_owned(), 1));
        assert_eq!(at(&t["名"]), ("a.toml".to_owned(), 3));
        assert_eq!(at(&t["b"]), ("b.toml".to_owned(), 3));
    }
}
