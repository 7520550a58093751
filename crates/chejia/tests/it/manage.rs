//! Accounts and keys from the command line, also while a server runs on the same data.

use crate::{PAGE_VIN, Server, expect_failure, json_lines, run};
use std::time::Duration;

#[test]
fn a_key_made_beside_a_running_server_works_at_once_and_stops_within_five_seconds() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::demo(dir.path());
    let data = ["--data-dir", dir.path().to_str().expect("UTF-8")];
    let made = run(
        &[
            &[
                "account",
                "create",
                "--phone",
                "13812345678",
                "--password-stdin",
                "--verified",
            ],
            &data[..],
        ]
        .concat(),
        b"correct horse\n",
    );
    let made = json_lines(&made);
    let id = made[0]["account_id"]
        .as_i64()
        .expect("a number")
        .to_string();
    let args = [
        &["key", "create", "--account", &id, "--name", "shop"],
        &data[..],
    ]
    .concat();
    let issued = json_lines(&run(&args, b""));
    let members: Vec<_> = issued[0].as_object().expect("an object").keys().collect();
    assert_eq!(members, ["key", "secret"]);
    let key = issued[0]["key"].as_str().expect("a key");
    assert_eq!(server.look_up(key, PAGE_VIN)["code"], 400, "no package yet");
    let grant = [
        "package",
        "grant",
        "--account",
        &id,
        "--calls",
        "5",
        "--reason",
        "test",
    ];
    json_lines(&run(&[&grant, &data[..]].concat(), b""));
    assert_eq!(server.look_up(key, PAGE_VIN)["code"], 200);

    let args = [&["key", "revoke", "--key-stdin"], &data[..]].concat();
    let revoked = run(&args, format!("{key}\n").as_bytes());
    assert_eq!(json_lines(&revoked)[0]["revoked"], true);
    let mut looks = 0;
    while server.look_up(key, PAGE_VIN)["code"] != 401 {
        looks += 1;
        assert!(looks < 50, "still works after 5 seconds");
        std::thread::sleep(Duration::from_millis(100));
    }
    expect_failure(&run(&args, b"nobody\n"), 1, "no key in use");
}

#[test]
fn what_cannot_be_made_is_told_why() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = ["--data-dir", dir.path().to_str().expect("UTF-8")];
    let account = |phone: &str, password: &str| {
        let args = ["account", "create", "--phone", phone, "--password-stdin"];
        run(&[&args[..], &data].concat(), password.as_bytes())
    };
    expect_failure(&account("12345", "correct horse"), 2, "phone number");
    expect_failure(&account("13812345678", "short"), 2, "8 to 256");
    assert_eq!(
        json_lines(&account("13812345678", "correct horse"))[0]["account_id"],
        1
    );
    expect_failure(
        &account("+8613812345678", "correct horse"),
        1,
        "already exists",
    );
    let key = run(
        &[&["key", "create", "--account", "99"], &data[..]].concat(),
        b"",
    );
    expect_failure(&key, 1, "there is no account 99");
    let args = ["account", "create", "--phone", "13812345678"];
    expect_failure(&run(&args, b""), 2, "--password-stdin");
}

#[test]
fn a_broken_place_for_the_data_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    std::fs::write(
        &file,
        "text, not a database, and long enough to be looked at",
    )
    .expect("written");
    let file = file.to_str().expect("UTF-8");
    let key = ["key", "create", "--account", "1"];
    expect_failure(
        &run(&[&key[..], &["--data-dir", file]].concat(), b""),
        1,
        "data directory",
    );
    let data = dir.path().join("var");
    let data = ["--data-dir", data.to_str().expect("UTF-8")];
    let url = format!("sqlite:{file}");
    let damaged = run(&[&key[..], &data, &["--database", &url]].concat(), b"");
    expect_failure(&damaged, 1, "damaged or no database");
    let postgres = run(
        &[
            &key[..],
            &data,
            &["--database", "postgres://u:pw@127.0.0.1:1/d"],
        ]
        .concat(),
        b"",
    );
    expect_failure(&postgres, 1, "database 127.0.0.1:1/d cannot be opened");
    assert!(!String::from_utf8_lossy(&postgres.stderr).contains("pw"));
}
