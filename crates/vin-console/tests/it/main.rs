//! The pages, asked for as a browser without scripts does, over the real service and interface.

mod access;
mod alerts;
mod buying;
mod contacts;
mod customer;
mod desk;
mod doors;
mod invoices;
mod operator;
mod passkeys;
mod tables;
mod vehicle;
mod verification;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower::ServiceExt as _;
use vin_api::{App, Pack, line};
use vin_console::{Parts, Peer, Reference, Term};
use vin_service::people::{Role, WORK_BITS};
use vin_service::{
    Accounts, Clock, MasterKey, Networks, Node, Policy, Random, Service, ServiceParts, Vault,
};
use vin_store::{AccountId, DatabaseUrl, Deed, NEVER, Store};

const PASSWORD: &str = "correct horse";

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
struct Sequence(AtomicU64);

impl Random for Sequence {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed);
            let next = (next + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The site with its service, in a directory of its own.
struct Site {
    service: Arc<Service>,
    router: Router,
    clock: Arc<TestClock>,
    _dir: tempfile::TempDir,
}

impl Site {
    async fn new() -> Self {
        Self::with(Policy::default()).await
    }

    async fn with(policy: Policy) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Arc::new(TestClock::default());
        let url = DatabaseUrl::Sqlite(dir.path().join("chejia.db"));
        let store = Store::open(&url).await.expect("opens");
        let random = Arc::new(Sequence::default());
        let vault = Vault::new(&MasterKey([1; 32]));
        let accounts = Accounts::open(store, vault, clock.clone(), random).await;
        let service = Service::start(ServiceParts {
            accounts: accounts.expect("the master key"),
            engine: vin_data::engine(),
            node: Node::new(123).expect("a node"),
            demo: false,
            policy,
            upstreams: None,
        });
        let service = service.await.expect("starts");
        let api = vin_api::router(App {
            service: service.clone(),
            pack: tokio::sync::watch::Sender::new(Pack {
                verified: true,
                detail: "built in".to_owned(),
            })
            .subscribe(),
            public_url: None,
            logos: None,
            trusted_proxies: Networks::default(),
        });
        let own = service.clone();
        let pages = vin_console::router(Parts {
            service: service.clone(),
            api: api.clone(),
            free: Arc::new(move |vin, lang| line::of_own_data(&own, vin, lang)),
            peer: Arc::new(|head| Peer {
                address: [203, 0, 113, 7].into(),
                secure: head.headers.contains_key("x-secure"),
            }),
            base: Arc::new(|_| "http://vin.example".to_owned()),
            reference: Reference {
                example_vin: "WP0AA2978BL012976",
                codes: ["200", "429"].map(term).into(),
                ..Reference::default()
            },
            data: Arc::new(|| "built in".to_owned()),
            guest_daily: 3,
            example: String::new(),
            desk: Arc::new(desk::Machine::new(dir.path(), service.clone())),
        });
        Self {
            service,
            router: pages.merge(api),
            clock,
            _dir: dir,
        }
    }

    fn accounts(&self) -> &Accounts {
        self.service.accounts()
    }

    /// A browser at this site.
    fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            token: String::new(),
            address: None,
        }
    }

    /// A customer who is signed in, and has calls when `calls` are given.
    async fn customer(&self, phone: &str, calls: u32) -> (Browser, AccountId) {
        let mut browser = self.browser();
        browser.register(self, phone).await;
        browser.sign_in(phone, PASSWORD).await;
        let store = self.accounts().store();
        let id = store.account_by_phone(phone).await.expect("read");
        let id = id.expect("registered");
        store.verify_account(id, true).await.expect("verified");
        if calls > 0 {
            let deed = Deed {
                at: 1,
                reason: "test",
                actor: "test",
            };
            store.grant(id, calls, NEVER, deed).await.expect("granted");
        }
        (browser, id)
    }

    /// An operator who is signed in.
    async fn operator(&self, name: &str, role: Role) -> Browser {
        let accounts = self.accounts();
        let link = match accounts.first_owner_link().await.expect("read") {
            Some(link) if role == Role::Owner => link,
            _ => accounts.invite(role).await.expect("made"),
        };
        let mut browser = self.browser();
        let path = format!("/join/{}", link.reveal());
        browser.get(&path).await;
        let form = [("name", name), ("password", PASSWORD), ("again", PASSWORD)];
        let joined = browser.post(&path, &form).await;
        assert_eq!((joined.status, joined.to.as_str()), (303, "/admin"));
        browser
    }
}

