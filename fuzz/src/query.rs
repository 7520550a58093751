//! Any bytes as a query string, a content type and a body of the look-up.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode, Uri, header::CONTENT_TYPE};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tower::ServiceExt as _;
use vin_api::{App, Pack};
use vin_service::{
    Accounts, Clock, MasterKey, Networks, Node, Policy, Random, Service, ServiceParts, Vault,
};
use vin_store::{DatabaseUrl, Store};

/// The codes that bytes may lead to. 500 is none of them.
const CODES: [u64; 5] = [200, 401, 403, 404, 1003];

/// A clock that stands.
struct Standing;

impl Clock for Standing {
    fn unix(&self) -> i64 {
        1_793_491_200
    }

    fn steady(&self) -> Duration {
        Duration::from_secs(1)
    }
}

/// Bytes that differ from call to call and are the same in every run.
#[derive(Default)]
struct Sequence(AtomicU64);

impl Random for Sequence {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(0x9d, Ordering::Relaxed) as u8;
        }
    }
}

struct Server {
    runtime: Runtime,
    router: Router,
    /// Holds the database; removed when the thread ends.
    _folder: TempDir,
}

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// Lines: the query, the content type, the body. Without a second line it is a GET.
pub fn query(bytes: &[u8]) {
    SERVER.with_borrow_mut(|server| {
        let server = server.get_or_insert_with(start);
        if let Some(request) = request(bytes) {
            server.runtime.block_on(check(&server.router, request));
        }
    });
}

fn start() -> Server {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let router = runtime.block_on(async {
        let database = DatabaseUrl::Sqlite(folder.path().join("fuzz.db"));
        let store = Store::open(&database).await.expect("a database");
        let vault = Vault::new(&MasterKey([1; 32]));
        let random = Arc::new(Sequence::default());
        let accounts = Accounts::open(store, vault, Arc::new(Standing), random).await;
        let accounts = accounts.expect("accounts");
        accounts.seed_demo().await.expect("a demo account");
        let parts = ServiceParts {
            accounts,
            engine: vin_data::engine(),
            node: Node::new(123).expect("a node"),
            demo: true,
            policy: Policy::default(),
            upstreams: None,
        };
        let (_, pack) = watch::channel(Pack {
            verified: true,
            detail: String::new(),
        });
        vin_api::router(App {
            service: Service::start(parts).await.expect("a service"),
            pack,
            public_url: None,
            logos: Some(folder.path().join("logos")),
            trusted_proxies: Networks::default(),
        })
    });
    Server {
        runtime,
        router,
        _folder: folder,
    }
}

/// `None` for what no HTTP server would hand on.
fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let mut lines = bytes.splitn(3, |b| *b == b'\n');
    let query = String::from_utf8_lossy(lines.next()?);
    let uri: Uri = format!("/api/vin/get?{query}").parse().ok()?;
    let Some(content_type) = lines.next() else {
        return Request::get(uri).body(Body::empty()).ok();
    };
    let content_type = HeaderValue::from_bytes(content_type).ok()?;
    let body = Body::from(lines.next().unwrap_or_default().to_vec());
    Request::post(uri)
        .header(CONTENT_TYPE, content_type)
        .body(body)
        .ok()
}

async fn check(router: &Router, request: Request<Body>) {
    let answer = router.clone().oneshot(request).await;
    let answer = answer.expect("a router always answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let body = to_bytes(answer.into_body(), usize::MAX).await;
    let body = body.expect("a whole body");
    let text = std::str::from_utf8(&body).expect("UTF-8");
    // With a callback the envelope stands between parentheses.
    let (from, to) = (text.find('{'), text.rfind('}'));
    let (from, to) = (from.expect("an object"), to.expect("an object"));
    let envelope: serde_json::Value = serde_json::from_str(&text[from..=to]).expect("JSON");
    let code = envelope["code"].as_u64();
    assert!(code.is_some_and(|code| CODES.contains(&code)), "{text}");
}
