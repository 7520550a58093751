//! Alerts of a customer, and the rules for them.

use super::*;

const COUNT: &str = "告警 <span class=\"tag warn\">1</span>";

#[test]
fn a_low_balance_is_told_on_every_page_until_it_is_seen_or_gone() {
    on_site(async |site| {
        let (mut one, id) = site.customer("13812345678", 50).await;
        let (mut two, _) = site.customer("13912345678", 50).await;
        assert_shows(&one.get("/alerts").await, "没有告警");
        one.get("/vehicle").await;
        one.post("/vehicle", &[("vin", "1HGCM82633A004352"), ("number", "a")])
            .await;
        let found = site.service.find_alerts().await.expect("looked");
        assert_eq!((found.raised, found.ended), (1, 0));
        let again = site.service.find_alerts().await.expect("looked");
        assert_eq!(again.raised, 0, "the turn was taken");
        let got = one.get("/overview").await;
        assert_shows(&got, "剩余 49 次，少于 100 次");
        assert_shows(&got, COUNT);
        assert_shows(&one.get("/keys").await, COUNT);
        let last = site.accounts().store().open_alerts(id).await.expect("read")[0].id;
        let last = last.to_string();

        // Nobody else sees it, or marks it.
        let got = two.get("/alerts").await;
        assert!(!got.body.contains("49 次") && !got.body.contains("tag warn"));
        assert!(!two.get("/overview").await.body.contains("49 次"));
        two.post("/alerts/seen", &[("last", &last)]).await;

        let got = one.get("/alerts").await;
        assert_shows(&got, "剩余 49 次，少于 100 次");
        assert_shows(&got, COUNT);
        let got = one.post("/alerts/seen", &[("last", &last)]).await;
        assert_eq!(got.to, "/alerts");
        let got = one.get("/alerts").await;
        assert!(!got.body.contains(COUNT) && !got.body.contains("全部标为已读"));
        assert_shows(&one.get("/overview").await, "剩余 49 次");

        let deed = Deed {
            at: 1,
            reason: "test",
            actor: "test",
        };
        let store = site.accounts().store();
        store.grant(id, 100, NEVER, deed).await.expect("granted");
        site.clock.pass(Duration::from_secs(60));
        let found = site.service.find_alerts().await.expect("looked");
        assert_eq!((found.raised, found.ended), (0, 1));
        assert!(!one.get("/overview").await.body.contains("少于 100 次"));
        assert_shows(&one.get("/alerts").await, "已解除");
    });
}

#[test]
fn rules_are_checked_kept_and_looked_at_at_once() {
    on_site(async |site| {
        let (mut one, id) = site.customer("13812345678", 500).await;
        one.get("/alerts").await;
        let rules = |balance, expiry, errors| {
            [("balance", balance), ("expiry", expiry), ("errors", errors)]
        };
        for (balance, expiry, errors) in [
            ("-1", "7", "20"),
            ("100", "366", "20"),
            ("100", "7", "100"),
            ("100", "7", ""),
            ("many", "7", "20"),
        ] {
            let got = one.post("/alerts", &rules(balance, expiry, errors)).await;
            assert_eq!(got.status, 422, "{balance} {expiry} {errors}");
            assert!(got.body.contains(&format!("value=\"{balance}\"")));
        }
        let store = site.accounts().store();
        let held = store.alert_rules(id).await.expect("read");
        assert_eq!((held.balance, held.expiry, held.errors), (100, 7, 20));
        let got = one.post("/alerts", &rules("501", "0", "50")).await;
        assert_eq!(got.to, "/alerts?done=saved");
        assert_shows(&one.get(&got.to).await, "剩余 500 次，少于 501 次");
        one.post("/alerts", &rules("0", "0", "0")).await;
        assert_shows(&one.get("/alerts").await, "已解除");
        one.post("/language", &[("to", "en"), ("back", "/alerts")])
            .await;
        let got = one.get("/alerts").await;
        assert_shows(&got, "500 calls were left, fewer than 501.");
    });
}
