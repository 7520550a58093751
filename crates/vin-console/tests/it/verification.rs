//! Real names: handed in, looked at, decided about, erased.

use super::*;

const NUMBER: &str = "11010519491231002X";
const CODE: &str = "91350100M000100Y43";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nthe licence";

/// A customer whose name is not verified.
async fn unverified(site: &Site, phone: &str) -> (Browser, AccountId) {
    let (mut customer, id) = site.customer(phone, 10).await;
    let store = site.accounts().store();
    store.verify_account(id, false).await.expect("set");
    customer.get("/verification").await;
    (customer, id)
}

/// Sends the form; the file comes last, as on the page.
async fn hand_in(browser: &mut Browser, fields: &[(&str, &str)], file: Option<&[u8]>) -> Got {
    let token = browser.token.clone();
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain([&("form_token", &*token)]) {
        let part =
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    if let Some(file) = file {
        let head =
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    let request = Request::post("/verification")
        .header("content-type", "multipart/form-data; boundary=x")
        .header("sec-fetch-site", "same-origin");
    browser.send(request, Body::from(body)).await
}

fn person<'a>(name: &'a str, number: &'a str) -> [(&'static str, &'a str); 3] {
    [("kind", "person"), ("name", name), ("number", number)]
}

fn company<'a>(name: &'a str, number: &'a str) -> [(&'static str, &'a str); 3] {
    [("kind", "company"), ("name", name), ("number", number)]
}

/// The code of a look-up.
async fn code(site: &Site, key: &str) -> String {
    let path = format!("/api/vin/get?key={key}&vin=WP0AA2978BL012976");
    let body = site.browser().get(&path).await.body;
    body[8..11].to_owned()
}

