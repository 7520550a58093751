//! Packages and the ledger from the command line, beside a running server, on both databases.

use crate::{PAGE_VIN, Server, chejia, expect_failure, json_lines, run};
use serde_json::{Value as Json, json};
use std::process::Output;
use vin_testkit::Cluster;

/// A data directory, and a database beside it or in it.
pub struct Place {
    pub dir: tempfile::TempDir,
    pub database: Vec<String>,
}

impl Place {
    pub fn both() -> [Self; 2] {
        let sqlite = Vec::new();
        let postgres = vec!["--database".to_owned(), Cluster::shared().database()];
        [sqlite, postgres].map(|database| Self {
            dir: tempfile::tempdir().expect("a directory"),
            database,
        })
    }

    /// The arguments that name it.
    pub fn args(&self) -> Vec<&str> {
        let dir = self.dir.path().to_str().expect("UTF-8");
        let database = self.database.iter().map(String::as_str);
        ["--data-dir", dir].into_iter().chain(database).collect()
    }

    pub fn run(&self, args: &[&str], input: &str) -> Output {
        run(&[args, &self.args()].concat(), input.as_bytes())
    }

    /// Runs a command that prints one JSON line.
    #[track_caller]
    pub fn json(&self, args: &[&str], input: &str) -> Json {
        json_lines(&self.run(args, input)).remove(0)
    }

    pub fn demo(&self) -> Server {
        let database: Vec<_> = self.database.iter().map(String::as_str).collect();
        Server::demo_with(self.dir.path(), &database)
    }
}

/// A verified account; its id.
pub fn account(place: &Place, phone: &str) -> String {
    let args = [
        "account",
        "create",
        "--phone",
        phone,
        "--password-stdin",
        "--verified",
    ];
    place.json(&args, "correct horse\n")["account_id"].to_string()
}

#[test]
fn the_demo_has_a_thousand_calls() {
    for place in Place::both() {
        let server = place.demo();
        let charge = &server.look_up("demo", PAGE_VIN)["data"]["charge"];
        assert_eq!(
            *charge,
            json!({"charged": true, "count": 1, "remaining": 999})
        );
        drop(server);
        let server = place.demo();
        let charge = &server.look_up("demo", PAGE_VIN)["data"]["charge"];
        assert_eq!(charge["remaining"], 998, "once, not with every start");
        let checked = place.json(&["ledger", "check"], "");
        assert_eq!(checked["ok"], true, "{checked}");
        assert_eq!(
            (&checked["accounts"], &checked["charges"]),
            (&json!(1), &json!(2))
        );
    }
}

