//! Attempts and what is wanted of channels, on both databases.

use crate::ledger::{DECEMBER, DEED, NOVEMBER, Node, batch, begun, call};
use crate::on_both;
use vin_store::{
    ASKED, Attempt, Bill, ChannelChange, ChannelSum, Deed, Lesson, LotId, NEVER, Product,
    ProductSum, Settlement, Settling, StoreError, Wish,
};

fn attempt(order: i64, place: u32, lot: LotId, channel: &str, billed: Bill, cost: u32) -> Attempt {
    let outcome = match billed {
        Bill::Yes => "hit",
        Bill::No => "unreachable",
        Bill::Unknown => "answer_timeout",
    };
    Attempt {
        order,
        place,
        at: 7_200,
        lot: Some(lot),
        channel: channel.to_owned(),
        kind: "turn".into(),
        began_ms: 3,
        took_ms: 250,
        outcome: outcome.into(),
        billed,
        cost,
        detail: "T-1".to_owned(),
    }
}

#[test]
fn attempts_are_written_with_the_charge_and_an_unknown_bill_is_settled_once() {
    on_both(async |place| {
        let (store, account, lot, node) = begun(place, 1_000).await;
        lease(&store, &node, account).await;
        let mut charged = batch(vec![call(account, NOVEMBER + 1, Some(lot))]);
        charged.attempts = vec![
            attempt(NOVEMBER + 1, 1, lot, "a", Bill::Unknown, 500),
            attempt(NOVEMBER + 1, 2, lot, "b", Bill::Yes, 300),
            attempt(NOVEMBER + 2, 1, lot, "a", Bill::No, 0),
        ];
        node.commit(&store, &charged).await.expect("written");
        let route = store.attempts(NOVEMBER + 1).await.expect("read");
        let read: Vec<_> = route.iter().map(|row| row.attempt.clone()).collect();
        assert_eq!(read, charged.attempts[..2]);
        let unknown = store.unknown_attempts(10).await.expect("read");
        assert_eq!(unknown.len(), 1);
        let settle = |order| store.settle_attempt(order, 1, true, Settling::First, DEED);
        let correct =
            |billed| store.settle_attempt(NOVEMBER + 1, 1, billed, Settling::Correction, DEED);
        let early = correct(false).await;
        assert!(
            matches!(early, Err(StoreError::NotSettled { .. })),
            "{early:?}"
        );
        settle(NOVEMBER + 1).await.expect("settled");
        for order in [NOVEMBER + 1, NOVEMBER + 2, NOVEMBER + 9] {
            let again = settle(order).await;
            assert!(
                matches!(again, Err(StoreError::NotUnknown { .. })),
                "{again:?}"
            );
        }
        let route = store.attempts(NOVEMBER + 1).await.expect("read");
        let said = |number, billed| Settlement {
            place: 1,
            number,
            billed,
            at: 1_000,
            reason: "test".to_owned(),
            actor: "test".to_owned(),
        };
        assert_eq!(route[0].settled, Some(said(1, true)));
        let cost = async || store.channel_sums(202_611).await.expect("read")[0].cost;
        assert_eq!(cost().await, 500);
        correct(false).await.expect("corrected");
        assert_eq!(cost().await, 0);
        correct(true).await.expect("corrected");
        assert_eq!(cost().await, 500);
        let all = store.settlements(NOVEMBER + 1).await.expect("read");
        assert_eq!(all, [said(1, true), said(2, false), said(3, true)]);
        let route = store.attempts(NOVEMBER + 1).await.expect("read");
        assert_eq!(route[0].settled, Some(said(3, true)));
        let page = store
            .attempts_of("a", 202_611, (0, 0), 1)
            .await
            .expect("read");
        assert_eq!((page.len(), page[0].attempt.order), (1, NOVEMBER + 1));
        let page = store
            .attempts_of("a", 202_611, (NOVEMBER + 1, 1), 5)
            .await
            .expect("read");
        assert_eq!((page.len(), page[0].attempt.order), (1, NOVEMBER + 2));
        assert!(store.check().await.expect("checked").wrong.is_empty());
        store.drop_months(202_612, 9_000).await.expect("dropped");
        assert_eq!(store.attempts(NOVEMBER + 1).await.expect("read"), []);
        assert_eq!(store.settlements(NOVEMBER + 1).await.expect("read"), []);
    });
}

