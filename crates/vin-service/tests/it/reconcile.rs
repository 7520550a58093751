//! A provider's bill beside what was noted, and money that only the bill knows of.

use crate::{HandClock, accounts};
use std::sync::Arc;
use vin_channel::{Network, Outside, SystemResolver};
use vin_pay::{Alipay, Line, PrivateKey, PublicKey};
use vin_service::purchases::{Counter, CounterError, Match};
use vin_service::{Node, Policy, Service, ServiceParts};
use vin_store::{
    AccountId, Deed, NewAccount, NewPurchase, Paid, Provider, PurchaseState, StoreError, Way,
};
use vin_testkit::till::{ALIPAY_APP, ALIPAY_SELLER, Till};

/// The time at the till and here: 2026-12-01.
fn now() -> i64 {
    1_796_097_605
}

struct Machine;

impl Outside for Machine {
    fn unix_ms(&self) -> i64 {
        now() * 1_000
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn alipay(till: &Till) -> Alipay {
    let read = |name: &str| {
        let path = till.keys().path(name);
        std::fs::read_to_string(&path).expect(name)
    };
    Alipay {
        line: Line {
            network: Network::new(Arc::new(SystemResolver), &[]).expect("TLS"),
            outside: Arc::new(Machine),
            gateway: format!("http://{}/gateway.do", till.address()),
            allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        },
        app_id: ALIPAY_APP.to_owned(),
        seller_id: ALIPAY_SELLER.to_owned(),
        key: PrivateKey::read(&read("seller.pem")).expect("a key"),
        alipay: PublicKey::read(&read("alipay.pub")).expect("a key"),
    }
}

const DEED: Deed<'_> = Deed {
    at: 1_796_097_000,
    reason: "test",
    actor: "test",
};

/// A service that sells through the till, with purchases P1 to P4 that wait to be paid.
async fn selling(dir: &std::path::Path, till: &Till) -> (Arc<Service>, AccountId) {
    let clock = Arc::new(HandClock::default());
    clock.set(now());
    let accounts = accounts(dir, 1, &clock).await.expect("opens");
    let store = accounts.store().clone();
    let mut products = store.products().await.expect("read");
    products[2].price_fen = 9_900;
    store.set_product(&products[2]).await.expect("set");
    let new = NewAccount {
        phone: "1",
        password_hash: "!",
        verified: true,
        created_at: 1,
    };
    let account = store.create_account(&new).await.expect("made");
    for number in ["P1", "P2", "P3", "P4", "P5"] {
        let new = NewPurchase {
            number,
            account,
            product: 1_000,
            way: Way::AlipayQr,
            coupon: "",
            expires_at: now() + 900,
            deed: DEED,
        };
        store.order(&new).await.expect("ordered");
        till.open(number, 9_900, "http://127.0.0.1:1/pay/alipay");
    }
    let policy = Policy {
        counter: Counter {
            alipay: Some(alipay(till)),
            ..Counter::default()
        },
        ..Policy::default()
    };
    let parts = ServiceParts {
        accounts,
        engine: vin_data::engine(),
        node: Node::new(1).expect("a node"),
        demo: false,
        policy,
        upstreams: None,
    };
    (Service::start(parts).await.expect("starts"), account)
}

#[tokio::test]
async fn money_that_only_the_bill_has_is_noted_once_the_provider_confirms_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let till = Till::start(now);
    let (service, account) = selling(dir.path(), &till).await;
    let store = service.accounts().store();
    let look = async |number: &str| {
        let purchase = store.purchase(number, None).await.expect("read");
        let looked = service.look_at_purchase(&purchase.expect("there")).await;
        looked.expect("looked at");
    };
    let compared = async || {
        let day = vin_core::Date::parse("2026-12-01").expect("a day");
        let rows = service.reconcile(Provider::Alipay, day).await;
        let mut rows: Vec<_> = rows
            .expect("compared")
            .into_iter()
            .map(|row| (row.number, row.is))
            .collect();
        rows.sort();
        rows
    };
    let row = |number: &str, is: Match| (number.to_owned(), is);
    for number in ["P1", "P2", "P3", "P4"] {
        till.pay(number);
    }
    till.open("Q1", 100, "http://127.0.0.1:1/");
    till.pay("Q1");
    // P1 was told of; P3 too, but the bill lacks it. P2 was given up here, P4 waits still.
    look("P1").await;
    look("P3").await;
    till.leave_out("P3");
    store
        .give_up("P2", None, PurchaseState::Expired, DEED)
        .await
        .expect("given up");
    assert_eq!(
        compared().await,
        [
            row("P1", Match::Same),
            row("P2", Match::OnlyBill),
            row("P3", Match::OnlyHere),
            row("P4", Match::OnlyBill),
            row("Q1", Match::OnlyBill),
        ]
    );
    let note = async |number: &str| service.note_missing(Provider::Alipay, number).await;
    assert!(matches!(note("P4").await, Ok(Paid::Granted(_))));
    assert!(matches!(note("P4").await, Ok(Paid::Known)), "noted once");
    assert!(
        matches!(note("P2").await, Ok(Paid::Late)),
        "a person decides"
    );
    let unpaid = note("P5").await;
    assert!(matches!(unpaid, Err(CounterError::NotPaid)), "{unpaid:?}");
    let foreign = note("Q1").await;
    let foreign_is_none = matches!(foreign, Err(CounterError::Store(StoreError::NoPurchase(_))));
    assert!(foreign_is_none, "{foreign:?}");
    assert_eq!(
        compared().await,
        [
            row("P1", Match::Same),
            row("P2", Match::Same),
            row("P3", Match::OnlyHere),
            row("P4", Match::Same),
            row("Q1", Match::OnlyBill),
        ]
    );
    assert_eq!(store.lots(account, now()).await.expect("read").len(), 3);
    assert_eq!(store.check().await.expect("checked").wrong, [""; 0]);
    assert!(till.wrong().is_empty(), "{:?}", till.wrong());
}
