//! Mail to customers and operators.

use super::*;

#[tokio::test]
async fn an_address_is_told_once_it_was_confirmed() {
    for net in Net::both() {
        let node = net.node().await;
        let id = account(&node, PHONE).await;
        for address in ["", "nobody", "我@shop.example"] {
            let asked = node.ask_for_mail(id, address).await;
            assert!(matches!(asked, Err(ContactError::Address)), "{address}");
        }
        node.ask_for_mail(id, ADDRESS).await.expect("sent");
        assert_eq!(find(&node, id).await, 1);
        assert_eq!(
            node.send_waiting().await.expect("looked"),
            0,
            "not confirmed"
        );
        let first = net.mail.letters();
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].to, [ADDRESS]);
        assert_eq!(
            read(&first[0]).0,
            "车架 Chejia：确认邮箱 · Confirm your address"
        );
        // Another link takes the place of the first, and works once.
        node.ask_for_mail(id, ADDRESS).await.expect("sent");
        let accounts = node.accounts();
        let over = accounts.confirm_mail(&link(&first[0], "/mail/")).await;
        assert!(matches!(over, Err(LinkError::Over)));
        let token = link(&net.mail.letters()[1], "/mail/");
        accounts.confirm_mail(&token).await.expect("confirmed");
        assert!(matches!(
            accounts.confirm_mail(&token).await,
            Err(LinkError::Over)
        ));
        let contacts = accounts.store().contacts(id).await.expect("read");
        assert_eq!(contacts.mail, ADDRESS);
        for _ in 0..3 {
            node.ask_for_mail(id, ADDRESS).await.expect("sent");
        }
        let many = node.ask_for_mail(id, ADDRESS).await;
        assert!(matches!(many, Err(ContactError::TooMany)));
        net.mail.play(Post::Later);
        let other = account(&node, "13912345678").await;
        let error = node
            .ask_for_mail(other, "b@shop.example")
            .await
            .expect_err("no room");
        assert!(error.to_string().contains("no room"), "{error}");
    }
}

