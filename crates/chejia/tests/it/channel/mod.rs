//! Channels from the command line: files, secrets, one real call, and the books.

mod serving;

use crate::{REPAIRED, chejia, expect_failure, json_lines, run};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
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
    let correct = [&settle[..], &["--correct"]].concat();
    expect_failure(&place.channel(&correct), 1, "there is nothing to correct");
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
    let correct = correct.iter();
    let correct: Vec<_> = correct
        .map(|word| if *word == "yes" { "no" } else { word })
        .collect();
    json_lines(&place.channel(&correct));
    let route = json_lines(&place.channel(&["explain", order]));
    let (held, before) = (&route[0]["settled"], &route[0]["corrected"]);
    assert_eq!(
        (&held["number"], &held["billed"]),
        (&json!(2), &json!("no"))
    );
    assert_eq!(
        (&before[0]["number"], &before[0]["billed"]),
        (&json!(1), &json!("yes"))
    );
    let margin = json_lines(&place.channel(&["margin", "--month", &month]));
    assert_eq!(margin[0]["cost"], json!("0.2100"));

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
    let history = json_lines(&place.channel(&["history", "up"]));
    let said = |row: &serde_json::Value| {
        let keys = ["version", "state", "tier", "weight", "reason", "actor"];
        keys.map(|key| row[key].to_string()).join(" ")
    };
    let wanted = [
        r#"5 "enabled" 2 7 "slow" "command line""#,
        r#"4 "enabled" 2 100 "" "command line""#,
        r#"3 "enabled" 1 100 "" "li""#,
        r#"2 "disabled" 1 100 "" "command line""#,
        r#"1 "disabled" 1 100 "" "command line""#,
    ];
    assert_eq!(history.iter().map(said).collect::<Vec<_>>(), wanted);
    assert_eq!(
        json_lines(&place.channel(&["history", "--limit", "1"])).len(),
        1
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
    let file = place.file(&upstream, "tiemout = 3\ntrust = 101");
    let add = |place: &Place, file: &Path| place.channel(&["add", file.to_str().expect("UTF-8")]);
    let refused = add(&place, &file);
    expect_failure(&refused, 1, "new.toml:5:1: tiemout: unknown key");
    expect_failure(
        &refused,
        1,
        "new.toml:6:1: trust: 101 is not a whole number",
    );
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
