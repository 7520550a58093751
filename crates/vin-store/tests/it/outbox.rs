//! Messages to be sent, on both databases.

use crate::ledger::{DEED, begun};
use crate::{Place, account, on_both};
use vin_store::{
    AccountId, AlertKind, AlertWays, ChannelChange, ChannelReason, InstanceId, Message, NEVER,
    NewMessage, SendState, SendWay, Store,
};

const ONE: InstanceId = InstanceId(1);
const TWO: InstanceId = InstanceId(2);
const NOW: i64 = 1_010;

fn message<'a>(cause: &'a str, recipient: &'a str) -> NewMessage<'a> {
    NewMessage {
        account: None,
        cause,
        kind: "test",
        way: SendWay::Mail,
        recipient,
        payload: "{}",
        at: NOW,
    }
}

async fn claim(store: &Store, by: InstanceId, now: i64) -> Vec<i64> {
    let claimed = store.claim_messages(by, now, now + 120, 16).await;
    claimed.expect("claimed").iter().map(|m| m.id).collect()
}

async fn all(store: &Store) -> Vec<Message> {
    store.messages(None, i64::MAX, 100).await.expect("read")
}

#[test]
fn of_one_cause_each_recipient_is_told_once_by_each_way() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let post = async |new| store.post_message(&new).await.expect("posted").is_some();
        assert!(post(message("alert 1", "a@b.example")).await);
        assert!(!post(message("alert 1", "a@b.example")).await);
        assert!(post(message("alert 1", "c@b.example")).await);
        assert!(post(message("alert 2", "a@b.example")).await);
        let by_webhook = NewMessage {
            way: SendWay::Webhook,
            ..message("alert 1", "a@b.example")
        };
        assert!(post(by_webhook).await);
        assert_eq!(all(&store).await.len(), 4);
    });
}

#[test]
fn a_message_belongs_to_one_node_until_its_claim_ends() {
    on_both(async |place: &Place| {
        let (one, two) = (place.open().await, place.open().await);
        let mut ids = Vec::new();
        for n in 0..40 {
            let cause = format!("alert {n}");
            let id = one.post_message(&message(&cause, "a@b.example")).await;
            ids.push(id.expect("posted").expect("new"));
        }
        assert!(claim(&one, ONE, NOW - 1).await.is_empty(), "not yet");
        let (a, b) = tokio::join!(claim(&one, ONE, NOW), claim(&two, TWO, NOW));
        let (c, d) = tokio::join!(claim(&one, ONE, NOW), claim(&two, TWO, NOW));
        let mut claimed = [&a[..], &b[..], &c[..], &d[..]].concat();
        claimed.sort_unstable();
        let mut unique = claimed.clone();
        unique.dedup();
        assert_eq!(claimed, unique, "a message was claimed twice");
        claimed.extend(claim(&one, ONE, NOW).await);
        claimed.extend(claim(&two, TWO, NOW).await);
        claimed.sort_unstable();
        assert_eq!(claimed, ids);
        assert!(claim(&two, TWO, NOW + 119).await.is_empty());
        // The nodes die, and another takes over; who was too slow is told so.
        let again = claim(&two, TWO, NOW + 120).await;
        assert_eq!(again, ids[..16]);
        let late = one.message_sent(ids[0], ONE, NOW + 121).await;
        assert!(!late.expect("asked"));
        assert!(
            two.message_sent(ids[0], TWO, NOW + 121)
                .await
                .expect("noted")
        );
        assert!(
            !two.message_sent(ids[0], TWO, NOW + 122)
                .await
                .expect("noted")
        );
        let sent = one.message(ids[0]).await.expect("read").expect("there");
        assert_eq!(
            (sent.state, sent.tries, sent.ended_at),
            (SendState::Sent, 1, NOW + 121)
        );
    });
}

#[test]
fn what_fails_is_tried_again_and_given_up_until_somebody_wants_it() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = store.post_message(&message("alert 1", "a@b.example")).await;
        let id = id.expect("posted").expect("new");
        let fail = async |next, now| {
            assert_eq!(claim(&store, ONE, now).await, [id]);
            let long = format!("no\0 room{}", "!".repeat(1_000));
            let noted = store.message_failed(id, ONE, &long, next, now).await;
            assert!(noted.expect("noted"));
            store.message(id).await.expect("read").expect("there")
        };
        let failed = fail(Some(NOW + 60), NOW).await;
        assert_eq!((failed.state, failed.tries), (SendState::Waiting, 1));
        assert!(failed.error.starts_with("no  room!"), "{}", failed.error);
        assert_eq!(failed.error.chars().count(), 300);
        assert!(claim(&store, ONE, NOW + 59).await.is_empty());
        let failed = fail(None, NOW + 60).await;
        assert_eq!((failed.state, failed.tries), (SendState::Failed, 2));
        assert_eq!(failed.ended_at, NOW + 60);
        assert!(claim(&store, ONE, NOW + 9_000).await.is_empty());
        let again = async |of| store.send_again(id, of, NOW + 100).await.expect("asked");
        assert!(!again(Some(AccountId(1))).await, "not its own");
        assert!(again(None).await);
        assert!(!again(None).await, "it waits already");
        assert_eq!(claim(&store, ONE, NOW + 100).await, [id]);
        assert!(store.message_sent(id, ONE, NOW + 101).await.expect("noted"));
        assert!(!again(None).await, "it was sent");
        assert_eq!(store.forget_messages(NOW).await.expect("done"), 0);
        assert_eq!(store.forget_messages(NOW + 1).await.expect("done"), 1);
    });
}

