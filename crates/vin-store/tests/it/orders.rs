//! Order-number blocks: disjoint whoever asks, in whatever order of days, after any restart.

use crate::{Place, on_both, open, store};
use proptest::prelude::*;
use std::collections::HashMap;
use vin_store::{NUMBERS_PER_DAY, StoreError};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    /// Nodes, days that go back and forth, restarts: no two blocks ever overlap.
    #[test]
    fn blocks_are_disjoint(asks in prop::collection::vec((0u16..3, 0u32..3, 1u32..20_000, any::<bool>()), 1..40)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let (dir, mut store) = store().await;
            let mut ends = HashMap::new();
            for (node, day, count, restart) in asks {
                if restart {
                    store = open(dir.path()).await;
                }
                let day = 20_261_124 + day;
                let block = store.reserve_orders(node, day, count).await.expect("reserved");
                let end = ends.insert((node, day), block.end).unwrap_or(0);
                assert_eq!((block.start, block.end - block.start), (end, count));
            }
        });
    }
}

#[test]
fn processes_that_ask_at_once_get_different_blocks() {
    on_both(async |place: &Place| {
        let (first, second) = (place.open().await, place.open().await);
        let mut tasks = Vec::new();
        for i in 0..40 {
            let store = [&first, &second][i % 2].clone();
            tasks.push(tokio::spawn(async move {
                let block = store.reserve_orders(1, 20_261_124, 10).await;
                block.expect("reserved").start
            }));
        }
        let mut starts = Vec::new();
        for task in tasks {
            starts.push(task.await.expect("no panic"));
        }
        starts.sort_unstable();
        assert_eq!(starts, (0..400).step_by(10).collect::<Vec<_>>());
    });
}

#[test]
fn a_day_that_is_used_up_says_so() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let block = store.reserve_orders(7, 20_261_124, NUMBERS_PER_DAY).await;
        let block = block.expect("all");
        assert_eq!((block.start, block.end), (0, NUMBERS_PER_DAY));
        let error = store.reserve_orders(7, 20_261_124, 1).await;
        assert!(matches!(
            error,
            Err(StoreError::OrderNumbersUsedUp { node: 7, .. })
        ));
        let next = store.reserve_orders(7, 20_261_125, 1).await;
        next.expect("the next day is fresh");
    });
}
