//! Power cuts: the program, or its PostgreSQL, is killed under load, again and again. No charge that
//! was acknowledged is lost, none stands twice, and no more are charged without an answer than
//! requests were under way.
//!
//! `cargo xtask crash --rounds N` plays more rounds than a test run does.

use crate::money::{Place, account};
use crate::{PAGE_VIN, Server};
use serde_json::Value as Json;
use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use vin_store::{AccountId, DatabaseUrl, Store};
use vin_testkit::Cluster;

/// How many clients ask at once, each one thing at a time.
const CLIENTS: usize = 16;

/// How many rounds a test run plays.
const ROUNDS: usize = 5;

/// How many calls there are: more than any number of rounds uses.
const CALLS: i64 = 100_000_000;

pub fn rounds() -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "`cargo xtask crash` says how many"
    )]
    let wanted = std::env::var("CHEJIA_CRASH_ROUNDS").ok();
    wanted.map_or(ROUNDS, |text| text.parse().expect("a number of rounds"))
}

/// A place with one account, one key and a great many calls.
struct Till {
    place: Place,
    account: AccountId,
    key: String,
    /// Every order number that a client was given, of charged answers.
    acknowledged: HashSet<i64>,
    /// Requests that were sent and got no vehicle back.
    unanswered: usize,
    /// Of those at most so many were under way when something was killed.
    under_way: usize,
}

impl Till {
    fn open(place: Place) -> Self {
        let id = account(&place, "13812345678");
        let calls = CALLS.to_string();
        let grant = [
            "package",
            "grant",
            "--account",
            &id,
            "--calls",
            &calls,
            "--reason",
            "test",
        ];
        place.json(&grant, "");
        let key = place.json(&["key", "create", "--account", &id], "");
        Self {
            place,
            account: AccountId(id.parse().expect("a number")),
            key: key["key"].as_str().expect("a key").to_owned(),
            acknowledged: HashSet::new(),
            unanswered: 0,
            under_way: 0,
        }
    }

    /// Asks from all clients, does `harm` in the midst of it, and asks on for a moment.
    fn load(&mut self, address: &str, harm: impl FnOnce(), after: Duration) {
        let stop = Arc::new(AtomicBool::new(false));
        let served = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, key) = (address.to_owned(), self.key.clone());
                let (stop, served) = (stop.clone(), served.clone());
                thread::spawn(move || client(&address, &key, &stop, &served))
            })
            .collect();
        let mut waits = 0;
        while served.load(Ordering::Relaxed) < CLIENTS {
            waits += 1;
            assert!(waits < 600, "not every client is served");
            thread::sleep(Duration::from_millis(50));
        }
        thread::sleep(Duration::from_millis(100));
        harm();
        thread::sleep(after);
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            let (orders, unanswered) = client.join().expect("no panic");
            assert!(
                !orders.is_empty(),
                "every client was served before the harm"
            );
            for order in orders {
                self.acknowledge(order);
            }
            self.unanswered += unanswered;
        }
        self.under_way += CLIENTS;
    }

    fn acknowledge(&mut self, order: i64) {
        let is_new = self.acknowledged.insert(order);
        assert!(is_new, "the order number {order} came twice");
    }

    /// Asks until the service answers again by itself.
    fn wait_until_served(&mut self, address: &str) {
        for _ in 0..300 {
            let stream = TcpStream::connect(address).ok();
            let answer = stream.and_then(|mut stream| ask(&mut stream, &self.key));
            if let Some(json) = answer.filter(|json| json["code"] == 200) {
                return self.acknowledge(order(&json));
            }
            self.unanswered += 1;
            self.under_way += 1;
            thread::sleep(Duration::from_millis(100));
        }
        panic!("the service does not answer again");
    }

    /// The ledger agrees, has every charge that was acknowledged, once, and of others no more than
    /// requests were under way; how many others.
    fn check(&self) -> usize {
        let checked = self.place.json(&["ledger", "check"], "");
        assert_eq!(checked["ok"], true, "{checked}");
        let charged = self.charged();
        let lost = self.acknowledged.difference(&charged).count();
        assert_eq!(lost, 0, "charges were acknowledged and are lost");
        assert_eq!(checked["charges"], charged.len());
        let others = charged.len() - self.acknowledged.len();
        let most = self.under_way.min(self.unanswered);
        assert!(
            others <= most,
            "{others} charges without an answer, {most} were under way"
        );
        others
    }

    /// Checks for the last time, and says what was seen.
    #[expect(clippy::print_stdout, reason = "`cargo xtask crash` shows the figures")]
    fn sum_up(&self, killed: &str) {
        let others = self.check();
        let (acknowledged, unanswered) = (self.acknowledged.len(), self.unanswered);
        println!(
            "crash: {killed} killed {} times: {acknowledged} charges acknowledged, none lost, none twice; \
             {others} charged of {unanswered} without an answer, ledger ok",
            rounds()
        );
    }

    /// Every charge in the log.
    fn charged(&self) -> HashSet<i64> {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let url = match self.place.database.last() {
            Some(url) => DatabaseUrl::parse(url).expect("a URL"),
            None => DatabaseUrl::Sqlite(self.place.dir.path().join("chejia.db")),
        };
        runtime.block_on(async {
            let store = Store::open(&url).await.expect("opens");
            let mut charged = HashSet::new();
            for month in months() {
                let mut before = i64::MAX;
                loop {
                    let page = store.calls(self.account, month, before, 10_000).await;
                    let page = page.expect("read");
                    let Some(last) = page.last() else { break };
                    before = last.order;
                    charged.extend(page.iter().filter(|c| c.count > 0).map(|c| c.order));
                }
            }
            store.close().await;
            charged
        })
    }
}