#[test]
fn an_alert_is_told_by_the_ways_that_its_account_wants() {
    on_both(async |place: &Place| {
        let (store, id, _, _) = begun(place, 50).await;
        let others = [account(&store, "2").await, account(&store, "3").await];
        for other in others {
            store.grant(other, 50, NEVER, DEED).await.expect("granted");
        }
        store.set_mail(id, "a@b.example", 1).await.expect("set");
        store
            .set_webhook(id, "https://b.example/", b"s", 1)
            .await
            .expect("set");
        store
            .set_mail(others[0], "c@b.example", 1)
            .await
            .expect("set");
        let only = AlertWays {
            mail: false,
            webhook: true,
        };
        store
            .set_alert_ways(others[0], &[(AlertKind::Balance, only)])
            .await
            .expect("set");
        let ways = store.alert_ways(others[0]).await.expect("read");
        assert_eq!(ways[0], (AlertKind::Balance, only));
        assert_eq!(ways[1], (AlertKind::Expiry, AlertWays::default()));
        let two = place.open().await;
        let (a, b) = tokio::join!(store.find_alerts(None, NOW), two.find_alerts(None, NOW));
        assert_eq!(a.expect("looked").raised + b.expect("looked").raised, 3);
        let told = all(&store).await;
        let to: Vec<_> = told
            .iter()
            .map(|m| (m.account, m.way, &*m.recipient))
            .collect();
        assert_eq!(
            to,
            [
                (Some(id), SendWay::Webhook, "https://b.example/"),
                (Some(id), SendWay::Mail, "a@b.example"),
            ]
        );
        let alert = store.open_alerts(id).await.expect("read")[0];
        assert_eq!(store.alert(alert.id).await.expect("read"), Some(alert));
        assert_eq!(told[0].cause, format!("alert {}", alert.id));
        assert_eq!(told[0].kind, "alert.balance");
        assert_eq!(told[0].payload, r#"{"calls":50,"level":100}"#);
        assert_eq!(
            store
                .messages(Some(others[0]), i64::MAX, 9)
                .await
                .expect("read"),
            []
        );
        // An alert that is open is not told again.
        store.find_alerts(None, NOW + 60).await.expect("looked");
        assert_eq!(all(&store).await.len(), 2);
    });
}

#[test]
fn what_waits_goes_where_the_account_is_told_now() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let id = account(&store, "1").await;
        let tell = async |cause| {
            let told = store.tell_account(id, cause, "job.done", "{}", NOW).await;
            told.expect("told")
        };
        assert_eq!(tell("job 0").await, 0, "there is no address");
        store.set_mail(id, "a@b.example", 1).await.expect("set");
        store
            .set_webhook(id, "https://b.example/", b"s", 1)
            .await
            .expect("set");
        assert_eq!(tell("job 1").await, 2);
        assert_eq!(tell("job 1").await, 0);
        let contacts = store.contacts(id).await.expect("read");
        assert_eq!(
            (&*contacts.mail, &*contacts.hook_sealed),
            ("a@b.example", &b"s"[..])
        );
        let mail = all(&store).await.pop().expect("a mail");
        assert!(
            store
                .claim_message(ONE, mail.id, NOW, NOW + 120)
                .await
                .expect("asked")
                .is_some()
        );
        // What is on its way is left alone.
        store.set_mail(id, "c@b.example", NOW).await.expect("set");
        assert_eq!(all(&store).await[1].recipient, "a@b.example");
        store
            .message_failed(mail.id, ONE, "no", None, NOW)
            .await
            .expect("noted");
        store.set_mail(id, "d@b.example", NOW).await.expect("set");
        assert_eq!(all(&store).await[1].recipient, "d@b.example");
        assert_eq!(tell("job 1").await, 0);
        store.set_webhook(id, "", &[], NOW).await.expect("set");
        let hook = all(&store).await.remove(0);
        assert_eq!(
            (hook.state, &*hook.error),
            (SendState::Failed, "no address")
        );
        store
            .set_webhook(id, "https://e.example/", b"t", NOW)
            .await
            .expect("set");
        assert_eq!(all(&store).await[0].recipient, "https://e.example/");
    });
}

