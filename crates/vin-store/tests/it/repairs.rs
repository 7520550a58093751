//! What is done to a ledger by hand and by time: refunds, adjustments, expiry, and its check.

use crate::ledger::{DECEMBER, DEED, NOVEMBER, Node, batch, begun, call, checked, lease, left};
use crate::{Place, account, on_both};
use vin_store::{LotId, NEVER, StoreError};

#[test]
fn a_refund_happens_once_and_raises_no_total() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 5).await;
        lease(&store, &node, id, 5).await;
        let entries = vec![call(id, NOVEMBER, Some(lot)), call(id, NOVEMBER + 1, None)];
        node.commit(&store, &batch(entries))
            .await
            .expect("committed");
        assert_eq!(
            store.refund(NOVEMBER, DEED).await.expect("refunded"),
            (lot, 1)
        );
        let again = store.refund(NOVEMBER, DEED).await;
        assert!(
            matches!(again, Err(StoreError::Refunded(NOVEMBER))),
            "{again:?}"
        );
        let free = store.refund(NOVEMBER + 1, DEED).await;
        assert!(matches!(free, Err(StoreError::NotCharged(_))), "{free:?}");
        for order in [NOVEMBER + 2, DECEMBER, 7] {
            let none = store.refund(order, DEED).await;
            assert!(matches!(none, Err(StoreError::NoOrder(_))), "{none:?}");
        }
        let lots = store.lots(id, 0).await.expect("read");
        assert_eq!((lots[0].total, lots[0].remaining), (5, 5));
        checked(&store).await;
    });
}

#[test]
fn an_adjustment_takes_only_what_is_free() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 10).await;
        lease(&store, &node, id, 4).await;
        store.adjust(lot, 3, DEED).await.expect("more");
        let error = store.adjust(lot, -10, DEED).await.expect_err("too much");
        let text = "package 1 has 9 calls that no node holds right now, fewer than 10";
        assert_eq!(error.to_string(), text);
        store.adjust(lot, -9, DEED).await.expect("what is free");
        let none = store.adjust(LotId(77), 1, DEED).await;
        assert!(matches!(none, Err(StoreError::NoLot(77))), "{none:?}");
        assert_eq!(left(&store, id).await, [4]);
        checked(&store).await;
    });
}

#[test]
fn what_has_expired_is_lost_and_stands_in_the_ledger() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.grant(id, 10, 2_000, DEED).await.expect("granted");
        store.grant(id, 7, NEVER, DEED).await.expect("granted");
        let node = Node::begin(&store).await;
        lease(&store, &node, id, 4).await;
        assert_eq!(store.expire(1_999).await.expect("done"), 0);
        assert_eq!(store.expire(2_000).await.expect("done"), 6);
        assert_eq!(store.expire(2_000).await.expect("done"), 0);
        store.end_instance(node.id).await.expect("ended");
        assert_eq!(
            store.expire(2_000).await.expect("done"),
            4,
            "once it was given back"
        );
        let lots = store.lots(id, 2_000).await.expect("read");
        assert_eq!((lots.len(), lots[0].remaining), (1, 7));
        checked(&store).await;
    });
}

#[test]
fn months_that_are_dropped_stay_in_the_ledger() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 9).await;
        lease(&store, &node, id, 5).await;
        let entries = vec![
            call(id, NOVEMBER, Some(lot)),
            call(id, NOVEMBER + 1, Some(lot)),
            call(id, DECEMBER, Some(lot)),
        ];
        node.commit(&store, &batch(entries))
            .await
            .expect("committed");
        assert_eq!(store.drop_months(202_612, 9).await.expect("dropped"), 1);
        assert_eq!(store.drop_months(202_612, 9).await.expect("dropped"), 0);
        let log = async |month| {
            store
                .calls(id, month, i64::MAX, 9)
                .await
                .expect("read")
                .len()
        };
        assert_eq!((log(202_611).await, log(202_612).await), (0, 1));
        assert_eq!(left(&store, id).await, [6]);
        assert_eq!(checked(&store).await.charges, 3);
    });
}

#[test]
fn entries_are_only_ever_added() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.grant(id, 9, NEVER, DEED).await.expect("granted");
        for sql in ["update entries set delta = 10", "delete from entries"] {
            let error = place.shell(sql).await.expect_err(sql).to_string();
            assert!(error.contains("only ever added"), "{error}");
        }
    });
}

#[test]
fn a_balance_that_was_tampered_with_is_found() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 9).await;
        lease(&store, &node, id, 5).await;
        let one = batch(vec![call(id, NOVEMBER, Some(lot))]);
        node.commit(&store, &one).await.expect("committed");
        checked(&store).await;
        for (bad, good, part) in [
            (
                "update lots set remain = remain + 1",
                "update lots set remain = remain - 1",
                "9 calls are left, the ledger says 8",
            ),
            (
                "update lots set total = 10",
                "update lots set total = 9",
                "its total is not what was granted",
            ),
            (
                "update leases set remain = 0",
                "update leases set remain = 4",
                "4 calls are left, the ledger says 8",
            ),
            (
                "update calls_202611 set count = 2",
                "update calls_202611 set count = 1",
                "the ledger says 7",
            ),
            (
                "update usage_days set charged = 0",
                "update usage_days set charged = 1",
                "the sums by day say 0 charges, there are 1",
            ),
            (
                "update usage_hours set charged = 3",
                "update usage_hours set charged = 1",
                "the sums by hour say 3 charges",
            ),
        ] {
            place.shell(bad).await.expect(bad);
            let wrong = store.check().await.expect("checked").wrong.join("; ");
            assert!(wrong.contains(part), "{bad}: {wrong}");
            place.shell(good).await.expect(good);
            checked(&store).await;
        }
    });
}

#[test]
fn products_are_the_operators_to_price() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let mut products = store.products().await.expect("read");
        let calls: Vec<_> = products.iter().map(|p| p.calls).collect();
        assert_eq!(calls, [100, 500, 1_000, 5_000, 10_000, 50_000, 100_000]);
        products[0].price_fen = 2_990;
        products[0].days = 365;
        store.set_product(&products[0]).await.expect("set");
        assert_eq!(store.products().await.expect("read"), products);
    });
}
