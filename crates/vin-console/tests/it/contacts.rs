//! Where customers are told, what they see of it, and what operators see.

use super::*;
use vin_channel::{Network, SystemResolver};
use vin_send::Mailer;
use vin_service::sending::Outgoing;
use vin_testkit::smtp::{MailServer, Post};
use vin_testkit::upstream::{Format, Script, Upstream};

/// A site that sends mail, and may post to this machine.
fn on_sending_site(test: impl AsyncFnOnce(Site, MailServer)) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    let mail = MailServer::start();
    let outgoing = Outgoing {
        mailer: Some(Mailer::new(&mail.url(), "VIN <vin@vin.example>").expect("good")),
        network: Some(Network::new(Arc::new(SystemResolver), &[]).expect("TLS")),
        allowed: vec!["127.0.0.0/8".parse().expect("a network")],
        base: "http://vin.example".to_owned(),
        operator_mail: "ops@vin.example".to_owned(),
        ..Outgoing::default()
    };
    runtime.block_on(async {
        let policy = Policy {
            outgoing,
            ..Policy::default()
        };
        let site = Site::with(policy).await;
        test(site, mail).await;
    });
}

/// The path of the link in the last letter.
fn link(mail: &MailServer) -> String {
    let letter = mail.letters().pop().expect("a letter");
    let read = mailparse::parse_mail(letter.data.as_bytes()).expect("a mail");
    let text = read.get_body().expect("a text");
    let (_, rest) = text.split_once("http://vin.example").expect("a link");
    rest.lines().next().expect("a line").trim().to_owned()
}

#[test]
fn an_address_is_confirmed_by_its_link_and_then_told() {
    on_sending_site(async |site, mail| {
        let (mut one, id) = site.customer("13812345678", 50).await;
        one.get("/alerts").await;
        // A session alone is not enough: links to set a password go there.
        site.clock.pass(Duration::from_secs(700));
        let got = one
            .post("/alerts/mail", &[("mail", "a@shop.example")])
            .await;
        assert_eq!(got.to, "/confirm?back=%2Falerts");
        assert_eq!(mail.letters().len(), 0);
        one.get("/confirm").await;
        one.post("/confirm", &[("password", PASSWORD)]).await;
        one.get("/alerts").await;
        let got = one.post("/alerts/mail", &[("mail", "nobody")]).await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("邮箱格式不正确"));
        assert!(got.body.contains("value=\"nobody\""));
        mail.play(Post::Later);
        let got = one
            .post("/alerts/mail", &[("mail", "a@shop.example")])
            .await;
        assert_eq!(got.status, 422);
        assert!(got.body.contains("no room"));
        mail.play(Post::Take);
        let got = one
            .post("/alerts/mail", &[("mail", "a@shop.example")])
            .await;
        assert_eq!(got.to, "/alerts?done=mailed");

        // Looking at the link changes nothing; its button does, for whoever has it.
        let (path, mut other) = (link(&mail), site.browser());
        let got = other.get(&path).await;
        assert_shows(&got, "a@shop.example");
        assert!(!one.get("/alerts").await.body.contains("已确认"));
        let got = other.post(&path, &[]).await;
        assert_eq!(got.to, format!("{path}?done=confirmed"));
        assert_shows(&other.get(&got.to).await, "邮箱已确认");
        assert_shows(&other.get(&path).await, "已使用或已过期");
        assert_shows(&one.get("/alerts").await, "已确认");

        let now = site.accounts().now();
        let store = site.accounts().store();
        store.find_alerts(Some(id), now).await.expect("looked");
        assert_shows(&one.get("/alerts").await, "等待发送");
        site.service.send_waiting().await.expect("sent");
        let got = one.get("/alerts").await;
        assert_shows(&got, "已送达");
        assert_eq!(mail.letters().pop().expect("one").to, ["a@shop.example"]);
        one.post("/alerts/mail", &[("remove", "1")]).await;
        assert!(!one.get("/alerts").await.body.contains("已确认"));
    });
}

#[test]
fn each_kind_of_alert_goes_the_ways_that_are_ticked() {
    on_sending_site(async |site, _| {
        let (mut one, id) = site.customer("13812345678", 50).await;
        one.get("/alerts").await;
        let form = [("balance.webhook", "1"), ("expiry.mail", "1")];
        let got = one.post("/alerts/ways", &form).await;
        assert_eq!(got.to, "/alerts?done=saved");
        let ways = site.accounts().store().alert_ways(id).await.expect("read");
        let ways: Vec<_> = ways.iter().map(|(_, w)| (w.mail, w.webhook)).collect();
        assert_eq!(ways, [(false, true), (true, false), (false, false)]);
        let got = one.get("/alerts").await;
        assert_eq!(got.body.matches(" checked").count(), 2);
    });
}

