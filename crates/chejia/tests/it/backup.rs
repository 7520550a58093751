//! Backups: taken beside a running server, restored into either kind of database, nowhere else.

use crate::money::{Place, account};
use crate::{PAGE_VIN, expect_failure};
use serde_json::json;
use std::fs;

#[test]
fn a_backup_of_one_database_is_restored_into_the_other() {
    let [sqlite, postgres] = Place::both();
    let [other_sqlite, other_postgres] = Place::both();
    for (from, to) in [(sqlite, other_postgres), (postgres, other_sqlite)] {
        let server = from.demo();
        let id = account(&from, "13812345678");
        from.json(
            &[
                "package",
                "grant",
                "--account",
                &id,
                "--calls",
                "7",
                "--days",
                "9",
                "--reason",
                "车",
            ],
            "",
        );
        let made = from.json(
            &["key", "create", "--account", &id, "--ip", "127.0.0.0/8"],
            "",
        );
        let key = made["key"].as_str().expect("a key");
        for _ in 0..3 {
            assert_eq!(server.look_up(key, PAGE_VIN)["code"], 200);
        }
        let first = server.look_up("demo", &format!("{PAGE_VIN}&reqid=r-1"));
        let file = from.dir.path().join("backup");
        let file = file.to_str().expect("UTF-8");
        let rows = from.json(&["backup", file], "")["rows"].clone();
        expect_failure(&from.run(&["backup", file], ""), 1, "exists already");
        drop(server);
        // The master key is not part of it.
        fs::copy(
            from.dir.path().join("secret.key"),
            to.dir.path().join("secret.key"),
        )
        .expect("copied");
        assert_eq!(to.json(&["restore", file], "")["rows"], rows);
        let checked = to.json(&["ledger", "check"], "");
        assert_eq!(
            (&checked["ok"], &checked["charges"]),
            (&json!(true), &json!(4))
        );
        expect_failure(
            &to.run(&["restore", file], ""),
            1,
            "the database is not empty",
        );
        let server = to.demo();
        let again = server.look_up("demo", &format!("{PAGE_VIN}&reqid=r-1"));
        assert_eq!(again, first, "what was answered is known still");
        assert_eq!(
            server.look_up(key, PAGE_VIN)["data"]["charge"]["remaining"],
            3
        );
        // New rows get new numbers.
        assert_ne!(account(&to, "13812345679"), id);
        to.json(
            &[
                "package",
                "grant",
                "--account",
                &id,
                "--calls",
                "1",
                "--reason",
                "x",
            ],
            "",
        );
        assert_eq!(server.look_up(key, PAGE_VIN)["code"], 200);
    }
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let [place, other] = Place::both();
    account(&place, "13812345678");
    let file = place.dir.path().join("backup");
    place.json(&["backup", file.to_str().expect("UTF-8")], "");
    let whole = fs::read_to_string(&file).expect("read");
    let restore = |text: &str| {
        let file = other.dir.path().join("changed");
        fs::write(&file, text).expect("written");
        other.run(&["restore", file.to_str().expect("UTF-8")], "")
    };
    let without_end = whole.rsplit_once("[\"end\"").expect("an end").0;
    expect_failure(&restore(without_end), 1, "it ends before its last line");
    let without_row = whole.replacen("[\"products\",100,0,0,\"\",1]\n", "", 1);
    assert_ne!(without_row, whole);
    expect_failure(&restore(&without_row), 1, "rows are missing");
    let twice = whole.replacen(
        "[\"products\",100,0,0,\"\",1]\n",
        "[\"products\",100,0,0,\"\",1]\n[\"products\",100,0,0,\"\",1]\n",
        1,
    );
    expect_failure(&restore(&twice), 1, "a row of products comes twice");
    expect_failure(
        &restore(&whole.replacen("backup 1", "backup 2", 1)),
        1,
        "it is not \"chejia backup 1\"",
    );
    expect_failure(
        &restore(&whole.replacen("[\"products\",", "[\"things\",", 1)),
        1,
        "no table \"things\"",
    );
    expect_failure(
        &restore(&whole.replacen("[\"products\",100,", "[\"products\",\"x\",", 1)),
        1,
        "not whole",
    );
    expect_failure(&restore("nonsense\n"), 1, "a line is no array");
    expect_failure(
        &other.run(&["restore", "/nowhere/backup"], ""),
        1,
        "/nowhere/backup",
    );
    let restored = restore(&whole);
    assert!(
        restored.status.success(),
        "nothing of the others was left behind"
    );
}
