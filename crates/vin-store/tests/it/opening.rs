//! Opening: what a damaged, foreign or newer file says, and that opening again changes nothing.

use crate::{Place, on_both, store};
use std::fs;
use vin_store::{DatabaseUrl, Store, StoreError};
use vin_testkit::Cluster;

async fn refusal(path: &std::path::Path) -> StoreError {
    let url = DatabaseUrl::Sqlite(path.to_owned());
    Store::open(&url).await.expect_err("must be refused")
}

#[test]
fn any_number_of_processes_may_open_a_fresh_database_at_once() {
    on_both(async |place: &Place| {
        let all = tokio::join!(place.open(), place.open(), place.open(), place.open());
        for store in [all.0, all.1, all.2, all.3] {
            store.ping().await.expect("answers");
            assert_eq!(store.key_revision().await.expect("a number"), 1);
            assert_eq!(store.products().await.expect("read").len(), 7);
        }
    });
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("chejia.db");
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut raw = SqliteConnection::connect(&url).await.expect("opens");
    let first = include_str!("../../migrations/sqlite/0001_accounts_keys_orders.sql");
    raw.execute("create table schema_version (version integer not null primary key) strict")
        .await
        .expect("made");
    raw.execute("insert into schema_version (version) values (1)")
        .await
        .expect("made");
    raw.execute(first).await.expect("made");
    raw.execute(
        "insert into accounts (phone, password_hash, verified, created_at) values ('1', '!', 1, 1)",
    )
    .await
    .expect("made");
    raw.execute(
        "insert into keys (account_id, name, lookup, sealed_key, sealed_secret, signature, created_at)
         values (1, 'old', zeroblob(32), x'00', x'00', 1, 1)",
    )
    .await
    .expect("made");
    let store = crate::open(dir.path()).await;
    let key = store.key_snapshot().await.expect("read").keys.remove(0);
    assert_eq!(
        (key.name.as_str(), key.expires_at),
        ("old", vin_store::NEVER)
    );
    assert!(key.rules.signature && key.rules.rate_calls == 0);
}

#[tokio::test]
async fn a_postgresql_that_cannot_be_entered_is_named_without_its_password() {
    let url = DatabaseUrl::parse("postgres://me:pass@127.0.0.1:1/none").expect("a URL");
    let error = Store::open(&url)
        .await
        .expect_err("nobody is there")
        .to_string();
    assert!(
        error.contains("127.0.0.1:1/none") && !error.contains("pass"),
        "{error}"
    );
}

#[test]
fn a_postgresql_that_may_lose_what_it_confirmed_is_refused() {
    let place = Place::postgres();
    let url = place.postgres.clone().expect("a URL");
    let name = url.rsplit('/').next().expect("a name");
    let cluster = Cluster::shared();
    // Nothing but the whole server can be told not to sync; a role can be told not to wait for it.
    cluster.run(
        &url,
        &format!("alter database {name} set synchronous_commit = off"),
    );
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // What the session asks for itself counts more than what the database says.
    runtime.block_on(async { place.open().await.ping().await.expect("answers") });
    let own = Cluster::start();
    let url = own.database();
    own.run(&url, "alter system set fsync = off");
    own.run(&url, "select pg_reload_conf()");
    std::thread::sleep(std::time::Duration::from_millis(500));
    let url = DatabaseUrl::parse(&url).expect("a URL");
    let error = runtime
        .block_on(Store::open(&url))
        .expect_err("refused")
        .to_string();
    assert!(error.contains("fsync"), "{error}");
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
