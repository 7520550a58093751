//! Any interleaving of grant, lease, charge, release, refund, expire, adjust and crash keeps the
//! balance that a few lines of arithmetic keep.

use crate::ledger::Node;
use crate::{Place, account};
use proptest::prelude::*;
use std::collections::BTreeMap;
use vin_store::{AccountId, Batch, Call, Deed, Entry, LotId, Store, StoreError, Wish};

const ORDER: i64 = 100_261_124_000_000_000;

#[derive(Clone, Copy, Debug)]
enum Event {
    Grant {
        calls: u32,
        lives: i64,
    },
    /// An instance takes calls to spend.
    Lease {
        who: usize,
        most: u32,
        waiting: u32,
    },
    /// An instance charges so many calls, if it holds them, from the package that ends first.
    Charge {
        who: usize,
        calls: usize,
    },
    /// The same, but the process dies before the commit.
    Lost {
        who: usize,
        calls: usize,
    },
    GiveBack {
        who: usize,
        calls: i64,
    },
    /// An instance dies; another takes back what it held.
    Crash {
        who: usize,
    },
    /// The order so many before the last one is refunded.
    Refund {
        back: i64,
    },
    Adjust {
        delta: i64,
    },
    /// Time passes, and what has expired is ended.
    Expire {
        passes: i64,
    },
    /// Everything is closed and opened again.
    Restart,
}

fn event() -> impl Strategy<Value = Event> {
    let who = 0_usize..3;
    prop_oneof![
        (1_u32..40, 1_i64..30).prop_map(|(calls, lives)| Event::Grant { calls, lives }),
        (who.clone(), 1_u32..60, 0_u32..9).prop_map(|(who, most, waiting)| Event::Lease {
            who,
            most,
            waiting
        }),
        (who.clone(), 1_usize..70).prop_map(|(who, calls)| Event::Charge { who, calls }),
        (who.clone(), 1_usize..4).prop_map(|(who, calls)| Event::Lost { who, calls }),
        (who.clone(), 1_i64..9).prop_map(|(who, calls)| Event::GiveBack { who, calls }),
        who.prop_map(|who| Event::Crash { who }),
        (0_i64..9).prop_map(|back| Event::Refund { back }),
        (-12_i64..12).prop_map(|delta| Event::Adjust { delta }),
        (0_i64..8).prop_map(|passes| Event::Expire { passes }),
        Just(Event::Restart),
    ]
}

/// The reference: what is free in each package, and what each instance holds of it.
#[derive(Default)]
struct Model {
    now: i64,
    free: BTreeMap<LotId, i64>,
    ends: BTreeMap<LotId, i64>,
    held: [BTreeMap<LotId, i64>; 3],
    /// Which package paid for an order, until it is refunded.
    paid: BTreeMap<i64, LotId>,
    orders: i64,
}

impl Model {
    fn balance(&self) -> i64 {
        let held = self.held.iter().flat_map(BTreeMap::iter);
        let all = self.free.iter().chain(held);
        all.filter(|(lot, _)| self.ends[lot] > self.now)
            .map(|(_, n)| n)
            .sum()
    }

    /// The next `calls` that an instance would charge; `None` when it holds fewer.
    fn charge(&self, who: usize, calls: usize) -> Option<Vec<(i64, LotId)>> {
        let mut held: Vec<_> = self.held[who].clone().into_iter().collect();
        held.sort_by_key(|(lot, _)| (self.ends[lot], *lot));
        let each = held
            .into_iter()
            .flat_map(|(lot, n)| (0..n).map(move |_| lot));
        let lots: Vec<_> = each.take(calls).collect();
        let numbered = |(i, lot)| (ORDER + self.orders + i as i64, lot);
        (lots.len() == calls).then(|| lots.into_iter().enumerate().map(numbered).collect())
    }
}

fn entries(account: AccountId, orders: &[(i64, LotId)]) -> Vec<Entry> {
    let entry = |&(order, lot)| Entry {
        call: Call {
            order,
            at: 1,
            account,
            key: 1,
            lot: Some(lot),
            count: 1,
            code: 200,
            level: "type",
            channel: "local".into(),
            vin: "1HGCM82633A004352".to_owned(),
        },
        day: 20_261_124,
        kept: None,
    };
    orders.iter().map(entry).collect()
}