#[test]
fn what_was_written_when_it_began_is_unknown_until_its_end_is_written() {
    on_both(async |place| {
        let (store, account, lot, node) = begun(place, 1_000).await;
        lease(&store, &node, account).await;
        let asked = |order| Attempt {
            outcome: ASKED.into(),
            took_ms: 0,
            detail: String::new(),
            ..attempt(order, 1, lot, "a", Bill::Unknown, 500)
        };
        let mut began = batch(Vec::new());
        began.attempts = vec![asked(NOVEMBER + 1), asked(NOVEMBER + 2)];
        node.commit(&store, &began).await.expect("written");
        assert_eq!(store.unknown_attempts(9).await.expect("read").len(), 2);
        // Of the second one nothing is heard any more.
        let ended = attempt(NOVEMBER + 1, 1, lot, "a", Bill::Yes, 300);
        let mut charged = batch(vec![call(account, NOVEMBER + 1, Some(lot))]);
        charged.attempts = vec![asked(NOVEMBER + 3), ended.clone()];
        charged
            .attempts
            .push(attempt(NOVEMBER + 3, 1, lot, "a", Bill::No, 0));
        node.commit(&store, &charged).await.expect("written");
        let route = store.attempts(NOVEMBER + 1).await.expect("read");
        assert_eq!((route.len(), &route[0].attempt), (1, &ended));
        let unknown = store.unknown_attempts(9).await.expect("read");
        assert_eq!((unknown.len(), unknown[0].attempt.order), (1, NOVEMBER + 2));
        // It may be under way, so for a minute nobody settles it.
        let settle = |at| {
            let deed = Deed { at, ..DEED };
            store.settle_attempt(NOVEMBER + 2, 1, false, Settling::First, deed)
        };
        let early = settle(7_260).await;
        assert!(
            matches!(early, Err(StoreError::NotUnknown { .. })),
            "{early:?}"
        );
        settle(7_261).await.expect("settled");
        // What has ended never ends again.
        let again = store.record_attempts(&[ended]).await;
        assert!(
            matches!(again, Err(StoreError::Inexact { .. })),
            "{again:?}"
        );
    });
}

async fn lease(store: &vin_store::Store, node: &Node, account: vin_store::AccountId) {
    let mut wish = batch(Vec::new());
    wish.wishes.push(Wish {
        account,
        most: 50,
        waiting: 1,
    });
    let granted = node.commit(store, &wish).await.expect("granted").granted;
    assert!(!granted[0].leased.is_empty());
}

