//! The schema and its history: forward only, and safe when several nodes start at once.

use super::Store;
use super::sql::{Tx, args};
use super::sqlite::opening;
use crate::StoreError;

/// One step of the schema, in the words of both databases.
struct Migration {
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($file:literal)+) => {
        &[$(Migration {
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $file, ".sql")),
        }),+]
    };
}

/// The migrations, oldest first; one that was released never changes.
const MIGRATIONS: &[Migration] = migrations!["0001_accounts_keys_orders" "0002_metering" "0003_channels" "0004_books" "0005_console" "0006_passkeys" "0007_purchases" "0008_alerts" "0009_invoices" "0010_outbox" "0011_verification"];

/// What nodes lock while one of them migrates; any number that no other program uses.
const LOCK: &str = "select pg_advisory_xact_lock(7310434801)";

impl Store {
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| opening(&self.place, &error);
        let mut tx = self.db.write(None).await.map_err(failed)?;
        let tables = match &mut tx {
            Tx::Sqlite(..) | Tx::Direct(_) => "select name from sqlite_schema where type = 'table'",
            Tx::Postgres(_) => {
                tx.rows(LOCK, args![]).await.map_err(failed)?;
                "select tablename::text from pg_tables where schemaname = current_schema()"
            }
        };
        let tables = tx.rows(tables, args![]).await.map_err(failed)?;
        let tables: Vec<_> = tables
            .iter()
            .map(|row| row.text(0))
            .collect::<Result<_, _>>()?;
        let known = MIGRATIONS.len() as i64;
        let found = if tables.iter().any(|t| t == "schema_version") {
            let sql = "select coalesce(max(version), 0) from schema_version";
            tx.int(sql, args![]).await?
        } else if tables.is_empty() {
            let sql = "create table schema_version (version integer not null primary key) strict";
            tx.define(sql).await.map_err(failed)?;
            0
        } else {
            let place = self.place.clone();
            return Err(StoreError::Foreign { place });
        };
        if found > known {
            let place = self.place.clone();
            return Err(StoreError::Newer {
                place,
                found,
                known,
            });
        }
        for (version, step) in (1_i64..).zip(MIGRATIONS).skip(found.max(0) as usize) {
            tx.script(step.sqlite, || step.postgres.to_owned())
                .await
                .map_err(failed)?;
            let sql = "insert into schema_version (version) values ($1)";
            tx.run(sql, args![version]).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// The newest schema that this program knows.
    pub fn newest_schema() -> i64 {
        MIGRATIONS.len() as i64
    }
}
