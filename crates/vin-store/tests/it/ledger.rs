//! Packages, leases and charges, on both databases.

use crate::{Place, account, on_both};
use std::cell::Cell;
use std::collections::BTreeMap;
use vin_store::{
    AccountId, Batch, Call, Checked, Committed, Deed, Entry, InstanceId, Kept, LotId, NEVER,
    Refused, Store, StoreError, Wish,
};

/// The first order number of 2026-11-24, and of a day in December.
pub const NOVEMBER: i64 = 100_261_124_000_000_000;
pub const DECEMBER: i64 = 100_261_201_000_000_000;

/// An instance, and the number of the last batch that it wrote.
pub struct Node {
    pub id: InstanceId,
    number: Cell<i64>,
}

impl Node {
    pub async fn begin(store: &Store) -> Self {
        let id = store.begin_instance(1, 1).await.expect("begun");
        let number = Cell::new(0);
        Self { id, number }
    }

    pub async fn commit(&self, store: &Store, batch: &Batch) -> Result<Committed, StoreError> {
        let number = self.number.get() + 1;
        let batch = Batch {
            number,
            ..batch.clone()
        };
        let done = store.commit(self.id, &batch).await?;
        self.number.set(number);
        Ok(done)
    }
}

/// A store, an account in it with one package of so many calls, and a node.
pub async fn begun(place: &Place, calls: u32) -> (Store, AccountId, LotId, Node) {
    let store = place.open().await;
    let id = account(&store, "1").await;
    let lot = store.grant(id, calls, NEVER, DEED).await.expect("granted");
    let node = Node::begin(&store).await;
    (store, id, lot, node)
}

pub const DEED: Deed<'static> = Deed {
    at: 1_000,
    reason: "test",
    actor: "test",
};

pub fn call(account: AccountId, order: i64, lot: Option<LotId>) -> Entry {
    Entry {
        call: Call {
            order,
            at: 7_200,
            account,
            key: 1,
            lot,
            count: u32::from(lot.is_some()),
            code: 200,
            level: "type",
            channel: "local".into(),
            vin: "1HGCM82633A004352".to_owned(),
        },
        day: 20_261_124,
        kept: None,
    }
}

pub fn batch(entries: Vec<Entry>) -> Batch {
    Batch {
        entries,
        now: 1_000,
        ..Batch::default()
    }
}

pub async fn lease(store: &Store, node: &Node, account: AccountId, most: u32) -> Vec<u32> {
    let wish = Wish {
        account,
        most,
        waiting: most,
    };
    let batch = Batch {
        wishes: vec![wish],
        now: 1_000,
        ..Batch::default()
    };
    let done = node.commit(store, &batch).await.expect("committed");
    done.granted[0].leased.iter().map(|l| l.calls).collect()
}

pub async fn left(store: &Store, account: AccountId) -> Vec<i64> {
    let lots = store.lots(account, 1_000).await.expect("read");
    lots.iter().map(|lot| lot.remaining).collect()
}

pub async fn checked(store: &Store) -> Checked {
    let checked = store.check().await.expect("checked");
    assert_eq!(checked.wrong, [""; 0]);
    checked
}