#[test]
fn a_name_is_handed_in_looked_at_and_approved_and_calls_work() {
    on_site(async |site| {
        let (mut customer, id) = unverified(&site, "13812345678").await;
        let key = site.accounts().create_key(id, &Default::default()).await;
        let key = key.expect("made").key;
        assert_eq!(code(&site, key.reveal()).await, "400");
        assert_shows(&customer.get("/overview").await, "href=\"/verification\"");
        let got = hand_in(&mut customer, &person("张三丰", NUMBER), None).await;
        assert_eq!(got.to, "/verification?done=submitted", "{}", got.body);
        let got = customer.get("/verification?done=submitted").await;
        assert_shows(&got, "张** 110*************2X");
        assert!(!got.body.contains("张三丰") && !got.body.contains(NUMBER));
        assert_eq!(code(&site, key.reveal()).await, "400");

        let mut support = site.operator("sue", Role::Support).await;
        assert_shows(&support.get("/admin").await, "待审核实名");
        let got = support.get("/admin/verification").await;
        assert_shows(&got, "/admin/verification/1");
        let got = support.get("/admin/verification/1").await;
        assert_shows(&got, "张** 110*************2X");
        assert!(
            !got.body.contains(NUMBER),
            "nothing in clear without a look"
        );
        let look = "/admin/verification/1/look";
        let got = support.post(look, &[("reason", " ")]).await;
        assert!(
            got.status == 422 && got.body.contains("请填写原因"),
            "{}",
            got.body
        );
        let got = support.post(look, &[("reason", "审核 42")]).await;
        assert_shows(&got, NUMBER);
        assert_shows(&got, "张三丰");
        assert_eq!(got.headers["cache-control"], "no-store");
        let got = support.get("/admin/audit").await;
        for text in ["verification.look", "submission 1 of account 1", "审核 42"] {
            assert_shows(&got, text);
        }
        // An hour later the password is asked for again, before anything is shown or decided.
        site.clock.pass(Duration::from_secs(3_600));
        support.get("/admin/verification/1").await;
        for path in ["look", "decide", "erase"] {
            let path = format!("/admin/verification/1/{path}");
            let got = support.post(&path, &[("reason", "x"), ("to", "yes")]).await;
            assert_eq!(
                got.to, "/confirm?back=%2Fadmin%2Fverification%2F1",
                "{path}"
            );
        }
        let back = [("password", PASSWORD), ("back", "/admin/verification/1")];
        assert_eq!(
            support.post("/confirm", &back).await.to,
            "/admin/verification/1"
        );
        support.get("/admin/verification/1").await;
        let decide = "/admin/verification/1/decide";
        let got = support.post(decide, &[("to", "yes")]).await;
        assert_eq!(got.to, "/admin/verification/1?done=approved");
        let got = support.post(decide, &[("to", "no"), ("reason", "x")]).await;
        assert_eq!(got.to, "/admin/verification/1?done=decided", "once");
        assert_eq!(code(&site, key.reveal()).await, "200");
        assert_shows(&customer.get("/verification").await, "已通过实名认证");
        // Whoever is done with it finds it under security, not in the navigation.
        let link = "href=\"/verification\"";
        assert!(!customer.get("/overview").await.body.contains(link));
        assert_shows(&customer.get("/security").await, link);
        let got = hand_in(&mut customer, &person("张三丰", NUMBER), None).await;
        assert!(got.body.contains("已通过实名认证"), "{}", got.body);
    });
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_kept() {
    on_site(async |site| {
        let (mut customer, id) = unverified(&site, "13812345678").await;
        let large = [PNG, &[0; 4 << 20]].concat();
        for (fields, file, text) in [
            (person("张", NUMBER), None, "姓名应为"),
            (person("张三", "110105194912310021"), None, "校验位不符"),
            (
                person("张三", "1101051949123100"),
                None,
                "应为 18 位，收到 16 位",
            ),
            (person("张三", "11010519490231002X"), None, "出生日期"),
            (
                company("某某公司", "91350100M000100Y44"),
                Some(PNG),
                "校验位不符",
            ),
            (
                company("某某公司", "9135O100M000100Y43"),
                Some(PNG),
                "第 5 位",
            ),
            (company("某", CODE), Some(PNG), "企业名称应为"),
            (company("某某公司", CODE), None, "需要上传营业执照"),
            (
                company("某某公司", CODE),
                Some(&b""[..]),
                "需要上传营业执照",
            ),
            (
                company("某某公司", CODE),
                Some(&b"GIF89a"[..]),
                "PNG 或 JPEG",
            ),
        ] {
            let got = hand_in(&mut customer, &fields, file).await;
            assert_eq!(got.status, 422, "{text}: {}", got.body);
            assert!(got.body.contains(text), "{text}: {}", got.body);
            assert!(
                got.body.contains(&format!("value=\"{}\"", fields[2].1)),
                "{text}"
            );
        }
        let fields = company("某某公司", CODE);
        let got = hand_in(&mut customer, &fields, Some(&large)).await;
        assert_eq!(got.status, 413);
        let own = std::mem::replace(&mut customer.token, "0123".to_owned());
        let got = hand_in(&mut customer, &fields, Some(PNG)).await;
        assert_eq!(got.status, 403);
        customer.token = own;
        let rows = site
            .accounts()
            .store()
            .submissions(Some(id), None, i64::MAX, 9);
        assert!(rows.await.expect("read").is_empty());
        customer
            .cookies
            .insert("chejia_lang".to_owned(), "en".to_owned());
        let got = hand_in(&mut customer, &person("Ada", "1"), None).await;
        assert!(
            got.body.contains("has 18 characters, not 1"),
            "{}",
            got.body
        );
    });
}

#[test]
fn a_licence_is_shown_to_those_who_decide_and_to_nobody_else() {
    on_site(async |site| {
        let (mut customer, id) = unverified(&site, "13812345678").await;
        let fields = company("某某科技有限公司", CODE);
        let got = hand_in(&mut customer, &fields, Some(PNG)).await;
        assert_eq!(got.to, "/verification?done=submitted", "{}", got.body);
        assert!(
            !site._dir.path().join("uploads").exists(),
            "a picture is never a file in clear"
        );
        let twice = hand_in(&mut customer, &fields, Some(PNG)).await;
        assert!(twice.body.contains("已有资料等待审核"), "{}", twice.body);
        let picture = "src=\"data:image/png;base64,iVBORw0KGgp0aGUgbGljZW5jZQ==\"";
        for (name, role, sees) in [
            ("own", Role::Owner, true),
            ("sue", Role::Support, true),
            ("fin", Role::Finance, false),
            ("red", Role::Reader, false),
        ] {
            let mut operator = site.operator(name, role).await;
            operator.get("/admin").await;
            for (path, form) in [
                ("/admin/verification", false),
                ("/admin/verification/1", false),
                ("/admin/verification/1/look", true),
            ] {
                let got = match form {
                    false => operator.get(path).await,
                    true => operator.post(path, &[("reason", "compare")]).await,
                };
                assert_eq!(got.status, if sees { 200 } else { 403 }, "{name} {path}");
                assert_eq!(got.body.contains(picture), sees && form, "{name} {path}");
            }
        }
        let noted = site
            .accounts()
            .store()
            .deeds("", "verification.look", i64::MAX, 9);
        assert_eq!(noted.await.expect("read").len(), 2);
        // Rejected with a reason, which the customer reads, and tries again.
        let mut support = site.operator("sam", Role::Support).await;
        support.get("/admin/verification/1").await;
        let decide = "/admin/verification/1/decide";
        let got = support.post(decide, &[("to", "no")]).await;
        assert_eq!(got.status, 422, "without a reason");
        let got = support
            .post(decide, &[("to", "no"), ("reason", "图片<模糊>")])
            .await;
        assert_eq!(got.to, "/admin/verification/1?done=rejected");
        assert_shows(&customer.get("/verification").await, "图片&#60;模糊&#62;");
        let got = hand_in(&mut customer, &fields, Some(PNG)).await;
        assert_eq!(got.to, "/verification?done=submitted");
        let account = site.accounts().store().account(id).await.expect("read");
        assert!(!account.expect("there").verified);
    });
}

#[test]
fn a_customer_erases_the_own_data_after_the_password() {
    on_site(async |site| {
        let (mut customer, id) = unverified(&site, "13812345678").await;
        let (mut other, _) = unverified(&site, "13912345678").await;
        let fields = company("某某科技有限公司", CODE);
        hand_in(&mut customer, &fields, Some(PNG)).await;
        hand_in(&mut other, &fields, Some(PNG)).await;
        site.clock.pass(Duration::from_secs(3_600));
        customer.get("/verification").await;
        let got = customer.post("/verification/erase", &[]).await;
        assert_eq!(got.to, "/confirm?back=%2Fverification");
        let back = [("password", PASSWORD), ("back", "/verification")];
        customer.post("/confirm", &back).await;
        customer.get("/verification").await;
        let got = customer.post("/verification/erase", &[]).await;
        assert_eq!(got.to, "/verification?done=erased");
        let got = customer.get("/verification").await;
        assert_shows(&got, "已撤回");
        assert!(!got.body.contains("9135"), "not even masked");
        let store = site.accounts().store();
        assert!(store.sealed_picture(1).await.expect("read").is_none());
        assert!(
            store.sealed_picture(2).await.expect("read").is_some(),
            "another's"
        );
        let noted = store.deeds("", "verification.erase", i64::MAX, 9).await;
        assert_eq!(noted.expect("read")[0].actor, format!("account {}", id.0));
        // Nobody can look any more, and an operator erases for the other.
        let mut support = site.operator("sue", Role::Support).await;
        support.get("/admin/verification/1").await;
        let got = support
            .post("/admin/verification/1/look", &[("reason", "x")])
            .await;
        assert_eq!(got.status, 422);
        support.get("/admin/verification/2").await;
        let erase = "/admin/verification/2/erase";
        assert_eq!(
            support.post(erase, &[]).await.status,
            422,
            "without a reason"
        );
        let got = support.post(erase, &[("reason", "by phone")]).await;
        assert_eq!(got.to, "/admin/verification/2?done=erased");
        assert!(store.sealed_picture(2).await.expect("read").is_none());
    });
}