#[test]
fn a_product_brings_what_was_paid_for_its_calls_less_what_upstreams_ask() {
    on_both(async |place| {
        let (store, account, none, node) = begun(place, 10).await;
        let product = Product {
            calls: 1_000,
            price_fen: 5_000,
            days: 0,
            policy: "fusion",
            named: true,
        };
        store.set_product(&product).await.expect("set");
        // It ends first, so it is spent first.
        let lot = store
            .grant(account, 1_000, NEVER - 1, DEED)
            .await
            .expect("granted");
        let later = Product {
            price_fen: 1,
            policy: "",
            ..product
        };
        store.set_product(&later).await.expect("set");
        lease(&store, &node, account).await;
        let held = store.held(node.id).await.expect("read");
        let policy = |lot| {
            held.iter()
                .find(|(_, leased)| leased.lot == lot)
                .map(|(_, l)| l.policy)
        };
        assert_eq!((policy(lot), policy(none)), (Some("fusion"), None));
        let mut charged = batch(vec![
            call(account, NOVEMBER + 1, Some(lot)),
            call(account, NOVEMBER + 2, Some(lot)),
        ]);
        charged.attempts = vec![
            attempt(NOVEMBER + 1, 1, lot, "a", Bill::Yes, 300),
            attempt(NOVEMBER + 3, 1, lot, "a", Bill::Unknown, 500),
            Attempt {
                lot: None,
                kind: "test".into(),
                ..attempt(NOVEMBER + 4, 1, lot, "a", Bill::Yes, 300)
            },
            Attempt {
                kind: "passed".into(),
                ..attempt(NOVEMBER + 3, 2, lot, "b", Bill::No, 0)
            },
            attempt(DECEMBER + 1, 1, lot, "a", Bill::Yes, 300),
        ];
        node.commit(&store, &charged).await.expect("written");
        let sums = store.product_sums(202_611).await.expect("read");
        let wanted = [
            ProductSum {
                cost: 300,
                ..ProductSum::default()
            },
            // 50 yuan for 1,000 calls are 500 of 1/10000 yuan a call.
            ProductSum {
                product: 1_000,
                charged: 2,
                revenue: 1_000,
                cost: 300,
                unknown_cost: 500,
            },
        ];
        assert_eq!(sums, wanted);
        let sums = store.channel_sums(202_611).await.expect("read");
        let wanted = ChannelSum {
            channel: "a".to_owned(),
            calls: 3,
            hits: 2,
            billed: 2,
            cost: 600,
            unknown: 1,
            unknown_cost: 500,
            ..ChannelSum::default()
        };
        assert_eq!(sums, [wanted]);
    });
}

#[test]
fn a_change_of_a_channel_keeps_the_rest_and_counts_the_revision() {
    on_both(async |place| {
        let store = place.open().await;
        let before = store.revisions().await.expect("read").0;
        let weight = ChannelChange {
            weight: Some(7),
            ..ChannelChange::default()
        };
        let row = store.set_channel("a", weight, DEED).await.expect("set");
        assert_eq!(
            (&*row.state, row.tier, row.weight, row.version),
            ("enabled", 1, 7, 1)
        );
        let rest = ChannelChange {
            state: Some("draining"),
            tier: Some(0),
            weight: None,
        };
        let row = store.set_channel("a", rest, DEED).await.expect("set");
        assert_eq!(
            (&*row.state, row.tier, row.weight, row.version),
            ("draining", 0, 7, 2)
        );
        let channels = store.channels().await.expect("read");
        assert_eq!(channels, std::slice::from_ref(&row));
        let changes = async |name, limit| store.channel_changes(name, limit).await.expect("read");
        let all = changes(Some("a"), 9).await;
        assert_eq!((all.len(), &all[0]), (2, &row));
        assert_eq!(
            (&*all[1].state, all[1].weight, all[1].version),
            ("enabled", 7, 1)
        );
        assert_eq!(changes(None, 1).await, [row]);
        assert_eq!(changes(Some("b"), 9).await, []);
        assert!(store.revisions().await.expect("read").0 > before);
        let wrong = ChannelChange {
            state: Some("asleep"),
            ..rest
        };
        assert!(store.set_channel("a", wrong, DEED).await.is_err());
        let wrong = ChannelChange {
            weight: Some(10_001),
            ..rest
        };
        assert!(store.set_channel("a", wrong, DEED).await.is_err());
    });
}

