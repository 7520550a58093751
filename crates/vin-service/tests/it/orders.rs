//! Order numbers: 18 digits, never twice, whatever the clock and the process do.

use crate::{NOON, noon, service};
use proptest::prelude::*;
use std::collections::HashSet;

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The clock steps to so many hours from noon.
    Clock(i64),
    /// The process dies and a new one starts.
    Restart,
    /// So many numbers are used.
    Use(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (-60i64..60).prop_map(Event::Clock),
        Just(Event::Restart),
        (1usize..12_000).prop_map(Event::Use),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_number_is_given_twice(events in prop::collection::vec(event(), 1..14)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let dir = tempfile::tempdir().expect("a directory");
            let clock = noon();
            let mut running = service(dir.path(), &clock, false).await;
            let mut seen = HashSet::new();
            for event in events {
                match event {
                    Event::Clock(hours) => clock.set(NOON + hours * 3600),
                    // Nothing is closed: what the process had in memory is simply gone.
                    Event::Restart => running = service(dir.path(), &clock, false).await,
                    Event::Use(count) => for _ in 0..count {
                        let number = running.order_number(running.today()).await.expect("a number");
                        assert!(seen.insert(number), "{number} was given twice");
                    },
                }
            }
        });
    }
}

#[tokio::test]
async fn a_number_names_node_and_chinese_day() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let service = service(dir.path(), &clock, false).await;
    let number = service
        .order_number(service.today())
        .await
        .expect("a number");
    assert_eq!(number.as_str(), "123261124000000000");
    // 16:00 UTC is midnight in China.
    clock.set(NOON + 12 * 3600);
    let number = service
        .order_number(service.today())
        .await
        .expect("a number");
    assert_eq!(number.as_str(), "123261125000000000");
}

#[tokio::test]
async fn two_services_on_one_database_share_the_numbers() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = noon();
    let a = service(dir.path(), &clock, false).await;
    let b = service(dir.path(), &clock, false).await;
    let mut seen = HashSet::new();
    for _ in 0..100 {
        for service in [&a, &b] {
            assert!(
                seen.insert(
                    service
                        .order_number(service.today())
                        .await
                        .expect("a number")
                )
            );
        }
    }
}
