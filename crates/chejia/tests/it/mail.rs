//! The program sends mail over TLS, as its settings say.

use crate::money::{Place, account};
use crate::{chejia, expect_failure};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use vin_store::{AccountId, DatabaseUrl, Store};
use vin_testkit::smtp::MailServer;

/// A server that is killed when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(place: &Place, mail: &MailServer, trusted: &Path) -> Command {
    let port = mail.address().port();
    let mut command = chejia(&["serve", "--listen", "127.0.0.1:0"]);
    command
        .args(place.args())
        .env(
            "CHEJIA_SMTP_URL",
            format!("smtps://me:secret@localhost:{port}"),
        )
        .env("CHEJIA_MAIL_FROM", "车架 <no-reply@vin.example>")
        .env("CHEJIA_PUBLIC_URL", "https://vin.example")
        .env("SSL_CERT_FILE", trusted)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_customer_is_mailed_of_a_low_balance() {
    let place = Place::both().into_iter().next().expect("SQLite");
    let mail = MailServer::start_tls("localhost");
    let trusted = place.dir.path().join("trusted.pem");
    std::fs::write(&trusted, mail.certificate()).expect("written");
    let id = account(&place, "13812345678");
    let args = [
        "package",
        "grant",
        "--account",
        &id,
        "--calls",
        "5",
        "--days",
        "30",
        "--reason",
        "test",
    ];
    place.json(&args, "");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let url = DatabaseUrl::Sqlite(place.dir.path().join("chejia.db"));
        let store = Store::open(&url).await.expect("opens");
        let id = AccountId(id.parse().expect("a number"));
        store.set_mail(id, "a@shop.example", 1).await.expect("set");
        store.close().await;
    });
    let _server = Running(serve(&place, &mail, &trusted).spawn().expect("starts"));
    for _ in 0..600 {
        std::thread::sleep(Duration::from_millis(100));
        if !mail.letters().is_empty() {
            break;
        }
    }
    let letters = mail.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, ["a@shop.example"]);
    assert_eq!(letters[0].user, "me:secret");
    assert_eq!(letters[0].from, "no-reply@vin.example");
}

#[test]
fn settings_that_cannot_work_stop_the_start_and_name_themselves() {
    let place = Place::both().into_iter().next().expect("SQLite");
    let mail = MailServer::start_tls("localhost");
    let trusted = place.dir.path().join("trusted.pem");
    for (name, value, part) in [
        (
            "SMTP_URL",
            "smtp://me:secret@mail.example",
            "smtp_url: sends the password in the clear",
        ),
        ("SMTP_URL", "mail.example", "smtp_url: must be"),
        ("MAIL_FROM", "nobody", "mail_from: must be"),
        ("PUBLIC_URL", "", "public_url: is needed"),
        ("OPERATOR_MAIL", "nobody", "operator_mail: must be"),
        (
            "OPERATOR_WEBHOOK",
            "http://ops.example/",
            "operator_webhook: must be https://",
        ),
        (
            "OPERATOR_WEBHOOK",
            "https://ops.example/",
            "operator_webhook_secret: must have",
        ),
        ("WEBHOOK_NETWORKS", "10.0.0.0", "webhook_networks: must be"),
        ("CHANNEL_DOWN_MINUTES", "0", "channel_down_minutes: must be"),
    ] {
        let mut command = serve(&place, &mail, &trusted);
        let output = command.env(format!("CHEJIA_{name}"), value).output();
        let output = output.expect("ends");
        expect_failure(&output, 2, part);
        assert!(
            !String::from_utf8_lossy(&output.stderr).contains("secret@"),
            "{name}"
        );
    }
}
