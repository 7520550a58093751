//! Channels of a running server.

use super::Place;
use crate::{REPAIRED, Server, expect_failure, json_lines, run};
use serde_json::json;
use std::fs;
use std::time::Duration;
use vin_testkit::Cluster;
use vin_testkit::upstream::{Format, Script, Upstream};

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
        (
            "fusion_fields = \"name /api/vin/got=price\"",
            "fusion_fields: /api/vin/got is none of",
        ),
        ("learn_audit = 1000001", "learn_audit must be 0 to 1000000"),
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

#[test]
fn a_crash_while_a_paid_channel_is_asked_leaves_the_attempt_to_be_reconciled() {
    let place = Place::new();
    let upstream = Upstream::start(Format::Connapi);
    upstream.play(Script::Hang);
    let file = place.file(&upstream, "");
    json_lines(&place.channel(&["add", file.to_str().expect("UTF-8")]));
    let server = Server::demo(place.dir.path());
    std::thread::scope(|scope| {
        // It ends with the server, and has nothing to tell.
        scope.spawn(|| std::panic::catch_unwind(|| server.look_up("demo", STRANGER)));
        for _ in 0..100 {
            if upstream.calls() == 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        server.signal("KILL");
    });
    assert_eq!(upstream.calls(), 1, "the question has arrived");
    let unknown = json_lines(&place.channel(&["unknown"]));
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    let said = ["channel", "kind", "outcome", "billed", "cost"].map(|key| unknown[0][key].clone());
    assert_eq!(
        said,
        ["up", "turn", "asked", "unknown", "0.2100"].map(|text| json!(text))
    );
    let checked = run(&["ledger", "check", "--data-dir", place.dir()], b"");
    let checked = json_lines(&checked);
    assert_eq!(
        (&checked[0]["ok"], &checked[0]["charges"]),
        (&json!(true), &json!(0))
    );

    // The next server asks on; what is known of its attempt replaces what was written before.
    upstream.play(Script::Hit);
    let server = Server::demo(place.dir.path());
    let answer = server.look_up("demo", STRANGER);
    let order = answer["data"]["order_no"].as_str().expect("a number");
    let route = json_lines(&place.channel(&["explain", order]));
    assert_eq!((route.len(), &route[1]["outcome"]), (2, &json!("hit")));
    assert_eq!(json_lines(&place.channel(&["unknown"])).len(), 1);
}

#[test]
fn files_that_are_edited_are_in_force_within_five_seconds_and_wrong_ones_never() {
    let place = Place::new();
    let (first, second) = (
        Upstream::start(Format::Connapi),
        Upstream::start(Format::Connapi),
    );
    let file = place.file(&first, "");
    json_lines(&place.channel(&["add", file.to_str().expect("UTF-8")]));
    let server = Server::demo(place.dir.path());
    let asked = |upstream: &Upstream| {
        let before = upstream.calls();
        server.look_up("demo", STRANGER);
        upstream.calls() - before
    };
    assert_eq!(asked(&first), 1);
    let in_force = place.dir.path().join("channels/up.toml");
    let good = fs::read_to_string(&in_force).expect("read");
    fs::write(&in_force, format!("tiemout = 1\n{good}")).expect("written");
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(asked(&first), 1, "what was in force stays");
    let (before, after) = (first.address().to_string(), second.address().to_string());
    fs::write(&in_force, good.replace(&before, &after)).expect("written");
    let mut waits = 0;
    while asked(&second) == 0 {
        assert!(waits < 50, "nothing has changed after 5 seconds");
        waits += 1;
        std::thread::sleep(Duration::from_millis(100));
    }
    let calls = first.calls();
    server.look_up("demo", STRANGER);
    assert_eq!(first.calls(), calls);
    server.signal("TERM");
    let (_, log) = server.end();
    let wrong = "the channels cannot be read";
    assert_eq!(log.matches(wrong).count(), 1, "said once: {log}");
    assert!(log.contains("up.toml:1:1: tiemout: unknown key"), "{log}");
    assert!(
        log.contains("the files of channels have changed, and are in force"),
        "{log}"
    );
}
