//! Opening the database: URL, pool, pragmas, migrations; every difference between databases.

use crate::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The migrations, oldest first; one that was released never changes.
const MIGRATIONS: &[&str] = &[include_str!(
    "../migrations/sqlite/0001_accounts_keys_orders.sql"
)];

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What every connection must have, and is asked for after it was opened.
const PRAGMAS: [(&str, &str, &str); 4] = [
    ("journal_mode", "pragma journal_mode", "wal"),
    ("synchronous", "pragma synchronous", "2"),
    ("busy_timeout", "pragma busy_timeout", "5000"),
    ("foreign_keys", "pragma foreign_keys", "1"),
];

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
}

impl DatabaseUrl {
    /// Reads `sqlite:PATH` or `sqlite://PATH`.
    ///
    /// # Errors
    /// [`StoreError::Url`] for any other kind.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let refused = |reason| {
            Err(StoreError::Url {
                // What follows the scheme may hold a password.
                url: format!("{scheme}:…"),
                reason,
            })
        };
        match scheme {
            "sqlite" if path.is_empty() => refused("no path follows sqlite:"),
            "sqlite" if path.starts_with(":memory:") => {
                refused("a database in memory would forget every key")
            }
            "sqlite" => Ok(Self::Sqlite(PathBuf::from(path))),
            "postgres" | "postgresql" => refused("PostgreSQL is not in this version, use sqlite:"),
            _ => refused("it must begin with sqlite:"),
        }
    }
}

/// The open database; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the database, makes it when it is missing, and brings its schema up to date.
    ///
    /// Any number of processes may do this at once.
    ///
    /// # Errors
    /// [`StoreError`] that tells a damaged, foreign, newer or unreachable database apart.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let DatabaseUrl::Sqlite(path) = url;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(BUSY_TIMEOUT)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    assert_pragmas(connection)
                        .await
                        .map_err(|e| sqlx::Error::Configuration(Box::new(e)))
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| opening(path, &error))?;
        let store = Self { pool };
        store.migrate(path).await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes every connection; SQLite then folds its log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// A transaction that holds the right to write from its first moment on.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("begin immediate").await?)
    }

    async fn migrate(&self, path: &Path) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| opening(path, &error);
        let mut tx = self
            .pool
            .begin_with("begin immediate")
            .await
            .map_err(failed)?;
        let tables: Vec<String> =
            sqlx::query_scalar("select name from sqlite_schema where type = 'table'")
                .fetch_all(&mut *tx)
                .await
                .map_err(failed)?;
        let known = MIGRATIONS.len() as i64;
        let found: i64 = if tables.iter().any(|t| t == "schema_version") {
            sqlx::query_scalar("select coalesce(max(version), 0) from schema_version")
                .fetch_one(&mut *tx)
                .await
                .map_err(failed)?
        } else if tables.is_empty() {
            tx.execute("create table schema_version (version integer not null primary key) strict")
                .await
                .map_err(failed)?;
            0
        } else {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
            });
        };
        if found > known {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known,
            });
        }
        for (version, sql) in (1_i64..).zip(MIGRATIONS).skip(found.max(0) as usize) {
            sqlx::raw_sql(*sql)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            sqlx::query("insert into schema_version (version) values ($1)")
                .bind(version)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }
}

async fn assert_pragmas(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for (name, sql, wanted) in PRAGMAS {
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        let found = match sqlx::Row::try_get_unchecked::<i64, _>(&row, 0) {
            Ok(number) if name != "journal_mode" => number.to_string(),
            _ => sqlx::Row::try_get_unchecked::<String, _>(&row, 0)?,
        };
        if found != wanted {
            return Err(StoreError::Pragma {
                name,
                found,
                wanted,
            });
        }
    }
    Ok(())
}

/// Tells why a database could not be opened.
fn opening(path: &Path, error: &sqlx::Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    // SQLite's primary result codes, the low byte of the extended ones: 11 corrupt, 26 no database.
    let code = error
        .as_database_error()
        .and_then(|e| e.code()?.parse::<u32>().ok())
        .map(|code| code & 0xff);
    match code {
        Some(11 | 26) => StoreError::Damaged { path, detail },
        _ => StoreError::Open { path, detail },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_files_are_spoken_and_no_password_is_repeated() {
        let at = |path: &str| DatabaseUrl::Sqlite(PathBuf::from(path));
        assert_eq!(
            DatabaseUrl::parse("sqlite:var/a.db").expect("ok"),
            at("var/a.db")
        );
        assert_eq!(
            DatabaseUrl::parse("sqlite:///a.db").expect("ok"),
            at("/a.db")
        );
        let error = DatabaseUrl::parse("postgres://me:pass@host/db").expect_err("not yet");
        let text = error.to_string();
        assert!(text.contains("not in this version") && !text.contains("pass"));
        for url in ["", "sqlite:", "sqlite::memory:", "mysql://x", "a.db"] {
            assert!(DatabaseUrl::parse(url).is_err(), "{url}");
        }
    }
}
