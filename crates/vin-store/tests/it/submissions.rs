//! Real names that are handed in, on both databases.

use super::*;
use vin_store::{
    Deed, MAX_SUBMISSIONS, NewSubmission, PictureKind, SUBMISSIONS_SPAN, StoreError, Submission,
    SubmissionKind, SubmissionState,
};

const DEED: Deed<'static> = Deed {
    at: 500,
    reason: "as on the card",
    actor: "operator ada",
};

async fn unverified(store: &Store, phone: &str) -> AccountId {
    let id = account(store, phone).await;
    assert!(store.verify_account(id, false).await.expect("set"));
    id
}

async fn submit(store: &Store, id: AccountId, at: i64) -> Result<i64, StoreError> {
    let new = NewSubmission {
        account: id,
        kind: SubmissionKind::Company,
        reference: &format!("{} {at}", id.0),
        sealed: b"sealed",
        masked: "某**司",
        picture: Some((PictureKind::Png, b"sealed picture")),
        at,
    };
    store.submit(&new).await
}

async fn one(store: &Store, id: i64) -> Submission {
    let row = store.submission(id, None).await.expect("read");
    row.expect("there")
}

async fn is_verified(store: &Store, id: AccountId) -> bool {
    let row = store.account(id).await.expect("read");
    row.expect("there").verified
}

#[test]
fn an_approved_submission_verifies_its_account_and_its_keys() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = unverified(&store, "1").await;
        let other = unverified(&store, "2").await;
        let made = submit(&store, id, 100).await.expect("taken");
        let row = one(&store, made).await;
        assert_eq!(
            (row.state, row.masked.as_str()),
            (SubmissionState::Submitted, "某**司")
        );
        assert_eq!(row.picture, Some(PictureKind::Png));
        let foreign = store.submission(made, Some(other)).await.expect("read");
        assert!(foreign.is_none());
        let sealed = store.sealed_submission(made).await.expect("read");
        assert_eq!(sealed.as_deref(), Some(&b"sealed"[..]));
        let revision = async || store.key_revision().await.expect("read");
        let before = revision().await;
        let decided = store.decide_submission(made, true, DEED).await;
        assert!(decided.expect("decided"));
        assert!(revision().await > before, "every node sees the change");
        assert!(is_verified(&store, id).await && !is_verified(&store, other).await);
        let row = one(&store, made).await;
        assert_eq!(
            (row.state, row.decided_at),
            (SubmissionState::Approved, 500)
        );
        assert_eq!(
            (row.decided_by.as_str(), row.reason.as_str()),
            ("operator ada", "as on the card")
        );
        // What was decided stays so, and who is verified hands nothing in.
        let again = store.decide_submission(made, false, DEED).await;
        assert!(!again.expect("asked"));
        let more = submit(&store, id, 600).await;
        assert!(matches!(more, Err(StoreError::AlreadyVerified)), "{more:?}");
    });
}

#[test]
fn one_submission_waits_and_a_day_has_a_limit() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = unverified(&store, "1").await;
        let mut last = 0;
        for n in 0..MAX_SUBMISSIONS {
            last = submit(&store, id, 100 + n).await.expect("taken");
            let twice = submit(&store, id, 200 + n).await;
            match n + 1 {
                MAX_SUBMISSIONS => {
                    assert!(
                        matches!(twice, Err(StoreError::TooManySubmissions)),
                        "{twice:?}"
                    );
                }
                _ => assert!(
                    matches!(twice, Err(StoreError::SubmissionOpen)),
                    "{twice:?}"
                ),
            }
            let rejected = store.decide_submission(last, false, DEED).await;
            assert!(rejected.expect("decided"));
        }
        assert!(!is_verified(&store, id).await);
        let more = submit(&store, id, 99 + SUBMISSIONS_SPAN).await;
        assert!(
            matches!(more, Err(StoreError::TooManySubmissions)),
            "{more:?}"
        );
        submit(&store, id, 100 + SUBMISSIONS_SPAN)
            .await
            .expect("a day later");
        let of = async |state| {
            let rows = store.submissions(Some(id), state, i64::MAX, 10).await;
            rows.expect("read").len() as i64
        };
        assert_eq!(of(None).await, MAX_SUBMISSIONS + 1);
        assert_eq!(of(Some(SubmissionState::Submitted)).await, 1);
        assert_eq!(of(Some(SubmissionState::Rejected)).await, MAX_SUBMISSIONS);
        let before = store.submissions(None, None, last, 2).await.expect("read");
        assert!(before.len() == 2 && before[0].id < last, "{before:?}");
    });
}

