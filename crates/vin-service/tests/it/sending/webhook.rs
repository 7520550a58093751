//! Webhooks of customers.

use super::*;

#[tokio::test]
async fn a_webhook_is_signed_with_the_secret_that_its_owner_sees() {
    for net in Net::both() {
        let node = net.node().await;
        let id = account(&node, PHONE).await;
        let receiver = Upstream::start(Format::Vpic);
        receiver.play(Script::Status(503));
        let url = format!("http://{}/hook", receiver.address());
        for bad in [
            "http://10.0.0.1/",
            "http://shop.example/",
            "ftp://shop.example/",
        ] {
            let set = node.set_webhook(id, bad).await;
            assert!(matches!(set, Err(ContactError::Url(_))), "{bad}");
        }
        let none = node.test_webhook(id).await;
        assert!(matches!(none, Err(ContactError::Nothing)));
        node.set_webhook(id, &url).await.expect("set");
        let accounts = node.accounts();
        let secret = accounts
            .webhook_secret(id)
            .await
            .expect("read")
            .expect("one");
        assert_eq!(secret.len(), 64);
        // A test is sent at once, and once.
        let failed = node.test_webhook(id).await.expect("tried");
        assert_eq!(
            (failed.state, &*failed.error),
            (SendState::Failed, "HTTP 503")
        );
        assert_eq!(find(&node, id).await, 1);
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        assert_eq!(last(&node).await.state, SendState::Waiting);
        receiver.play(Script::Status(200));
        net.clock.set(NOON + DELAYS[0]);
        // Another secret holds for what waits, too, and another address is where it goes.
        accounts.renew_webhook_secret(id).await.expect("renewed");
        let renewed = accounts
            .webhook_secret(id)
            .await
            .expect("read")
            .expect("one");
        assert_ne!(renewed, secret);
        let other = format!("http://{}/other", receiver.address());
        node.set_webhook(id, &other).await.expect("set");
        assert_eq!(node.send_waiting().await.expect("looked"), 1);
        assert_eq!(last(&node).await.state, SendState::Sent);
        let seen = receiver.seen();
        let [_, first, second] = seen.as_slice() else {
            panic!("{seen:?}");
        };
        assert_eq!(
            first.body, second.body,
            "the event is the same, with its id"
        );
        assert_eq!((&*first.target, &*second.target), ("/hook", "/other"));
        for (seen, secret, at) in [(first, &secret, NOON), (second, &renewed, NOON + 60)] {
            let wanted = signature(secret, at, &seen.body);
            assert_eq!(seen.header("x-chejia-signature"), wanted);
        }
        let body: serde_json::Value = serde_json::from_str(&first.body).expect("JSON");
        assert_eq!(body["kind"], "alert.balance");
        assert_eq!(body["account"], id.0);
        assert_eq!(body["time"], NOON);
        assert_eq!(
            body["data"],
            serde_json::json!({ "calls": 50, "level": 100 })
        );
        // Without an address nothing is sent, and nothing of the secret is left.
        node.set_webhook(id, "").await.expect("set");
        assert_eq!(accounts.webhook_secret(id).await.expect("read"), None);
    }
}

#[tokio::test]
async fn a_webhook_in_a_private_network_is_not_reached() {
    let net = Net::sqlite();
    let node = net.node().await;
    let id = account(&node, PHONE).await;
    let receiver = Upstream::start(Format::Vpic);
    // A name that leads there is no address that may go without TLS, and no public one with it.
    let url = format!("https://[::1]:{}/", receiver.address().port());
    node.set_webhook(id, &url).await.expect("set");
    let failed = node.test_webhook(id).await.expect("tried");
    assert_eq!(failed.state, SendState::Failed);
    assert!(
        failed.error.contains("no public address"),
        "{}",
        failed.error
    );
    assert_eq!(receiver.connections(), 0);
}
