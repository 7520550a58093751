//! Making accounts and keys.

use crate::{accounts, noon};
use vin_service::{AccountError, KeySpec, Password, Phone, ServiceError};
use vin_store::{AccountId, StoreError};

fn spec(name: &str, signature: bool) -> KeySpec {
    KeySpec {
        name: name.to_owned(),
        signature,
        ..KeySpec::default()
    }
}

#[tokio::test]
async fn an_account_gets_keys_that_differ() {
    let dir = tempfile::tempdir().expect("a directory");
    let accounts = accounts(dir.path(), 1, &noon()).await.expect("opens");
    let phone = Phone::parse("13812345678").expect("a number");
    let password = Password::parse("correct horse").expect("long enough");
    let id = accounts
        .create_account(&phone, &password, true)
        .await
        .expect("made");
    let again = accounts.create_account(&phone, &password, true).await;
    assert!(matches!(
        again,
        Err(AccountError::Store(StoreError::PhoneTaken))
    ));
    let a = accounts
        .create_key(id, &KeySpec::default())
        .await
        .expect("made");
    let b = accounts
        .create_key(id, &spec("店铺", true))
        .await
        .expect("made");
    for text in [
        a.key.reveal(),
        b.key.reveal(),
        a.secret.reveal(),
        b.secret.reveal(),
    ] {
        assert_eq!(text.len(), 32);
        assert!(text.bytes().all(|c| c.is_ascii_hexdigit()));
    }
    assert!(a.key != b.key && a.secret != b.secret);
    let error = accounts
        .create_key(AccountId(99), &KeySpec::default())
        .await
        .expect_err("nobody");
    assert_eq!(error.to_string(), "there is no account 99");
    let long = "长".repeat(65);
    assert!(matches!(
        accounts.create_key(id, &spec(&long, false)).await,
        Err(AccountError::Name)
    ));
}

#[tokio::test]
async fn another_master_key_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    accounts(dir.path(), 1, &noon()).await.expect("opens");
    let other = accounts(dir.path(), 2, &noon()).await;
    assert!(matches!(other.err(), Some(ServiceError::MasterKey)));
}
