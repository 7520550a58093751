//! Mail, read back by another decoder than the one that wrote it.

use mailparse::MailHeaderMap as _;
use vin_send::{Mail, Mailer, MailerError, Undelivered, is_address};
use vin_testkit::smtp::{MailServer, Post};

const FROM: &str = "车架 <no-reply@vin.example>";
const AT: i64 = 1_796_083_200;

const MAIL: Mail<'_> = Mail {
    to: "someone@shop.example",
    subject: "次数包将到期：剩余 30 次，将于 2026-12-08 08:00 到期，请及时续费以免影响使用",
    text: "次数包 #3 将于 2026-12-08 到期。\n.\n..两点开头\nPackage #3 ends.\n",
    id: "0123abcd",
    at: AT,
};

async fn send(server: &MailServer, mail: &Mail<'_>) -> Result<(), Undelivered> {
    let mailer = Mailer::new(&server.url(), FROM).expect("good settings");
    mailer.send(mail).await
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let server = MailServer::start();
    send(&server, &MAIL).await.expect("taken");
    let letters = server.letters();
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    assert_eq!(letter.from, "no-reply@vin.example");
    assert_eq!(letter.to, ["someone@shop.example"]);
    assert_eq!(letter.user, "post:pass word");
    // Every byte of the head is one of seven bits, and no line is longer than is allowed.
    let (head, _) = letter.data.split_once("\r\n\r\n").expect("a head");
    assert!(head.is_ascii(), "{head}");
    assert!(head.contains("=?utf-8?b?"), "{head}");
    assert!(letter.data.lines().all(|line| line.len() <= 998));
    let read = mailparse::parse_mail(letter.data.as_bytes()).expect("a mail");
    let value = |name: &str| read.headers.get_first_value(name).unwrap_or_default();
    assert_eq!(value("Subject"), MAIL.subject);
    assert_eq!(value("From"), FROM);
    assert_eq!(value("To"), MAIL.to);
    assert_eq!(value("Message-ID"), "<0123abcd@vin.example>");
    assert_eq!(mailparse::dateparse(&value("Date")).ok(), Some(AT));
    let kind = &read.ctype;
    assert_eq!((&*kind.mimetype, &*kind.charset), ("text/plain", "utf-8"));
    let text = read.get_body().expect("a text");
    assert_eq!(text.replace("\r\n", "\n").trim_end(), MAIL.text.trim_end());
}

#[tokio::test]
async fn python_reads_the_same_subject() {
    let server = MailServer::start();
    send(&server, &MAIL).await.expect("taken");
    let mut python = std::process::Command::new("python3");
    python.args([
        "-c",
        "import email, email.policy, sys\n\
         mail = email.message_from_string(sys.argv[1], policy=email.policy.default)\n\
         sys.stdout.buffer.write(mail['Subject'].encode())",
        &server.letters()[0].data,
    ]);
    let said = python.output().expect("Python must be installed");
    assert_eq!(String::from_utf8_lossy(&said.stdout), MAIL.subject);
}

#[track_caller]
fn check(outcome: Result<(), Undelivered>, why: &str, lasting: bool) {
    let error = outcome.expect_err("not delivered");
    assert!(error.why.contains(why), "{}", error.why);
    assert_eq!(error.lasting, lasting, "{}", error.why);
    assert!(!error.why.contains("pass word"), "{}", error.why);
}

#[tokio::test]
async fn what_does_not_arrive_says_whether_to_try_again() {
    let server = MailServer::start();
    for (post, why, lasting) in [
        (Post::Later, "no room", false),
        (Post::Never, "nobody is called so", true),
        (Post::BadPassword, "wrong user or password", false),
        (Post::HangUp, "SMTP", false),
        (Post::TakeAndHangUp, "SMTP", false),
    ] {
        server.play(post);
        check(send(&server, &MAIL).await, why, lasting);
    }
    let taken = server.letters().len();
    assert_eq!(taken, 1, "one was taken by a server that did not say so");
    let nobody = format!("smtp://127.0.0.1:{}", vin_testkit::free_port());
    let mailer = Mailer::new(&nobody, FROM).expect("good settings");
    check(mailer.send(&MAIL).await, "Connection refused", false);
    for to in [
        "",
        "nobody",
        "a@b\r\nBcc: c@d",
        "\"a b\"@c.example",
        "我@c.example",
    ] {
        check(
            send(&server, &Mail { to, ..MAIL }).await,
            "no address",
            true,
        );
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for_long() {
    let server = MailServer::start();
    server.play(Post::Hang);
    let began = tokio::time::Instant::now();
    check(send(&server, &MAIL).await, "SMTP", false);
    assert!(began.elapsed() < std::time::Duration::from_secs(25));
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_nothing() {
    let server = MailServer::start_tls("localhost");
    let url = format!("smtps://me:secret@localhost:{}", server.address().port());
    let mailer = Mailer::new(&url, FROM).expect("good settings");
    let error = mailer.send(&MAIL).await.expect_err("not delivered");
    assert!(error.why.contains("certificate"), "{}", error.why);
    assert!(!error.lasting && !error.why.contains("secret"));
    assert!(server.connections() > 0 && server.letters().is_empty());
}

#[tokio::test]
async fn a_password_goes_to_this_machine_or_over_tls_only() {
    #[track_caller]
    fn check(url: &str, from: &str, wanted: Option<&str>) {
        let made = Mailer::new(url, from);
        let said = made.as_ref().err().map(ToString::to_string);
        let fits = match (&said, wanted) {
            (None, None) => true,
            (Some(said), Some(wanted)) => said.contains(wanted) && !said.contains("secret"),
            _ => false,
        };
        assert!(fits, "{url} {from}: {said:?}");
        assert!(!format!("{made:?}").contains("secret"), "{made:?}");
    }
    for url in [
        "smtps://me:secret@mail.example",
        "smtp://me:secret@mail.example:25?tls=required",
        "smtp://mail.example",
        "smtp://me:secret@127.0.0.1:2525",
        "smtp://me:secret@[::1]",
    ] {
        check(url, FROM, None);
    }
    check("smtp://me:secret@mail.example", FROM, Some("in the clear"));
    for url in [
        "",
        "mail.example",
        "http://me:secret@mail.example",
        "smtp://me:secret@mail.example?tls=opportunistic",
        "smtps://me:secret@mail.example?tls=no",
    ] {
        check(url, FROM, Some("smtps://"));
    }
    for from in ["", "nobody", "我 <我@vin.example>"] {
        check("smtp://mail.example", from, Some("an address"));
    }
    assert!(matches!(
        Mailer::new("smtp://me:secret@mail.example", FROM),
        Err(MailerError::Clear)
    ));
    assert!(is_address("a.b+c@vin.example") && !is_address("a b@vin.example"));
}
