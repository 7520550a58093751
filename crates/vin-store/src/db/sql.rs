//! One statement, two databases: arguments, rows and transactions that hide which one is asked.
//!
//! Both databases understand `$1`, so that a statement has one text. Every number is 64 bits
//! wide and a flag is 0 or 1, so that a value is read the same way from both.

use super::Db;
use super::direct::{Direct, Turn};
use crate::StoreError;
use rusqlite::types::Value;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Postgres, Row as _, SqlSafeStr, Sqlite, Transaction};
use std::borrow::Cow;
use std::fmt::Write as _;

/// A value that a statement is given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arg<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

macro_rules! args_from {
    ($($type:ty, $value:ident => $arg:expr;)+) => {$(
        impl<'a> From<$type> for Arg<'a> {
            fn from($value: $type) -> Self {
                $arg
            }
        }
    )+};
}
args_from! {
    i64, n => Self::Int(n);
    u32, n => Self::Int(n.into());
    u16, n => Self::Int(n.into());
    bool, yes => Self::Int(yes.into());
    &'a str, text => Self::Text(text);
    &'a [u8], bytes => Self::Bytes(bytes);
    &'a [u8; 32], bytes => Self::Bytes(bytes);
}

/// A text that came from outside as both databases hold it: PostgreSQL refuses the character 0, and
/// a batch that is refused would stop the process.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_control) {
        true => Cow::Owned(text.replace(char::is_control, " ")),
        false => Cow::Borrowed(text),
    }
}

/// The arguments of a statement, each turned into an [`Arg`].
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::db::sql::Arg::from($value)),*][..] };
}
pub(crate) use args;

/// A row of an answer; columns are counted from 0.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Direct(Vec<Value>),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Direct(row) => match row.get(column) {
                Some(Value::Integer(number)) => *number,
                other => return Err(other_kind(column, other)),
            },
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Direct(row) => match row.get(column) {
                Some(Value::Text(text)) => text.clone(),
                other => return Err(other_kind(column, other)),
            },
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Direct(row) => match row.get(column) {
                Some(Value::Blob(bytes)) => bytes.clone(),
                other => return Err(other_kind(column, other)),
            },
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A number that fits a narrower type; a column that holds another is damaged.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: usize) -> Result<T, StoreError> {
        let found = self.int(column)?;
        T::try_from(found)
            .map_err(|_| StoreError::Database(format!("column {column} holds {found}")))
    }
}

fn other_kind(column: usize, found: Option<&Value>) -> StoreError {
    let found = found.map(Value::data_type);
    StoreError::Database(format!("column {column} holds {found:?}"))
}

/// A transaction; dropped without [`Tx::commit`] it leaves nothing behind.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>, Option<Turn>),
    Direct(Direct),
    Postgres(Transaction<'static, Postgres>),
}

fn sqlite<'q>(sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Query<'q, Sqlite, SqliteArguments> {
    let query = sqlx::query(sql);
    args.iter().fold(query, |query, arg| match *arg {
        Arg::Int(n) => query.bind(n),
        Arg::Text(text) => query.bind(text.to_owned()),
        Arg::Bytes(bytes) => query.bind(bytes.to_vec()),
    })
}

fn postgres<'q>(sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Query<'q, Postgres, PgArguments> {
    let query = sqlx::query(sql);
    args.iter().fold(query, |query, arg| match *arg {
        Arg::Int(n) => query.bind(n),
        Arg::Text(text) => query.bind(text.to_owned()),
        Arg::Bytes(bytes) => query.bind(bytes.to_vec()),
    })
}

