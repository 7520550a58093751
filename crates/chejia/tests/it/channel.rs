//! Channels from the command line: files, secrets, one real call, and the books.

use crate::{REPAIRED, Server, chejia, expect_failure, json_lines, run};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;
use vin_testkit::Cluster;
use vin_testkit::upstream::{Format, Script, Upstream};

/// What the secrets of the test have in them; nothing prints it.
const SECRET: &str = "secret-of-the-test";

/// A data directory with secrets, and a file that is to become a channel.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let secrets = format!("up_key = \"{SECRET}-1\"\nup_sk = \"{SECRET}-2\"\n");
        let place = Self { dir };
        place.secrets(&secrets, 0o600);
        place
    }

    fn dir(&self) -> &str {
        self.dir.path().to_str().expect("UTF-8")
    }

    fn secrets(&self, text: &str, mode: u32) {
        let path = self.dir.path().join("secrets.toml");
        fs::write(&path, text).expect("written");
        set_mode(&path, mode);
    }

    fn file(&self, upstream: &Upstream, more: &str) -> PathBuf {
        let path = self.dir.path().join("new.toml");
        let address = upstream.address();
        let text = format!(
            "name = \"up\"\npreset = \"connapi\"\ntimeout = \"300ms\"\n\
             cost = {{ per_call = 0.01, per_hit = 0.2 }}\n{more}\n[request]\n\
             url = \"http://{address}/api/vin/get\"\ncleartext = true\nnetworks = [\"127.0.0.1\"]\n"
        );
        fs::write(&path, text).expect("written");
        path
    }

    fn channel(&self, args: &[&str]) -> Output {
        let dir = self.dir.path().to_str().expect("UTF-8");
        let output = run(&[&["channel"], args, &["--data-dir", dir]].concat(), b"");
        for bytes in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(bytes).contains(SECRET));
        }
        output
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