/// A code of the interface.
fn term(name: &str) -> Term {
    let text = vin_core::Bilingual { zh: "", en: "" };
    Term {
        name: name.to_owned(),
        text,
        detail: text,
    }
}

/// A browser without scripts: it keeps cookies, and sends forms with the token of the last page.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    token: String,
    /// Where it is, as the socket says.
    address: Option<std::net::IpAddr>,
}

/// An answer.
struct Got {
    status: u16,
    /// Where it leads.
    to: String,
    body: String,
    headers: http::HeaderMap,
}

impl Browser {
    async fn get(&mut self, path: &str) -> Got {
        let request = Request::get(path);
        self.send(request, Body::empty()).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Got {
        let token = self.token.clone();
        self.post_with(path, form, &token).await
    }

    async fn post_with(&mut self, path: &str, form: &[(&str, &str)], token: &str) -> Got {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form).append_pair("form_token", token);
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body.finish())).await
    }

    /// Sends a form with a file.
    async fn upload(&mut self, path: &str, token: &str, file: &[u8]) -> Got {
        let mut body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--x\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"cars.csv\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let request = Request::post(path)
            .header("content-type", "multipart/form-data; boundary=x")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: http::request::Builder, body: Body) -> Got {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = request.header("cookie", cookies.join("; "));
        let mut request = request.body(body).expect("a request");
        if let Some(address) = self.address {
            request.extensions_mut().insert(vin_api::Peer(address));
        }
        let response = self.router.clone().oneshot(request).await.expect("answers");
        let (head, body) = response.into_parts();
        for cookie in head.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text");
            let (pair, rest) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a value");
            assert!(
                rest.contains("HttpOnly") && rest.contains("SameSite=Lax"),
                "{cookie}"
            );
            match rest.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let body = body.collect().await.expect("read").to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        if let Some((_, rest)) = body.split_once("name=\"form_token\" value=\"") {
            self.token = rest.split('"').next().expect("a value").to_owned();
        }
        let to = head.headers.get("location");
        Got {
            status: head.status.as_u16(),
            to: to.map_or_else(String::new, |to| to.to_str().expect("text").to_owned()),
            body,
            headers: head.headers,
        }
    }

    async fn register(&mut self, site: &Site, phone: &str) {
        self.get("/register").await;
        let challenge = site.accounts().challenge();
        let number = answered(&challenge);
        let form = [
            ("phone", phone),
            ("password", PASSWORD),
            ("again", PASSWORD),
            ("challenge", &challenge),
            ("number", &number),
        ];
        let got = self.post("/register", &form).await;
        assert_eq!(got.to, "/login?done=registered", "{}", got.body);
    }

    async fn sign_in(&mut self, phone: &str, password: &str) {
        self.get("/login").await;
        let got = self
            .post("/login", &[("name", phone), ("password", password)])
            .await;
        assert_eq!(
            (got.status, got.to.as_str()),
            (303, "/overview"),
            "{}",
            got.body
        );
        self.get("/overview").await;
    }
}

/// Does the work that a browser does.
fn answered(challenge: &str) -> String {
    let is_answer = |n: &u64| {
        let hash = Sha256::digest(format!("{challenge}.{n}"));
        let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        first.leading_zeros() >= WORK_BITS
    };
    (0..).find(is_answer).expect("a number").to_string()
}

fn on_site(test: impl AsyncFnOnce(Site)) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    runtime.block_on(async { test(Site::new().await).await });
}

#[track_caller]
fn assert_shows(got: &Got, text: &str) {
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    assert!(got.body.contains(text), "no {text:?} in {}", got.body);
}
