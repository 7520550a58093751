//! PostgreSQL: how it is entered, and what each session is asserted to keep to.

use super::sqlite::opening;
use crate::StoreError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Row as _};
use std::time::Duration;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What every session sets for itself: an answer means that it is on disk, and a node that is
/// stuck holds nobody's rows for long.
const OPTIONS: [(&str, &str); 4] = [
    ("synchronous_commit", "on"),
    ("lock_timeout", "5s"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// What every session must have, and is asked for after it was opened.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("fsync", "show fsync", "on"),
    ("synchronous_commit", "show synchronous_commit", "on"),
    ("full_page_writes", "show full_page_writes", "on"),
];

pub(super) async fn open(place: &str, options: &PgConnectOptions) -> Result<PgPool, StoreError> {
    let options = options.clone().application_name("chejia").options(OPTIONS);
    // A pool would try again and again, and in the end tell of a time-out only.
    let first = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        assert_settings(&mut connection).await?;
        Ok(connection.close().await?)
    };
    let first = tokio::time::timeout(CONNECT_TIMEOUT, first).await;
    let timeout = || opening(place, &sqlx::Error::PoolTimedOut);
    match first.unwrap_or_else(|_| Err(timeout())) {
        Err(error @ StoreError::Setting { .. }) => return Err(error),
        Err(error) => {
            return Err(StoreError::Open {
                place: place.to_owned(),
                detail: error.to_string(),
            });
        }
        Ok(()) => {}
    }
    PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(CONNECT_TIMEOUT)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                assert_settings(connection)
                    .await
                    .map_err(|e| sqlx::Error::Configuration(Box::new(e)))
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| opening(place, &error))
}

async fn assert_settings(connection: &mut PgConnection) -> Result<(), StoreError> {
    for (name, sql, wanted) in SETTINGS {
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        let found: String = row.try_get(0)?;
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