#[test]
fn a_channel_is_added_tested_changed_and_its_books_are_kept() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    let file = place.file(&upstream, "");
    let file = file.to_str().expect("UTF-8");
    assert!(json_lines(&place.channel(&["list"])).is_empty());
    let added = json_lines(&place.channel(&["add", file, "--disabled"]));
    assert_eq!(
        (&added[0]["channel"], &added[0]["state"]),
        (&json!("up"), &json!("disabled"))
    );
    let again = place.channel(&["add", file]);
    expect_failure(
        &again,
        1,
        "new.toml:1:1: name: up is the name of the channel in",
    );
    let folder = fs::read_dir(place.dir.path().join("channels")).expect("read");
    assert_eq!(folder.count(), 1, "nothing is left beside it");

    let hit = json_lines(&place.channel(&["test", "up", REPAIRED]));
    assert_eq!(
        (&hit[0]["outcome"], &hit[0]["billed"], &hit[0]["cost"]),
        (&json!("hit"), &json!("yes"), &json!("0.2100"))
    );
    assert!(hit[0]["vehicle"]["brand"].is_string(), "{}", hit[0]);
    upstream.play(Script::Hang);
    let lost = place.channel(&["test", "up", REPAIRED]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&lost.stderr).contains("up did not answer: answer_timeout"));
    assert_eq!(upstream.calls(), 2, "a test is one call");

    let order = hit[0]["order_no"].as_str().expect("a number").to_owned();
    let route = json_lines(&place.channel(&["explain", &order]));
    assert_eq!((route.len(), &route[0]["kind"]), (1, &json!("test")));
    let none = place.channel(&["explain", "100261124000000001"]);
    expect_failure(&none, 1, "there is no order");
    let unknown = json_lines(&place.channel(&["unknown"]));
    assert_eq!((unknown.len(), &unknown[0]["cost"]), (1, &json!("0.2100")));
    let order = unknown[0]["order_no"].as_str().expect("a number");
    let month = format!("20{}-{}", &order[3..5], &order[5..7]);
    let margin = json_lines(&place.channel(&["margin", "--month", &month]));
    assert_eq!(
        (
            &margin[0]["calls"],
            &margin[0]["cost"],
            &margin[0]["unknown_cost"]
        ),
        (&json!(2), &json!("0.2100"), &json!("0.2100"))
    );
    let settle = [
        "settle",
        order,
        "1",
        "--billed",
        "yes",
        "--reason",
        "=on the bill",
        "--actor",
        "li",
    ];
    json_lines(&place.channel(&settle));
    expect_failure(&place.channel(&settle), 1, "not yet settled");
    assert!(json_lines(&place.channel(&["unknown"])).is_empty());
    let margin = json_lines(&place.channel(&["margin", "--month", &month]));
    assert_eq!(
        (
            &margin[0]["cost"],
            &margin[1]["product"],
            &margin[1]["margin"]
        ),
        (&json!("0.4200"), &json!(0), &json!("-0.4200"))
    );
    let csv = place.channel(&["csv", "--month", &month]);
    let csv = String::from_utf8(csv.stdout).expect("UTF-8");
    let lines: Vec<_> = csv.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "{csv}");
    assert!(
        lines[1].contains(",up,test,") && lines[1].contains(",hit,yes,,0.2100,"),
        "{csv}"
    );
    assert!(lines[2].ends_with(",\"'=on the bill\",li"), "{csv}");

    json_lines(&place.channel(&["enable", "up", "--actor", "li"]));
    json_lines(&place.channel(&["tier", "up", "2"]));
    json_lines(&place.channel(&["weight", "up", "7", "--reason", "slow"]));
    let listed = json_lines(&place.channel(&["list"]));
    let said = ["state", "tier", "weight", "reason", "actor"].map(|key| listed[0][key].clone());
    assert_eq!(
        said,
        [
            json!("enabled"),
            json!(2),
            json!(7),
            json!("slow"),
            json!("command line")
        ]
    );
    expect_failure(
        &place.channel(&["drain", "upp"]),
        1,
        "there is no channel upp; there are: up",
    );
    expect_failure(&place.channel(&["weight", "up", "10001"]), 2, "10000");
    expect_failure(
        &place.channel(&["forget", "up"]),
        1,
        "nothing like that was learned of up",
    );
    assert!(json_lines(&place.channel(&["learned", "--all"])).is_empty());
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_without_a_secret() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    let file = place.file(&upstream, "tiemout = 3");
    let add = |place: &Place, file: &Path| place.channel(&["add", file.to_str().expect("UTF-8")]);
    expect_failure(&add(&place, &file), 1, "new.toml:5:1: tiemout: unknown key");
    assert!(!place.dir.path().join("channels").exists());

    let file = place.file(&upstream, "");
    place.secrets("", 0o600);
    expect_failure(&add(&place, &file), 1, "the secret \"up_key\" is not set");
    place.secrets("up_key = 7\n", 0o600);
    expect_failure(
        &add(&place, &file),
        1,
        "secrets.toml:1:1: up_key: a secret is a text in quotes",
    );
    place.secrets(&format!("up_key = \"{SECRET}\nup_sk = 1"), 0o600);
    expect_failure(&add(&place, &file), 1, "secrets.toml:1:");
    place.secrets("", 0o640);
    #[cfg(unix)]
    expect_failure(
        &add(&place, &file),
        1,
        "can be read by others; run: chmod 600",
    );

    place.secrets("up_key = \"not-this-one\"\n", 0o600);
    let dir = place.dir.path().to_str().expect("UTF-8");
    let mut command = chejia(&[
        "channel",
        "add",
        file.to_str().expect("UTF-8"),
        "--data-dir",
        dir,
    ]);
    command.env("CHEJIA_SECRET_UP_KEY", "the-key");
    command.env("CHEJIA_SECRET_UP_SK", "the-sk");
    json_lines(&command.output().expect("runs"));
    let mut command = chejia(&["channel", "test", "up", REPAIRED, "--data-dir", dir]);
    command.env("CHEJIA_SECRET_UP_KEY", "the-key");
    command.env("CHEJIA_SECRET_UP_SK", "the-sk");
    json_lines(&command.output().expect("runs"));
    let seen = upstream.seen();
    assert!(seen[0].target.contains("key=the-key"), "{}", seen[0].target);
}

/// A VIN that no data of ours knows.
const STRANGER: &str = "00000000000000000";

