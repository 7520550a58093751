//! What the answers of channels teach, on both databases.

use crate::on_both;
use std::cell::RefCell;
use vin_store::Lesson;

#[test]
fn a_rule_is_in_force_after_enough_vins_and_withdrawn_by_one_that_contradicts() {
    on_both(async |place| {
        let store = place.open().await;
        let at = RefCell::new(1_000);
        let learn = async |rest: &str, said: &str| {
            let lesson = Lesson {
                channel: "a",
                prefix: "WP0AA297BL",
                lang: "zh",
                rest,
                at: *at.borrow(),
                enough: 3,
                age: 100,
            };
            let merge = |known: Option<&str>| {
                known
                    .is_none_or(|known| known == said)
                    .then(|| said.to_owned())
            };
            store.learn(&lesson, merge).await.expect("learned");
        };
        let rules = async || store.learned(None, false).await.expect("read");
        let revision = async || store.revisions().await.expect("read").1;
        for rest in ["1", "2", "2", "2"] {
            learn(rest, "Panamera").await;
        }
        assert_eq!(rules().await, []);
        let before = revision().await;
        learn("3", "Panamera").await;
        let found = rules().await;
        assert_eq!(
            (found.len(), found[0].answers, &*found[0].fields),
            (1, 3, "Panamera")
        );
        assert!(revision().await > before);
        let before = revision().await;
        learn("4", "Panamera").await;
        assert_eq!(revision().await, before, "nothing new");
        learn("5", "911").await;
        learn("6", "Panamera").await;
        assert_eq!(rules().await, []);
        assert!(revision().await > before);
        let all = store.learned(Some("a"), true).await.expect("read");
        assert_eq!((all.len(), &*all[0].state), (1, "withdrawn"));
        assert!(all[0].why.contains("with 5 in"), "{}", all[0].why);
        assert_eq!((all[0].first_at, all[0].last_at), (1_000, 1_000));
        assert_eq!(
            store
                .forget_learned("a", Some("WP0AA297BL"))
                .await
                .expect("gone"),
            1
        );
        learn("7", "911").await;
        *at.borrow_mut() = 2_000;
        for rest in ["8", "9"] {
            learn(rest, "Panamera").await;
        }
        assert_eq!(rules().await, [], "what is old counts no more");
        learn("0", "Panamera").await;
        assert_eq!(rules().await.len(), 1);
        assert_eq!(store.forget_learned("a", None).await.expect("gone"), 1);
        assert_eq!(rules().await, []);
    });
}
