//! Accounts and keys: uniqueness, revocation, and a revision that no change escapes.

use crate::{open, store};
use vin_store::{AccountId, Lookup, NewAccount, NewKey, Store, StoreError};

fn account(phone: &str) -> NewAccount<'_> {
    NewAccount {
        phone,
        password_hash: "!",
        verified: true,
        created_at: 1,
    }
}

fn key(account: AccountId, byte: u8) -> NewKey<'static> {
    NewKey {
        account,
        name: "shop",
        lookup: Lookup([byte; 32]),
        sealed_key: b"k",
        sealed_secret: b"s",
        signature: false,
        created_at: 2,
    }
}

async fn usable(store: &Store) -> Vec<u8> {
    let snapshot = store.key_snapshot().await.expect("read");
    snapshot.keys.iter().map(|k| k.lookup.0[0]).collect()
}

#[tokio::test]
async fn a_phone_number_has_one_account() {
    let (_dir, store) = store().await;
    let id = store
        .create_account(&account("13800000000"))
        .await
        .expect("made");
    let again = store.create_account(&account("13800000000")).await;
    assert!(matches!(again, Err(StoreError::PhoneTaken)));
    assert_eq!(
        store.account_by_phone("13800000000").await.expect("read"),
        Some(id)
    );
    assert_eq!(
        store.account_by_phone("13800000001").await.expect("read"),
        None
    );
}

#[tokio::test]
async fn keys_belong_to_an_account_and_are_unique() {
    let (_dir, store) = store().await;
    let nobody = store.create_key(&key(AccountId(7), 1)).await;
    assert!(matches!(nobody, Err(StoreError::NoAccount(7))));
    let id = store.create_account(&account("1")).await.expect("made");
    store.create_key(&key(id, 1)).await.expect("made");
    assert!(matches!(
        store.create_key(&key(id, 1)).await,
        Err(StoreError::KeyTaken)
    ));
    assert_eq!(usable(&store).await, [1]);
}

#[tokio::test]
async fn a_revoked_key_is_gone_and_stays_known() {
    let (dir, store) = store().await;
    let id = store.create_account(&account("1")).await.expect("made");
    store.create_key(&key(id, 1)).await.expect("made");
    store.create_key(&key(id, 2)).await.expect("made");
    let before = store.key_revision().await.expect("read");
    // Another process does it.
    let other = open(dir.path()).await;
    assert!(other.revoke_key(&Lookup([1; 32])).await.expect("done"));
    assert!(!other.revoke_key(&Lookup([1; 32])).await.expect("done"));
    assert!(store.key_revision().await.expect("read") > before);
    assert_eq!(usable(&store).await, [2]);
    assert!(store.has_key(&Lookup([1; 32])).await.expect("read"));
}

#[tokio::test]
async fn a_change_by_a_sql_shell_is_noticed_too() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let (dir, store) = store().await;
    let id = store.create_account(&account("1")).await.expect("made");
    store.create_key(&key(id, 1)).await.expect("made");
    let url = format!("sqlite://{}", dir.path().join("chejia.db").display());
    let mut raw = SqliteConnection::connect(&url).await.expect("opens");
    for sql in [
        "update accounts set state = 'suspended'",
        "update accounts set state = 'active'",
        "delete from keys",
    ] {
        let before = store.key_revision().await.expect("read");
        raw.execute(sql).await.expect(sql);
        assert!(store.key_revision().await.expect("read") > before, "{sql}");
        assert_eq!(
            usable(&store).await.is_empty(),
            !sql.ends_with("'active'"),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn a_value_that_is_settled_stays() {
    let (_dir, store) = store().await;
    assert_eq!(store.settle("a", "1").await.expect("set"), "1");
    assert_eq!(store.settle("a", "2").await.expect("kept"), "1");
}
