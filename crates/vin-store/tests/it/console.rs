//! What the console keeps, on both databases.

use super::*;
use vin_store::{
    ChannelChange, Deed, Holder, Lookup, NewAudit, NewNotice, NewSession, NewSignIn, NewTicket,
    Outcome, StoreError, TicketState,
};

#[test]
fn sessions_belong_to_their_holders_and_end() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let begin = async |byte, at| {
            let new = NewSession {
                lookup: Lookup([byte; 32]),
                holder: Holder::Account(id),
                at,
                expires_at: at + 100,
                address: "203.0.113.7",
                agent: "a\u{0}b",
            };
            store.begin_session(&new).await.expect("begun");
        };
        begin(1, 10).await;
        begin(2, 20).await;
        let of = async |now| {
            store
                .sessions(Holder::Account(id), now)
                .await
                .expect("read")
                .len()
        };
        assert_eq!((of(50).await, of(115).await, of(120).await), (2, 1, 0));
        let stranger = Holder::Account(AccountId(id.0 + 1));
        let ended = store.end_session(stranger, &Lookup([1; 32])).await;
        assert!(!ended.expect("asked"));
        let but = Lookup([2; 32]);
        let ended = store.end_sessions(Holder::Account(id), Some(&but)).await;
        assert_eq!(ended.expect("ended"), 1);
        assert!(store.session(&but, 50).await.expect("read").is_some());
        store
            .set_password(Holder::Account(id), "x", None)
            .await
            .expect("set");
        assert!(store.session(&but, 50).await.expect("read").is_none());
    });
}

#[test]
fn the_audit_log_is_only_ever_added_to() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let deed = NewAudit {
            at: 1,
            actor: "ada",
            action: "account.suspend",
            subject: "account 1",
            detail: "did not pay",
            address: "203.0.113.7",
        };
        store.note_deed(&deed).await.expect("noted");
        for sql in ["update audit set actor = 'eve'", "delete from audit"] {
            let refused = place.shell(sql).await.expect_err("refused");
            assert!(refused.to_string().contains("only ever added"), "{refused}");
        }
        let all = store.deeds("", "", i64::MAX, 10).await.expect("read");
        assert_eq!((all.len(), all[0].actor.as_str()), (1, "ada"));
        let none = store.deeds("eve", "", i64::MAX, 10).await.expect("read");
        assert!(none.is_empty());
    });
}

#[test]
fn a_ticket_is_seen_by_its_account_and_by_operators_alone() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let (id, other) = (account(&store, "1").await, account(&store, "2").await);
        let new = NewTicket {
            account: id,
            subject: "发票",
            body: "请开发票",
            at: 1,
        };
        let ticket = store.open_ticket(&new).await.expect("opened");
        assert!(
            store
                .ticket(ticket, Some(other))
                .await
                .expect("read")
                .is_none()
        );
        assert!(!store.post(ticket, Ok(other), "x", 2).await.expect("asked"));
        assert!(
            store
                .post(ticket, Err("ada"), "已开", 2)
                .await
                .expect("posted")
        );
        let (row, posts) = store
            .ticket(ticket, Some(id))
            .await
            .expect("read")
            .expect("there");
        assert_eq!((row.state, posts.len()), (TicketState::Answered, 2));
        assert_eq!(
            (posts[0].author.as_str(), posts[1].author.as_str()),
            ("", "ada")
        );
        assert!(
            !store
                .close_ticket(ticket, Some(other), 3)
                .await
                .expect("asked")
        );
        assert!(
            store
                .close_ticket(ticket, Some(id), 3)
                .await
                .expect("closed")
        );
        assert!(!store.post(ticket, Ok(id), "x", 4).await.expect("asked"));
        let open = store
            .tickets(None, Some(TicketState::Open), i64::MAX, 10)
            .await;
        assert!(open.expect("read").is_empty());
    });
}

#[test]
fn texts_and_notices_change_and_say_so() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let before = store.site_revision().await.expect("read");
        let texts = [("terms.zh", "条款"), ("phone", "400")];
        store.set_site(&texts, 1).await.expect("set");
        store.set_site(&[("phone", "")], 2).await.expect("set");
        assert!(store.site_revision().await.expect("read") > before);
        let held = [("terms.zh".to_owned(), "条款".to_owned())];
        assert_eq!(store.site().await.expect("read"), held);
        let new = NewNotice {
            title: "维护",
            body: "今晚",
            starts_at: 10,
            ends_at: 20,
            at: 5,
        };
        store.publish(&new).await.expect("published");
        let at = async |now| store.notices(Some(now)).await.expect("read").len();
        assert_eq!((at(9).await, at(10).await, at(20).await), (0, 1, 0));
        let id = store.notices(None).await.expect("read")[0].id;
        assert!(store.withdraw_notice(id).await.expect("withdrawn"));
        assert!(store.notices(None).await.expect("read").is_empty());
    });
}

#[test]
fn an_account_has_one_key_of_its_own_pages() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let rules = Default::default();
        let new = |byte| vin_store::NewKey {
            account: id,
            name: "console",
            lookup: Lookup([byte; 32]),
            sealed_key: b"k",
            sealed_secret: b"s",
            rules: &rules,
            expires_at: vin_store::NEVER,
            created_at: 1,
            console: true,
        };
        store.create_key(&new(1)).await.expect("made");
        let second = store.create_key(&new(2)).await;
        assert!(matches!(second, Err(StoreError::KeyTaken)), "{second:?}");
        let held = store.console_key(id).await.expect("read").expect("there");
        assert_eq!(held.lookup, Lookup([1; 32]));
    });
}

#[test]
fn attempts_to_sign_in_are_counted_by_name_and_place_and_forgotten() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let who = Lookup([7; 32]);
        let note = async |at, outcome| {
            let new = NewSignIn {
                operator: false,
                who,
                holder: Some(Holder::Account(id)),
                at,
                outcome,
                address: "203.0.113.7",
                agent: "test",
            };
            store.note_sign_in(&new).await.expect("noted");
        };
        let tries = async || {
            let tries = store.failed_sign_ins(false, &who, "203.0.113.7", 0).await;
            tries
                .map(|tries| (tries.name, tries.address))
                .expect("read")
        };
        note(10, Outcome::Password).await;
        note(20, Outcome::Factor).await;
        assert_eq!(tries().await, (2, 2));
        note(30, Outcome::In).await;
        note(40, Outcome::Password).await;
        note(50, Outcome::Barred).await;
        assert_eq!(tries().await, (1, 3), "since it last worked");
        assert_eq!(store.forget_sign_ins(40).await.expect("forgotten"), 3);
        let left = store.sign_ins(Holder::Account(id), 10).await.expect("read");
        let left: Vec<_> = left.iter().map(|row| row.at).collect();
        assert_eq!(left, [50, 40]);
    });
}

#[test]
fn the_books_of_channels_are_only_ever_added_to() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let deed = Deed {
            at: 1,
            reason: "test",
            actor: "ada",
        };
        let change = ChannelChange::default();
        store.set_channel("up", change, deed).await.expect("set");
        let settled = "insert into settlements values (1, 1, 1, 202611, 'free', 1, 'x', 'ada')";
        place.shell(settled).await.expect("entered");
        for sql in [
            "update channel_changes set actor = 'eve'",
            "delete from channel_changes",
            "update settlements set verdict = 'billed'",
        ] {
            let refused = place.shell(sql).await.expect_err("refused");
            assert!(
                refused.to_string().contains("is only ever added to"),
                "{refused}"
            );
        }
    });
}