#[test]
fn operators_are_told_once_of_a_channel_until_it_works_on_every_node() {
    on_both(async |place: &Place| {
        let store = place.open().await;
        let to = [
            (SendWay::Mail, "ops@b.example"),
            (SendWay::Webhook, "https://o.example/"),
        ];
        let say = async |node, channels: &[(&str, i64)], now| {
            store
                .report_channels(node, channels, now)
                .await
                .expect("said");
        };
        let find = async |now| {
            let found = store
                .find_channel_alerts(300, &to, now)
                .await
                .expect("looked");
            (found.raised, found.ended)
        };
        say(ONE, &[("a", 0), ("b", 1_000)], 1_000).await;
        say(TWO, &[("a", 0), ("b", 0)], 1_000).await;
        assert_eq!(find(1_000).await, (0, 0));
        say(ONE, &[("a", 0), ("b", 1_000)], 1_300).await;
        assert_eq!(find(1_300).await, (1, 0));
        assert_eq!(find(1_310).await, (0, 0));
        let open = store.channel_alerts(true, 9).await.expect("read");
        assert_eq!(
            (&*open[0].name, open[0].reason, open[0].since),
            ("b", ChannelReason::Down, 1_000)
        );
        let told = all(&store).await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter()
                .all(|m| m.account.is_none() && m.kind == "channel.down")
        );
        assert_eq!(told[0].payload, r#"{"channel":"b","since":1000}"#);
        say(ONE, &[("a", 0), ("b", 0)], 1_320).await;
        assert_eq!(find(1_320).await, (0, 1));
        // The word of a node that is gone does not count for long.
        say(TWO, &[("a", 1_320)], 1_620).await;
        assert_eq!(find(1_620).await, (1, 0));
        assert_eq!(find(1_739).await, (0, 0));
        assert_eq!(find(1_741).await, (0, 1));
        // One that is drained is told of at once; one that nobody has is not.
        say(ONE, &[("a", 0)], 1_750).await;
        for name in ["a", "gone"] {
            let change = ChannelChange {
                state: Some("draining"),
                ..ChannelChange::default()
            };
            store.set_channel(name, change, DEED).await.expect("set");
        }
        assert_eq!(find(1_750).await, (1, 0));
        let open = store.channel_alerts(true, 9).await.expect("read");
        assert_eq!(
            (&*open[0].name, open[0].reason),
            ("a", ChannelReason::Draining)
        );
        let change = ChannelChange {
            state: Some("enabled"),
            ..ChannelChange::default()
        };
        store.set_channel("a", change, DEED).await.expect("set");
        assert_eq!(find(1_760).await, (0, 1));
        assert_eq!(store.channel_alerts(false, 9).await.expect("read").len(), 3);
    });
}

#[test]
fn a_backup_holds_what_was_sent_and_where_accounts_are_told() {
    on_both(async |place: &Place| {
        let (store, id, _, _) = begun(place, 50).await;
        store.set_mail(id, "a@b.example", 1).await.expect("set");
        let url = "https://b.example/";
        store.set_webhook(id, url, b"sealed", 1).await.expect("set");
        let ways = [(
            AlertKind::Errors,
            AlertWays {
                mail: false,
                webhook: true,
            },
        )];
        store.set_alert_ways(id, &ways).await.expect("set");
        store.find_alerts(None, NOW).await.expect("looked");
        store
            .report_channels(ONE, &[("a", 1)], NOW)
            .await
            .expect("said");
        store
            .find_channel_alerts(0, &[], NOW)
            .await
            .expect("looked");
        let sent = all(&store).await[0].id;
        claim(&store, ONE, NOW).await;
        store.message_sent(sent, ONE, NOW).await.expect("noted");
        let mut held = Vec::new();
        store.backup(&mut held).await.expect("backed up");
        let other = match &place.postgres {
            Some(_) => Place::sqlite(),
            None => Place::postgres(),
        };
        let restored = other.open().await;
        restored.restore(&held[..]).await.expect("restored");
        assert_eq!(all(&restored).await, all(&store).await);
        let contacts = restored.contacts(id).await.expect("read");
        assert_eq!(
            (&*contacts.hook_url, &*contacts.hook_sealed),
            (url, &b"sealed"[..])
        );
        let told = restored.alert_ways(id).await.expect("read");
        assert_eq!(told, store.alert_ways(id).await.expect("read"));
        let alerts = restored.channel_alerts(false, 9).await.expect("read");
        assert_eq!(alerts, store.channel_alerts(false, 9).await.expect("read"));
        // Nobody sends in the restored database yet: what waits is there to be claimed.
        assert_eq!(claim(&restored, TWO, NOW).await.len(), 1);
        let next = restored
            .post_message(&message("alert 9", "x@b.example"))
            .await;
        assert!(next.expect("posted").expect("new") > sent);
    });
}
