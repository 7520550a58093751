//! A running server takes the data that comes in force.

use crate::place::{CARS, Place, UNKNOWN, damage};
use crate::{PAGE_VIN, Server, expect_failure, json_lines, run};
use serde_json::Value as Json;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Waits until the unknown VIN is a car of this series; of none, when it is empty.
#[track_caller]
fn wait_for(server: &Server, series: &str) {
    let mut looks = 0;
    loop {
        let answer = server.look_up("demo", UNKNOWN);
        let found = answer["data"]["result"]["typename"].as_str();
        if found.unwrap_or_default() == series {
            assert!(found.is_some() || answer["code"] == 1003, "{answer}");
            return;
        }
        looks += 1;
        assert!(
            looks < 600,
            "the server does not answer {series:?}: {answer}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_running_server_takes_new_data_and_goes_back_without_dropping_a_request() {
    let place = Place::new();
    let server = Server::demo(&place.data());
    assert_eq!(server.look_up("demo", UNKNOWN)["code"], 1003);
    let data = place.data();
    let grant = [
        "package",
        "grant",
        "--account",
        "1",
        "--calls",
        "1000000",
        "--reason",
        "load",
    ];
    let grant = [&grant, &["--data-dir", data.to_str().expect("UTF-8")][..]].concat();
    json_lines(&run(&grant, b""));
    let stop = AtomicBool::new(false);
    let asked = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut asked = 0;
                    while !stop.load(Ordering::Relaxed) {
                        let answer = server.look_up("demo", PAGE_VIN);
                        assert_eq!(answer["data"]["result"]["brand"], "保时捷", "{answer}");
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        place.import();
        wait_for(&server, "一号");
        fs::write(place.file(), CARS.replace("一号", "三号")).expect("written");
        place.import();
        wait_for(&server, "三号");
        let ready: Json = serde_json::from_str(&server.get("/readyz")).expect("JSON");
        let detail = ready["parts"]["pack"]["detail"].as_str().expect("a text");
        assert!(detail.starts_with("generation 2 "), "{detail}");
        for series in ["一号", ""] {
            place.good(&["back"]);
            wait_for(&server, series);
        }
        place.good(&["back", "--to", "2"]);
        wait_for(&server, "三号");
        stop.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().expect("no failure"))
            .sum::<u32>()
    });
    assert!(asked > 100, "{asked} requests");
    server.signal("TERM");
    let (status, log) = server.end();
    assert_eq!(status, Some(0));
    assert!(log.contains("now answering with generation 2"), "{log}");
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn a_server_refuses_damaged_data_says_so_once_and_keeps_what_it_has() {
    let place = Place::new();
    place.import();
    let mut server = Server::demo(&place.data());
    let log = BufReader::new(server.child.stderr.take().expect("piped"));
    let mut log = log.lines().map(|line| line.expect("UTF-8"));
    log.find(|line| line.contains("listening"))
        .expect("the start");
    let mut next_says = |part: &str| {
        let line = log.next().expect("a line");
        assert!(line.contains(part), "{line}");
    };
    place.good(&["rebuild"]);
    next_says("now answering with generation 2 ");
    damage(&place, 30_000_000);
    expect_failure(&place.run(&["back"]), 1, "generation 1 cannot be used");
    // What the command does not do, a hand may.
    fs::write(place.packs().join("current"), "000001\n").expect("written");
    next_says("still answering with generation 2: generation 1 cannot be used: the content");
    assert_eq!(server.look_up("demo", PAGE_VIN)["code"], 200);
    // Long enough for a second look at it.
    std::thread::sleep(Duration::from_millis(2500));
    fs::write(place.packs().join("current"), "garbage\n").expect("written");
    next_says("still answering with generation 2: ");
    assert_eq!(server.look_up("demo", PAGE_VIN)["code"], 200);
    place.good(&["back", "--to", "0"]);
    next_says("now answering with built-in ");
    let ready: Json = serde_json::from_str(&server.get("/readyz")).expect("JSON");
    let detail = ready["parts"]["pack"]["detail"].as_str().expect("a text");
    assert!(detail.starts_with("built-in "), "{detail}");
}
