//! The store's behaviour on real databases: each test of [`on_both`] runs on SQLite and on
//! PostgreSQL.

mod accounts_and_keys;
mod alerts;
mod channels;
mod console;
mod encrypted;
mod learned;
mod ledger;
mod log;
mod model;
mod opening;
mod orders;
mod outbox;
mod purchases;
mod repairs;
mod submissions;

use std::path::Path;
use vin_store::{AccountId, DatabaseUrl, NewAccount, Store};
use vin_testkit::Cluster;

/// A database of a test's own.
struct Place {
    /// Where SQLite's file lies.
    dir: tempfile::TempDir,
    /// A database of the cluster, or none for SQLite.
    postgres: Option<String>,
}

impl Place {
    fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let postgres = None;
        Self { dir, postgres }
    }

    fn postgres() -> Self {
        let postgres = Some(Cluster::shared().database());
        Self {
            postgres,
            ..Self::sqlite()
        }
    }

    fn url(&self) -> DatabaseUrl {
        match &self.postgres {
            Some(url) => DatabaseUrl::parse(url).expect("a URL"),
            None => DatabaseUrl::Sqlite(self.dir.path().join("chejia.db")),
        }
    }

    /// A store, as another process on the same data would open it.
    async fn open(&self) -> Store {
        Store::open(&self.url()).await.expect("the database opens")
    }

    /// Runs SQL past the store, as a person with a SQL shell would; what the database said.
    async fn shell(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        use sqlx::{Connection as _, Executor as _};
        match &self.postgres {
            Some(url) => {
                let mut raw = sqlx::PgConnection::connect(url).await?;
                raw.execute(sql).await.map(drop)
            }
            None => {
                let url = format!("sqlite://{}", self.dir.path().join("chejia.db").display());
                let mut raw = sqlx::SqliteConnection::connect(&url).await?;
                raw.execute(sql).await.map(drop)
            }
        }
    }
}

/// Runs a test on each database.
fn on_both(test: impl AsyncFn(&Place)) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for place in [Place::sqlite(), Place::postgres()] {
        runtime.block_on(test(&place));
    }
}

/// A store in a directory of its own.
async fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path()).await;
    (dir, store)
}

async fn open(dir: &Path) -> Store {
    let url = DatabaseUrl::Sqlite(dir.join("chejia.db"));
    Store::open(&url).await.expect("a fresh database opens")
}

async fn account(store: &Store, phone: &str) -> AccountId {
    let new = NewAccount {
        phone,
        password_hash: "!",
        verified: true,
        created_at: 1,
    };
    store.create_account(&new).await.expect("made")
}
