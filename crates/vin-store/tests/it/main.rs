//! The store's behaviour on a real database file.

mod accounts_and_keys;
mod opening;
mod orders;

use vin_store::{DatabaseUrl, Store};

/// A store in a directory of its own.
async fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = open(dir.path()).await;
    (dir, store)
}

async fn open(dir: &std::path::Path) -> Store {
    let url = DatabaseUrl::Sqlite(dir.join("chejia.db"));
    Store::open(&url).await.expect("a fresh database opens")
}