#[tokio::test]
async fn an_alert_is_mailed_and_what_fails_is_tried_until_it_is_given_up() {
    for net in Net::both() {
        let node = net.node().await;
        let id = account(&node, PHONE).await;
        confirmed(&net, &node, id).await;
        let before = net.mail.letters().len();
        net.mail.play(Post::TakeAndHangUp);
        assert_eq!(find(&node, id).await, 1);
        let mut now = NOON;
        for (at, delay) in (1..).zip(DELAYS) {
            assert_eq!(node.send_waiting().await.expect("looked"), 1);
            let waits = last(&node).await;
            assert_eq!((waits.state, waits.tries), (SendState::Waiting, at));
            assert_eq!(waits.next_at, now + delay);
            net.clock.set(now + delay - 1);
            assert_eq!(node.send_waiting().await.expect("looked"), 0, "too early");
            now += delay;
            net.clock.set(now);
            net.mail.play(Post::Later);
        }
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        let given_up = last(&node).await;
        assert_eq!((given_up.state, given_up.tries), (SendState::Failed, 6));
        assert!(given_up.error.contains("no room"), "{}", given_up.error);
        net.clock.set(now + 1_000_000);
        assert_eq!(node.send_waiting().await.expect("looked"), 0);

        let store = node.accounts().store();
        net.mail.play(Post::Take);
        let again = store
            .send_again(given_up.id, Some(id), now + 1_000_000)
            .await;
        assert!(again.expect("asked"));
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        assert_eq!(node.send_waiting().await.expect("looked"), 0);
        assert_eq!(last(&node).await.state, SendState::Sent);
        let letters = net.mail.letters();
        assert_eq!(letters.len(), before + 2);
        // It came twice, for the server hung up: its receiver can tell, for all of it is the same.
        assert_eq!(letters[before].data, letters[before + 1].data);
        let (subject, text) = read(&letters[before]);
        assert_eq!(subject, "车架 Chejia：余额不足 · Low balance");
        assert!(text.starts_with("剩余 50 次，少于 100 次。"), "{text}");
        assert!(
            text.contains("50 calls were left, fewer than 100."),
            "{text}"
        );
        assert!(text.contains("https://vin.example/alerts"), "{text}");

        // What nobody will ever take is given up at once.
        net.mail.play(Post::Never);
        let told = store
            .tell_account(id, "job 1", "job.done", "{}", NOON)
            .await;
        assert_eq!(told.expect("told"), 1);
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        let never = last(&node).await;
        assert_eq!((never.state, never.tries), (SendState::Failed, 1));

        net.clock.set(now + KEEP_DAYS * 86_400 + 2_000_000);
        node.find_alerts().await.expect("looked");
        let kept = store.messages(None, i64::MAX, 9).await.expect("read");
        assert_eq!(kept, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_one_database_send_each_message_once() {
    for net in Net::both() {
        let nodes = [net.node().await, net.node().await];
        let store = nodes[0].accounts().store();
        let mut ids = Vec::new();
        for n in 0..40 {
            let id = account(&nodes[0], &format!("138123400{n:02}")).await;
            let address = format!("a{n}@shop.example");
            store.set_mail(id, &address, NOON).await.expect("set");
            ids.push(id);
        }
        // Both raise and send at the same time, all the time.
        let works = nodes.iter().map(|node| async {
            for id in &ids {
                find(node, *id).await;
                node.send_waiting().await.expect("sent");
            }
            while node.send_waiting().await.expect("sent") > 0 {}
        });
        futures_util::future::join_all(works).await;
        let letters = net.mail.letters();
        let to: BTreeSet<_> = letters.iter().map(|letter| letter.to.clone()).collect();
        let known: BTreeSet<_> = letters.iter().map(id_of).collect();
        assert_eq!((letters.len(), to.len(), known.len()), (40, 40, 40));
        let all = store.messages(None, i64::MAX, 100).await.expect("read");
        assert!(
            all.iter()
                .all(|m| m.state == SendState::Sent && m.tries == 1)
        );
    }
}

#[tokio::test]
async fn what_a_dead_node_was_sending_is_sent_by_another() {
    for net in Net::both() {
        let node = net.node().await;
        let id = account(&node, PHONE).await;
        confirmed(&net, &node, id).await;
        let before = net.mail.letters().len();
        assert_eq!(find(&node, id).await, 1);
        let store = node.accounts().store();
        let dead = store
            .claim_messages(InstanceId(999), NOON, NOON + LEASE, 9)
            .await;
        assert_eq!(dead.expect("claimed").len(), 1);
        net.clock.set(NOON + LEASE - 1);
        assert_eq!(node.send_waiting().await.expect("looked"), 0);
        net.clock.set(NOON + LEASE);
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        assert_eq!(net.mail.letters().len(), before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_by_a_link_that_only_a_confirmed_address_gets() {
    let net = Net::sqlite();
    let node = net.node().await;
    let id = account(&node, PHONE).await;
    account(&node, "13912345678").await;
    confirmed(&net, &node, id).await;
    let before = net.mail.letters().len();
    for phone in ["13700000000", "13912345678", "nobody", PHONE] {
        node.mail_reset(phone, "203.0.113.7")
            .await
            .expect("answered");
    }
    for _ in 0..200 {
        if net.mail.letters().len() > before {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let letters = net.mail.letters();
    assert_eq!(letters.len(), before + 1);
    assert_eq!(letters[before].to, [ADDRESS]);
    let token = link(&letters[before], "/reset/");
    let accounts = node.accounts();
    let set = accounts.reset_by_link(&token, "another horse").await;
    set.expect("set");
    let here = Origin {
        address: "203.0.113.7",
        agent: "test",
    };
    let signed_in = accounts
        .sign_in(Door::Customer, PHONE, "another horse", here)
        .await;
    assert!(matches!(signed_in, Ok(SignIn::In(_))));
    node.mail_reset(PHONE, "203.0.113.7")
        .await
        .expect("answered");
    let many = node.mail_reset(PHONE, "203.0.113.7").await;
    assert!(matches!(many, Err(ContactError::TooMany)));
}

#[tokio::test]
async fn operators_see_whether_mail_works() {
    let net = Net::sqlite();
    let node = net.node().await;
    let sent = node.test_operators(SendWay::Mail).await.expect("tried");
    assert_eq!(sent.state, SendState::Sent);
    let letter = net.mail.letters().remove(0);
    assert_eq!(letter.to, ["ops@vin.example"]);
    assert!(read(&letter).1.contains("https://vin.example/admin/alerts"));
    net.mail.play(Post::BadPassword);
    let failed = node.test_operators(SendWay::Mail).await.expect("tried");
    assert_eq!(failed.state, SendState::Failed);
    assert!(
        failed.error.contains("wrong user or password"),
        "{}",
        failed.error
    );
    assert!(!failed.error.contains("pass word"));
    let none = node.test_operators(SendWay::Webhook).await;
    assert!(matches!(none, Err(ContactError::Nothing)));
}