/// The month of the test, and the next in case it begins meanwhile.
fn months() -> Vec<i64> {
    let now = std::process::Command::new("date")
        .arg("+%Y%m")
        .env("TZ", "Asia/Shanghai")
        .output();
    let text = String::from_utf8(now.expect("date runs").stdout).expect("UTF-8");
    let month: i64 = text.trim().parse().expect("a month");
    let next = if month % 100 == 12 {
        month + 89
    } else {
        month + 1
    };
    vec![month - 1, month, next]
}

/// Asks one thing after the other; the charged order numbers, and how many got no vehicle. With the
/// first answer it counts as served.
fn client(address: &str, key: &str, stop: &AtomicBool, served: &AtomicUsize) -> (Vec<i64>, usize) {
    let (mut orders, mut unanswered) = (Vec::new(), 0);
    let mut stream = None;
    while !stop.load(Ordering::Relaxed) {
        if stream.is_none() {
            stream = TcpStream::connect(address).ok();
        }
        let Some(open) = &mut stream else {
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        match ask(open, key) {
            Some(json) if json["code"] == 200 => {
                assert_eq!(json["data"]["charge"]["charged"], true, "{json}");
                orders.push(order(&json));
                if orders.len() == 1 {
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
            Some(json) => {
                assert_eq!(json["code"], 500, "{json}");
                unanswered += 1;
            }
            None => {
                unanswered += 1;
                stream = None;
            }
        }
    }
    (orders, unanswered)
}

/// The order number of an answer.
fn order(json: &Json) -> i64 {
    let order = json["data"]["order_no"].as_str().expect("a number");
    order.parse().expect("18 digits")
}

fn ask(stream: &mut TcpStream, key: &str) -> Option<Json> {
    let head = format!("GET /api/vin/get?key={key}&vin={PAGE_VIN} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    let mut part = [0; 8 << 10];
    loop {
        let read = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lengths = head.lines().filter_map(|l| {
            l.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        let length: usize = lengths.next().expect("a length");
        if body.len() >= length {
            return serde_json::from_str(body).ok();
        }
    }
}

#[test]
fn a_program_that_is_killed_under_load_loses_no_charge_and_makes_none_twice() {
    for place in Place::both() {
        let mut till = Till::open(place);
        for _ in 0..rounds() {
            let server = till.place.demo();
            let address = server.address.clone();
            till.load(
                &address,
                || server.signal("KILL"),
                Duration::from_millis(50),
            );
            server.end();
            till.check();
        }
        // What dead instances held comes back to the last unit.
        let server = till.place.demo();
        let address = server.address.clone();
        let mut looks = 0;
        while free_calls(&till) != CALLS - till.charged().len() as i64 {
            looks += 1;
            assert!(looks < 60, "what the dead held is not back");
            thread::sleep(Duration::from_millis(500));
        }
        till.load(&address, || (), Duration::from_millis(100));
        let database = match till.place.database.is_empty() {
            true => "SQLite",
            false => "PostgreSQL",
        };
        till.sum_up(&format!("the program on {database}"));
    }
}

/// What is in the account's package and held by nobody.
fn free_calls(till: &Till) -> i64 {
    let sql = "select remain from lots where total > 1000";
    match till.place.database.last() {
        Some(url) => Cluster::shared().run(url, sql).parse().expect("a number"),
        None => {
            let file = till.place.dir.path().join("chejia.db");
            let url = format!("sqlite://{}", file.display());
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                use sqlx::Connection as _;
                let mut raw = sqlx::SqliteConnection::connect(&url).await.expect("opens");
                sqlx::query_scalar(sql)
                    .fetch_one(&mut raw)
                    .await
                    .expect("a number")
            })
        }
    }
}

#[test]
fn a_postgresql_that_is_killed_under_load_is_found_again_and_agrees() {
    let cluster = Cluster::start();
    let place = Place {
        dir: tempfile::tempdir().expect("a directory"),
        database: vec!["--database".to_owned(), cluster.database()],
    };
    let mut till = Till::open(place);
    let server: Server = till.place.demo();
    let address = server.address.clone();
    for _ in 0..rounds() {
        till.load(&address, || cluster.crash(), Duration::from_millis(2_000));
        // The same server answers again by itself.
        till.wait_until_served(&address);
        till.check();
    }
    till.sum_up("PostgreSQL itself");
}
