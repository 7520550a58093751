//! Signatures as real interpreters make them: spaces, `~`, Chinese, `+`, `&`, the parameters in an
//! order of the client's own. Each client's requests are sent once more with another secret.

use super::{expect_answers, output, source};
use crate::PAGE_VIN;
use crate::money::{Place, account};
use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;

/// Runs a client with the right secret, and with a wrong one.
#[track_caller]
fn check(client: impl Fn() -> Command, count: usize) {
    let [place, _] = Place::both();
    let server = place.demo();
    let url = format!("http://{}/api/vin/get", server.address);
    let id = account(&place, "13812345678");
    place.json(
        &[
            "package",
            "grant",
            "--account",
            &id,
            "--calls",
            "100",
            "--reason",
            "test",
        ],
        "",
    );
    let made = place.json(&["key", "create", "--account", &id, "--signature"], "");
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (key, secret) = (text("key"), text("secret"));
    expect_answers(
        &output(client().args([&url, &key, &secret, PAGE_VIN])),
        count,
    );
    let wrong = "0".repeat(32);
    let refused = output(client().args([&url, &key, &wrong, PAGE_VIN]));
    for line in refused.lines().filter(|line| !line.is_empty()) {
        let json: Json = serde_json::from_str(line).expect("an envelope");
        assert_eq!(json["code"], 402, "{line}");
    }
    let left = &server.look_up("demo", PAGE_VIN)["code"];
    assert_eq!(*left, 200);
    let list = place.json(&["package", "list", "--account", &id], "");
    assert_eq!(
        list["remaining"],
        100 - count,
        "what was refused cost nothing"
    );
}

fn script(program: &str, name: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(source("sign").join(name));
    command
}

#[test]
fn php() {
    check(|| script("php", "sign.php"), 5);
}

#[test]
fn python() {
    check(|| script("python3", "sign.py"), 5);
}

#[test]
fn node() {
    check(|| script("node", "sign.mjs"), 5);
}

#[test]
fn java() {
    let java = || {
        let mut java = Command::new("java");
        java.args(["-Dstdout.encoding=UTF-8", "-Dfile.encoding=UTF-8"]);
        java.env("LC_ALL", "C.UTF-8")
            .arg(source("sign").join("Sign.java"));
        java
    };
    check(java, 4);
}

#[test]
fn go() {
    let go = || {
        let mut go = Command::new("go");
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache");
        go.env("GOCACHE", cache).env("GO111MODULE", "off");
        go.arg("run").arg(source("sign").join("sign.go"));
        go
    };
    check(go, 4);
}
