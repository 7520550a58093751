//! Looking up: guests, customers, what it costs, what is shown.

use super::*;

const VIN: &str = "1HGCM82633A004352";

#[test]
fn a_guest_looks_up_for_free_up_to_the_limit() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.get("/").await;
        for _ in 0..3 {
            let got = browser.post("/vehicle", &[("vin", VIN)]).await;
            assert_shows(&got, "雅阁");
        }
        let got = browser.post("/vehicle", &[("vin", VIN)]).await;
        assert_shows(&got, "免费体验次数已用完");
        assert!(!got.body.contains("class=\"card\""));
        site.clock.pass(Duration::from_secs(86_400));
        let got = browser.post("/vehicle", &[("vin", VIN)]).await;
        assert_shows(&got, "class=\"card\"");
    });
}

#[test]
fn a_customer_pays_once_however_often_the_page_is_loaded_again() {
    on_site(async |site| {
        let (mut browser, id) = site.customer("13812345678", 10).await;
        browser.get("/vehicle").await;
        let left = async || {
            let lots = site
                .accounts()
                .store()
                .lots(id, site.accounts().now())
                .await;
            lots.expect("read")
                .iter()
                .map(|lot| lot.remaining)
                .sum::<i64>()
        };
        let form = [("vin", VIN), ("number", "n1")];
        let got = browser.post("/vehicle", &form).await;
        assert_shows(&got, "计费 1 次");
        assert_eq!(left().await, 9);
        let again = browser.post("/vehicle", &form).await;
        assert_shows(&again, "class=\"card\"");
        assert_eq!(left().await, 9);
        browser
            .post("/vehicle", &[("vin", VIN), ("number", "n2")])
            .await;
        assert_eq!(left().await, 8);
    });
}

#[test]
fn several_vins_are_answered_each_on_its_own() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 10).await;
        browser.get("/vehicle").await;
        let form = [
            ("vin", "1HGCM82633AOO4352\n12345\nLSVNV2182E2100001"),
            ("number", "n"),
        ];
        let got = browser.post("/vehicle", &form).await;
        assert_eq!(
            got.body.matches("class=\"card\"").count(),
            2,
            "{}",
            got.body
        );
        assert_shows(&got, "vin 应为 17 位，收到 5 位");
        assert_shows(&got, "朗逸");
        let many = vec![VIN; 21].join("\n");
        let got = browser.post("/vehicle", &[("vin", &many)]).await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("最多 20 个"));
        let got = browser
            .post("/vehicle", &[("vin", "<script>alert(1)</script>")])
            .await;
        assert!(!got.body.contains("<script>alert"));
    });
}

#[test]
fn a_customer_without_calls_is_told_so() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 1).await;
        browser.get("/vehicle").await;
        browser
            .post("/vehicle", &[("vin", VIN), ("number", "a")])
            .await;
        let got = browser
            .post("/vehicle", &[("vin", VIN), ("number", "b")])
            .await;
        assert_eq!(got.status, 200);
        assert!(got.body.contains("role=\"alert\""), "{}", got.body);
    });
}

#[test]
fn a_shared_vehicle_is_seen_by_whom_has_the_link_and_for_a_week() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 1).await;
        browser.get("/vehicle").await;
        let got = browser.post("/vehicle/share", &[("vin", VIN)]).await;
        let mut guest = site.browser();
        assert_shows(&guest.get(&got.to).await, "雅阁");
        let wrong = format!("/shared/{}", "0".repeat(64));
        assert_eq!(guest.get(&wrong).await.status, 404);
        site.clock.pass(Duration::from_secs(7 * 86_400));
        assert_eq!(guest.get(&got.to).await.status, 404);
    });
}

#[test]
fn cars_that_a_vin_may_be_stand_side_by_side() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.get("/vehicle").await;
        let got = browser
            .post("/vehicle", &[("vin", "WP0AA2978BL012976")])
            .await;
        assert_shows(&got, "并排比较候选车型");
        let (_, table) = got.body.split_once("并排比较候选车型").expect("there");
        let (table, _) = table.split_once("</table>").expect("a table");
        assert!(table.contains("class=\"differs\""), "{table}");
        // What differs comes first.
        let last = table.rfind("class=\"differs\"").expect("there");
        assert!(
            table
                .find("<tr><th scope=\"row\"")
                .is_none_or(|same| last < same),
            "{table}"
        );
    });
}
