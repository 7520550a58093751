//! Purchases, payments, codes, coupons and trials, on both databases.

mod codes;
mod invoices;
mod model;

use crate::ledger::{DEED, Node, checked, lease};
use crate::{Place, account, on_both};
use vin_store::{
    AccountId, Batch, NewPurchase, Paid, Payment, Provider, PurchaseState, Refund, Store,
    StoreError, Way,
};

/// A store that sells 1000 calls for 99 yuan and 365 days, and an account.
async fn shop(place: &Place) -> (Store, AccountId) {
    let store = place.open().await;
    let mut products = store.products().await.expect("read");
    let thousand = &mut products[2];
    (thousand.price_fen, thousand.days) = (9_900, 365);
    store.set_product(thousand).await.expect("set");
    let id = account(&store, "1").await;
    (store, id)
}

fn new<'a>(number: &'a str, account: AccountId, coupon: &'a str) -> NewPurchase<'a> {
    NewPurchase {
        number,
        account,
        product: 1_000,
        way: Way::AlipayQr,
        coupon,
        expires_at: 2_000,
        deed: DEED,
    }
}

fn payment(trade: &str, fen: i64) -> Payment<'_> {
    Payment {
        provider: Provider::Alipay,
        trade,
        fen,
        paid_at: 1_500,
    }
}

async fn state(store: &Store, number: &str) -> PurchaseState {
    let row = store.purchase(number, None).await.expect("read");
    row.expect("there").state
}

async fn totals(store: &Store, account: AccountId) -> Vec<(i64, i64)> {
    let lots = store.lots(account, 1_000).await.expect("read");
    lots.iter().map(|lot| (lot.total, lot.remaining)).collect()
}

#[test]
fn a_payment_grants_once_however_often_it_is_told() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        let first = store.pay("P1", &payment("T1", 9_900), DEED).await;
        assert!(matches!(first, Ok(Paid::Granted(_))), "{first:?}");
        for (trade, wanted) in [
            ("T1", Paid::Known),
            ("T2", Paid::Surplus),
            ("T2", Paid::Known),
        ] {
            let again = store.pay("P1", &payment(trade, 9_900), DEED).await;
            assert_eq!(again.expect("noted"), wanted, "{trade}");
        }
        assert_eq!(totals(&store, id).await, [(1_000, 1_000)]);
        let lot = store.lots(id, 1_000).await.expect("read")[0];
        assert_eq!(lot.expires_at, 1_000 + 365 * 86_400);
        let row = store.purchase("P1", Some(id)).await.expect("read");
        let changes = store.purchase_changes(row.expect("there").id).await;
        let states: Vec<_> = changes.expect("read").iter().map(|c| c.state).collect();
        use PurchaseState::{Created, Granted, Paid as HasPaid};
        assert_eq!(states, [Created, HasPaid, Granted]);
        checked(&store).await;
    });
}

#[test]
fn a_hundred_notices_at_once_grant_once() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        let told = (0..100).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let trade = format!("T{}", n % 2);
                store.pay("P1", &payment(&trade, 9_900), DEED).await
            })
        });
        let (mut granted, mut surplus) = (0, 0);
        for told in told.collect::<Vec<_>>() {
            match told.await.expect("ran").expect("noted") {
                Paid::Granted(_) => granted += 1,
                Paid::Surplus => surplus += 1,
                Paid::Known => {}
                Paid::Late => panic!("late"),
            }
        }
        assert_eq!((granted, surplus), (1, 1));
        assert_eq!(totals(&store, id).await, [(1_000, 1_000)]);
        checked(&store).await;
    });
}

#[test]
fn a_payment_that_differs_changes_nothing() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        store.order(&new("P2", id, "")).await.expect("ordered");
        let wechat = Payment {
            provider: Provider::WeChat,
            ..payment("T1", 9_900)
        };
        for wrong in [payment("T1", 9_899), payment("T1", 9_901), wechat] {
            let refused = store.pay("P1", &wrong, DEED).await;
            let differs = matches!(refused, Err(StoreError::PaymentDiffers { .. }));
            assert!(differs, "{refused:?}");
        }
        let unknown = store.pay("P9", &payment("T1", 9_900), DEED).await;
        assert!(
            matches!(unknown, Err(StoreError::NoPurchase(_))),
            "{unknown:?}"
        );
        store
            .pay("P1", &payment("T1", 9_900), DEED)
            .await
            .expect("paid");
        let twice = store.pay("P2", &payment("T1", 9_900), DEED).await;
        let differs = matches!(twice, Err(StoreError::PaymentDiffers { .. }));
        assert!(differs, "one payment is for one purchase: {twice:?}");
        assert_eq!(state(&store, "P2").await, PurchaseState::Created);
        assert_eq!(totals(&store, id).await.len(), 1);
        checked(&store).await;
    });
}

#[test]
fn the_price_is_that_of_the_moment_of_ordering() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        let mut dearer = store.products().await.expect("read")[2];
        dearer.price_fen = 19_900;
        store.set_product(&dearer).await.expect("set");
        store.order(&new("P2", id, "")).await.expect("ordered");
        for (number, fen) in [("P1", 9_900), ("P2", 19_900)] {
            let paid = store.pay(number, &payment(number, fen), DEED).await;
            assert!(matches!(paid, Ok(Paid::Granted(_))), "{number}: {paid:?}");
        }
        dearer.price_fen = 0;
        store.set_product(&dearer).await.expect("set");
        let unpriced = store.order(&new("P3", id, "")).await;
        assert!(
            matches!(unpriced, Err(StoreError::NoPurchase(_))),
            "{unpriced:?}"
        );
    });
}

