//! The interface's behaviour, over a real socket and in process, with the real decoder.

mod any_bytes;
mod batch;
mod browser;
mod car;
mod channels;
mod codes;
mod dialects;
mod documents;
mod kept_out;
mod limits;
mod logo;
mod money;
mod shapes;
mod signing;
mod stopping;
mod types;

use serde_json::Value as Json;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use vin_api::{App, Pack};
use vin_service::{
    Accounts, Clock, MasterKey, Networks, Node, Policy, Random, Service, ServiceParts, Upstreams,
    Vault,
};
use vin_store::{DatabaseUrl, Deed, NEVER, Store};

/// The page's own example, and what it is repaired to.
const PAGE_VIN: &str = "WPOAA2978BL012976";
const REPAIRED: &str = "WP0AA2978BL012976";

/// A clock that stands at noon of 2026-11-24 in China until it is turned.
#[derive(Default)]
struct TestClock(AtomicU64);

impl TestClock {
    fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as u64, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn unix(&self) -> i64 {
        1_795_492_800 + self.0.load(Ordering::Relaxed) as i64 / 1_000
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(1_000 + self.0.load(Ordering::Relaxed))
    }
}

/// Bytes that differ from call to call and are the same in every run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        bytes.fill(0);
        bytes[..8].copy_from_slice(&count);
    }
}

/// A demo service in a directory of its own.
async fn app(dir: &Path) -> App {
    app_with(dir, Arc::default(), Policy::default()).await
}

async fn app_with(dir: &Path, clock: Arc<TestClock>, policy: Policy) -> App {
    app_on(dir, clock, policy, None).await
}

async fn app_on(
    dir: &Path,
    clock: Arc<dyn Clock>,
    policy: Policy,
    upstreams: Option<Arc<dyn Upstreams>>,
) -> App {
    let url = DatabaseUrl::Sqlite(dir.join("chejia.db"));
    let store = Store::open(&url).await.expect("opens");
    let vault = Vault::new(&MasterKey([1; 32]));
    let accounts = Accounts::open(store, vault, clock, Arc::new(Counting::default()))
        .await
        .expect("accounts");
    accounts.seed_demo().await.expect("the demo account");
    // No number of tests uses these up.
    let store = accounts.store();
    let demo = store.account_by_phone("demo").await.expect("read");
    let deed = Deed {
        at: 1,
        reason: "test",
        actor: "test",
    };
    store
        .grant(demo.expect("it is there"), 1_000_000, NEVER, deed)
        .await
        .expect("granted");
    let parts = ServiceParts {
        accounts,
        engine: vin_data::engine(),
        node: Node::new(123).expect("a node"),
        demo: true,
        policy,
        upstreams,
    };
    App {
        service: Service::start(parts).await.expect("starts"),
        pack: tokio::sync::watch::Sender::new(Pack {
            verified: true,
            detail: "built in".to_owned(),
        })
        .subscribe(),
        public_url: None,
        logos: Some(dir.join("logos")),
        trusted_proxies: Networks::default(),
    }
}

/// One server for all tests of this process.
static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let dir = tempfile::tempdir().expect("a directory");
            let app = app(dir.path()).await;
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a port");
            tell.send(listener.local_addr().expect("an address"))
                .expect("heard");
            vin_api::serve(listener, vin_api::router(app), std::future::pending()).await;
        });
    });
    told.recv().expect("the server starts")
});

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    /// The value of a header, or `""`.
    fn header(&self, name: &str) -> &str {
        let of_name = |line: &'_ str| {
            let (found, _) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(found.len() + 1)
        };
        let line = self
            .head
            .lines()
            .find_map(|l| of_name(l).map(|at| &l[at..]));
        line.unwrap_or_default().trim()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    fn json(&self) -> Json {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// Sends bytes and reads until the server closes the connection.
fn exchange(request: &[u8]) -> Answer {
    try_exchange(request).expect("an answer")
}

/// The same, for a request that the server may give up before it has been sent.
fn try_exchange(request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(*SERVER).expect("connects");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("set");
    // A server that refuses a long request may answer and close before all of it is sent; the
    // close can even overtake the answer.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    if bytes.is_empty() {
        return None;
    }
    let gap = bytes
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .expect("a head");
    let head = String::from_utf8(bytes[..gap].to_vec()).expect("a plain head");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .expect("a status");
    let body = bytes.split_off(gap + 4);
    Some(Answer { status, head, body })
}

fn get(target: &str) -> Answer {
    exchange(format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
}

fn post(target: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    exchange(&[head.as_bytes(), body].concat())
}

/// The one way to look at a business answer: HTTP 200, the envelope, the code.
#[track_caller]
fn expect_code(answer: &Answer, code: u16) -> Json {
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let json = answer.json();
    assert_eq!(json["code"], code, "{json}");
    assert!(
        json["msg"].as_str().is_some_and(|msg| !msg.is_empty()),
        "{json}"
    );
    assert_eq!(json["data"].is_null(), code != 200, "{json}");
    let mut members: Vec<_> = json.as_object().expect("an object").keys().collect();
    members.sort();
    assert_eq!(members, ["code", "data", "msg"]);
    json
}

/// The page's example was understood.
#[track_caller]
fn expect_porsche(answer: &Answer) -> Json {
    let json = expect_code(answer, 200);
    let data = &json["data"];
    assert_eq!(data["result"]["vin"], REPAIRED);
    assert_eq!(data["result"]["brand"], "保时捷");
    assert_eq!(data["order_no"].as_str().map(str::len), Some(18));
    json
}
