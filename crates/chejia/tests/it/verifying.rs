//! Real names, against the built program: handed in over its pages, decided by an operator or by a
//! channel on a real socket, and what that does to calls.

use crate::money::Place;
use crate::pages::Site;
use crate::{PAGE_VIN, chejia, expect_failure, run};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use vin_testkit::upstream::{Format, Script, Upstream};

const PASSWORD: &str = "correct horse";
const NAME: &str = "张三丰";
const NUMBER: &str = "11010519491231002X";

/// A browser without scripts, one connection for each page.
struct Browser {
    host: String,
    cookies: BTreeMap<String, String>,
    token: String,
}

/// The status, where it leads, and the page.
struct Got(u16, String, String);

impl Browser {
    fn at(site: &Site) -> Self {
        let (host, _) = site.owner["http://".len()..]
            .split_once('/')
            .expect("a path");
        Self {
            host: host.to_owned(),
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Got {
        let mut stream = TcpStream::connect(&self.host).expect("connects");
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).expect("set");
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nConnection: close\r\n\
             Cookie: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            cookies.join("; "),
            body.len()
        );
        stream
            .write_all(&[head.as_bytes(), body].concat())
            .expect("sent");
        let mut text = Vec::new();
        stream.read_to_end(&mut text).expect("answered");
        let text = String::from_utf8_lossy(&text);
        let (head, page) = text.split_once("\r\n\r\n").expect("a head");
        let mut to = String::new();
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(": ").expect("a header");
            match name.to_ascii_lowercase().as_str() {
                "location" => to = value.to_owned(),
                "set-cookie" => {
                    let (pair, _) = value.split_once(';').expect("attributes");
                    let (name, value) = pair.split_once('=').expect("a value");
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        if let Some((_, rest)) = page.split_once("name=\"form_token\" value=\"") {
            self.token = rest.split('"').next().expect("a value").to_owned();
        }
        Got(head[9..12].parse().expect("a status"), to, page.to_owned())
    }

    fn get(&mut self, path: &str) -> Got {
        self.send("GET", path, "text/plain", b"")
    }

    /// Sends a form of fields whose values are spelled already.
    fn post(&mut self, path: &str, fields: &str) -> Got {
        let body = format!("{fields}&form_token={}", self.token);
        let kind = "application/x-www-form-urlencoded";
        self.send("POST", path, kind, body.as_bytes())
    }

    /// Hands a person's name in; where that leads.
    fn hand_in(&mut self) -> String {
        self.get("/verification");
        let mut body = String::new();
        let token = self.token.clone();
        for (name, value) in [
            ("kind", "person"),
            ("name", NAME),
            ("number", NUMBER),
            ("form_token", &token),
        ] {
            body += &format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += "--x--\r\n";
        let kind = "multipart/form-data; boundary=x";
        let Got(_, to, page) = self.send("POST", "/verification", kind, body.as_bytes());
        assert!(!to.is_empty(), "{page}");
        to
    }

    /// The code of a look-up.
    fn code(&mut self, key: &str) -> i64 {
        let Got(_, _, body) = self.get(&format!("/api/vin/get?key={key}&vin={PAGE_VIN}"));
        let envelope: Json = serde_json::from_str(&body).expect("an envelope");
        envelope["code"].as_i64().expect("a code")
    }

    /// The page of the real name, once it says something.
    #[track_caller]
    fn until(&mut self, text: &str) {
        for _ in 0..200 {
            if self.get("/verification").2.contains(text) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the page never says {text}");
    }
}

/// An account with a package, a key and no verified name; the key.
fn account(place: &Place, phone: &str) -> String {
    let create = ["account", "create", "--phone", phone, "--password-stdin"];
    let id = place.json(&create, "correct horse\n")["account_id"].to_string();
    let grant = [
        "package",
        "grant",
        "--account",
        &id,
        "--calls",
        "9",
        "--reason",
        "test",
    ];
    place.json(&grant, "");
    let key = place.json(&["key", "create", "--account", &id], "");
    key["key"].as_str().expect("a key").to_owned()
}

/// A customer who is signed in.
fn customer(site: &Site, phone: &str) -> Browser {
    let mut browser = Browser::at(site);
    browser.get("/login");
    let fields = format!("name={phone}&password={}", PASSWORD.replace(' ', "+"));
    let Got(status, to, page) = browser.post("/login", &fields);
    assert_eq!((status, to.as_str()), (303, "/overview"), "{page}");
    browser
}

/// A server on a place, with what a test adds to its environment; its log goes into a file.
fn site(place: &Place, settings: &[(&str, &Path)]) -> (Site, PathBuf) {
    let mut args = vec!["serve", "--listen", "127.0.0.1:0"];
    args.extend(place.args());
    let mut command = chejia(&args);
    command.env("CHEJIA_LOG", "debug");
    for (name, value) in settings {
        command.env(name, value);
    }
    let log = place.dir.path().join("log.txt");
    command.stderr(File::create(&log).expect("made"));
    (Site::started(command), log)
}

/// Neither name nor number stands in a text.
#[track_caller]
fn says_nothing(text: &[u8]) {
    let spelled = "%E5%BC%A0%E4%B8%89%E4%B8%B0";
    for secret in [NAME, NUMBER, spelled] {
        let found = text
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(
            !found,
            "{secret} stands in {}",
            String::from_utf8_lossy(text)
        );
    }
}

#[test]
fn calls_work_once_an_operator_has_approved_the_name() {
    for place in Place::both() {
        let key = account(&place, "13812345678");
        let (site, log) = site(&place, &[]);
        let mut customer = customer(&site, "13812345678");
        assert_eq!(customer.code(&key), 400);
        assert_eq!(customer.hand_in(), "/verification?done=submitted");
        customer.until("审核中");
        assert_eq!(customer.code(&key), 400);
        let mut owner = Browser::at(&site);
        let (_, link) = site.owner.split_once("/join/").expect("a link");
        let join = format!("/join/{link}");
        owner.get(&join);
        let fields = "name=ada&password=correct+horse&again=correct+horse";
        assert_eq!(owner.post(&join, fields).1, "/admin");
        let Got(_, _, page) = owner.get("/admin/verification/1");
        says_nothing(page.as_bytes());
        let Got(_, _, page) = owner.post("/admin/verification/1/look", "reason=review");
        assert!(page.contains(NAME) && page.contains(NUMBER), "{page}");
        let Got(_, to, _) = owner.post("/admin/verification/1/decide", "to=yes");
        assert_eq!(to, "/admin/verification/1?done=approved");
        assert_eq!(customer.code(&key), 200, "at once");
        customer.until("已通过实名认证");
        drop(site);
        says_nothing(&std::fs::read(log).expect("the log"));
        let backup = place.dir.path().join("backup.jsonl");
        let out = ["backup", backup.to_str().expect("UTF-8")];
        let made = place.run(&out, "");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        says_nothing(&std::fs::read(backup).expect("the backup"));
    }
}

/// A channel at an upstream, as a file with a secret in the environment.
fn channel(place: &Place, upstream: &Upstream) -> PathBuf {
    let file = place.dir.path().join("check.toml");
    let text = format!(
        "name = \"check\"\ntimeout = \"500ms\"\n\n[person.request]\nmethod = \"POST\"\n\
         url = \"http://{}/idcard\"\ncleartext = true\nnetworks = [\"127.0.0.1\"]\n\
         form = {{ name = \"{{name}}\", idcard = \"{{id_number}}\", key = \"{{secret.key}}\" }}\n\n\
         [person.answer]\npath = \"result.res\"\nyes = [1]\nno = [2]\nunsure = [3]\n",
        upstream.address()
    );
    std::fs::write(&file, text).expect("written");
    file
}

#[test]
fn a_channel_approves_rejects_or_leaves_it_to_a_person_and_is_asked_once() {
    let [place, _] = Place::both();
    let upstream = Upstream::start(Format::Connapi);
    let file = channel(&place, &upstream);
    let json = |text: &str| Script::Json(text.to_owned());
    let cases = [
        (json(r#"{"result":{"res":"1"}}"#), "已通过实名认证", 200),
        (
            json(r#"{"result":{"res":2}}"#),
            "自动核对：姓名（名称）与号码不一致",
            400,
        ),
        (json(r#"{"result":{"res":3}}"#), "审核中", 400),
        (Script::Garbage, "审核中", 400),
        (Script::Hang, "审核中", 400),
    ];
    let keys: Vec<_> = (0..cases.len())
        .map(|n| account(&place, &format!("1381234567{n}")))
        .collect();
    let secret = ("CHEJIA_SECRET_CHECK_KEY", Path::new("the-key"));
    let settings = [("CHEJIA_VERIFICATION_CHANNEL", &*file), secret];
    let (server, log) = site(&place, &settings);
    for (n, (script, said, code)) in cases.iter().enumerate() {
        upstream.play(script.clone());
        let mut customer = customer(&server, &format!("1381234567{n}"));
        assert_eq!(customer.code(&keys[n]), 400, "{script:?}");
        assert_eq!(customer.hand_in(), "/verification?done=submitted");
        for _ in 0..200 {
            if upstream.calls() > n {
                break;
            }
            thread::sleep(Duration::from_millis(25));
        }
        // Longer than the channel's file lets it wait.
        thread::sleep(Duration::from_millis(700));
        customer.until(said);
        assert_eq!(customer.code(&keys[n]), *code, "{script:?}");
        assert_eq!(upstream.calls(), n + 1, "{script:?}");
    }
    let body = "idcard=11010519491231002X&key=the-key&name=%E5%BC%A0%E4%B8%89%E4%B8%B0";
    assert!(upstream.seen().iter().all(|seen| seen.body == body));
    drop(server);
    let said = std::fs::read(&log).expect("the log");
    says_nothing(&said);
    let said = String::from_utf8_lossy(&said);
    assert_eq!(
        said.matches("a person has to verify this").count(),
        2,
        "{said}"
    );
    // After another start, what failed is not asked about again.
    upstream.play(json(r#"{"result":{"res":1}}"#));
    let (server, _) = site(&place, &settings);
    let mut customer = customer(&server, "13812345674");
    thread::sleep(Duration::from_millis(700));
    customer.until("审核中");
    assert_eq!(upstream.calls(), cases.len());
}

#[test]
fn a_wrong_file_of_the_channel_stops_the_start_with_its_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let data = dir.path().to_str().expect("UTF-8");
    let file = dir.path().join("check.toml");
    let start = |text: Option<&str>, status, part: &str| {
        if let Some(text) = text {
            std::fs::write(&file, text).expect("written");
        }
        let config = dir.path().join("chejia.toml");
        let setting = format!("verification_channel = {file:?}\n");
        std::fs::write(&config, setting).expect("written");
        let config = config.to_str().expect("UTF-8");
        let args = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            data,
            "--config",
            config,
        ];
        expect_failure(&run(&args, b""), status, part);
    };
    start(None, 2, "verification_channel: ");
    start(
        Some(
            "name = \"check\"\n[person.request]\nurl = \"https://id.example.com/{name}/{idcard}\"\n",
        ),
        1,
        "check.toml:3:1: person.request.url: unknown placeholder {idcard}",
    );
    start(
        Some("name = \"check\"\n"),
        1,
        "check.toml:1:1: person: is missing",
    );
}
