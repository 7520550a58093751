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

#[test]
fn the_log_of_all_is_searched_sorted_and_taken_out_with_a_note() {
    on_site(async |site| {
        for (phone, vin) in [
            ("13812345678", "1HGCM82633A004352"),
            ("13912345678", "WP0AA2978BL012976"),
        ] {
            let (mut browser, _) = site.customer(phone, 10).await;
            browser.get("/vehicle").await;
            let got = browser
                .post("/vehicle", &[("vin", vin), ("number", "a")])
                .await;
            assert_shows(&got, vin);
            // Each sees the own calls alone, and nothing of the log of all.
            let got = browser.get("/log").await;
            assert_eq!(got.body.matches("/orders/").count(), 1, "{}", got.body);
            assert_eq!(browser.get("/admin/log").await.status, 303);
        }
        let mut owner = site.operator("ada", Role::Owner).await;
        let got = owner.get("/admin/log?sort=vin").await;
        let first = got.body.find("1HGCM82633A004352").expect("there");
        assert!(first < got.body.find("WP0AA2978BL012976").expect("there"));
        assert_shows(&got, "aria-sort=\"ascending\"");
        let got = owner.get("/admin/log?sort=-vin").await;
        let first = got.body.find("1HGCM82633A004352").expect("there");
        assert!(first > got.body.find("WP0AA2978BL012976").expect("there"));
        for (query, is_there) in [
            ("vin=wpoaa2978bl012976", true),
            ("account=2", true),
            ("account=1", false),
            ("code=1003", false),
            ("channel=local&day=2026-11-24", true),
            ("day=2026-11-23", false),
        ] {
            let got = owner.get(&format!("/admin/log?{query}")).await;
            let found = got.body.contains("<code>WP0AA2978BL012976</code>");
            assert_eq!(found, is_there, "{query}");
        }
        let got = owner.get("/admin/log/file/csv?account=2").await;
        assert!(got.body.contains("WP0AA2978BL012976") && !got.body.contains("1HGCM82633A004352"));
        assert_shows(
            &owner.get("/admin/audit?action=log.export").await,
            "account=2",
        );
    });
}