#[test]
fn a_backup_holds_every_attempt_state_and_rule() {
    on_both(async |place| {
        let (store, account, lot, node) = begun(place, 1_000).await;
        lease(&store, &node, account).await;
        let mut charged = batch(vec![call(account, NOVEMBER + 1, Some(lot))]);
        let attempt = |n| attempt(NOVEMBER + n, 1, lot, "a", Bill::Unknown, 500);
        charged.attempts = (1..=150).map(attempt).collect();
        charged.attempts.push(Attempt {
            order: DECEMBER + 1,
            ..attempt(1)
        });
        node.commit(&store, &charged).await.expect("written");
        let settle = |how| store.settle_attempt(NOVEMBER + 7, 1, false, how, DEED);
        settle(Settling::First).await.expect("settled");
        settle(Settling::Correction).await.expect("corrected");
        store
            .set_channel("a", ChannelChange::default(), DEED)
            .await
            .expect("set");
        let lesson = Lesson {
            channel: "a",
            prefix: "WP0AA297BL",
            lang: "zh",
            rest: "1",
            at: 1_000,
            enough: 1,
            age: 100,
        };
        let learned = store.learn(&lesson, |_| Some("x".to_owned())).await;
        learned.expect("learned");
        store.end_instance(node.id).await.expect("ended");
        let mut file = Vec::new();
        store.backup(&mut file).await.expect("backed up");
        // Into the other kind of database, and there it says the same.
        for other in [crate::Place::sqlite(), crate::Place::postgres()] {
            let other = other.open().await;
            other.restore(&*file).await.expect("restored");
            let unknown = other.unknown_attempts(1_000).await.expect("read");
            assert_eq!(unknown, store.unknown_attempts(1_000).await.expect("read"));
            assert_eq!(unknown.len(), 150);
            let first = other.unknown_attempts(3).await.expect("read");
            assert_eq!(first, unknown[..3], "the oldest first");
            let route = other.attempts(NOVEMBER + 7).await.expect("read");
            let settled = route[0].settled.as_ref().expect("it is settled");
            assert_eq!((settled.billed, settled.number), (false, 2));
            let changes = other.channel_changes(None, 9).await.expect("read");
            assert_eq!(changes, store.channel_changes(None, 9).await.expect("read"));
            assert_eq!(changes.len(), 1);
            let channels = other.channels().await.expect("read");
            assert_eq!(channels, store.channels().await.expect("read"));
            assert_eq!(other.learned(None, false).await.expect("read").len(), 1);
            let mut again = Vec::new();
            other.backup(&mut again).await.expect("backed up");
            assert!(again == file, "the same bytes");
        }
    });
}

#[test]
fn what_was_given_back_is_no_revenue() {
    on_both(async |place| {
        let store = place.open().await;
        let account = crate::account(&store, "1").await;
        let product = Product {
            calls: 100,
            price_fen: 100_000_000_000,
            days: 0,
            policy: "",
            named: true,
        };
        store.set_product(&product).await.expect("set");
        let lot = store.grant(account, 100, NEVER, DEED).await.expect("made");
        let node = Node::begin(&store).await;
        lease(&store, &node, account).await;
        let order = |n| call(account, NOVEMBER + n, Some(lot));
        let charged = batch((1..=3).map(order).collect());
        node.commit(&store, &charged).await.expect("written");
        store.refund(NOVEMBER + 2, DEED).await.expect("refunded");
        let sums = store.product_sums(202_611).await.expect("read");
        let wanted = ProductSum {
            product: 100,
            charged: 2,
            revenue: 200_000_000_000,
            ..ProductSum::default()
        };
        assert_eq!(sums, [wanted]);
        assert_eq!(store.product_sums(202_612).await.expect("read"), []);
    });
}

#[test]
fn what_an_upstream_says_never_stops_a_batch() {
    on_both(async |place| {
        let (store, account, lot, node) = begun(place, 1_000).await;
        lease(&store, &node, account).await;
        let mut charged = batch(vec![call(account, NOVEMBER + 1, Some(lot))]);
        charged.attempts = vec![Attempt {
            detail: "a\0b\u{1}\r\n车".to_owned(),
            ..attempt(NOVEMBER + 1, 1, lot, "a", Bill::Yes, 500)
        }];
        node.commit(&store, &charged).await.expect("written");
        let route = store.attempts(NOVEMBER + 1).await.expect("read");
        assert_eq!(route[0].attempt.detail, "a b   车");
    });
}