#[test]
fn a_running_server_asks_a_channel_while_it_is_enabled_and_explains_an_order() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    let server = Server::demo(place.dir.path());
    assert_ne!(server.look_up("demo", STRANGER)["code"], 200);
    let file = place.file(&upstream, "");
    json_lines(&place.channel(&["add", file.to_str().expect("UTF-8")]));
    let until = |wanted: bool| {
        for _ in 0..50 {
            let answer = server.look_up("demo", STRANGER);
            if (answer["code"] == 200) == wanted {
                return answer;
            }
            // The demo key is asked at a rate, and every node follows within 5 seconds.
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("nothing has changed after 5 seconds");
    };
    let answer = until(true);
    let order = answer["data"]["order_no"].as_str().expect("a number");
    let route = json_lines(&place.channel(&["explain", order]));
    let [call, attempt] = &route[..] else {
        panic!("{route:?}")
    };
    let said = ["vin", "code", "channel", "charged"].map(|key| call[key].clone());
    let wanted = [json!(STRANGER), json!(200), json!("up"), json!(1)];
    assert_eq!((&call["order_no"], said), (&json!(order), wanted));
    let said = ["channel", "outcome", "kind"].map(|key| attempt[key].clone());
    assert_eq!(said, [json!("up"), json!("hit"), json!("turn")]);
    let local = server.look_up("demo", REPAIRED);
    let order = local["data"]["order_no"].as_str().expect("a number");
    let route = json_lines(&place.channel(&["explain", order]));
    assert_eq!((route.len(), &route[0]["channel"]), (1, &json!("local")));
    assert_eq!(route[0]["level"], local["data"]["match"]["level"]);
    json_lines(&place.channel(&["disable", "up"]));
    until(false);
    let calls = upstream.calls();
    server.look_up("demo", STRANGER);
    assert_eq!(upstream.calls(), calls);
}

#[test]
fn a_server_does_not_start_with_a_wrong_file() {
    let place = Place::new();
    let channels = place.dir.path().join("channels");
    fs::create_dir(&channels).expect("made");
    fs::write(channels.join("up.toml"), "name = 3\n").expect("written");
    let dir = place.dir.path().to_str().expect("UTF-8");
    let args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", dir];
    expect_failure(&run(&args, b""), 1, "up.toml:1:1: name");
}

#[test]
fn every_node_follows_within_five_seconds_and_shows_how_its_channels_are() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    let database = Cluster::shared().database();
    let on = ["--database", database.as_str()];
    let channel = |args: &[&str]| json_lines(&place.channel(&[args, &on].concat()));
    let file = place.file(&upstream, "");
    channel(&["add", file.to_str().expect("UTF-8"), "--disabled"]);
    let nodes = [0, 1].map(|_| Server::demo_with(place.dir.path(), &on));
    for (change, wanted) in [
        ("enable", true),
        ("drain", false),
        ("enable", true),
        ("disable", false),
    ] {
        channel(&[change, "up"]);
        // Both together: whatever a look-up takes comes on top.
        let mut waits = 0;
        for node in &nodes {
            while (node.look_up("demo", STRANGER)["code"] == 200) != wanted {
                assert!(waits < 45, "{change}");
                waits += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
    let checked = run(
        &[&["ledger", "check", "--data-dir", place.dir()], &on[..]].concat(),
        b"",
    );
    assert_eq!(json_lines(&checked)[0]["ok"], true);
}

#[test]
fn the_setting_route_decides_who_may_be_asked() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    let file = place.file(&upstream, "");
    json_lines(&place.channel(&["add", file.to_str().expect("UTF-8")]));
    let config = place.dir.path().join("chejia.toml");
    let config = config.to_str().expect("UTF-8");
    let mut args = vec![
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        place.dir(),
        "--config",
        config,
    ];
    for (text, part) in [
        (
            "route = \"always\"",
            "route must be one of local_only, first_hit, fusion",
        ),
        ("route = \"/nowhere=fusion\"", "route: /nowhere is none of"),
        (
            "fusion_fields = \"prise\"",
            "fusion_fields: prise is no field of a result",
        ),
    ] {
        fs::write(config, text).expect("written");
        expect_failure(&run(&args, b""), 2, part);
    }
    args.clear();
    fs::write(config, "route = \"local_only\"\n").expect("written");
    let server = Server::demo_with(place.dir.path(), &["--config", config]);
    assert_eq!(server.look_up("demo", STRANGER)["code"], 1003);
    assert_eq!(upstream.calls(), 0);
    drop(server);
    fs::write(config, "route = \"first_hit\"\n").expect("written");
    let server = Server::demo_with(place.dir.path(), &["--config", config]);
    assert_eq!(
        server.look_up("demo", STRANGER)["data"]["match"]["channel"],
        "up"
    );
}
