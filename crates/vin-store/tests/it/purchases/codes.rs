//! Codes, coupons and the free trial, on both databases.

use super::{DEED, new, shop, totals};
use crate::ledger::checked;
use crate::{Place, account, on_both};
use std::sync::Arc;
use vin_store::{Deed, Lookup, NewBatch, NewCoupon, PurchaseState, StoreError, Way};

#[test]
fn a_code_that_a_hundred_callers_try_at_once_is_granted_once() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let lookups = [Lookup([1; 32]), Lookup([2; 32])];
        let batch = NewBatch {
            name: "fair",
            calls: 100,
            days: 30,
            ends_at: 2_000,
            lookups: &lookups,
            at: 1_000,
            actor: "ada",
        };
        let made = store.make_codes(&batch).await.expect("made");
        let taken = store.make_codes(&batch).await;
        assert!(matches!(taken, Err(StoreError::CodeTaken)), "{taken:?}");
        let mut accounts = Vec::new();
        for n in 0..10 {
            accounts.push(account(&store, &n.to_string()).await);
        }
        let barrier = Arc::new(tokio::sync::Barrier::new(100));
        let tries: Vec<_> = (0..100)
            .map(|n| {
                let (store, barrier, id) = (store.clone(), barrier.clone(), accounts[n % 10]);
                tokio::spawn(async move {
                    barrier.wait().await;
                    store.redeem(&Lookup([1; 32]), id, DEED).await
                })
            })
            .collect();
        let mut granted = 0;
        for tried in tries {
            match tried.await.expect("ran") {
                Ok((_, calls)) => granted += calls,
                Err(StoreError::NoCode) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(granted, 100);
        let mut all = Vec::new();
        for id in &accounts {
            all.extend(totals(&store, *id).await);
        }
        assert_eq!(all, [(100, 100)]);
        let late = Deed { at: 2_000, ..DEED };
        let over = store.redeem(&Lookup([2; 32]), accounts[0], late).await;
        assert!(matches!(over, Err(StoreError::NoCode)), "{over:?}");
        assert!(store.withdraw_codes(made).await.expect("done"));
        let gone = store.redeem(&Lookup([2; 32]), accounts[0], DEED).await;
        assert!(matches!(gone, Err(StoreError::NoCode)), "{gone:?}");
        let batches = store.code_batches().await.expect("read");
        assert_eq!(
            (batches.len(), batches[0].used, batches[0].open),
            (1, 1, false)
        );
        checked(&store).await;
    });
}

#[test]
fn a_coupon_holds_so_often_and_once_for_an_account() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        let coupon = NewCoupon {
            code: "AUTUMN",
            percent: true,
            off: 15,
            least_fen: 9_900,
            uses: 2,
            ends_at: 2_000,
            at: 1_000,
            actor: "ada",
        };
        store.make_coupon(&coupon).await.expect("made");
        let taken = store.make_coupon(&coupon).await;
        assert!(matches!(taken, Err(StoreError::CodeTaken)), "{taken:?}");
        store
            .order(&new("P1", id, "AUTUMN"))
            .await
            .expect("ordered");
        let row = store.purchase("P1", None).await.expect("read");
        assert_eq!(row.expect("there").price_fen, 8_415);
        let refused = async |number: &str, account| {
            let tried = store.order(&new(number, account, "AUTUMN")).await;
            assert!(matches!(tried, Err(StoreError::Coupon)), "{tried:?}");
        };
        refused("P2", id).await;
        let give_up = store.give_up("P1", None, PurchaseState::Cancelled, DEED);
        give_up.await.expect("given up");
        let (two, three) = (account(&store, "2").await, account(&store, "3").await);
        store
            .order(&new("P3", id, "AUTUMN"))
            .await
            .expect("given back");
        store
            .order(&new("P4", two, "AUTUMN"))
            .await
            .expect("the second");
        refused("P5", three).await;
        let list = store.coupons().await.expect("read");
        assert_eq!((list[0].used, list[0].uses), (2, 2));
        assert!(store.end_coupon(list[0].id, 1_000).await.expect("ended"));
        let fixed = NewCoupon {
            code: "BIG",
            percent: false,
            off: 100_000,
            ..coupon
        };
        store.make_coupon(&fixed).await.expect("made");
        store
            .order(&new("P6", three, "BIG"))
            .await
            .expect("ordered");
        let row = store.purchase("P6", None).await.expect("read");
        assert_eq!(row.expect("there").price_fen, 1, "never for nothing");
    });
}

#[test]
fn a_trial_is_had_once_and_open_purchases_are_few() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        assert!(!store.had_trial(id).await.expect("read"));
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.grant_trial(id, 20, 30, DEED).await.is_ok() })
            })
            .collect();
        let mut granted = 0;
        for tried in tries {
            granted += usize::from(tried.await.expect("ran"));
        }
        assert_eq!(granted, 1);
        assert!(store.had_trial(id).await.expect("read"));
        assert_eq!(totals(&store, id).await, [(20, 20)]);
        for n in 0..vin_store::MAX_OPEN {
            let number = format!("P{n}");
            store.order(&new(&number, id, "")).await.expect("ordered");
        }
        let more = store.order(&new("more", id, "")).await;
        assert!(matches!(more, Err(StoreError::TooManyOpen)), "{more:?}");
        let overdue = async |way, now| store.overdue(way, now, 100).await.expect("read").len();
        assert_eq!(overdue(Way::AlipayQr, 2_000).await, 10);
        assert_eq!(overdue(Way::AlipayQr, 1_999).await, 0);
        assert_eq!(overdue(Way::Transfer, 2_000).await, 0);
    });
}
