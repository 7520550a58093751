//! Any order of ordering, paying, giving up, granting and refunding keeps the states, the packages
//! and the money that a few lines of arithmetic keep.

use super::{DEED, new, payment, shop};
use crate::Place;
use crate::ledger::checked;
use proptest::prelude::*;
use std::collections::BTreeMap;
use vin_store::PurchaseState::{Cancelled, Created, Expired, Granted, Paid as HasPaid, Refunded};
use vin_store::{Paid, PurchaseState, Refund, Store};

#[derive(Clone, Copy, Debug)]
enum Event {
    Order,
    /// A payment of this trade for this purchase, of the right amount or not.
    Pay {
        purchase: usize,
        trade: usize,
        right: bool,
    },
    GiveUp {
        purchase: usize,
        expired: bool,
    },
    Grant {
        purchase: usize,
    },
    /// The first or the last payment of this purchase goes back.
    Refund {
        purchase: usize,
        last: bool,
    },
    /// Everything is closed and opened again.
    Restart,
}

fn event() -> impl Strategy<Value = Event> {
    let purchase = 0_usize..4;
    prop_oneof![
        2 => Just(Event::Order),
        6 => (purchase.clone(), 0_usize..6, prop::bool::weighted(0.9))
            .prop_map(|(purchase, trade, right)| Event::Pay { purchase, trade, right }),
        2 => (purchase.clone(), any::<bool>())
            .prop_map(|(purchase, expired)| Event::GiveUp { purchase, expired }),
        1 => purchase.clone().prop_map(|purchase| Event::Grant { purchase }),
        2 => (purchase, any::<bool>()).prop_map(|(purchase, last)| Event::Refund { purchase, last }),
        1 => Just(Event::Restart),
    ]
}

/// What is believed of a purchase.
struct Believed {
    state: PurchaseState,
    /// Its payments, and whether each went back.
    payments: Vec<(usize, bool)>,
    lots: usize,
}

#[derive(Default)]
struct Model {
    purchases: Vec<Believed>,
    /// Which purchase a trade paid for.
    trades: BTreeMap<usize, usize>,
}

impl Model {
    /// What a payment leads to; `None` when it is refused.
    fn pay(&mut self, purchase: usize, trade: usize, right: bool) -> Option<&'static str> {
        let believed = self.purchases.get_mut(purchase).filter(|_| right)?;
        if let Some(of) = self.trades.get(&trade) {
            return (*of == purchase).then_some("known");
        }
        self.trades.insert(trade, purchase);
        believed.payments.push((trade, false));
        Some(match believed.state {
            Created => {
                (believed.state, believed.lots) = (Granted, 1);
                "granted"
            }
            Cancelled | Expired => {
                believed.state = HasPaid;
                "late"
            }
            _ => "surplus",
        })
    }

    fn give_up(&mut self, purchase: usize, expired: bool) -> bool {
        let Some(believed) = self.purchases.get_mut(purchase) else {
            return false;
        };
        if believed.state == Created {
            believed.state = if expired { Expired } else { Cancelled };
        }
        matches!(believed.state, Cancelled | Expired)
    }

    fn grant(&mut self, purchase: usize) -> bool {
        let Some(believed) = self.purchases.get_mut(purchase) else {
            return false;
        };
        if believed.state == HasPaid {
            (believed.state, believed.lots) = (Granted, 1);
        }
        believed.state == Granted
    }

    fn refund(&mut self, purchase: usize, at: usize) -> bool {
        let Some(believed) = self.purchases.get_mut(purchase) else {
            return false;
        };
        let Some((_, back)) = believed.payments.get_mut(at) else {
            return false;
        };
        *back = true;
        if at == 0 {
            believed.state = Refunded;
        }
        true
    }
}

fn number(purchase: usize) -> String {
    format!("P{purchase}")
}

async fn refund(store: &Store, purchase: usize, at: usize) -> bool {
    let row = store.purchase(&number(purchase), None).await.expect("read");
    let Some(row) = row else { return false };
    let payments = store.payments(row.id).await.expect("read");
    let Some(payment) = payments.get(at).map(|row| row.id) else {
        return false;
    };
    let refund = Refund {
        payment,
        fen: 9_900,
    };
    let wanted = store.want_refund(&row.number, refund, DEED).await;
    wanted.is_ok()
}

async fn play(place: &Place, events: &[Event]) {
    let (mut store, id) = shop(place).await;
    let mut model = Model::default();
    for event in events {
        match *event {
            Event::Order if model.purchases.len() < 4 => {
                let number = number(model.purchases.len());
                store.order(&new(&number, id, "")).await.expect("ordered");
                model.purchases.push(Believed {
                    state: Created,
                    payments: Vec::new(),
                    lots: 0,
                });
            }
            Event::Order => {}
            Event::Pay {
                purchase,
                trade,
                right,
            } => {
                let fen = if right { 9_900 } else { 9_901 };
                let name = format!("T{trade}");
                let paid = store
                    .pay(&number(purchase), &payment(&name, fen), DEED)
                    .await;
                let became = paid.ok().map(|paid| match paid {
                    Paid::Granted(_) => "granted",
                    Paid::Known => "known",
                    Paid::Late => "late",
                    Paid::Surplus => "surplus",
                });
                assert_eq!(became, model.pay(purchase, trade, right), "{event:?}");
            }
            Event::GiveUp { purchase, expired } => {
                let to = if expired { Expired } else { Cancelled };
                let done = store.give_up(&number(purchase), None, to, DEED).await;
                assert_eq!(done.is_ok(), model.give_up(purchase, expired), "{event:?}");
            }
            Event::Grant { purchase } => {
                let done = store.grant_purchase(&number(purchase), DEED).await;
                assert_eq!(done.is_ok(), model.grant(purchase), "{event:?}");
            }
            Event::Refund { purchase, last } => {
                let held = model.purchases.get(purchase);
                let most = held.map_or(0, |held| held.payments.len().saturating_sub(1));
                let at = if last { most } else { 0 };
                let done = refund(&store, purchase, at).await;
                assert_eq!(done, model.refund(purchase, at), "{event:?}");
            }
            Event::Restart => {
                store.close().await;
                store = place.open().await;
            }
        }
    }
    let mut granted = 0;
    for (at, believed) in model.purchases.iter().enumerate() {
        let row = store.purchase(&number(at), Some(id)).await.expect("read");
        let row = row.expect("there");
        assert_eq!(row.state, believed.state, "{} of {events:?}", row.number);
        let payments = store.payments(row.id).await.expect("read");
        assert_eq!(payments.len(), believed.payments.len());
        let refunds = store.refunds(&row.number).await.expect("read");
        let back = believed.payments.iter().filter(|(_, back)| *back).count();
        assert_eq!(refunds.len(), back);
        granted += believed.lots;
    }
    let lots = store.lots(id, 0).await.expect("read");
    assert_eq!(lots.len(), granted, "{events:?}");
    checked(&store).await;
    store.close().await;
}

fn on(place: impl Fn() -> Place, cases: u32) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    proptest!(config, |(events in prop::collection::vec(event(), 1..40))| {
        runtime.block_on(play(&place(), &events));
    });
}

#[test]
fn any_events_keep_what_is_believed_on_sqlite() {
    on(Place::sqlite, 48);
}

#[test]
fn any_events_keep_what_is_believed_on_postgresql() {
    on(Place::postgres, 16);
}
