//! Two servers that share a Redis: limits are one limit, and when Redis is killed or hangs nobody
//! gets a fault, nobody waits, and each server allows its part.

use crate::money::{Place, account};
use crate::{PAGE_VIN, Server, expect_failure};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use vin_testkit::{Cluster, RedisServer, free_port};

/// For tests that count: a busy machine is no reason to give up.
const LONG: u32 = 10_000;
const DEFAULT: u32 = 100;

/// Two servers on one database and one Redis, and the addresses of their metrics.
struct Net {
    place: Place,
    redis: Arc<RedisServer>,
    servers: [Server; 2],
    metrics: [String; 2],
}

impl Net {
    /// Two servers that wait so many milliseconds for Redis, and know of each other.
    fn open(timeout_ms: u32) -> Self {
        let redis = Arc::new(RedisServer::start());
        let url = redis.url();
        let place = Place {
            dir: tempfile::tempdir().expect("a directory"),
            database: ["--database", &Cluster::shared().database(), "--redis", &url]
                .map(str::to_owned)
                .to_vec(),
        };
        let metrics = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        let servers = [0, 1].map(|i| {
            let file = place.dir.path().join(format!("{i}.toml"));
            let text = format!(
                "metrics_listen = \"{}\"\nredis_timeout_ms = {timeout_ms}\nguest_daily = 3\n",
                metrics[i]
            );
            std::fs::write(&file, text).expect("written");
            let config = ["--config", file.to_str().expect("UTF-8")];
            let database = place.database.iter().map(String::as_str);
            let args: Vec<_> = database.chain(config).collect();
            Server::demo_with(place.dir.path(), &args)
        });
        let net = Self {
            place,
            redis,
            servers,
            metrics,
        };
        net.until("chejia_nodes", "2");
        net.until("chejia_redis_up", "1");
        net
    }

    /// A key of an account with enough calls.
    fn key(&self, limits: &[&str]) -> String {
        let id = account(&self.place, "13812345678");
        let grant = ["package", "grant", "--account", &id, "--calls", "10000"];
        self.place
            .json(&[&grant[..], &["--reason", "test"]].concat(), "");
        let create = ["key", "create", "--account", &id];
        let made = self.place.json(&[&create[..], limits].concat(), "");
        made["key"].as_str().expect("a key").to_owned()
    }

    /// A metric of one server, `None` when it is not there.
    fn metric(&self, server: usize, name: &str) -> Option<String> {
        let (_, page) = get(&self.metrics[server], "/metrics");
        let line = page.lines().find(|line| line.starts_with(name))?;
        Some(line.split(' ').nth(1)?.to_owned())
    }