#[test]
fn calls_are_spent_from_the_package_that_ends_first() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let nobody = store.grant(AccountId(9), 1, NEVER, DEED).await;
        assert!(
            matches!(nobody, Err(StoreError::NoAccount(9))),
            "{nobody:?}"
        );
        let late = store.grant(id, 5, NEVER, DEED).await.expect("granted");
        let soon = store.grant(id, 3, 5_000, DEED).await.expect("granted");
        store.grant(id, 9, 1_000, DEED).await.expect("over already");
        let node = Node::begin(&store).await;
        assert_eq!(lease(&store, &node, id, 4).await, [3, 1]);
        assert_eq!(left(&store, id).await, [3, 5], "what is held is not spent");
        let entries = vec![
            call(id, NOVEMBER, Some(soon)),
            call(id, NOVEMBER + 1, Some(soon)),
            call(id, NOVEMBER + 2, None),
            call(id, DECEMBER, Some(late)),
        ];
        node.commit(&store, &batch(entries))
            .await
            .expect("committed");
        assert_eq!(left(&store, id).await, [1, 4]);
        assert_eq!(checked(&store).await.charges, 3);
        let log = store.calls(id, 202_611, i64::MAX, 2).await.expect("read");
        let orders: Vec<_> = log.iter().map(|c| c.order - NOVEMBER).collect();
        assert_eq!(orders, [2, 1], "the latest first");
        let usage = store
            .usage_by_day(id, 20_261_101, 20_261_131)
            .await
            .expect("read");
        assert_eq!((usage.len(), usage[0].calls, usage[0].charged), (1, 4, 3));
        assert_eq!(store.end_instance(node.id).await.expect("ended"), 1);
        assert_eq!(left(&store, id).await, [1, 4]);
        checked(&store).await;
    });
}

#[test]
fn a_charge_beyond_what_is_held_is_an_error_and_leaves_nothing_behind() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 5).await;
        assert_eq!(lease(&store, &node, id, 1).await, [1]);
        let two = vec![
            call(id, NOVEMBER, Some(lot)),
            call(id, NOVEMBER + 1, Some(lot)),
        ];
        let error = node
            .commit(&store, &batch(two))
            .await
            .expect_err("too much");
        assert!(
            matches!(error, StoreError::Inexact { rows: 0, .. }),
            "{error}"
        );
        assert_eq!(left(&store, id).await, [5]);
        assert!(!store.has_order(NOVEMBER).await.expect("read"));
        assert_eq!(checked(&store).await.charges, 0);
    });
}

#[test]
fn an_order_is_charged_once() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 5).await;
        lease(&store, &node, id, 5).await;
        let one = batch(vec![call(id, NOVEMBER, Some(lot))]);
        node.commit(&store, &one).await.expect("committed");
        node.commit(&store, &one)
            .await
            .expect_err("the number is taken");
        assert!(store.has_order(NOVEMBER).await.expect("read"));
        assert_eq!(left(&store, id).await, [4]);
        checked(&store).await;
    });
}

#[test]
fn who_was_taken_for_dead_can_charge_nothing() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 50).await;
        assert_eq!(lease(&store, &node, id, 20).await, [20]);
        let beats = store.beats().await.expect("read");
        assert_eq!((beats.len(), beats[0].beat), (1, 1));
        let other = place.open().await;
        assert_eq!(other.end_instance(node.id).await.expect("ended"), 20);
        assert_eq!(other.end_instance(node.id).await.expect("once"), 0);
        let charge = batch(vec![call(id, NOVEMBER, Some(lot))]);
        let error = node.commit(&store, &charge).await.expect_err("dead");
        assert!(matches!(error, StoreError::Inexact { .. }), "{error}");
        assert_eq!(left(&store, id).await, [50]);
        checked(&store).await;
    });
}

#[test]
fn near_the_end_no_more_is_handed_out_than_callers_wait() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        store.grant(id, 80, NEVER, DEED).await.expect("granted");
        let (a, b) = (Node::begin(&store).await, Node::begin(&store).await);
        let wish = async |node: &Node, waiting| {
            let wishes = vec![Wish {
                account: id,
                most: 1_000,
                waiting,
            }];
            let batch = Batch {
                wishes,
                now: 1_000,
                ..Batch::default()
            };
            let done = node.commit(&store, &batch).await.expect("committed");
            let granted = &done.granted[0];
            let calls: u32 = granted.leased.iter().map(|l| l.calls).sum();
            (calls, granted.free, granted.elsewhere)
        };
        assert_eq!(wish(&a, 1).await, (10, 70, 0), "an eighth");
        assert_eq!(wish(&b, 60).await, (60, 10, 10), "more, when they wait");
        assert_eq!(wish(&a, 3).await, (3, 7, 60));
        assert_eq!(wish(&a, 30).await, (7, 0, 60), "there is no more");
        assert_eq!(wish(&a, 30).await, (0, 0, 60));
        store.recall(id, Some(a.id)).await.expect("asked");
        assert_eq!(store.recalled(b.id).await.expect("read"), [id]);
        assert!(store.recalled(a.id).await.expect("read").is_empty());
        let back = Batch {
            back: BTreeMap::from([(LotId(1), 60)]),
            ..Batch::default()
        };
        b.commit(&store, &back).await.expect("given back");
        assert!(store.recalled(b.id).await.expect("read").is_empty());
        assert_eq!(wish(&a, 30).await, (30, 30, 0));
        assert_eq!(left(&store, id).await, [80]);
        checked(&store).await;
    });
}

