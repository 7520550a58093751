//! What operators do, and that it is noted.

use super::*;

#[test]
fn an_operator_verifies_grants_and_suspends_and_all_of_it_is_noted() {
    on_site(async |site| {
        let (mut customer, id) = site.customer("13812345678", 0).await;
        let mut owner = site.operator("ada", Role::Owner).await;
        let path = format!("/admin/accounts/{}", id.0);
        let got = owner.get("/admin/accounts?phone=13812345678").await;
        assert_eq!(got.to, path);
        owner.get(&path).await;
        for (calls, reason) in [("0", "x"), ("10", ""), ("10000001", "x"), ("ten", "x")] {
            let form = [("calls", calls), ("days", "0"), ("reason", reason)];
            let got = owner.post(&format!("{path}/grant"), &form).await;
            assert_eq!(got.status, 422, "{calls} {reason}");
        }
        let form = [("calls", "500"), ("days", "365"), ("reason", "transfer 42")];
        let got = owner.post(&format!("{path}/grant"), &form).await;
        assert_eq!(got.to, format!("{path}?done=granted"));
        assert_shows(&customer.get("/overview").await, "500");
        let lot = site
            .accounts()
            .store()
            .lots(id, site.accounts().now())
            .await;
        let lot = lot.expect("read")[0].id.0.to_string();
        let adjust = format!("{path}/adjust");
        for (delta, done) in [("-20", "saved"), ("0", "wrong"), ("-481", "toofew")] {
            let form = [
                ("lot", lot.as_str()),
                ("delta", delta),
                ("reason", "goodwill"),
            ];
            let got = owner.post(&adjust, &form).await;
            assert_eq!(got.to, format!("{path}?done={done}"), "{delta}");
        }
        assert_shows(&customer.get("/overview").await, "480");
        let got = owner.get(&path).await;
        assert_shows(&got, "goodwill");
        assert_shows(&got, &format!("action=\"{adjust}\""));
        owner
            .post(
                &format!("{path}/state"),
                &[("to", "suspended"), ("reason", "abuse")],
            )
            .await;
        assert_eq!(customer.get("/overview").await.status, 303);
        let got = owner.get("/admin/audit?actor=ada").await;
        for text in [
            "package.grant",
            "transfer 42",
            "account.suspend",
            "abuse",
            "203.0.113.7",
        ] {
            assert_shows(&got, text);
        }
        let got = owner.get("/admin/audit?action=account.suspend").await;
        assert!(!got.body.contains("transfer 42"));
    });
}

#[test]
fn a_customer_sets_a_password_by_a_link_from_support() {
    on_site(async |site| {
        let (_, id) = site.customer("13812345678", 0).await;
        site.operator("ada", Role::Owner).await;
        let mut support = site.operator("bob", Role::Support).await;
        let path = format!("/admin/accounts/{}", id.0);
        support.get(&path).await;
        let got = support.post(&format!("{path}/reset"), &[]).await;
        let (_, rest) = got.body.split_once("id=\"v-reset\">").expect("a link");
        let link = rest.split('<').next().expect("a value");
        let mut browser = site.browser();
        browser.get(link).await;
        let form = [("password", "a new password"), ("again", "a new password")];
        let got = browser.post(link, &form).await;
        assert_eq!(got.to, "/login?done=reset");
        browser.sign_in("13812345678", "a new password").await;
        let got = site.browser().get(link).await;
        assert_shows(&got, "已使用或已过期");
    });
}
