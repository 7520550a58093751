//! A channel that does not work is told to operators, until it does.

use super::{Market, STRANGER};
use vin_store::{ChannelReason, SendWay};
use vin_testkit::upstream::Script;

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_of_a_channel_that_rests_until_it_works() {
    let market = Market::open(&[Script::Status(500)]).await;
    let (service, store) = (&market.service, market.store());
    let to = [(SendWay::Mail, "ops@vin.example")];
    let look = async || {
        service.report_channels().await.expect("said");
        let now = service.accounts().now();
        let found = store
            .find_channel_alerts(0, &to, now)
            .await
            .expect("looked");
        (found.raised, found.ended)
    };
    assert_eq!(look().await, (0, 0));
    for n in 0..6 {
        market.ask(&format!("vin={STRANGER}&reqid=r{n}")).await;
    }
    assert_eq!(look().await, (1, 0));
    assert_eq!(look().await, (0, 0));
    let open = store.channel_alerts(true, 9).await.expect("read");
    assert_eq!((&*open[0].name, open[0].reason), ("a", ChannelReason::Down));
    let told = store.messages(None, i64::MAX, 9).await.expect("read");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&*told[0].kind, &*told[0].recipient),
        ("channel.down", to[0].1)
    );
    // There is no other, so it is asked though it rests, and works again.
    market.upstreams[0].play(Script::Hit);
    let answer = market.ask(&format!("vin={STRANGER}&reqid=good")).await;
    assert_eq!(answer["code"], 200, "{answer}");
    assert_eq!(look().await, (0, 1));
    market.set("a", Some("draining"), None).await;
    assert_eq!(look().await, (1, 0));
    market.set("a", Some("disabled"), None).await;
    assert_eq!(look().await, (0, 1));
}
