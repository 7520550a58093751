//! Webhooks to real servers, one of them the sample of the documents.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use vin_channel::{Network, SystemResolver};
use vin_send::{Event, Hook, HookError, Undelivered, is_url, signature};
use vin_testkit::upstream::{Format, Script, Upstream};

const SECRET: &str = "5ecc5ecc5ecc5ecc5ecc5ecc5ecc5ecc";
const LOOPBACK: &[&str] = &["127.0.0.0/8", "::1/128"];

async fn post(url: &str, secret: &str, allowed: &[&str], now: i64) -> Result<(), Undelivered> {
    let network = Network::new(Arc::new(SystemResolver), &[]).expect("TLS");
    let allowed: Vec<_> = allowed.iter().map(|n| n.parse().expect("one")).collect();
    let hook = Hook {
        url,
        secret,
        allowed: &allowed,
    };
    let data = json!({ "calls": 99, "level": 100 });
    let event = Event {
        id: "e1",
        kind: "alert.balance",
        account: Some(5),
        time: 1_796_083_200,
        data: &data,
    };
    hook.post(&network, &event, now).await
}

fn receiver(script: Script) -> (Upstream, String) {
    let server = Upstream::start(Format::Vpic);
    server.play(script);
    let url = format!("http://{}/hook?from=vin", server.address());
    (server, url)
}

/// The HMAC-SHA256 of a message as openssl computes it.
fn by_openssl(message: &str) -> String {
    let args = ["dgst", "-sha256", "-hmac", SECRET, "-r"];
    let mut openssl = Command::new("openssl");
    let mut openssl = openssl
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl must be installed");
    let mut stdin = openssl.stdin.take().expect("piped");
    stdin.write_all(message.as_bytes()).expect("written");
    drop(stdin);
    let out = openssl.wait_with_output().expect("ended");
    let out = String::from_utf8(out.stdout).expect("digits");
    out.split(' ').next().expect("a digest").to_owned()
}

#[tokio::test]
async fn an_event_is_posted_as_json_and_signed() {
    let (server, url) = receiver(Script::Status(204));
    post(&url, SECRET, LOOPBACK, 1_796_083_300)
        .await
        .expect("taken");
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    let seen = &seen[0];
    assert_eq!((&*seen.method, &*seen.target), ("POST", "/hook?from=vin"));
    let body: Value = serde_json::from_str(&seen.body).expect("JSON");
    assert_eq!(
        body,
        json!({ "id": "e1", "kind": "alert.balance", "account": 5, "time": 1_796_083_200,
            "data": { "calls": 99, "level": 100 } })
    );
    let stamp = seen.header("x-chejia-timestamp");
    assert_eq!(stamp, "1796083300");
    let wanted = by_openssl(&format!("{stamp}.{}", seen.body));
    assert_eq!(seen.header("x-chejia-signature"), format!("v1={wanted}"));
    assert_eq!(
        signature(SECRET, 1, "x"),
        format!("v1={}", by_openssl("1.x"))
    );
}

#[tokio::test]
async fn whatever_is_no_2xx_is_a_failure_and_redirects_are_not_followed() {
    let (elsewhere, there) = receiver(Script::Status(200));
    let (server, url) = receiver(Script::Redirect(there));
    for (script, why) in [
        (None, "HTTP 302"),
        (Some(Script::Status(500)), "HTTP 500"),
        (Some(Script::Status(404)), "HTTP 404"),
        (Some(Script::CutBefore), "cut"),
        (Some(Script::NoHttp), "garbage"),
        (Some(Script::Hang), "answer_timeout"),
    ] {
        if let Some(script) = script {
            server.play(script);
        }
        let error = post(&url, SECRET, LOOPBACK, 1).await.expect_err(why);
        assert!(error.why.contains(why), "{} is not {why}", error.why);
        assert!(!error.lasting);
    }
    assert_eq!(elsewhere.calls(), 0, "a redirect was followed");
}

