//! Invoices and the reports of finance.

use super::{checked, lease, new, payment, shop};
use crate::ledger::{DEED, Node};
use crate::{Place, account, on_both};
use vin_store::{
    AccountId, InvoiceKind, InvoiceState, LotId, NewInvoice, Provider, Refund, Store, StoreError,
};

/// A shop in which P1 and P2 were paid, P1 twice, and P3 was not.
async fn sold(place: &Place) -> (Store, AccountId) {
    let (store, id) = shop(place).await;
    for number in ["P1", "P2", "P3"] {
        store.order(&new(number, id, "")).await.expect("ordered");
    }
    for (number, trade) in [("P1", "T1"), ("P1", "T1b"), ("P2", "T2")] {
        let told = store.pay(number, &payment(trade, 9_900), DEED).await;
        told.expect("paid");
    }
    (store, id)
}

fn ask<'a>(account: AccountId, purchases: &'a [&'a str]) -> NewInvoice<'a> {
    NewInvoice {
        account,
        kind: InvoiceKind::Company,
        title: "某某汽车服务有限公司",
        tax_number: "91350100M000100Y43",
        mail: "finance@example.com",
        purchases,
        at: 1_600,
    }
}

async fn send_back(store: &Store, number: &str, nth: usize) {
    let purchase = store.purchase(number, None).await.expect("read");
    let id = purchase.expect("there").id;
    let payment = store.payments(id).await.expect("read").remove(nth).id;
    let refund = Refund {
        payment,
        fen: 9_900,
    };
    let wanted = store.want_refund(number, refund, DEED).await;
    wanted.expect("wanted");
}

#[test]
fn a_purchase_is_on_one_invoice_at_most() {
    on_both(async |place: &Place| {
        let (store, id) = sold(place).await;
        let other = account(&store, "2").await;
        let free = store.invoiceable(id).await.expect("read");
        let free: Vec<_> = free.iter().map(|p| (p.number.as_str(), p.fen)).collect();
        assert_eq!(
            free,
            [("P2", 9_900), ("P1", 9_900)],
            "money that came twice is left aside"
        );
        for (who, purchases) in [
            (id, &["P3"][..]),
            (other, &["P1"]),
            (id, &["P1", "P9"]),
            (id, &["P1", "P1"]),
        ] {
            let refused = store.request_invoice(&ask(who, purchases)).await;
            let refused = matches!(refused, Err(StoreError::NoPurchase(_)));
            assert!(refused, "{purchases:?}");
        }
        assert_eq!(
            store.invoiceable(id).await.expect("read").len(),
            2,
            "nothing is left behind"
        );
        let both = store.request_invoice(&ask(id, &["P1", "P2"])).await;
        let both = both.expect("asked for");
        let again = store.request_invoice(&ask(id, &["P2"])).await;
        assert!(matches!(again, Err(StoreError::NoPurchase(_))), "{again:?}");
        let foreign = store.withdraw_invoice(both, other, DEED).await;
        assert!(matches!(foreign, Err(StoreError::NoInvoice(_))));
        store.reject_invoice(both, DEED).await.expect("rejected");
        let one = store
            .request_invoice(&ask(id, &["P2"]))
            .await
            .expect("free again");
        store
            .issue_invoice(one, "25312000000012345678", DEED)
            .await
            .expect("issued");
        for end in [
            store.issue_invoice(one, "1", DEED).await,
            store.reject_invoice(one, DEED).await,
            store.withdraw_invoice(one, id, DEED).await,
        ] {
            assert!(matches!(end, Err(StoreError::NoInvoice(_))), "{end:?}");
        }
        let all = store
            .invoices(Some(id), None, i64::MAX, 10)
            .await
            .expect("read");
        let all: Vec<_> = all
            .iter()
            .map(|v| (v.state, v.fen, v.kept_fen, v.number.as_str()))
            .collect();
        assert_eq!(
            all,
            [
                (InvoiceState::Issued, 9_900, 9_900, "25312000000012345678"),
                (InvoiceState::Rejected, 19_800, 19_800, "")
            ]
        );
        assert_eq!(
            store.invoice_purchases(both).await.expect("read"),
            ["P1", "P2"]
        );
        assert!(
            store
                .invoices(Some(other), None, i64::MAX, 10)
                .await
                .expect("read")
                .is_empty()
        );
    });
}

#[test]
fn an_invoice_is_not_issued_over_money_that_went_back() {
    on_both(async |place: &Place| {
        let (store, id) = sold(place).await;
        let asked = store
            .request_invoice(&ask(id, &["P1", "P2"]))
            .await
            .expect("asked for");
        send_back(&store, "P1", 1).await;
        send_back(&store, "P2", 0).await;
        let refused = store.issue_invoice(asked, "1", DEED).await;
        let changed = matches!(
            refused,
            Err(StoreError::InvoiceChanged {
                fen: 19_800,
                kept_fen: 9_900,
                ..
            })
        );
        assert!(changed, "{refused:?}");
        let waits = store
            .invoices(None, Some(InvoiceState::Requested), i64::MAX, 10)
            .await
            .expect("read");
        assert_eq!((waits.len(), waits[0].number.as_str()), (1, ""));
        store
            .withdraw_invoice(asked, id, DEED)
            .await
            .expect("withdrawn");
        let free = store.invoiceable(id).await.expect("read");
        assert_eq!(free.len(), 1, "what was sent back is on no invoice");
        // One that was issued before the money went back says so.
        let issued = store
            .request_invoice(&ask(id, &["P1"]))
            .await
            .expect("asked for");
        store
            .issue_invoice(issued, "2", DEED)
            .await
            .expect("issued");
        send_back(&store, "P1", 0).await;
        let issued = store
            .invoices(None, Some(InvoiceState::Issued), i64::MAX, 10)
            .await
            .expect("read");
        assert_eq!((issued[0].fen, issued[0].kept_fen), (9_900, 0));
    });
}

#[test]
fn what_came_went_and_is_owed_adds_up() {
    on_both(async |place: &Place| {
        let (store, id) = sold(place).await;
        send_back(&store, "P1", 1).await;
        let sums = store.money_between(0, 2_000).await.expect("read");
        assert_eq!(sums.len(), 1);
        let sum = sums[0];
        assert_eq!(sum.provider, Provider::Alipay);
        assert_eq!(
            (sum.payments, sum.fen, sum.refunds, sum.back_fen),
            (3, 29_700, 1, 9_900)
        );
        // Each end belongs to one span.
        assert!(
            store
                .money_between(0, DEED.at)
                .await
                .expect("read")
                .is_empty()
        );
        let later = store.money_between(1_500, 2_000).await.expect("read");
        assert_eq!((later[0].payments, later[0].refunds), (3, 0));
        let receipts = store.receipts(0, 2_000, 10).await.expect("read");
        let receipts: Vec<_> = receipts
            .iter()
            .map(|r| (r.trade.as_str(), r.surplus, r.back_fen))
            .collect();
        assert_eq!(
            receipts,
            [("T1", false, 0), ("T1b", true, 9_900), ("T2", false, 0)]
        );
        assert_eq!(store.receipts(0, 2_000, 2).await.expect("read").len(), 2);
        // What a node holds is owed as well; half a fen is not.
        let node = Node::begin(&store).await;
        lease(&store, &node, id, 1).await;
        store.grant(id, 5, 2_000, DEED).await.expect("granted");
        let owed = store.owed(1_000).await.expect("read");
        assert_eq!((owed.lots, owed.calls, owed.fen), (3, 2_005, 19_800));
        let lots = store.liabilities(1_000, LotId(0), 10).await.expect("read");
        assert_eq!(lots.iter().map(|l| l.fen).sum::<i64>(), owed.fen);
        assert_eq!(lots.iter().map(|l| l.left).sum::<i64>(), owed.calls);
        let origins: Vec<_> = lots.iter().map(|l| l.origin.as_str()).collect();
        assert_eq!(origins, ["purchase", "purchase", "grant"]);
        assert_eq!(
            store
                .liabilities(1_000, lots[0].lot, 10)
                .await
                .expect("read")
                .len(),
            2
        );
        assert_eq!(store.owed(LATE).await.expect("read").lots, 0);
        checked(&store).await;
    });
}

/// When everything that was bought has expired.
const LATE: i64 = 400 * 86_400;