#[test]
fn calls_are_granted_refunded_and_adjusted_beside_a_running_server() {
    for place in Place::both() {
        let server = place.demo();
        let id = account(&place, "13812345678");
        let key = place.json(&["key", "create", "--account", &id], "");
        let key = key["key"].as_str().expect("a key");
        let grant = [
            "package",
            "grant",
            "--account",
            &id,
            "--calls",
            "3",
            "--days",
            "30",
            "--reason",
            "test",
        ];
        let granted = place.json(&grant, "");
        assert_eq!(granted["remaining"], 3);
        let package = granted["package_id"].to_string();
        let left = |answer: &Json| answer["data"]["charge"]["remaining"].clone();
        let first = server.look_up(key, PAGE_VIN);
        assert_eq!(left(&first), 2);
        let order = first["data"]["order_no"].as_str().expect("a number");
        let refund = ["ledger", "refund", "--order", order, "--reason", "test"];
        assert_eq!(place.json(&refund, "")["refunded"], 1);
        expect_failure(&place.run(&refund, ""), 1, "has been refunded already");
        assert_eq!(left(&server.look_up(key, PAGE_VIN)), 2, "3 less this one");
        let adjust = |calls| {
            [
                "ledger",
                "adjust",
                "--package",
                &package,
                "--reason",
                "test",
                "--calls",
                calls,
            ]
            .map(str::to_owned)
        };
        let run_adjust = |calls| {
            let args = adjust(calls);
            place.run(&args.iter().map(String::as_str).collect::<Vec<_>>(), "")
        };
        assert_eq!(json_lines(&run_adjust("1"))[0]["adjusted"], 1);
        expect_failure(&run_adjust("-9"), 1, "fewer than 9");
        assert_eq!(left(&server.look_up(key, PAGE_VIN)), 2);
        for code in [200, 200, 603] {
            assert_eq!(server.look_up(key, PAGE_VIN)["code"], code);
        }
        let list = json_lines(&place.run(&["package", "list", "--account", &id], ""));
        assert_eq!(
            (&list[0]["total"], &list[0]["remaining"]),
            (&json!(3), &json!(0))
        );
        let suspended = place.json(&["account", "suspend", "--account", &id], "");
        assert_eq!(suspended["suspended"], true);
        let mut looks = 0;
        while server.look_up(key, PAGE_VIN)["code"] != 602 {
            looks += 1;
            assert!(looks < 50, "still served after 5 seconds");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        place.json(&["account", "resume", "--account", &id], "");
        assert_eq!(server.look_up(key, PAGE_VIN)["code"], 603, "at once");
        let checked = place.json(&["ledger", "check"], "");
        assert_eq!(
            (&checked["ok"], &checked["charges"]),
            (&json!(true), &json!(5))
        );
    }
}

#[test]
fn a_key_can_do_what_it_was_made_for() {
    let [place, _] = Place::both();
    let server = place.demo();
    let id = account(&place, "13812345678");
    place.json(
        &[
            "package",
            "grant",
            "--account",
            &id,
            "--calls",
            "9",
            "--reason",
            "test",
        ],
        "",
    );
    let make = |more: &[&str]| {
        let made = place.json(&[&["key", "create", "--account", &id], more].concat(), "");
        made["key"].as_str().expect("a key").to_owned()
    };
    let code = |key: &str| {
        server.look_up(key, PAGE_VIN)["code"]
            .as_u64()
            .expect("a number")
    };
    let slow = make(&["--rate", "1/60"]);
    assert_eq!([code(&slow), code(&slow)], [200, 429]);
    let few = make(&["--daily-cap", "1"]);
    assert_eq!([code(&few), code(&few)], [200, 429]);
    assert_eq!(code(&make(&["--ip", "192.0.2.0/24"])), 406);
    assert_eq!(
        code(&make(&["--ip", "192.0.2.0/24", "--ip", "127.0.0.0/8"])),
        200
    );
    assert_eq!(code(&make(&["--referer", "example.com"])), 406);
    assert_eq!(code(&make(&["--signature"])), 402);
    let old = make(&[]);
    let new = place.json(
        &["key", "rotate", "--key-stdin", "--overlap", "60"],
        &format!("{old}\n"),
    );
    assert_eq!(
        [code(&old), code(new["key"].as_str().expect("a key"))],
        [200, 200]
    );
    let rotate = place.run(&["key", "rotate", "--key-stdin"], "nobody\n");
    expect_failure(&rotate, 1, "no key in use");
    for (argument, value) in [
        ("--rate", "100"),
        ("--ip", "example.com"),
        ("--referer", "a/b"),
        ("--daily-cap", "0"),
    ] {
        let args = ["key", "create", "--account", &id, argument, value];
        expect_failure(&place.run(&args, ""), 2, "");
    }
}

#[test]
fn products_are_priced_by_the_operator() {
    for place in Place::both() {
        let products = json_lines(&place.run(&["package", "products"], ""));
        assert_eq!(products.len(), 7);
        assert_eq!(
            products[2],
            json!({"calls": 1000, "price_fen": 0, "days": 0, "policy": "", "verified_name": true})
        );
        let priced = place.json(
            &[
                "package", "price", "--calls", "1000", "--price", "99.5", "--days", "365",
            ],
            "",
        );
        assert_eq!(
            priced,
            json!({"calls": 1000, "price_fen": 9950, "days": 365, "policy": "", "verified_name": true})
        );
        assert_eq!(
            json_lines(&place.run(&["package", "products"], ""))[2],
            priced
        );
    }
}

#[test]
fn what_cannot_be_done_is_told_why() {
    let [place, _] = Place::both();
    let grant = |id, calls| {
        place.run(
            &[
                "package",
                "grant",
                "--account",
                id,
                "--calls",
                calls,
                "--reason",
                "x",
            ],
            "",
        )
    };
    expect_failure(&grant("99", "5"), 1, "there is no account 99");
    expect_failure(&grant("99", "0"), 2, "--calls");
    let args = ["package", "grant", "--account", "1", "--calls", "5"];
    expect_failure(&place.run(&args, ""), 2, "--reason");
    expect_failure(
        &place.run(&["account", "suspend", "--account", "7"], ""),
        1,
        "no account 7",
    );
    let refund = |order| place.run(&["ledger", "refund", "--order", order, "--reason", "x"], "");
    expect_failure(&refund("12"), 2, "18 digits");
    expect_failure(
        &refund("100261124000000000"),
        1,
        "there is no order 100261124000000000",
    );
    let adjust = place.run(
        &[
            "ledger",
            "adjust",
            "--package",
            "1",
            "--calls",
            "0",
            "--reason",
            "x",
        ],
        "",
    );
    expect_failure(&adjust, 2, "must not be 0");
    for (name, value, part) in [
        (
            "CHEJIA_CHARGE_MIN_LEVEL",
            "trim",
            "brand, type, group or car",
        ),
        (
            "CHEJIA_OFF",
            "/api/nothing",
            "/api/nothing is none of /api/vin/get",
        ),
        ("CHEJIA_TRUSTED_PROXIES", "nobody", "trusted_proxies"),
        ("CHEJIA_LOG_MONTHS", "0", "log_months"),
    ] {
        let output = chejia(&["serve"]).env(name, value).output().expect("ends");
        expect_failure(&output, 2, part);
    }
}