#[tokio::test]
async fn private_addresses_are_refused_unless_they_are_allowed() {
    let (server, url) = receiver(Script::Status(200));
    for allowed in [&[][..], &["10.0.0.0/8"]] {
        let error = post(&url, SECRET, allowed, 1).await.expect_err("refused");
        assert!(error.why.contains("https://"), "{}", error.why);
    }
    // With TLS, a name or an address that leads there is refused before anything is sent.
    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254"] {
        let url = format!("https://{host}:{}/", server.address().port());
        let error = post(&url, SECRET, &[], 1).await.expect_err("refused");
        assert!(error.why.contains("no public address"), "{}", error.why);
    }
    assert_eq!(server.connections(), 0);
    assert!(post(&url, SECRET, LOOPBACK, 1).await.is_ok());
}

#[test]
fn a_url_is_https_or_an_address_that_may_go_without() {
    #[track_caller]
    fn check(url: &str, wanted: Result<(), HookError>) {
        let allowed = ["10.0.0.0/8".parse().expect("a network")];
        assert_eq!(is_url(url, &allowed), wanted, "{url}");
    }
    for url in [
        "https://shop.example/hook?a=1",
        "https://10.1.2.3:8443/",
        "http://10.1.2.3/hook",
        "https://[2001:db8::1]/",
    ] {
        check(url, Ok(()));
    }
    for url in [
        "http://shop.example/",
        "http://11.1.2.3/",
        "http://10.1.2.3.example/",
    ] {
        check(url, Err(HookError::Clear));
    }
    for url in [
        "",
        "shop.example",
        "ftp://shop.example/",
        "https://me:pass@shop.example/",
        "https://me@shop.example/",
        "https://shop.example/#part",
        "https://shop.example/ x",
        "https://shop.example/\u{8f66}",
        "javascript:alert(1)",
    ] {
        check(url, Err(HookError::Url));
    }
    check(
        &format!("https://shop.example/{}", "a".repeat(1_000)),
        Err(HookError::Url),
    );
}

/// The program in `docs/webhooks.md`, running; what it prints is read by the test.
struct Sample {
    child: Child,
    port: u16,
}

impl Sample {
    fn start() -> Self {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/webhooks.md");
        let text = std::fs::read_to_string(docs).expect("read");
        let (_, program) = text.split_once("    import hashlib").expect("a program");
        let mut program = format!("    import hashlib{program}");
        program.truncate(program.find("\n## ").expect("a section after it"));
        let lines = program.lines();
        let program: Vec<_> = lines.map(|l| l.strip_prefix("    ").unwrap_or(l)).collect();
        let port = vin_testkit::free_port();
        let child = Command::new("python3")
            .args(["-c", &program.join("\n")])
            .env("SECRET", SECRET)
            .env("PORT", port.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python must be installed");
        let there = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        for _ in 0..200 {
            if there() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { child, port }
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "the sample looks at the clock")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("after 1970").as_secs() as i64
}

#[tokio::test]
async fn the_program_of_the_documents_tells_right_from_wrong() {
    let mut sample = Sample::start();
    let url = format!("http://127.0.0.1:{}/hook", sample.port);
    post(&url, SECRET, LOOPBACK, now()).await.expect("taken");
    // The same event once more is taken, and not done twice.
    post(&url, SECRET, LOOPBACK, now()).await.expect("taken");
    for (secret, at) in [("another", now()), (SECRET, now() - 3_600)] {
        let error = post(&url, secret, LOOPBACK, at).await.expect_err("refused");
        assert_eq!(error.why, "HTTP 400");
    }
    let _ = sample.child.kill();
    let printed = BufReader::new(sample.child.stdout.take().expect("piped"));
    let printed: Vec<_> = printed.lines().map(|line| line.expect("UTF-8")).collect();
    assert_eq!(printed, ["alert.balance {'calls': 99, 'level': 100}"]);
}
