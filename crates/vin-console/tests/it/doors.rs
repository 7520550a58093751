//! Registering, signing in and out, passwords.

use super::*;

#[test]
fn a_visitor_registers_signs_in_and_out() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.register(&site, "13812345678").await;
        let got = browser
            .post(
                "/login",
                &[("name", "13812345678"), ("password", "wrong one")],
            )
            .await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("账号或密码不正确"));
        browser.sign_in("138 1234 5678", PASSWORD).await;
        let before = browser.cookies["chejia_session"].clone();
        let got = browser.get("/overview").await;
        assert_shows(&got, "138****5678");
        browser.post("/logout", &[]).await;
        assert!(!browser.cookies.contains_key("chejia_session"));
        browser.cookies.insert("chejia_session".to_owned(), before);
        assert_eq!(
            browser.get("/overview").await.status,
            303,
            "the session has ended"
        );
    });
}

#[test]
fn what_is_wrong_with_a_registration_is_said() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.get("/register").await;
        let challenge = site.accounts().challenge();
        let number = answered(&challenge);
        for (phone, password, again, work, text) in [
            ("123", PASSWORD, PASSWORD, true, "手机号格式不正确"),
            ("13812345678", "short", "short", true, "密码需要 8"),
            (
                "13812345678",
                PASSWORD,
                "another",
                true,
                "两次输入的密码不一致",
            ),
            ("13812345678", PASSWORD, PASSWORD, false, "安全验证未完成"),
        ] {
            let number = if work { number.as_str() } else { "" };
            let form = [
                ("phone", phone),
                ("password", password),
                ("again", again),
                ("challenge", challenge.as_str()),
                ("number", number),
            ];
            let got = browser.post("/register", &form).await;
            assert_eq!(got.status, 422);
            assert!(got.body.contains(text), "{text}: {}", got.body);
            assert!(!got.body.contains(password) || password == "short");
        }
    });
}

#[test]
fn after_signing_in_the_wanted_page_is_shown() {
    on_site(async |site| {
        let mut browser = site.browser();
        browser.register(&site, "13812345678").await;
        let got = browser.get("/keys?x=1").await;
        assert_eq!(got.to, "/login?back=%2Fkeys%3Fx%3D1");
        let got = browser.get(&got.to).await;
        assert_shows(&got, "value=\"/keys?x=1\"");
        let form = [
            ("name", "13812345678"),
            ("password", PASSWORD),
            ("back", "/keys?x=1"),
        ];
        let got = browser.post("/login", &form).await;
        assert_eq!(got.to, "/keys?x=1");
    });
}

#[test]
fn secrets_are_shown_after_the_password_was_asked_for_again() {
    on_site(async |site| {
        let (mut browser, id) = site.customer("13812345678", 10).await;
        browser.get("/keys").await;
        let made = browser
            .post("/keys", &[("name", "shop"), ("signature", "1")])
            .await;
        assert_shows(&made, "v-sk");
        let key = site.accounts().keys(id).await.expect("read")[0].id;
        let issued = site.accounts().reveal_key(id, key).await.expect("shown");
        assert!(made.body.contains(issued.secret.reveal()));
        site.clock.pass(Duration::from_secs(601));
        let path = format!("/keys/{key}");
        let got = browser.get(&path).await;
        assert!(got.status == 200 && !got.body.contains(issued.key.reveal()));
        let got = browser.post(&format!("{path}/reveal"), &[]).await;
        assert_eq!(got.to, format!("/confirm?back=%2Fkeys%2F{key}"));
        let before = browser.cookies["chejia_session"].clone();
        browser.get(&got.to).await;
        let form = [("password", "wrong one"), ("back", path.as_str())];
        assert_eq!(browser.post("/confirm", &form).await.status, 422);
        let form = [("password", PASSWORD), ("back", path.as_str())];
        assert_eq!(browser.post("/confirm", &form).await.to, path);
        assert_ne!(
            before, browser.cookies["chejia_session"],
            "the session is rotated"
        );
        browser.get(&path).await;
        let got = browser.post(&format!("{path}/reveal"), &[]).await;
        assert_shows(&got, issued.key.reveal());
    });
}

#[test]
fn the_second_factor_is_switched_on_and_asked_for() {
    on_site(async |site| {
        let (mut browser, _) = site.customer("13812345678", 0).await;
        let got = browser.get("/security/totp").await;
        assert_shows(&got, "<svg");
        let between = |from: &str| {
            let (_, rest) = got.body.split_once(from).expect("there");
            rest.split(['"', '<']).next().expect("a value").to_owned()
        };
        let sealed = between("name=\"sealed\" value=\"");
        let form = [("sealed", sealed.as_str()), ("code", "000000")];
        assert_eq!(browser.post("/security/totp", &form).await.status, 422);
        let got = browser
            .post("/security/totp", &[("sealed", "00"), ("code", "0")])
            .await;
        assert_eq!(got.status, 403);
    });
}

#[test]
fn people_get_a_page_for_what_is_not_there_and_programs_what_the_interface_says() {
    on_site(async |site| {
        let ask = async |path: &str, accept: &str| {
            let request = Request::get(path).header("accept", accept);
            site.browser().send(request, Body::empty()).await
        };
        let got = ask("/nowhere/at/all", "text/html,application/xhtml+xml").await;
        assert_eq!(got.status, 404);
        assert!(
            got.body.contains("没有这个页面") && got.body.contains("<nav"),
            "{}",
            got.body
        );
        let got = ask("/nowhere", "*/*").await;
        assert!(
            got.status == 404 && !got.body.contains("<html"),
            "{}",
            got.body
        );
        let got = ask("/api/nowhere", "text/html").await;
        assert!(got.body.starts_with("{\"code\":"), "{}", got.body);
    });
}