#[test]
fn money_that_comes_late_waits_for_a_person() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        let give_up = async |to| store.give_up("P1", Some(id), to, DEED).await;
        give_up(PurchaseState::Expired).await.expect("given up");
        give_up(PurchaseState::Cancelled).await.expect("as it was");
        assert_eq!(state(&store, "P1").await, PurchaseState::Expired);
        let late = store.pay("P1", &payment("T1", 9_900), DEED).await;
        assert_eq!(late.expect("noted"), Paid::Late);
        assert!(totals(&store, id).await.is_empty());
        checked(&store).await;
        let refused = give_up(PurchaseState::Cancelled).await;
        assert!(
            matches!(refused, Err(StoreError::PurchaseState { .. })),
            "{refused:?}"
        );
        for _ in 0..2 {
            store.grant_purchase("P1", DEED).await.expect("granted");
        }
        assert_eq!(totals(&store, id).await, [(1_000, 1_000)]);
        checked(&store).await;
    });
}

#[test]
fn a_refund_takes_the_calls_back_once() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        let row = store.order(&new("P1", id, "")).await.expect("ordered");
        let refund = async |payment, fen| {
            let refund = Refund { payment, fen };
            store.want_refund("P1", refund, DEED).await
        };
        assert!(refund(1, 9_900).await.is_err(), "nothing was paid");
        for trade in ["T1", "T2"] {
            let paid = store.pay("P1", &payment(trade, 9_900), DEED).await;
            paid.expect("noted");
        }
        let payments = store.payments(row).await.expect("read");
        let (first, surplus) = (payments[0].id, payments[1].id);
        assert!(refund(first, 9_901).await.is_err(), "more than was paid");
        refund(surplus, 9_900).await.expect("the surplus goes back");
        assert_eq!(state(&store, "P1").await, PurchaseState::Granted);
        for _ in 0..2 {
            refund(first, 9_000).await.expect("refunded");
        }
        assert!(refund(first, 9_900).await.is_err(), "another amount");
        assert_eq!(state(&store, "P1").await, PurchaseState::Refunded);
        assert!(totals(&store, id).await.is_empty());
        let wanted = store.refunds("").await.expect("read");
        let told: Vec<_> = wanted.iter().map(|r| (&*r.trade, r.fen, r.calls)).collect();
        assert_eq!(told, [("T1", 9_000, 1_000), ("T2", 9_900, 0)]);
        assert!(store.refund_done(first, 1_100).await.expect("noted"));
        assert!(!store.refund_done(first, 1_100).await.expect("noted"));
        assert_eq!(store.refunds("").await.expect("read").len(), 1);
        assert_eq!(store.refunds("P1").await.expect("read").len(), 2);
        let third = store.pay("P1", &payment("T3", 9_900), DEED).await;
        assert_eq!(third.expect("noted"), Paid::Surplus);
        checked(&store).await;
    });
}

#[test]
fn calls_that_a_node_holds_end_with_a_refund() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        let row = store.order(&new("P1", id, "")).await.expect("ordered");
        let paid = store.pay("P1", &payment("T1", 9_900), DEED).await;
        let Ok(Paid::Granted(lot)) = paid else {
            panic!("{paid:?}")
        };
        let node = Node::begin(&store).await;
        assert_eq!(lease(&store, &node, id, 300).await, [300]);
        let refund = Refund {
            payment: store.payments(row).await.expect("read")[0].id,
            fen: 9_900,
        };
        store.want_refund("P1", refund, DEED).await.expect("wanted");
        let wanted = store.refunds("P1").await.expect("read");
        assert_eq!(wanted[0].calls, 700, "what no node held");
        assert_eq!(store.recalled(node.id).await.expect("read"), [id]);
        let back = Batch {
            back: [(lot, 300)].into(),
            ..Batch::default()
        };
        node.commit(&store, &back).await.expect("given back");
        assert!(lease(&store, &node, id, 300).await.is_empty(), "it ended");
        checked(&store).await;
    });
}

#[test]
fn a_check_finds_what_was_granted_without_money() {
    on_both(async |place: &Place| {
        let (store, id) = shop(place).await;
        store.order(&new("P1", id, "")).await.expect("ordered");
        store.order(&new("P2", id, "")).await.expect("ordered");
        store
            .pay("P2", &payment("T2", 9_900), DEED)
            .await
            .expect("paid");
        for (bad, good, part) in [
            (
                "update purchases set state = 'granted' where number = 'P1'",
                "update purchases set state = 'created' where number = 'P1'",
                "purchase P1 was granted or refunded without one payment",
            ),
            (
                "update purchases set state = 'cancelled' where number = 'P2'",
                "update purchases set state = 'granted' where number = 'P2'",
                "purchase P2 has a payment and is not paid",
            ),
            (
                "update purchases set calls = 2000 where number = 'P2'",
                "update purchases set calls = 1000 where number = 'P2'",
                "purchase P2 was granted without one package of its calls",
            ),
        ] {
            place.shell(bad).await.expect(bad);
            let wrong = store.check().await.expect("checked").wrong.join("; ");
            assert!(wrong.contains(part), "{bad}: {wrong}");
            place.shell(good).await.expect(good);
            checked(&store).await;
        }
        for sql in [
            "update payments set fen = 1",
            "delete from payments",
            "update purchase_changes set actor = 'eve'",
            "delete from purchase_changes",
        ] {
            let refused = place.shell(sql).await.expect_err("refused");
            assert!(refused.to_string().contains("only ever added"), "{refused}");
        }
    });
}
