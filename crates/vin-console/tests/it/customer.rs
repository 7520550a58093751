//! What a customer does.

use super::*;

#[test]
fn keys_are_made_changed_rotated_and_revoked() {
    on_site(async |site| {
        let (mut browser, id) = site.customer("13812345678", 10).await;
        let got = browser.get("/keys").await;
        assert_shows(&got, "还没有密钥");
        for (name, value, text) in [
            ("rate", "fast", "频率格式"),
            ("daily_cap", "0", "每日上限必须"),
            ("days", "9999", "有效天数"),
            ("networks", "here", "IP 白名单"),
            ("hosts", "a b/c", "来源白名单"),
        ] {
            let got = browser.post("/keys", &[("name", "x"), (name, value)]).await;
            assert_eq!(got.status, 422, "{name}");
            assert!(
                got.body.contains(text) && got.body.contains(value),
                "{name}"
            );
        }
        let form = [
            ("name", "<b>shop</b>"),
            ("rate", "100/60"),
            ("daily_cap", "5000"),
            ("networks", "203.0.113.0/24"),
            ("hosts", "example.com"),
            ("days", "30"),
        ];
        browser.post("/keys", &form).await;
        let row = site.accounts().keys(id).await.expect("read").remove(0);
        assert_eq!((row.rules.rate_calls, row.rules.daily_cap), (100, 5_000));
        let got = browser.get("/keys").await;
        assert_shows(&got, "&#60;b&#62;shop");
        let path = format!("/keys/{}", row.id);
        browser.get(&path).await;
        let got = browser
            .post(&path, &[("name", "office"), ("rate", "5/1")])
            .await;
        assert_eq!(got.to, format!("{path}?done=saved"));
        let row = site.accounts().keys(id).await.expect("read").remove(0);
        assert_eq!((row.name.as_str(), row.rules.rate_calls), ("office", 5));
        let got = browser
            .post(&format!("{path}/rotate"), &[("overlap", "0")])
            .await;
        assert_shows(&got, "v-key");
        assert_eq!(site.accounts().keys(id).await.expect("read").len(), 2);
        let last = site.accounts().keys(id).await.expect("read")[0].id;
        let got = browser.post(&format!("/keys/{last}/revoke"), &[]).await;
        assert_eq!(got.to, "/keys?done=revoked");
        let got = browser.get(&got.to).await;
        assert_shows(&got, "密钥已吊销");
    });
}

#[test]
fn the_overview_counts_what_is_left_and_used() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 1_234).await;
        let got = browser.get("/overview").await;
        assert_shows(&got, "1,234");
        browser.get("/vehicle").await;
        browser
            .post("/vehicle", &[("vin", "1HGCM82633A004352"), ("number", "a")])
            .await;
        let got = browser.get("/overview").await;
        assert_shows(&got, "1,233");
    });
}

#[test]
fn pages_speak_english_when_asked_to() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 10).await;
        browser
            .post("/language", &[("to", "en"), ("back", "/overview")])
            .await;
        let got = browser.get("/overview").await;
        assert_shows(&got, "Calls left");
        assert!(got.body.contains("<html lang=\"en\""));
    });
}

#[test]
fn the_debug_tool_asks_as_its_visitor_signs_and_keeps_the_pace() {
    on_site(async |site| {
        let (mut browser, id) = site.customer("13812345678", 10).await;
        browser.get("/keys").await;
        let form = [
            ("name", "shop"),
            ("networks", "198.51.100.0/24"),
            ("signature", "1"),
        ];
        browser.post("/keys", &form).await;
        let key = site.accounts().keys(id).await.expect("read")[0]
            .id
            .to_string();
        let form = [
            ("key", key.as_str()),
            ("vin", "1HGCM82633A004352"),
            ("method", "POST"),
        ];
        browser.address = Some([198, 51, 100, 7].into());
        let got = browser.post("/debug", &form).await;
        assert_shows(&got, "&#34;code&#34;: 200");
        assert_shows(&got, "********");
        let secret = site
            .accounts()
            .reveal_key(id, key.parse().expect("a number"))
            .await;
        let secret = secret.expect("shown").secret;
        let (_, sent) = got
            .body
            .split_once("What was sent")
            .or(got.body.split_once("发送的请求"))
            .expect("there");
        let (sent, _) = sent.split_once("代码").expect("there");
        assert!(!sent.contains(secret.reveal()), "the secret is shown");
        let got = browser.post("/debug", &form).await;
        assert_eq!(got.status, 422, "two in 5 s");
        site.clock.pass(Duration::from_secs(6));
        browser.address = Some([203, 0, 113, 7].into());
        let got = browser.post("/debug", &form).await;
        assert_shows(&got, "&#34;code&#34;: 406");
    });
}
