//! Opening: what a damaged, foreign or newer file says, and that opening again changes nothing.

use crate::{open, store};
use std::fs;
use vin_store::{DatabaseUrl, Store, StoreError};

async fn refusal(path: &std::path::Path) -> StoreError {
    let url = DatabaseUrl::Sqlite(path.to_owned());
    Store::open(&url).await.expect_err("must be refused")
}

#[tokio::test]
async fn opening_twice_and_from_two_processes_at_once_is_the_same() {
    let (dir, first) = store().await;
    let (a, b) = tokio::join!(open(dir.path()), open(dir.path()));
    for store in [&first, &a, &b] {
        store.ping().await.expect("answers");
        assert_eq!(store.key_revision().await.expect("a number"), 1);
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damaged() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("chejia.db");
    fs::write(&path, "this is a letter, not a database\n".repeat(200)).expect("written");
    let error = refusal(&path).await;
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_database_that_lost_its_middle_is_damaged() {
    let (dir, first) = store().await;
    first.close().await;
    let path = dir.path().join("chejia.db");
    let mut bytes = fs::read(&path).expect("read");
    let len = bytes.len();
    bytes[100..len].fill(0x5a);
    fs::write(&path, bytes).expect("written");
    let error = refusal(&path).await;
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn a_directory_in_its_place_cannot_be_opened() {
    let dir = tempfile::tempdir().expect("a directory");
    let error = refusal(dir.path()).await;
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
}

#[tokio::test]
async fn foreign_and_newer_databases_are_left_alone() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("chejia.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut raw = SqliteConnection::connect(&url).await.expect("opens");
    raw.execute("create table theirs (a integer)")
        .await
        .expect("made");
    assert!(matches!(refusal(&path).await, StoreError::Foreign { .. }));
    raw.execute("drop table theirs").await.expect("dropped");
    let url = DatabaseUrl::Sqlite(path.clone());
    Store::open(&url).await.expect("empty now").close().await;
    raw.execute("insert into schema_version (version) values (999)")
        .await
        .expect("raised");
    let error = refusal(&path).await;
    assert!(
        matches!(error, StoreError::Newer { found: 999, .. }),
        "{error}"
    );
}
