//! SQLite: how it is opened, and what each connection is asserted to keep to.

use crate::StoreError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Row as _, SqliteConnection};
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for another process that writes.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a process that opens the file rests before it tries again.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// What every connection must have, and is asked for after it was opened.
pub(super) const PRAGMAS: [(&str, &str, &str); 4] = [
    ("journal_mode", "pragma journal_mode", "wal"),
    ("synchronous", "pragma synchronous", "2"),
    ("busy_timeout", "pragma busy_timeout", "5000"),
    ("foreign_keys", "pragma foreign_keys", "1"),
];

pub(super) async fn open(path: &Path) -> Result<SqlitePool, StoreError> {
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
        });
    let mut waited = Duration::ZERO;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Ok(pool) => return Ok(pool),
            // SQLite does not wait for others while a fresh file turns to WAL, whatever
            // `busy_timeout` says: several processes that open it at once do their own waiting.
            Err(error) if primary_code(&error) == Some(5) && waited < BUSY_TIMEOUT => {
                tokio::time::sleep(BUSY_PAUSE).await;
                waited += BUSY_PAUSE;
            }
            Err(error) => return Err(opening(&path.display().to_string(), &error)),
        }
    }
}

/// SQLite's primary result code, the low byte of the extended one: 5 busy, 11 corrupt, 26 no
/// database.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
    Some(code & 0xff)
}

async fn assert_pragmas(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for (name, sql, wanted) in PRAGMAS {
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        let found = match row.try_get_unchecked::<i64, _>(0) {
            Ok(number) if name != "journal_mode" => number.to_string(),
            _ => row.try_get_unchecked::<String, _>(0)?,
        };
        if found != wanted {
            return Err(StoreError::Setting {
                name,
                found,
                wanted,
            });
        }
    }
    Ok(())
}

/// Tells why a database could not be opened.
pub(super) fn opening(place: &str, error: &sqlx::Error) -> StoreError {
    let (place, detail) = (place.to_owned(), error.to_string());
    match primary_code(error) {
        Some(11 | 26) => StoreError::Damaged { place, detail },
        _ => StoreError::Open { place, detail },
    }
}
