//! Alerts of customers, on both databases.

use crate::ledger::{DEED, NOVEMBER, Node, batch, begun, call, lease};
use crate::{Place, account, on_both};
use vin_store::{AccountId, AlertKind, AlertRules, Found, LotId, NEVER, Store};

const DAY: i64 = 86_400;
/// Shortly after the ledger's deeds; the calls of these tests belong to the hour before it.
const NOW: i64 = 2 * 3_600 + 3_600 + 30;

const NOTHING: Found = Found {
    raised: 0,
    ended: 0,
};

async fn find(store: &Store, now: i64) -> (u64, u64) {
    let found = store.find_alerts(None, now).await.expect("looked");
    (found.raised, found.ended)
}

/// Kind, subject, amount, what stands beside it and level of each open alert, the latest first.
async fn open(store: &Store, id: AccountId) -> Vec<(AlertKind, i64, i64, i64, i64)> {
    let open = store.open_alerts(id).await.expect("read");
    let parts = |a: &vin_store::Alert| (a.kind, a.subject, a.amount, a.beside, a.level);
    open.iter().map(parts).collect()
}

/// Writes so many calls, of which the first ones end in a code.
async fn calls(store: &Store, node: &Node, id: AccountId, all: i64, bad: i64, code: u16, at: i64) {
    if !(store.call_months().await.expect("read").contains(&202_611)) {
        let reserved = store.reserve_orders(100, 20_261_124, 1_000_000).await;
        reserved.expect("reserved");
    }
    let entries = (0..all).map(|n| {
        let mut entry = call(id, NOVEMBER + at + n, None);
        entry.call.at = at;
        if n < bad {
            entry.call.code = code;
        }
        entry
    });
    let batch = batch(entries.collect());
    node.commit(store, &batch).await.expect("written");
}

#[test]
fn a_low_balance_is_told_once_until_it_is_refilled_and_low_again() {
    on_both(async |place: &Place| {
        let (store, id, _, node) = begun(place, 99).await;
        // What a node holds to spend counts as left.
        lease(&store, &node, id, 8).await;
        assert_eq!(find(&store, 1_010).await, (1, 0));
        assert_eq!(
            open(&store, id).await,
            [(AlertKind::Balance, 0, 99, 0, 100)]
        );
        assert_eq!(find(&store, 1_020).await, (0, 0));
        // An open alert is looked at however long its account is idle.
        store.grant(id, 1, NEVER, DEED).await.expect("granted");
        assert_eq!(find(&store, 9 * DAY).await, (0, 1));
        assert!(open(&store, id).await.is_empty());
        let lots = store.lots(id, 1_000).await.expect("read");
        store.adjust(lots[1].id, -1, DEED).await.expect("adjusted");
        assert_eq!(find(&store, 1_030).await, (1, 0));
        let all = store.alerts(id, i64::MAX, 10).await.expect("read");
        let times: Vec<_> = all.iter().map(|a| (a.raised_at, a.ended_at)).collect();
        assert_eq!(times, [(1_030, 0), (1_010, 9 * DAY)]);
    });
}

#[test]
fn nodes_that_look_at_the_same_time_raise_once_and_one_takes_the_turn() {
    on_both(async |place: &Place| {
        let (one, id, _, _) = begun(place, 5).await;
        let two = place.open().await;
        let (a, b) = tokio::join!(one.take_alert_turn(1_010), two.take_alert_turn(1_010));
        assert!(a.expect("asked") != b.expect("asked"));
        assert!(!two.take_alert_turn(1_069).await.expect("asked"));
        assert!(two.take_alert_turn(1_070).await.expect("asked"));
        // A clock that was far ahead does not stop the others for ever.
        assert!(one.take_alert_turn(900_000).await.expect("asked"));
        assert!(two.take_alert_turn(1_130).await.expect("asked"));
        let (a, b) = tokio::join!(one.find_alerts(None, 1_010), two.find_alerts(None, 1_010));
        let raised = a.expect("looked").raised + b.expect("looked").raised;
        assert_eq!((raised, open(&one, id).await.len()), (1, 1));
        one.grant(id, 500, NEVER, DEED).await.expect("granted");
        let (a, b) = tokio::join!(one.find_alerts(None, 1_020), two.find_alerts(None, 1_020));
        let ended = a.expect("looked").ended + b.expect("looked").ended;
        assert_eq!((ended, open(&one, id).await.len()), (1, 0));
    });
}