#[test]
fn a_webhook_is_tested_seen_in_the_log_and_sent_again() {
    on_sending_site(async |site, _| {
        let (mut one, id) = site.customer("13812345678", 50).await;
        let (mut two, _) = site.customer("13912345678", 50).await;
        two.get("/alerts").await;
        one.get("/alerts").await;
        let receiver = Upstream::start(Format::Vpic);
        receiver.play(Script::Status(500));
        let url = format!("http://{}/hook", receiver.address());
        for bad in ["http://10.0.0.1/hook", "https://me:pass@shop.example/"] {
            let got = one.post("/alerts/webhook", &[("url", bad)]).await;
            assert_eq!(got.status, 422, "{bad}");
            assert!(got.body.contains("https:// 开头"));
        }
        one.post("/alerts/webhook", &[("url", &url)]).await;
        // The secret is shown after the password was asked for, and never else.
        let secret = site.accounts().webhook_secret(id).await.expect("read");
        let secret = secret.expect("one");
        assert!(!one.get("/alerts").await.body.contains(&secret));
        site.clock.pass(Duration::from_secs(700));
        let got = one.post("/alerts/webhook/secret", &[]).await;
        assert_eq!(got.to, "/confirm?back=%2Falerts");
        one.get("/confirm").await;
        one.post("/confirm", &[("password", PASSWORD)]).await;
        one.get("/alerts").await;
        assert_shows(&one.post("/alerts/webhook/secret", &[]).await, &secret);
        let got = one.post("/alerts/webhook/secret", &[("renew", "1")]).await;
        assert!(got.body.contains("v-hook") && !got.body.contains(&secret));
        let got = two.post("/alerts/webhook/test", &[]).await;
        assert_eq!(got.status, 422, "there is nothing to test");

        let got = one.post("/alerts/webhook/test", &[]).await;
        assert_eq!(got.to, "/alerts?done=untested");
        let got = one.get("/alerts").await;
        assert_shows(&got, "已放弃");
        assert_shows(&got, "HTTP 500");
        assert!(!two.get("/alerts").await.body.contains("HTTP 500"));
        let id = site.accounts().store().messages(None, i64::MAX, 1).await;
        let path = format!("/alerts/messages/{}", id.expect("read")[0].id);
        assert_eq!(two.post(&path, &[]).await.status, 404, "not their own");
        receiver.play(Script::Status(200));
        assert_eq!(one.post(&path, &[]).await.to, "/alerts?done=again");
        assert_eq!(one.post(&path, &[]).await.status, 404, "it waits already");
        site.service.send_waiting().await.expect("sent");
        let got = one.get("/alerts").await;
        assert!(got.body.contains("已送达") && !got.body.contains("再次发送"));
        assert_eq!(receiver.calls(), 2);
    });
}

#[test]
fn operators_see_what_was_sent_and_try_it() {
    on_sending_site(async |site, mail| {
        let mut owner = site.operator("ada", Role::Owner).await;
        let mut reader = site.operator("bob", Role::Reader).await;
        let got = owner.get("/admin/alerts").await;
        for text in ["smtp://127.0.0.1", "vin@vin.example", "ops@vin.example"] {
            assert_shows(&got, text);
        }
        assert!(!got.body.contains("pass"), "{}", got.body);
        mail.play(Post::Never);
        let got = owner.post("/admin/alerts/test", &[("way", "mail")]).await;
        assert_eq!(got.to, "/admin/alerts?done=untested");
        reader.get("/admin/alerts").await;
        assert_shows(&reader.get("/admin/alerts").await, "nobody is called so");
        mail.play(Post::Take);
        let got = owner.post("/admin/alerts/test", &[("way", "mail")]).await;
        assert_eq!(got.to, "/admin/alerts?done=tested");
        let all = site.accounts().store().messages(None, i64::MAX, 9).await;
        let failed = all.expect("read")[1].id;
        let path = format!("/admin/alerts/{failed}");
        assert_eq!(reader.post(&path, &[]).await.status, 403);
        assert_eq!(owner.post(&path, &[]).await.to, "/admin/alerts?done=again");
        site.service.send_waiting().await.expect("sent");
        assert_eq!(mail.letters().len(), 2);
        assert_shows(&owner.get("/admin/audit").await, "message.again");
        let got = owner
            .post("/admin/alerts/test", &[("way", "webhook")])
            .await;
        assert_eq!(got.status, 422);
    });
}

#[test]
fn a_new_password_can_be_had_by_mail_where_mail_is_sent() {
    on_sending_site(async |site, mail| {
        let (_, id) = site.customer("13812345678", 0).await;
        let (store, now) = (site.accounts().store(), site.accounts().now());
        store
            .set_mail(id, "a@shop.example", now)
            .await
            .expect("set");
        let mut guest = site.browser();
        guest.get("/reset").await;
        for phone in ["13700000000", "13812345678"] {
            let got = guest.post("/reset", &[("phone", phone)]).await;
            assert_eq!(got.to, "/reset?done=reset_mailed");
        }
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if !mail.letters().is_empty() {
                break;
            }
        }
        let path = link(&mail);
        guest.get(&path).await;
        let form = [("password", "another horse"), ("again", "another horse")];
        assert_eq!(guest.post(&path, &form).await.to, "/login?done=reset");
        guest.sign_in("13812345678", "another horse").await;
    });
    on_site(async |site| {
        let mut guest = site.browser();
        let got = guest.get("/reset").await;
        assert!(!got.body.contains("action=\"/reset\""), "{}", got.body);
        let got = guest.post("/reset", &[("phone", "13812345678")]).await;
        assert_eq!(got.status, 404);
    });
}