    /// Waits until both servers say so.
    #[track_caller]
    fn until(&self, name: &str, value: &str) {
        for server in 0..2 {
            let mut looks = 0;
            while self.metric(server, name).as_deref() != Some(value) {
                looks += 1;
                let found = self.metric(server, name);
                assert!(looks < 300, "{name} of {server} is {found:?}, not {value}");
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

/// The head and the body of an answer.
fn get(address: &str, target: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("connects");
    let time = Some(Duration::from_secs(20));
    stream.set_read_timeout(time).expect("set");
    let head = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("answered");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (head.to_ascii_lowercase(), body.to_owned())
}

/// Looks a VIN up as a guest does on the pages of a server; whether a vehicle is shown.
fn visit(address: &str) -> bool {
    let (head, page) = get(address, "/vehicle");
    let between = |text: &str, before: &str, after: char| {
        let (_, rest) = text.split_once(before).expect(before);
        rest.split(after).next().expect("a value").to_owned()
    };
    let cookie = between(&head, "set-cookie: ", ';');
    let token = between(&page, "name=\"form_token\" value=\"", '"');
    let form = format!("vin={PAGE_VIN}&form_token={token}");
    let mut stream = TcpStream::connect(address).expect("connects");
    let request = format!(
        "POST /vehicle HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.contains("class=\"card\"")
}

#[test]
fn guests_have_one_limit_on_both_servers_and_each_its_own_without_redis() {
    let net = Net::open(LONG);
    let [a, b] = [0, 1].map(|at| net.servers[at].address.clone());
    let seen = [&a, &b, &a, &b, &a].map(|address| visit(address));
    assert_eq!(seen, [true, true, true, false, false]);
    net.redis.kill();
    net.until("chejia_redis_up", "0");
    let seen = [&a, &a, &a, &a].map(|address| visit(address));
    assert_eq!(seen, [true, true, true, false], "this server alone");
}

/// The code of a look-up, and the headers of its limits.
fn ask(address: &str, key: &str) -> (u64, BTreeMap<String, u64>) {
    let (head, body) = get(address, &format!("/api/vin/get?key={key}&vin={PAGE_VIN}"));
    let json: Json = serde_json::from_str(&body).expect("an envelope");
    let limits = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let name = name.strip_prefix("x-ratelimit-")?;
        Some((name.to_owned(), value.parse().ok()?))
    });
    (json["code"].as_u64().expect("a code"), limits.collect())
}

/// Asks both servers from eight clients; the codes of each server.
fn ask_both(net: &Net, key: &str, calls: usize) -> [BTreeMap<u64, usize>; 2] {
    let next = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..8)
        .map(|i| {
            let (address, key) = (net.servers[i % 2].address.clone(), key.to_owned());
            let next = next.clone();
            thread::spawn(move || {
                let mut codes = BTreeMap::new();
                while next.fetch_add(1, Ordering::Relaxed) < calls {
                    *codes.entry(ask(&address, &key).0).or_insert(0) += 1;
                }
                (i % 2, codes)
            })
        })
        .collect();
    let mut all = [BTreeMap::new(), BTreeMap::new()];
    for client in clients {
        let (server, codes) = client.join().expect("no panic");
        for (code, count) in codes {
            *all[server].entry(code).or_insert(0) += count;
        }
    }
    all
}

fn sum(codes: &[BTreeMap<u64, usize>; 2], code: u64) -> usize {
    codes.iter().filter_map(|codes| codes.get(&code)).sum()
}

#[test]
fn two_servers_share_one_rate_and_one_cap_exactly() {
    let net = Net::open(LONG);
    let key = net.key(&["--rate", "37/3600", "--daily-cap", "1000"]);
    let (code, limits) = ask(&net.servers[0].address, &key);
    assert_eq!(code, 200);
    assert_eq!((limits["limit"], limits["remaining"]), (37, 36));
    assert_eq!((limits["day-limit"], limits["day-remaining"]), (1_000, 999));
    let (_, limits) = ask(&net.servers[1].address, &key);
    assert_eq!((limits["limit"], limits["remaining"]), (37, 35));
    assert_eq!(limits["day-remaining"], 998);
    let codes = ask_both(&net, &key, 150);
    assert_eq!((sum(&codes, 200), sum(&codes, 429)), (35, 115), "{codes:?}");
    let (code, limits) = ask(&net.servers[1].address, &key);
    assert_eq!((code, limits["remaining"]), (429, 0));
    assert_eq!(
        limits["day-remaining"],
        1_000 - 37,
        "refused calls do not count"
    );
    let create = ["key", "create", "--account", "2", "--daily-cap", "23"];
    let made = net.place.json(&create, "");
    let capped = made["key"].as_str().expect("a key");
    let codes = ask_both(&net, capped, 150);
    assert_eq!((sum(&codes, 200), sum(&codes, 429)), (23, 127), "{codes:?}");
}

#[test]
fn a_redis_that_is_killed_under_load_costs_no_answer_and_no_limit() {
    const RATE: usize = 400;
    let net = Net::open(DEFAULT);
    let key = net.key(&["--rate", &format!("{RATE}/86400")]);
    let stop = Arc::new(AtomicBool::new(false));
    let served = Arc::new(AtomicUsize::new(0));
    let dead = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|i| {
            let (address, key) = (net.servers[i % 2].address.clone(), key.clone());
            let (stop, served, dead) = (stop.clone(), served.clone(), dead.clone());
            thread::spawn(move || {
                let mut after = 0;
                while !stop.load(Ordering::Relaxed) {
                    let was_dead = dead.load(Ordering::Relaxed);
                    match ask(&address, &key).0 {
                        200 => {
                            served.fetch_add(1, Ordering::Relaxed);
                            after += usize::from(was_dead);
                        }
                        429 => thread::sleep(Duration::from_millis(2)),
                        other => panic!("code {other}"),
                    }
                }
                (i % 2, after)
            })
        })
        .collect();
    while served.load(Ordering::Relaxed) < 100 {
        thread::sleep(Duration::from_millis(1));
    }
    net.redis.kill();
    dead.store(true, Ordering::Relaxed);
    net.until("chejia_limits_degraded", "1");
    net.until("chejia_redis_up", "0");
    thread::sleep(Duration::from_secs(3));
    stop.store(true, Ordering::Relaxed);
    let mut after = [0, 0];
    for client in clients {
        let (server, count) = client.join().expect("no fault");
        after[server] += count;
    }
    assert!(after.iter().all(|n| *n > 0 && *n <= RATE / 2), "{after:?}");
    // A server may not know of the last calls of the other.
    let served = served.load(Ordering::Relaxed);
    assert!(served <= RATE + 8, "{served} calls were served");
    for server in 0..2 {
        let alone = net.metric(server, "chejia_limits_alone_total");
        assert!(
            alone
                .expect("it is there")
                .parse::<u32>()
                .expect("a number")
                > 0
        );
    }
    net.redis.restart();
    net.until("chejia_limits_degraded", "0");
    net.until("chejia_redis_up", "1");
    // What was allowed in the meantime was not forgotten with it.
    let codes = ask_both(&net, &key, 100);
    assert!(sum(&codes, 200) <= 16, "{codes:?}");
    let fresh = net
        .place
        .json(&["key", "create", "--account", "2", "--rate", "9/3600"], "");
    let fresh = fresh["key"].as_str().expect("a key");
    let codes = ask_both(&net, fresh, 60);
    assert_eq!(sum(&codes, 200), 9, "{codes:?}");
    for server in net.servers {
        server.signal("TERM");
        let (status, log) = server.end();
        assert_eq!(status, Some(0), "{log}");
        for (what, times) in [("Redis is away", 1), ("Redis is back", 1)] {
            assert_eq!(log.matches(what).count(), times, "{what}: {log}");
        }
        assert!(
            !log.contains(net.redis.password()),
            "the password is in the log"
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "a test of how long it takes")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn a_redis_that_hangs_keeps_nobody_waiting() {
    let net = Net::open(DEFAULT);
    let key = net.key(&["--rate", "1000/3600", "--daily-cap", "1000"]);
    for server in &net.servers {
        assert_eq!(ask(&server.address, &key).0, 200);
    }
    net.redis.hang();
    let began = now();
    let mut slow = 0;
    for i in 0..40 {
        let asked = now();
        assert_eq!(ask(&net.servers[i % 2].address, &key).0, 200);
        slow += usize::from(asked.elapsed() >= Duration::from_millis(u64::from(DEFAULT)));
    }
    // One question of each server waits; the others are those of a busy machine.
    assert!(slow <= 6, "{slow} of 40 were slow");
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    net.until("chejia_limits_degraded", "1");
    net.redis.go_on();
    net.until("chejia_limits_degraded", "0");
    assert_eq!(ask(&net.servers[0].address, &key).0, 200);
}

#[test]
fn a_key_revoked_by_a_command_stops_on_every_server_at_once() {
    let net = Net::open(LONG);
    let key = net.key(&[]);
    for server in &net.servers {
        assert_eq!(ask(&server.address, &key).0, 200);
    }
    net.place.json(&["key", "revoke", "--key-stdin"], &key);
    let asked = now();
    while net
        .servers
        .iter()
        .any(|server| ask(&server.address, &key).0 != 401)
    {
        assert!(
            asked.elapsed() < Duration::from_millis(500),
            "it still works"
        );
    }
}

#[test]
fn a_server_starts_without_its_redis_and_says_so() {
    let place = Place {
        dir: tempfile::tempdir().expect("a directory"),
        database: Vec::new(),
    };
    let metrics = format!("127.0.0.1:{}", free_port());
    let file = place.dir.path().join("chejia.toml");
    let text = format!("metrics_listen = \"{metrics}\"\nredis = \"redis://:hidden@127.0.0.1:1\"\n");
    std::fs::write(&file, text).expect("written");
    let config = ["--config", file.to_str().expect("UTF-8")];
    let server = Server::demo_with(place.dir.path(), &config);
    assert_eq!(ask(&server.address, "demo").0, 200);
    let (head, page) = get(&metrics, "/metrics");
    assert!(head.contains("text/plain; version=0.0.4"), "{head}");
    assert!(page.contains("\nchejia_limits_degraded 1\n"), "{page}");
    assert!(
        get(&server.address, "/metrics").0.contains("404"),
        "not for the public"
    );
    server.signal("TERM");
    let (_, log) = server.end();
    assert!(
        log.contains("Redis is away") && !log.contains("hidden"),
        "{log}"
    );
    for (args, part) in [
        (["--redis", "http://:hidden@host"], "redis must be redis://"),
        (
            ["--redis", "redis://:hidden@host/x"],
            "redis must be redis://",
        ),
    ] {
        let output = place.run(&[&["account", "list"], &args[..]].concat(), "");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("hidden"));
        expect_failure(&output, 2, part);
    }
}