#[test]
fn of_many_that_are_sent_at_once_one_waits() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = unverified(&store, "1").await;
        let send = |n: i64| submit(&store, id, 100 + n);
        let sent = tokio::join!(send(0), send(1), send(2), send(3));
        let sent = [sent.0, sent.1, sent.2, sent.3];
        assert_eq!(
            sent.iter().filter(|sent| sent.is_ok()).count(),
            1,
            "{sent:?}"
        );
    });
}

#[test]
fn a_submission_is_put_to_the_channel_once() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let mut made = Vec::new();
        for phone in ["1", "2", "3"] {
            let id = unverified(&store, phone).await;
            made.push(submit(&store, id, 100).await.expect("taken"));
        }
        let decided = store.decide_submission(made[1], false, DEED).await;
        assert!(decided.expect("decided"));
        let none = store.take_submission(true, false, 299).await;
        assert_eq!(none.expect("asked"), None, "no person is among them");
        let take = || store.take_submission(false, true, 300);
        let taken = tokio::join!(take(), take(), take(), take());
        let taken = [taken.0, taken.1, taken.2, taken.3];
        let taken = taken.into_iter().filter_map(|taken| taken.expect("asked"));
        let mut taken: Vec<_> = taken.collect();
        while let Some(id) = store.take_submission(true, true, 301).await.expect("asked") {
            taken.push(id);
        }
        taken.sort_unstable();
        assert_eq!(taken, [made[0], made[2]], "each that waits, once");
        assert!(one(&store, made[0]).await.asked_at >= 300);
        assert_eq!(one(&store, made[1]).await.asked_at, 0);
    });
}

#[test]
fn what_is_erased_is_gone_and_only_that_it_was_so_remains() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let (id, other) = (unverified(&store, "1").await, unverified(&store, "2").await);
        let first = submit(&store, id, 100).await.expect("taken");
        let rejected = store.decide_submission(first, false, DEED).await;
        assert!(rejected.expect("decided"));
        let open = submit(&store, id, 200).await.expect("taken");
        let foreign = submit(&store, other, 200).await.expect("taken");
        assert_eq!(store.erase_submissions(id, 900).await.expect("erased"), 2);
        assert_eq!(store.erase_submissions(id, 901).await.expect("erased"), 0);
        for (made, state) in [
            (first, SubmissionState::Rejected),
            (open, SubmissionState::Withdrawn),
        ] {
            let row = one(&store, made).await;
            assert_eq!((row.state, row.erased_at, row.picture), (state, 900, None));
            assert_eq!((row.masked.as_str(), row.reason.as_str()), ("", ""));
            assert!(store.sealed_submission(made).await.expect("read").is_none());
            assert!(store.sealed_picture(made).await.expect("read").is_none());
        }
        assert!(
            !store
                .decide_submission(open, true, DEED)
                .await
                .expect("asked")
        );
        assert!(store.sealed_picture(foreign).await.expect("read").is_some());
        // Approved, then erased: still verified.
        let last = submit(&store, id, 300).await.expect("taken");
        assert!(
            store
                .decide_submission(last, true, DEED)
                .await
                .expect("decided")
        );
        assert_eq!(store.erase_submissions(id, 902).await.expect("erased"), 1);
        let row = one(&store, last).await;
        assert_eq!(
            (row.state, row.decided_at),
            (SubmissionState::Approved, 500)
        );
        assert!(is_verified(&store, id).await);
    });
}

#[test]
fn a_backup_holds_submissions_and_their_pictures() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        for (n, phone) in ["1", "2", "3"].into_iter().enumerate() {
            let id = unverified(&store, phone).await;
            let made = submit(&store, id, 100).await.expect("taken");
            if n == 1 {
                store.erase_submissions(id, 900).await.expect("erased");
            }
            assert_eq!(one(&store, made).await.erased_at > 0, n == 1);
        }
        let mut file = Vec::new();
        store.backup(&mut file).await.expect("backed up");
        for other in [Place::sqlite(), Place::postgres()] {
            let other = other.open().await;
            other.restore(&*file).await.expect("restored");
            let all = other
                .submissions(None, None, i64::MAX, 9)
                .await
                .expect("read");
            assert_eq!(
                all,
                store
                    .submissions(None, None, i64::MAX, 9)
                    .await
                    .expect("read")
            );
            for row in &all {
                let picture = other.sealed_picture(row.id).await.expect("read");
                assert_eq!(picture, store.sealed_picture(row.id).await.expect("read"));
                assert_eq!(picture.is_some(), row.erased_at == 0);
            }
            let id = unverified(&other, "4").await;
            submit(&other, id, 100).await.expect("ids go on");
        }
    });
}