async fn step(
    model: &mut Model,
    store: &Store,
    id: AccountId,
    nodes: &mut [Node; 3],
    event: Event,
) {
    let deed = Deed {
        at: model.now,
        reason: "model",
        actor: "model",
    };
    let mut batch = Batch {
        now: model.now,
        ..Batch::default()
    };
    match event {
        Event::Grant { calls, lives } => {
            let ends = model.now + lives;
            let lot = store.grant(id, calls, ends, deed).await.expect("granted");
            model.free.insert(lot, calls.into());
            model.ends.insert(lot, ends);
        }
        Event::Lease { who, most, waiting } => {
            batch.wishes.push(Wish {
                account: id,
                most,
                waiting,
            });
            let done = nodes[who].commit(store, &batch).await.expect("committed");
            for leased in &done.granted[0].leased {
                let calls = i64::from(leased.calls);
                *model.free.get_mut(&leased.lot).expect("a package") -= calls;
                *model.held[who].entry(leased.lot).or_default() += calls;
            }
            let free: i64 = model
                .free
                .iter()
                .filter(|(lot, _)| model.ends[lot] > model.now)
                .map(|(_, n)| n)
                .sum();
            assert_eq!(done.granted[0].free, free);
        }
        Event::Charge { who, calls } => {
            let Some(orders) = model.charge(who, calls) else {
                return;
            };
            batch.entries = entries(id, &orders);
            nodes[who].commit(store, &batch).await.expect("committed");
            model.orders += orders.len() as i64;
            for (order, lot) in orders {
                *model.held[who].get_mut(&lot).expect("held") -= 1;
                model.paid.insert(order, lot);
            }
        }
        Event::Lost { who, calls } => {
            let Some(mut orders) = model.charge(who, calls) else {
                return;
            };
            // An order that is there already spoils the batch at its very end.
            let Some(first) = model.paid.keys().next() else {
                return;
            };
            orders.push((*first, orders[0].1));
            batch.entries = entries(id, &orders);
            nodes[who].commit(store, &batch).await.expect_err("spoilt");
        }
        Event::GiveBack { who, calls } => {
            let Some((&lot, held)) = model.held[who].iter_mut().find(|(_, n)| **n >= calls) else {
                return;
            };
            *held -= calls;
            batch.back.insert(lot, calls);
            nodes[who].commit(store, &batch).await.expect("committed");
            *model.free.get_mut(&lot).expect("a package") += calls;
        }
        Event::Crash { who } => {
            let back = store.end_instance(nodes[who].id).await.expect("ended");
            let held = std::mem::take(&mut model.held[who]);
            assert_eq!(back, held.values().sum::<i64>());
            for (lot, calls) in held {
                *model.free.get_mut(&lot).expect("a package") += calls;
            }
            nodes[who] = Node::begin(store).await;
        }
        Event::Refund { back } => {
            let order = ORDER + model.orders - 1 - back;
            match (model.paid.remove(&order), store.refund(order, deed).await) {
                (Some(lot), done) => {
                    assert_eq!(done.expect("refunded"), (lot, 1));
                    *model.free.get_mut(&lot).expect("a package") += 1;
                }
                (None, Err(StoreError::Refunded(_) | StoreError::NoOrder(_))) => {}
                (None, done) => panic!("{done:?}"),
            }
        }
        Event::Adjust { delta } => {
            let Some((&lot, free)) = model.free.iter_mut().next_back() else {
                return;
            };
            let done = if delta == 0 {
                Ok(())
            } else {
                store.adjust(lot, delta, deed).await
            };
            match done {
                Ok(()) => *free += delta,
                Err(StoreError::TooFew { free: told, .. }) => {
                    assert!(told == *free && told < -delta)
                }
                Err(error) => panic!("{error}"),
            }
            assert!(*free >= 0);
        }
        Event::Expire { passes } => {
            model.now += passes;
            let lost = store.expire(model.now).await.expect("done");
            let mut wanted = 0;
            for (lot, free) in &mut model.free {
                if model.ends[lot] <= model.now {
                    wanted += std::mem::take(free);
                }
            }
            assert_eq!(lost, wanted);
        }
        Event::Restart => unreachable!("the caller does it"),
    }
}

async fn play(place: &Place, events: &[Event]) {
    let mut store = place.open().await;
    let id = account(&store, "1").await;
    let mut nodes = [
        Node::begin(&store).await,
        Node::begin(&store).await,
        Node::begin(&store).await,
    ];
    let mut model = Model::default();
    for event in events {
        match event {
            Event::Restart => {
                store.close().await;
                store = place.open().await;
            }
            event => step(&mut model, &store, id, &mut nodes, *event).await,
        }
        let lots = store.lots(id, model.now).await.expect("read");
        let found: i64 = lots.iter().map(|lot| lot.remaining).sum();
        assert_eq!(found, model.balance(), "after {event:?}");
        let checked = store.check().await.expect("checked");
        assert_eq!((checked.wrong, checked.charges), (Vec::new(), model.orders));
    }
}

fn run(place: &Place, events: &[Event]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(play(place, events));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_interleaving_keeps_the_balance(events in prop::collection::vec(event(), 1..50)) {
        run(&Place::sqlite(), &events);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn any_interleaving_keeps_the_balance_on_postgresql(events in prop::collection::vec(event(), 1..50)) {
        run(&Place::postgres(), &events);
    }
}