#[test]
fn the_same_request_is_charged_once_whoever_is_faster() {
    on_both(async |place: &Place| {
        let (store, id, lot, node) = begun(place, 5).await;
        lease(&store, &node, id, 5).await;
        let kept = |answer: &[u8]| {
            Some(Kept {
                reqid: "r-1".to_owned(),
                request: [7; 32],
                answer: answer.to_vec(),
            })
        };
        let entry = |order, answer: &[u8]| Entry {
            kept: kept(answer),
            ..call(id, order, Some(lot))
        };
        let two = vec![entry(NOVEMBER, b"first"), entry(NOVEMBER + 1, b"second")];
        let done = node.commit(&store, &batch(two)).await.expect("committed");
        assert_eq!(done.repeated.into_iter().collect::<Vec<_>>(), [1]);
        let later = batch(vec![entry(NOVEMBER + 2, b"third")]);
        let done = node.commit(&store, &later).await.expect("committed");
        assert_eq!(done.repeated.len(), 1);
        let found = store.kept(id, "r-1").await.expect("read");
        assert_eq!(found, Some(([7; 32], b"first".to_vec())));
        assert_eq!(store.kept(id, "r-2").await.expect("read"), None);
        assert_eq!(left(&store, id).await, [4]);
        store.forget_kept(7_201).await.expect("forgotten");
        assert_eq!(store.kept(id, "r-1").await.expect("read"), None);
        checked(&store).await;
    });
}

#[test]
fn refusals_are_counted_and_cost_nothing() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let node = Node::begin(&store).await;
        let refused = Refused {
            account: id,
            key: 3,
            code: 429,
            at: 7_300,
            day: 20_261_124,
            calls: 5,
        };
        let mut both = batch(vec![call(id, NOVEMBER, None)]);
        both.refused = vec![refused, refused];
        node.commit(&store, &both).await.expect("committed");
        let usage = store
            .usage_by_day(id, 20_261_124, 20_261_124)
            .await
            .expect("read");
        let day = usage[0];
        assert_eq!((day.calls, day.found, day.charged), (11, 1, 0));
        let answered = async |key| store.answered(id, key, 20_261_124).await.expect("read");
        assert_eq!((answered(1).await, answered(3).await), (1, 0));
        checked(&store).await;
    });
}

#[test]
fn a_batch_whose_commit_was_of_unknown_outcome_is_told() {
    on_both(async |place: &Place| {
        let (store, id, _, node) = begun(place, 20).await;
        lease(&store, &node, id, 7).await;
        let same = Batch {
            number: 1,
            back: BTreeMap::from([(LotId(1), 7)]),
            ..Batch::default()
        };
        let error = store.commit(node.id, &same).await.expect_err("written");
        assert!(matches!(error, StoreError::Written), "{error}");
        let gap = Batch {
            number: 3,
            ..same.clone()
        };
        let error = store.commit(node.id, &gap).await.expect_err("a gap");
        assert!(matches!(error, StoreError::Inexact { .. }), "{error}");
        let held = store.held(node.id).await.expect("read");
        assert_eq!((held.len(), held[0].0, held[0].1.calls), (1, id, 7));
        node.commit(&store, &same).await.expect("the next one");
        assert_eq!(store.held(node.id).await.expect("read")[0].1.calls, 0);
        checked(&store).await;
    });
}
