//! The ledgers of ids: which number a brand, series, group or car was given, once and for ever.
//!
//! Rows are only added. A key that vanished from the sources keeps its row, so that its number
//! is never given again. The project has a ledger, and an operator one for what the project's
//! does not know.

use crate::{ImportError, table};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The columns of the ledger.
pub const COLUMNS: [&str; 3] = ["kind", "id", "key"];

/// The first number that is given. Smaller ones are those of records from elsewhere, which keep the
/// numbers that they came with; a series that such a record names has the record's number.
pub const FIRST: u32 = 1_000_001;

/// The first number of every kind in an operator's ledger, beyond all that the project gives.
pub const OPERATORS_FIRST: u32 = 1_500_000_001;

/// The project's ledger within the folder of all data.
pub fn ledger(data: &Path) -> PathBuf {
    data.join("catalogue/names/ids.tsv.zst")
}

/// An operator's ledger within the folder of all data.
pub fn operators_ledger(data: &Path) -> PathBuf {
    data.join("operator/ids.tsv")
}

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

/// The project's ledger and the operator's.
#[derive(Debug)]
pub struct Ledgers {
    built_in: Ids,
    /// The operator's.
    pub own: Ids,
}

impl Ledgers {
    /// Reads both from the folder of all data.
    ///
    /// # Errors
    /// When one is not as [`Ids::read`] wants it.
    pub fn read(data: &Path) -> Result<Self, ImportError> {
        Ok(Self {
            built_in: Ids::read(&ledger(data), FIRST)?,
            own: Ids::read(&operators_ledger(data), OPERATORS_FIRST)?,
        })
    }

    /// The id of a key. One that the operator's clients know stays when the project's ledger
    /// gets the key too.
    ///
    /// # Errors
    /// When it has none yet.
    pub fn get(&self, kind: Kind, key: &str) -> Result<u32, ImportError> {
        let id = self
            .own
            .find(kind, key)
            .or_else(|| self.built_in.find(kind, key));
        id.ok_or_else(|| ImportError::Row {
            table: self.built_in.path.display().to_string(),
            line: 0,
            column: "key".to_owned(),
            value: key.to_owned(),
            reason: "has no id yet: run `vin-import catalogue-ids data`".to_owned(),
        })
    }

    /// Gives an id of the operator's to a key that has none; tells whether it was new.
    ///
    /// # Errors
    /// When there are no more numbers.
    pub fn give(&mut self, kind: Kind, key: &str) -> Result<bool, ImportError> {
        match self.built_in.find(kind, key) {
            Some(_) => Ok(false),
            None => self.own.add(kind, key),
        }
    }
}

/// A ledger in memory.
#[derive(Debug)]
pub struct Ids {
    path: PathBuf,
    first: u32,
    of: [BTreeMap<String, u32>; 4],
    last: [u32; 4],
}

impl Ids {
    /// Reads a ledger whose numbers begin with `first`; there is none before the first ids are
    /// given.
    ///
    /// # Errors
    /// When a row is out of order, an id or key stands twice, or an id is another ledger's.
    pub fn read(path: &Path, first: u32) -> Result<Self, ImportError> {
        let mut ids = Self {
            path: path.to_owned(),
            first,
            of: Default::default(),
            last: [first - 1; 4],
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
            if (number < OPERATORS_FIRST) != (first < OPERATORS_FIRST) {
                return Err(row.wrong("id", id, "an id of another ledger"));
            }
            let after = kind > last.0 || kind == last.0 && number > last.1;
            if !after {
                return Err(row.wrong("id", id, "not after the id above it"));
            }
            last = (kind, number);
            ids.last[kind as usize] = number.max(first - 1);
            let key = table::unescape(key).into_owned();
            if ids.of[kind as usize].insert(key, number).is_some() {
                return Err(row.wrong("key", id, "a second id for this key"));
            }
        }
        Ok(ids)
    }

    /// The id of a key, if it has one.
    pub fn find(&self, kind: Kind, key: &str) -> Option<u32> {
        self.of[kind as usize].get(key).copied()
    }

    /// Gives the next id to a key unless it has one; tells whether it was new.
    ///
    /// # Errors
    /// When there are no more numbers.
    pub fn add(&mut self, kind: Kind, key: &str) -> Result<bool, ImportError> {
        if self.of[kind as usize].contains_key(key) {
            return Ok(false);
        }
        let end = match self.first < OPERATORS_FIRST {
            true => OPERATORS_FIRST,
            // Clients may read ids into signed numbers of 32 bits.
            false => i32::MAX as u32,
        };
        let id = self.last[kind as usize] + 1;
        if id >= end {
            let limit = (end - self.first) as usize;
            return Err(ImportError::TooMany { what: "ids", limit });
        }
        self.last[kind as usize] = id;
        self.of[kind as usize].insert(key.to_owned(), id);
        Ok(true)
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

    fn ledger(folder: &Path, name: &str, first: u32) -> Ids {
        Ids::read(&folder.join(name), first).expect("a ledger")
    }

    #[test]
    fn new_keys_get_the_next_ids_and_old_ones_keep_theirs() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ids = ledger(folder.path(), "ids.tsv", FIRST);
        for (key, new) in [("b", true), ("d", true), ("b", false), ("a", true)] {
            assert_eq!(ids.add(Kind::Car, key).expect("an id"), new, "{key}");
        }
        ids.add(Kind::Type, "a\tb").expect("an id");
        ids.write().expect("written");
        let mut ids = ledger(folder.path(), "ids.tsv", FIRST);
        ids.add(Kind::Car, "c").expect("an id");
        let of = |key| ids.find(Kind::Car, key);
        assert_eq!(
            [of("b"), of("d"), of("a"), of("c")],
            [0, 1, 2, 3].map(|n| Some(FIRST + n))
        );
        assert_eq!(ids.find(Kind::Type, "a\tb"), Some(FIRST));
        assert_eq!(ids.find(Kind::Type, "a"), None);
    }

    #[test]
    fn an_operator_gives_numbers_of_his_own_that_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let both = |keys: &[&str]| {
            let mut built_in = ledger(folder.path(), "no.tsv", FIRST);
            for key in keys {
                built_in.add(Kind::Car, key).expect("an id");
            }
            let own = ledger(folder.path(), "own.tsv", OPERATORS_FIRST);
            Ledgers { built_in, own }
        };
        let mut ids = both(&["old"]);
        for (key, new) in [("old", false), ("new", true), ("new", false)] {
            assert_eq!(ids.give(Kind::Car, key).expect("an id"), new, "{key}");
        }
        ids.own.write().expect("written");
        // A later release of the project knows the key too.
        let ids = both(&["old", "new"]);
        let of = |key| ids.get(Kind::Car, key).expect(key);
        assert_eq!([of("old"), of("new")], [FIRST, OPERATORS_FIRST]);
        assert!(ids.get(Kind::Car, "none").is_err());
    }

    #[test]
    fn numbers_end_where_those_of_others_begin() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ids.tsv");
        let end = |last: u32, first| {
            std::fs::write(&path, format!("kind\tid\tkey\ncar\t{last}\ta\n")).expect("a file");
            let mut ids = Ids::read(&path, first).expect("a ledger");
            ids.add(Kind::Car, "b").expect_err("no more").to_string()
        };
        assert_eq!(end(1_500_000_000, FIRST), "more than 1499000000 ids");
        assert_eq!(
            end(2_147_483_646, OPERATORS_FIRST),
            "more than 647483646 ids"
        );
    }
}
