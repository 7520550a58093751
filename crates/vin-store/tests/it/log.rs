//! The log of calls page by page, on both databases.

use crate::ledger::{batch, begun, call};
use crate::{Place, account, on_both};
use vin_store::{AccountId, CallFilter, CallPage, Store};

const MONTH: i64 = 202_611;
const ALL: CallFilter<'_> = CallFilter {
    account: None,
    day: 0,
    key: 0,
    code: 0,
    charged: None,
    channel: "",
    vin: "",
};

/// Six calls: of two nodes, of two days, of two accounts.
async fn filled(place: &Place) -> (Store, [AccountId; 2]) {
    let (store, one, _, node) = begun(place, 100).await;
    let two = account(&store, "2").await;
    let mut entries = Vec::new();
    for (at, day) in [(0, 20_261_123), (1, 20_261_124)] {
        for number in [1_u16, 2] {
            store
                .reserve_orders(number, day, 10)
                .await
                .expect("reserved");
            let order = i64::from(number) * 1_000_000_000_000_000
                + i64::from(day % 1_000_000) * 1_000_000_000;
            let who = if number == 1 { one } else { two };
            let mut entry = call(who, order, None);
            entry.day = day;
            entry.call.key = i64::from(number);
            entries.push(entry.clone());
            if number == 1 {
                entry.call.order += 1;
                entry.call.code = 1_003;
                entry.call.channel = "elsewhere".into();
                entry.call.vin = format!("LHG{at:014}");
                entries.push(entry);
            }
        }
    }
    node.commit(&store, &batch(entries)).await.expect("written");
    (store, [one, two])
}

/// Node, day of the month and number of each call.
fn orders(page: &CallPage) -> Vec<(i64, i64, i64)> {
    let parts = |order: i64| {
        (
            order / 1_000_000_000_000_000,
            order / 1_000_000_000 % 100,
            order % 10,
        )
    };
    page.calls
        .iter()
        .map(|(_, call)| parts(call.order))
        .collect()
}

#[test]
fn the_latest_day_comes_first_whichever_node_answered() {
    on_both(async |place: &Place| {
        let (store, _) = filled(place).await;
        let page = store
            .calls_like(MONTH, ALL, i64::MAX, 50, 50)
            .await
            .expect("read");
        let whole = orders(&page);
        let wanted = [
            (2, 24, 0),
            (1, 24, 1),
            (1, 24, 0),
            (2, 23, 0),
            (1, 23, 1),
            (1, 23, 0),
        ];
        assert_eq!(whole, wanted);
        assert_eq!(page.next, None);
        let (mut found, mut before) = (Vec::new(), i64::MAX);
        for _ in 0..10 {
            let page = store
                .calls_like(MONTH, ALL, before, 2, 50)
                .await
                .expect("read");
            found.extend(orders(&page));
            match page.next {
                Some(next) => before = next,
                None => break,
            }
        }
        assert_eq!(found, whole, "page by page");
    });
}

#[test]
fn a_search_finds_what_fits_and_stops_after_so_many_rows() {
    on_both(async |place: &Place| {
        let (store, [one, two]) = filled(place).await;
        let count = async |filter, looked| {
            let page = store.calls_like(MONTH, filter, i64::MAX, 50, looked).await;
            let page = page.expect("read");
            (page.calls.len(), page.next.is_some())
        };
        let one = CallFilter {
            account: Some(one),
            ..ALL
        };
        let two = CallFilter {
            account: Some(two),
            ..ALL
        };
        for (filter, wanted) in [
            (one, 4),
            (two, 2),
            (
                CallFilter {
                    day: 20_261_123,
                    ..ALL
                },
                3,
            ),
            (
                CallFilter {
                    day: 20_261_223,
                    ..ALL
                },
                0,
            ),
            (CallFilter { key: 2, ..ALL }, 2),
            (CallFilter { code: 1_003, ..one }, 2),
            (CallFilter { code: 1_003, ..two }, 0),
            (
                CallFilter {
                    channel: "elsewhere",
                    ..ALL
                },
                2,
            ),
            (
                CallFilter {
                    charged: Some(true),
                    ..ALL
                },
                0,
            ),
            (
                CallFilter {
                    charged: Some(false),
                    ..ALL
                },
                6,
            ),
            (
                CallFilter {
                    vin: "LHG00000000000001",
                    ..one
                },
                1,
            ),
        ] {
            assert_eq!(count(filter, 50).await, (wanted, false), "{filter:?}");
        }
        let late = CallFilter {
            vin: "LHG00000000000000",
            ..ALL
        };
        assert_eq!(count(late, 4).await, (0, true), "not reached");
        assert_eq!(
            count(late, 5).await,
            (1, true),
            "the last that is looked at"
        );
        let none = store
            .calls_like(202_601, ALL, i64::MAX, 50, 50)
            .await
            .expect("read");
        assert!(none.calls.is_empty());
    });
}
