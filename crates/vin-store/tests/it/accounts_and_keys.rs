//! Accounts and keys: uniqueness, revocation, rotation, and a revision that no change escapes.

use crate::{Place, account, on_both};
use vin_store::{
    AccountId, Deed, KeyRow, KeyRules, Lookup, NEVER, NewAccount, NewKey, Store, StoreError,
};

static PLAIN: KeyRules = KeyRules {
    signature: false,
    rate_calls: 0,
    rate_seconds: 0,
    daily_cap: 0,
    addresses: String::new(),
    referers: String::new(),
};

fn key(account: AccountId, byte: u8) -> NewKey<'static> {
    NewKey {
        account,
        name: "shop",
        lookup: Lookup([byte; 32]),
        sealed_key: b"k",
        sealed_secret: b"s",
        rules: &PLAIN,
        expires_at: NEVER,
        created_at: 2,
        console: false,
    }
}

async fn keys(store: &Store) -> Vec<KeyRow> {
    store.key_snapshot().await.expect("read").keys
}

async fn first_bytes(store: &Store) -> Vec<u8> {
    keys(store).await.iter().map(|k| k.lookup.0[0]).collect()
}

#[test]
fn a_phone_number_has_one_account() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "13800000000").await;
        let again = NewAccount {
            phone: "13800000000",
            password_hash: "!",
            verified: false,
            created_at: 1,
        };
        let again = store.create_account(&again).await;
        assert!(matches!(again, Err(StoreError::PhoneTaken)), "{again:?}");
        let by_phone = async |phone| store.account_by_phone(phone).await.expect("read");
        assert_eq!(by_phone("13800000000").await, Some(id));
        assert_eq!(by_phone("13800000001").await, None);
        let all = store.accounts(AccountId(0), 10).await.expect("read");
        assert_eq!((all.len(), all[0].id, all[0].verified), (1, id, true));
        assert!(store.accounts(id, 10).await.expect("read").is_empty());
    });
}

#[test]
fn keys_belong_to_an_account_and_are_unique() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let nobody = store.create_key(&key(AccountId(7), 1)).await;
        assert!(
            matches!(nobody, Err(StoreError::NoAccount(7))),
            "{nobody:?}"
        );
        let id = account(&store, "1").await;
        store.create_key(&key(id, 1)).await.expect("made");
        let again = store.create_key(&key(id, 1)).await;
        assert!(matches!(again, Err(StoreError::KeyTaken)), "{again:?}");
        assert_eq!(first_bytes(&store).await, [1]);
    });
}

#[test]
fn every_rule_of_a_key_comes_back() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let rules = KeyRules {
            signature: true,
            rate_calls: 7,
            rate_seconds: 60,
            daily_cap: 900,
            addresses: "10.0.0.0/8 ::1".to_owned(),
            referers: "example.com".to_owned(),
        };
        let new = NewKey {
            rules: &rules,
            expires_at: 99,
            ..key(id, 1)
        };
        store.create_key(&new).await.expect("made");
        let found = keys(&store).await.remove(0);
        assert_eq!((&found.rules, found.expires_at), (&rules, 99));
        assert_eq!(
            (found.name.as_str(), &*found.sealed_secret),
            ("shop", &b"s"[..])
        );
        let by_lookup = store.key(&Lookup([1; 32])).await.expect("read");
        assert_eq!(by_lookup, Some(found));
    });
}

#[test]
fn a_revoked_key_is_gone_and_stays_known() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.create_key(&key(id, 1)).await.expect("made");
        store.create_key(&key(id, 2)).await.expect("made");
        let before = store.key_revision().await.expect("read");
        // Another process does it.
        let other = place.open().await;
        assert!(other.revoke_key(&Lookup([1; 32])).await.expect("done"));
        assert!(!other.revoke_key(&Lookup([1; 32])).await.expect("done"));
        assert!(store.key_revision().await.expect("read") > before);
        assert_eq!(first_bytes(&store).await, [2]);
        assert!(store.has_key(&Lookup([1; 32])).await.expect("read"));
        assert_eq!(store.key(&Lookup([1; 32])).await.expect("read"), None);
    });
}

#[test]
fn a_rotated_key_works_until_the_overlap_is_over() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.create_key(&key(id, 1)).await.expect("made");
        let rotate = async |old, new: u8, until| {
            let new = NewKey {
                created_at: 100,
                ..key(id, new)
            };
            let done = store.rotate_key(&Lookup([old; 32]), &new, until).await;
            done.expect("done").is_some()
        };
        assert!(rotate(1, 2, 150).await);
        let ends = async || {
            let keys = keys(&store).await;
            keys.iter().map(|k| k.expires_at).collect::<Vec<_>>()
        };
        assert_eq!(ends().await, [150, NEVER]);
        assert!(rotate(1, 3, 170).await, "it works still");
        assert_eq!(
            ends().await,
            [150, NEVER, NEVER],
            "and ends no later than it would have"
        );
        assert!(store.revoke_key(&Lookup([1; 32])).await.expect("done"));
        assert!(!rotate(1, 4, 200).await, "a revoked key has no successor");
        assert!(!rotate(9, 5, 200).await, "nor has one that never was");
        assert_eq!(first_bytes(&store).await, [2, 3]);
    });
}

#[test]
fn a_key_tells_what_its_account_may_do() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.create_key(&key(id, 1)).await.expect("made");
        let state = async || {
            let key = keys(&store).await.remove(0);
            (key.suspended, key.verified, key.served)
        };
        let mut revision = store.key_revision().await.expect("read");
        let mut changed = async || {
            let now = store.key_revision().await.expect("read");
            std::mem::replace(&mut revision, now) < now
        };
        assert_eq!(state().await, (false, true, false));
        assert!(store.suspend_account(id, true).await.expect("done"));
        assert!(changed().await);
        assert_eq!(state().await, (true, true, false));
        assert!(store.suspend_account(id, false).await.expect("done"));
        assert!(store.verify_account(id, false).await.expect("done"));
        assert!(changed().await);
        assert_eq!(state().await, (false, false, false));
        let deed = Deed {
            at: 1,
            reason: "test",
            actor: "test",
        };
        store.grant(id, 10, NEVER, deed).await.expect("granted");
        assert!(changed().await);
        assert_eq!(state().await, (false, false, true));
        let nobody = AccountId(77);
        assert!(!store.suspend_account(nobody, true).await.expect("done"));
        assert!(!store.verify_account(nobody, true).await.expect("done"));
    });
}

#[test]
fn a_change_by_a_sql_shell_is_noticed_too() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.create_key(&key(id, 1)).await.expect("made");
        for (sql, suspended) in [
            ("update accounts set state = 'suspended'", Some(true)),
            ("update accounts set state = 'active'", Some(false)),
            ("update keys set daily_cap = 7", Some(false)),
            ("delete from keys", None),
        ] {
            let before = store.key_revision().await.expect("read");
            place.shell(sql).await.expect(sql);
            assert!(store.key_revision().await.expect("read") > before, "{sql}");
            let found = keys(&store).await.first().map(|k| k.suspended);
            assert_eq!(found, suspended, "{sql}");
        }
    });
}

#[test]
fn a_value_that_is_settled_stays() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        assert_eq!(store.settle("a", "1").await.expect("set"), "1");
        assert_eq!(store.settle("a", "2").await.expect("kept"), "1");
    });
}
