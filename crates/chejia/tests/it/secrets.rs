//! Nothing secret is written anywhere: not into the log at its most talkative, not into an error,
//! not into a database.

use crate::money::{Place, account};
use crate::{PAGE_VIN, Server, chejia};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;
use vin_testkit::Cluster;

const PASSWORD: &str = "correct horse battery";

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((
                path.display().to_string(),
                std::fs::read(&path).expect("read"),
            )),
        }
    }
    found
}

/// A server that logs everything; the log is read to the end once it is dropped.
fn talkative(place: &Place) -> (Server, std::thread::JoinHandle<String>) {
    let args = ["serve", "--demo", "--listen", "127.0.0.1:0"];
    let mut child = chejia(&args)
        .args(place.args())
        .env("CHEJIA_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut log = child.stderr.take().expect("piped");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).expect("read");
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let stdout = BufReader::new(child.stdout.as_mut().expect("piped"));
    let curl = stdout.lines().next().expect("a line").expect("UTF-8");
    let address = curl.split('/').nth(2).expect("an address").to_owned();
    (Server { child, address }, reader)
}

#[test]
fn no_key_secret_or_password_is_found_in_log_error_or_database() {
    for place in Place::both() {
        let (server, log) = talkative(&place);
        let args = [
            "account",
            "create",
            "--phone",
            "13812345678",
            "--password-stdin",
            "--verified",
        ];
        let id = place.json(&args, &format!("{PASSWORD}\n"))["account_id"].to_string();
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
        let mut secrets = vec![PASSWORD.to_owned()];
        let mut make = |more: &[&str]| {
            let made = place.json(&[&["key", "create", "--account", &id], more].concat(), "");
            let text = |name: &str| made[name].as_str().expect("a text").to_owned();
            secrets.extend([text("key"), text("secret")]);
            text("key")
        };
        let (plain, signed) = (make(&[]), make(&["--signature"]));
        let unknown = "0123456789abcdef0123456789abcdef".to_owned();
        for (key, code) in [(&plain, 200), (&signed, 402), (&unknown, 401)] {
            let body = server.get(&format!("/api/vin/get?key={key}&vin={PAGE_VIN}&reqid=r-1"));
            assert!(body.contains(&format!("\"code\":{code}")), "{body}");
            assert!(!body.contains(key.as_str()), "{body}");
        }
        secrets.push(unknown);
        let revoke = place.run(
            &["key", "revoke", "--key-stdin"],
            "0123456789abcdef0123456789abcdef",
        );
        let mut texts = vec![("an error".to_owned(), revoke.stderr)];
        account(&place, "13812345679");
        server.signal("TERM");
        let (status, _) = (server.end().0, ());
        assert_eq!(status, Some(0));
        let log = log.join().expect("read");
        assert!(
            log.contains("insert into") || log.contains("listening"),
            "it is the log"
        );
        texts.push(("the log".to_owned(), log.into_bytes()));
        texts.extend(files(place.dir.path()));
        if let Some(url) = place.database.last() {
            let dump = Cluster::shared().dump(url);
            assert!(dump.contains("13812345678"), "it is the database");
            texts.push(("PostgreSQL".to_owned(), dump.into_bytes()));
        }
        for (place, bytes) in &texts {
            for secret in &secrets {
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "a secret is in {place}");
            }
        }
    }
}
