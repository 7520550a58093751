//! The ledger of ids: which number a brand, series, group or car was given, once and for ever.
//!
//! Rows are only added. A key that vanished from the sources keeps its row, so that its number
//! is never given again.

use crate::{ImportError, table};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The columns of the ledger.
pub const COLUMNS: [&str; 3] = ["kind", "id", "key"];

/// The first number that is given. Smaller ones are those of records from elsewhere, which keep the
/// numbers that they came with; a series that such a record names has the record's number.
pub const FIRST: u32 = 1_000_001;

/// What has ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A brand.
    Brand,
    /// A car, `carid`.
    Car,
    /// A group, `groupid`.
    Group,
    /// A series, `typeid`.
    Type,
}

impl Kind {
    /// Every kind, in the order of the ledger.
    pub const ALL: [Self; 4] = [Self::Brand, Self::Car, Self::Group, Self::Type];

    /// The name in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::Car => "car",
            Self::Group => "group",
            Self::Type => "type",
        }
    }
}

/// The ledger in memory.
#[derive(Debug, Default)]
pub struct Ids {
    path: PathBuf,
    of: [BTreeMap<String, u32>; 4],
}

impl Ids {
    /// Reads the ledger; there is none before the first ids are given.
    ///
    /// # Errors
    /// When a row is out of order, or an id or key stands twice.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let mut ids = Self {
            path: path.to_owned(),
            ..Self::default()
        };
        if !path.exists() {
            return Ok(ids);
        }
        let table = table::Table::read(path, &COLUMNS)?;
        let mut last = (Kind::Brand, 0);
        for row in table.rows() {
            let [kind, id, key] = row.cells()?;
            let kind = Kind::ALL.into_iter().find(|k| k.name() == kind);
            let kind = kind.ok_or_else(|| row.wrong("kind", key, "no kind of id"))?;
            let number: u32 = row.number("id", id)?;
            let after = kind > last.0 || kind == last.0 && number > last.1;
            if !after {
                return Err(row.wrong("id", id, "not after the id above it"));
            }
            last = (kind, number);
            let key = table::unescape(key).into_owned();
            if ids.of[kind as usize].insert(key, number).is_some() {
                return Err(row.wrong("key", id, "a second id for this key"));
            }
        }
        Ok(ids)
    }

    /// The id of a key.
    ///
    /// # Errors
    /// When it has none yet.
    pub fn get(&self, kind: Kind, key: &str) -> Result<u32, ImportError> {
        let id = self.of[kind as usize].get(key).copied();
        id.ok_or_else(|| ImportError::Row {
            table: self.path.display().to_string(),
            line: 0,
            column: "key".to_owned(),
            value: key.to_owned(),
            reason: "has no id yet: run `vin-import catalogue-ids data`".to_owned(),
        })
    }

    /// Gives the next ids to the keys that have none, in the order of the keys.
    pub fn add<'a>(&mut self, kind: Kind, keys: impl Iterator<Item = &'a str>) -> usize {
        let known = &mut self.of[kind as usize];
        let new: std::collections::BTreeSet<_> =
            keys.filter(|key| !known.contains_key(*key)).collect();
        let next = known.values().max().map_or(0, |last| last + 1).max(FIRST);
        for (id, key) in (next..).zip(&new) {
            known.insert((*key).to_owned(), id);
        }
        new.len()
    }

    /// Writes the ledger.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self) -> Result<usize, ImportError> {
        let mut rows = Vec::new();
        for kind in Kind::ALL {
            let mut of_kind: Vec<_> = self.of[kind as usize].iter().collect();
            of_kind.sort_by_key(|(_, id)| **id);
            let cells = of_kind
                .into_iter()
                .map(|(key, id)| [kind.name().to_owned(), id.to_string(), key.clone()]);
            rows.extend(cells);
        }
        table::write(&self.path, &COLUMNS, rows.iter().map(|row| &row[..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_keys_get_the_next_ids_and_old_ones_keep_theirs() {
        let mut ids = Ids::default();
        assert_eq!(ids.add(Kind::Car, ["b", "d"].into_iter()), 2);
        assert_eq!(ids.add(Kind::Car, ["a", "b", "c"].into_iter()), 2);
        let of = |key| ids.get(Kind::Car, key).expect(key);
        assert_eq!([of("b"), of("d")], [FIRST, FIRST + 1]);
        assert_eq!([of("a"), of("c")], [FIRST + 2, FIRST + 3]);
        assert!(ids.get(Kind::Type, "a").is_err());
    }
}