#[test]
fn a_package_is_told_of_before_its_end_and_no_more_after_it() {
    on_both(async |place: &Place| {
        let (store, id, _, _) = begun(place, 500).await;
        let end = 20 * DAY;
        let grant = async |calls| store.grant(id, calls, end, DEED).await.expect("granted");
        let (first, second): (LotId, LotId) = (grant(30).await, grant(40).await);
        assert_eq!(find(&store, end - 7 * DAY - 1).await, (0, 0));
        assert_eq!(find(&store, end - 7 * DAY).await, (2, 0));
        let found = open(&store, id).await;
        assert_eq!(found[0], (AlertKind::Expiry, second.0, 40, end, 7));
        assert_eq!(found[1], (AlertKind::Expiry, first.0, 30, end, 7));
        // Used up, it has nothing to lose.
        store.adjust(first, -30, DEED).await.expect("adjusted");
        assert_eq!(find(&store, end - 6 * DAY).await, (0, 1));
        assert_eq!(find(&store, end - 1).await, (0, 0));
        assert_eq!(find(&store, end).await, (0, 1));
        assert!(open(&store, id).await.is_empty());
    });
}

#[test]
fn many_errors_of_an_hour_are_told_until_an_hour_has_fewer() {
    on_both(async |place: &Place| {
        let (store, id, _, node) = begun(place, 500).await;
        let hour = 7_200;
        calls(&store, &node, id, 19, 19, 501, hour).await;
        assert_eq!(find(&store, NOW).await, (0, 0), "too few calls");
        calls(&store, &node, id, 6, 0, 0, hour + 1_000).await;
        // While the hour lasts nothing is said of it.
        assert_eq!(find(&store, hour + 3_599).await, (0, 0));
        assert_eq!(find(&store, NOW).await, (1, 0));
        assert_eq!(open(&store, id).await, [(AlertKind::Errors, 0, 19, 25, 20)]);
        assert_eq!(find(&store, NOW + 60).await, (0, 0));
        // 20 % are not more than 20 %, and neither what the caller did nor what nobody knows is an error.
        calls(&store, &node, id, 40, 5, 500, hour + 3_600).await;
        calls(&store, &node, id, 10, 5, 501, hour + 5_000).await;
        calls(&store, &node, id, 9, 9, 429, hour + 6_000).await;
        calls(&store, &node, id, 9, 9, 1_003, hour + 6_100).await;
        assert_eq!(find(&store, NOW + 3_600).await, (0, 1));
        calls(&store, &node, id, 100, 21, 601, hour + 7_200).await;
        assert_eq!(find(&store, NOW + 7_200).await, (1, 0));
        assert_eq!(
            find(&store, NOW + 10_800).await,
            (0, 1),
            "an hour without calls"
        );
    });
}

#[test]
fn each_account_has_its_own_rules_and_alerts() {
    on_both(async |place: &Place| {
        let (store, id, _, _) = begun(place, 50).await;
        let other = account(&store, "2").await;
        assert_eq!(
            store.find_alerts(Some(other), 1_010).await.expect("looked"),
            NOTHING,
            "an account that never held a package has no low balance"
        );
        store.grant(other, 50, NEVER, DEED).await.expect("granted");
        let usual = store.alert_rules(id).await.expect("read");
        assert_eq!((usual.balance, usual.expiry, usual.errors), (100, 7, 20));
        let rules = AlertRules {
            balance: 0,
            ..usual
        };
        store.set_alert_rules(other, &rules).await.expect("set");
        assert_eq!(store.alert_rules(other).await.expect("read"), rules);
        assert_eq!(store.alert_rules(id).await.expect("read"), usual);
        assert_eq!(find(&store, 1_010).await, (1, 0));
        assert!(open(&store, other).await.is_empty());
        let rules = AlertRules {
            balance: 51,
            ..usual
        };
        store.set_alert_rules(other, &rules).await.expect("set");
        // A change of the rules is looked at for one account, at once.
        let found = store.find_alerts(Some(other), 90_000).await;
        assert_eq!(found.expect("looked").raised, 1);
        let last = store.alerts(other, i64::MAX, 10).await.expect("read")[0].id;
        assert_eq!(store.see_alerts(other, last, 5).await.expect("seen"), 1);
        let unseen = async |id| store.unseen_alerts(id).await.expect("read");
        assert_eq!((unseen(other).await, unseen(id).await), (0, 1));
        assert_eq!(open(&store, other).await.len(), 1, "seen is not ended");
        let rules = AlertRules {
            balance: 0,
            ..usual
        };
        store.set_alert_rules(other, &rules).await.expect("set");
        assert_eq!(find(&store, 1_020).await, (0, 1));
    });
}