impl Tx {
    /// Runs a statement; how many rows it touched.
    pub(crate) async fn run(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(tx, _) => sqlite(sql, args).execute(&mut **tx).await?.rows_affected(),
            Self::Direct(tx) => tx.run(sql.into_sql_str().as_str(), args)?,
            Self::Postgres(tx) => {
                let done = postgres(sql, args).execute(&mut **tx).await?;
                done.rows_affected()
            }
        })
    }

    /// Runs a statement that must touch exactly one row.
    ///
    /// # Errors
    /// [`StoreError::Inexact`] with `what` when it touched another number of rows.
    pub(crate) async fn run_one(
        &mut self,
        what: &'static str,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<(), StoreError> {
        match self.run(sql, args).await? {
            1 => Ok(()),
            rows => Err(StoreError::Inexact { what, rows }),
        }
    }

    /// Adds rows of so many columns to `into`, which is a table with the names of its columns in
    /// brackets, `then` what follows the values; how many were added or changed.
    ///
    /// Parameters of SQLite have no names here: it would look for the name of each in a list of all,
    /// which takes longer than everything else when rows are many.
    pub(crate) async fn insert(
        &mut self,
        into: &str,
        columns: usize,
        values: &[Arg<'_>],
        then: &str,
    ) -> Result<u64, sqlx::Error> {
        let mut sql = format!("insert into {into} values ");
        for place in 0..values.len() {
            sql.push_str(match (place, place % columns) {
                (0, _) => "(",
                (_, 0) => "),(",
                _ => ",",
            });
            // Writing to a string cannot fail.
            let _ = match self {
                Self::Sqlite(..) | Self::Direct(_) => sql.write_char('?'),
                Self::Postgres(_) => write!(sql, "${}", place + 1),
            };
        }
        sql.push_str(") ");
        sql.push_str(then);
        self.run(AssertSqlSafe(sql), values).await
    }

    /// Runs several statements without arguments, such as those that make a table. `text` is
    /// written for SQLite; see [`Db::definition`].
    pub(crate) async fn define(&mut self, text: &str) -> Result<(), sqlx::Error> {
        self.script(text, || Db::definition(text)).await
    }

    /// The same where each database has a text of its own.
    pub(super) async fn script(
        &mut self,
        text: &str,
        of_postgres: impl FnOnce() -> String,
    ) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx, _) => {
                let sql = AssertSqlSafe(text.to_owned());
                sqlx::raw_sql(sql).execute(&mut **tx).await?;
            }
            Self::Direct(tx) => tx.define(text)?,
            Self::Postgres(tx) => {
                let sql = AssertSqlSafe(of_postgres());
                sqlx::raw_sql(sql).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn rows(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(tx, _) => {
                let rows = sqlite(sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Direct(tx) => {
                let rows = tx.rows(sql.into_sql_str().as_str(), args)?;
                rows.into_iter().map(Row::Direct).collect()
            }
            Self::Postgres(tx) => {
                let rows = postgres(sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// The first column of the one row that a statement gives.
    pub(crate) async fn int(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<i64, StoreError> {
        let row = self.row(sql, args).await?;
        row.ok_or(sqlx::Error::RowNotFound)?.int(0)
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx, turn) => {
                let done = tx.commit().await;
                drop(turn);
                done
            }
            Self::Direct(tx) => tx.commit(),
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

impl Db {
    pub(crate) async fn rows(
        &self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => {
                let rows = sqlite(sql, args).fetch_all(pool).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                let rows = postgres(sql, args).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(
        &self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Option<Row>, sqlx::Error> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// A transaction that may write, and on SQLite holds the right to from its first moment on.
    pub(crate) async fn write(&self, turn: Option<Turn>) -> Result<Tx, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("begin immediate").await?, turn),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction in which everything is read as it was at one moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin().await?, None),
            Self::Postgres(pool) => {
                let begin = "begin isolation level repeatable read read only";
                Tx::Postgres(pool.begin_with(begin).await?)
            }
        })
    }

    /// The definition of a table, written for SQLite, as PostgreSQL understands it.
    fn definition(sqlite: &str) -> String {
        sqlite
            .replace(" integer", " bigint")
            .replace(" blob", " bytea")
            .replace(") strict", ")")
    }
}
