//! The connection to SQLite of the one who writes all the time: statements run on the thread that
//! asks, so that none waits for another thread to be woken, twice.
//!
//! It blocks: only a thread that has nothing else to do may write with it.

use super::sql::Arg;
use super::sqlite::{BUSY_TIMEOUT, PRAGMAS};
use crate::StoreError;
use rusqlite::ffi;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::path::Path;
use tokio::sync::OwnedMutexGuard;

/// How many statements stay prepared.
const PREPARED: usize = 64;

/// The connection, open or not yet, and the right to write.
pub(crate) type Turn = OwnedMutexGuard<Option<Connection>>;

/// A transaction on it; dropped without [`Direct::commit`] it leaves nothing behind.
pub(crate) struct Direct {
    turn: Turn,
    is_open: bool,
}

impl Drop for Direct {
    fn drop(&mut self) {
        // A transaction that SQLite has ended by itself cannot be undone, and need not be; a
        // connection that cannot even do this is not used again.
        if self.is_open
            && self.run("rollback", &[]).is_err()
            && self.turn.as_ref().is_none_or(|one| !one.is_autocommit())
        {
            *self.turn = None;
        }
    }
}

impl Direct {
    /// Begins a transaction that holds the right to write from its first moment on.
    pub(crate) fn begin(mut turn: Turn, path: &Path) -> Result<Self, StoreError> {
        if turn.is_none() {
            *turn = Some(open(path)?);
        }
        let mut direct = Self {
            turn,
            is_open: false,
        };
        direct.run("begin immediate", &[])?;
        direct.is_open = true;
        Ok(direct)
    }

    /// Runs a statement; how many rows it touched.
    pub(crate) fn run(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, sqlx::Error> {
        let mut statement = self.bound(sql, args)?;
        Ok(statement.raw_execute().map_err(failed)? as u64)
    }

    /// Runs a statement that gives rows.
    pub(crate) fn rows(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
    ) -> Result<Vec<Vec<Value>>, sqlx::Error> {
        let mut statement = self.bound(sql, args)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let values = (0..columns).map(|column| row.get(column));
            all.push(values.collect::<Result<_, _>>().map_err(failed)?);
        }
        Ok(all)
    }

    /// Runs several statements without arguments.
    pub(crate) fn define(&mut self, text: &str) -> Result<(), sqlx::Error> {
        self.connection()?.execute_batch(text).map_err(failed)
    }

    /// Returns when it is on disk.
    pub(crate) fn commit(mut self) -> Result<(), sqlx::Error> {
        self.run("commit", &[])?;
        self.is_open = false;
        Ok(())
    }

    fn connection(&self) -> Result<&Connection, sqlx::Error> {
        self.turn.as_ref().ok_or(sqlx::Error::PoolClosed)
    }

    /// `$1` is the first argument wherever it stands; a `?` is the one at its own place.
    fn bound(&self, sql: &str, args: &[Arg<'_>]) -> Result<CachedStatement<'_>, sqlx::Error> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(sql).map_err(failed)?;
        for place in 1..=statement.parameter_count() {
            let named = statement.parameter_name(place);
            let named = named.and_then(|name| name.strip_prefix('$')?.parse().ok());
            let arg = args.get(named.unwrap_or(place) - 1);
            let arg = arg.ok_or_else(|| sqlx::Error::ColumnIndexOutOfBounds {
                index: place,
                len: args.len(),
            })?;
            statement.raw_bind_parameter(place, arg).map_err(failed)?;
        }
        Ok(statement)
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Int(n) => ValueRef::Integer(n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Opens the connection to a database that is there.
fn open(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let asked = || -> rusqlite::Result<_> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", "on")?;
        let mut found = Vec::new();
        for (name, sql, wanted) in PRAGMAS {
            let value: Value = connection.query_row(sql, (), |row| row.get(0))?;
            found.push((name, shown(value), wanted));
        }
        Ok((connection, found))
    };
    let (connection, found) = asked().map_err(failed)?;
    for (name, found, wanted) in found {
        if found != wanted {
            return Err(StoreError::Setting {
                name,
                found,
                wanted,
            });
        }
    }
    Ok(connection)
}

fn shown(value: Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text,
        other => format!("{other:?}"),
    }
}

/// What SQLite said, as sqlx would have put it.
#[derive(Debug)]
struct Failed {
    code: i32,
    message: String,
}

fn failed(error: rusqlite::Error) -> sqlx::Error {
    let code = error.sqlite_error().map(|said| said.extended_code);
    match code {
        Some(code) => sqlx::Error::Database(Box::new(Failed {
            code,
            message: error.to_string(),
        })),
        None => sqlx::Error::Decode(Box::new(error)),
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl StdError for Failed {}

impl DatabaseError for Failed {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                ErrorKind::UniqueViolation
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}
