//! The open database; every difference between SQLite and PostgreSQL is in this folder.

mod direct;
mod migrate;
mod postgres;
pub(crate) mod sql;
mod sqlite;
mod url;

use crate::StoreError;
use direct::Direct;
use sql::{Arg, Row, Tx};
use sqlx::SqlSafeStr;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use std::sync::Arc;
use tokio::sync::Mutex;
pub use url::DatabaseUrl;

/// The connections to one of the two databases.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The open database; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) db: Db,
    /// What it is called in messages.
    place: String,
    /// Who writes to SQLite next. SQLite itself lets whoever comes first, so that one connection
    /// that writes all the time would keep the others waiting until they give up. That one has a
    /// connection of its own, opened when it first writes.
    turn: Arc<Mutex<Option<rusqlite::Connection>>>,
}

impl Store {
    /// Opens the database, makes it when it is missing, and brings its schema up to date.
    ///
    /// Any number of processes may do this at once.
    ///
    /// # Errors
    /// [`StoreError`] that tells a damaged, foreign, newer or unreachable database apart.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let place = url.place();
        let db = match url {
            DatabaseUrl::Sqlite(path) => Db::Sqlite(sqlite::open(path).await?),
            DatabaseUrl::Postgres(options) => Db::Postgres(postgres::open(&place, options).await?),
        };
        let turn = Arc::default();
        let store = Self { db, place, turn };
        store.migrate().await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.rows("select 1", &[]).await?;
        Ok(())
    }

    /// Closes every connection; SQLite then folds its log into the file.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite(pool) => {
                drop(self.turn.lock().await.take());
                pool.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// A transaction that holds the right to write from its first moment on.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        let turn = match &self.db {
            Db::Sqlite(_) => Some(self.turn.clone().lock_owned().await),
            Db::Postgres(_) => None,
        };
        Ok(self.db.write(turn).await?)
    }

    /// The same for a thread that does nothing but write: on SQLite its statements block it.
    pub(crate) async fn write_here(&self) -> Result<Tx, StoreError> {
        match &self.db {
            Db::Sqlite(pool) => {
                let turn = self.turn.clone().lock_owned().await;
                let options = pool.connect_options();
                Ok(Tx::Direct(Direct::begin(turn, options.get_filename())?))
            }
            Db::Postgres(_) => self.write().await,
        }
    }

    pub(crate) async fn rows(
        &self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        Ok(self.db.rows(sql, args).await?)
    }

    pub(crate) async fn row(
        &self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.db.row(sql, args).await?)
    }
}

/// Whether a statement failed because a value exists that must be unique.
pub(crate) fn is_taken(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|e| e.is_unique_violation())
}

/// Whether a statement failed because a row that it refers to is missing.
pub(crate) fn is_missing_parent(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|e| e.is_foreign_key_violation())
}

/// Whether an error says that the database could not be reached or gave way to another node, so
/// that the same may be tried again once it is known what became of it.
pub(crate) fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => match error.code().as_deref() {
            // SQLite: busy, in whatever way. Its code is a number without letters.
            Some("5" | "261" | "517" | "773") => true,
            // PostgreSQL: connection lost, shut down, starting, too many, deadlock, lock timeout.
            Some(code) => {
                code.len() == 5
                    && (code.starts_with("08")
                        || matches!(
                            code,
                            "57P01"
                                | "57P02"
                                | "57P03"
                                | "53300"
                                | "40001"
                                | "40P01"
                                | "55P03"
                                | "25P03"
                        ))
            }
            None => false,
        },
        _ => false,
    }
}
