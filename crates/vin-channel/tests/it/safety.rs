//! What must never happen: a forged server, a private address, a secret in a text.

use crate::{SECRETS, ask, file, open, open_with, read};
use std::net::IpAddr;
use std::sync::Arc;
use vin_channel::{Channel as _, FaultKind, Outcome, Resolve, Resolving, Secret};
use vin_testkit::upstream::{Format, Script, Upstream};

const VIN: &str = "WP0AA2978BL012976";

/// Every name leads to these addresses.
struct Leads(Vec<IpAddr>);

impl Resolve for Leads {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

fn leads(addresses: &[&str]) -> Arc<Leads> {
    let addresses = addresses.iter().map(|a| a.parse().expect("an address"));
    Arc::new(Leads(addresses.collect()))
}

#[track_caller]
fn is_fault(outcome: &Outcome, kind: FaultKind) {
    match outcome {
        Outcome::Fault(fault) => assert_eq!(fault.kind, kind, "{fault}"),
        other => panic!("{other:?}"),
    }
}

/// A file whose upstream is that host, with or without allowed networks.
fn to(scheme: &str, host: &str, port: u16, networks: &str) -> String {
    format!(
        "name = \"up\"\npreset = \"connapi\"\n[request]\nurl = \"{scheme}://{host}:{port}/\"\n\
         cleartext = true\nnetworks = [{networks}]\n"
    )
}

#[tokio::test]
async fn a_name_or_an_address_that_leads_inside_is_not_connected_to() {
    let upstream = Upstream::start(Format::Connapi);
    let port = upstream.address().port();
    for addresses in [
        &["127.0.0.1"][..],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["10.0.0.1", "192.168.0.1", "fd00::1"],
    ] {
        let text = to("http", "rebind.example.com", port, "");
        let channel = open_with(&text, leads(addresses), "");
        is_fault(&ask(&channel, VIN).await, FaultKind::Address);
    }
    // However an address is written, it is the same address.
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ] {
        let channel = open(&to("http", host, port, ""));
        is_fault(&ask(&channel, VIN).await, FaultKind::Address);
    }
    let channel = open(&to("http", "localhost", port, ""));
    is_fault(&ask(&channel, VIN).await, FaultKind::Address);
    assert_eq!((upstream.calls(), upstream.connections()), (0, 0));
}

#[tokio::test]
async fn of_several_addresses_only_an_allowed_one_is_connected_to() {
    let upstream = Upstream::start(Format::Connapi);
    let text = to(
        "http",
        "a.example.com",
        upstream.address().port(),
        "\"127.0.0.1/32\"",
    );
    let channel = open_with(&text, leads(&["10.0.0.1", "127.0.0.1"]), "");
    assert!(matches!(ask(&channel, VIN).await, Outcome::Hit(_)));
    assert_eq!(upstream.connections(), 1);
}

#[tokio::test]
async fn a_redirection_is_not_followed_wherever_it_leads() {
    let inside = Upstream::start(Format::Connapi);
    let upstream = Upstream::start(Format::Connapi);
    upstream.play(Script::Redirect(format!("http://{}/", inside.address())));
    let channel = open(&file("connapi", &upstream, "/", ""));
    is_fault(&ask(&channel, VIN).await, FaultKind::Status(302));
    assert_eq!((upstream.calls(), inside.connections()), (1, 0));
}

#[tokio::test]
async fn only_the_right_certificate_is_talked_to() {
    let upstream = Upstream::start_tls(Format::Connapi, "up.example.com");
    let port = upstream.address().port();
    let network = "\"127.0.0.1\"";
    let right = to("https", "up.example.com", port, network);
    let home = || leads(&["127.0.0.1"]);
    let trusted = open_with(&right, home(), upstream.certificate());
    let outcome = ask(&trusted, VIN).await;
    assert!(matches!(outcome, Outcome::Hit(_)), "{outcome:?}");

    let untrusted = open_with(&right, home(), "");
    is_fault(&ask(&untrusted, VIN).await, FaultKind::Tls);
    let other_name = to("https", "other.example.com", port, network);
    let other_name = open_with(&other_name, home(), upstream.certificate());
    is_fault(&ask(&other_name, VIN).await, FaultKind::Tls);
    let plain = Upstream::start(Format::Connapi);
    let no_tls = to("https", "up.example.com", plain.address().port(), network);
    let no_tls = open_with(&no_tls, home(), upstream.certificate());
    is_fault(&ask(&no_tls, VIN).await, FaultKind::ConnectTimeout);
    assert_eq!((upstream.calls(), plain.calls()), (1, 0));
}

#[track_caller]
fn has_no_secret(text: &str) {
    for (name, secret) in SECRETS {
        assert!(!text.contains(secret), "{name} in {text}");
    }
}

#[tokio::test]
async fn no_secret_is_in_anything_that_is_printed() {
    for (preset, format) in [
        ("connapi", Format::Connapi),
        ("chejia", Format::Connapi),
        ("jisuapi", Format::Jisuapi),
        ("apistd", Format::Apistd),
        ("jumdata", Format::Jumdata),
    ] {
        let upstream = Upstream::start(format);
        let text = file(preset, &upstream, "/", "");
        has_no_secret(&format!("{:?}", read(&text).expect("good")));
        let channel = open(&text);
        has_no_secret(&format!("{:?}", channel.facts()));
        for script in [
            Script::Echo,
            Script::Html,
            Script::Cut,
            Script::Status(500),
            Script::Header(403, "X-Ca-Error-Message".into(), "Unauthorized".into()),
        ] {
            upstream.play(script);
            let outcome = ask(&channel, VIN).await;
            assert!(matches!(outcome, Outcome::Fault(_)), "{outcome:?}");
            has_no_secret(&format!("{outcome:?}"));
        }
        let sent = format!("{:?}", upstream.seen());
        assert!(
            SECRETS.iter().any(|(_, s)| sent.contains(s)),
            "{preset} sends one"
        );
    }
    assert_eq!(format!("{:?}", Secret::new("the-key")), "***");
}
