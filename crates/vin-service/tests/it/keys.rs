//! Which keys work, and how soon a change made elsewhere is seen.

use crate::{accounts, noon, service};
use std::time::Duration;
use vin_service::{ApiKey, KeySpec, MAX_AGE, Password, Phone, Refusal, Service};

async fn works(service: &Service, key: &ApiKey) -> bool {
    match service.authenticate(key).await {
        Ok(_) => true,
        Err(Refusal::UnknownKey) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn demo() -> ApiKey {
    ApiKey::parse("demo").expect("a key")
}

#[tokio::test]
async fn a_key_made_by_another_process_works_at_once_and_a_revoked_one_stops_in_time() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let service = service(dir.path(), &clock, false).await;
    let elsewhere = accounts(dir.path(), 1, &clock).await.expect("opens");
    let phone = Phone::parse("13812345678").expect("a number");
    let password = Password::parse("correct horse").expect("long enough");
    let account = elsewhere
        .create_account(&phone, &password, true)
        .await
        .expect("made");
    let issued = elsewhere
        .create_key(account, &KeySpec::default())
        .await
        .expect("made");
    assert!(works(&service, &issued.key).await);
    let caller = service.authenticate(&issued.key).await.expect("works");
    assert_eq!(caller.account, account);

    assert!(elsewhere.revoke_key(&issued.key).await.expect("revoked"));
    // The snapshot may still be believed; after MAX_AGE it must not be.
    clock.pass(MAX_AGE + Duration::from_millis(1));
    assert!(!works(&service, &issued.key).await);
}

#[tokio::test]
async fn the_background_sees_a_revoked_key_without_being_asked() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let service = service(dir.path(), &clock, true).await;
    service.accounts().seed_demo().await.expect("seeded");
    assert!(works(&service, &demo()).await);
    let running = service.clone();
    let task = tokio::spawn(async move { running.keep_fresh().await });
    let elsewhere = accounts(dir.path(), 1, &clock).await.expect("opens");
    assert!(elsewhere.revoke_key(&demo()).await.expect("revoked"));
    // The hand-turned clock stands still, so only the background can notice.
    let mut waited = 0;
    while works(&service, &demo()).await {
        tokio::time::sleep(Duration::from_millis(50)).await;
        waited += 1;
        assert!(waited < 100, "5 seconds are over");
    }
    task.abort();
}

#[tokio::test]
async fn the_demo_key_works_in_a_demo_only() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let first = service(dir.path(), &clock, true).await;
    assert!(!works(&first, &demo()).await);
    first.accounts().seed_demo().await.expect("seeded");
    first.accounts().seed_demo().await.expect("seeded once");
    assert!(works(&first, &demo()).await);
    let later = service(dir.path(), &clock, false).await;
    assert!(!works(&later, &demo()).await);
}

#[tokio::test]
async fn without_the_store_a_known_key_works_until_the_snapshot_is_old() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let service = service(dir.path(), &clock, true).await;
    service.accounts().seed_demo().await.expect("seeded");
    assert!(works(&service, &demo()).await);
    service.close().await;
    assert!(works(&service, &demo()).await);
    clock.pass(MAX_AGE + Duration::from_millis(1));
    let refused = service.authenticate(&demo()).await;
    assert!(matches!(refused, Err(Refusal::Broken)));
}
