//! Questions that upstreams answer, or do not, on real sockets.

mod alerts;
mod chaos;
mod failures;
mod formats;
mod fusion;
mod learning;
mod live;
mod metrics;
/// The breaker as it is described, as the simulation has it.
#[path = "../../../../vin-channel/tests/it/route/model.rs"]
mod model;

use crate::app_on;
use crate::money::DEED;
use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::Request;
use serde_json::Value as Json;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use tower::ServiceExt as _;
use vin_channel::route::Policies;
use vin_channel::{
    Channel, Definition, Network, Outside, Secret, Secrets, SystemResolver, Upstream,
};
use vin_core::FieldId;
use vin_service::{Clock, DEMO_KEY, Policy, Routing, Service, Upstreams, Wanted};
use vin_store::{LoggedAttempt, Store};
use vin_testkit::upstream::{self, Format, Script};

/// A vehicle that our own data do not know at all, and one of which they know the brand alone.
const STRANGER: &str = "00000000000000000";
const BRAND_ONLY: &str = "WBA00000000000000";

/// What a caller waits at most.
const MOST: Duration = Duration::from_secs(3);

/// A clock that goes on, from noon of 2026-11-24 in China.
struct Going(Instant);

impl Clock for Going {
    fn unix(&self) -> i64 {
        1_795_492_800 + self.0.elapsed().as_secs().cast_signed()
    }

    fn steady(&self) -> Duration {
        self.0.elapsed()
    }
}

struct Standing;

impl Outside for Standing {
    fn unix_ms(&self) -> i64 {
        1_795_492_800_000
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Files that stand in memory.
#[derive(Default)]
struct Files(Mutex<Vec<(String, String)>>);

impl Upstreams for Files {
    fn load(&self) -> Result<Vec<Arc<dyn Channel>>, String> {
        let files = self.0.lock().expect("no panic");
        let all =
            Definition::read_all(&files, &secrets()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let network = Network::new(Arc::new(SystemResolver), b"").map_err(|e| e.to_string())?;
        let open = |definition| {
            let upstream = Upstream::new(definition, network.clone(), Arc::new(Standing));
            Arc::new(upstream) as Arc<dyn Channel>
        };
        Ok(all.into_iter().map(open).collect())
    }

    fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.lock().expect("no panic").hash(&mut hasher);
        hasher.finish()
    }
}

/// A service with a demo account that has a million calls, and upstreams that are called `a`, `b`, …
struct Market {
    _dir: tempfile::TempDir,
    service: Arc<Service>,
    router: Router,
    upstreams: Vec<upstream::Upstream>,
}

/// A preset, the format that its upstream speaks, and where it is asked.
type Preset = (&'static str, Format, &'static str);

const CONNAPI: Preset = ("connapi", Format::Connapi, "/api/vin/get");

/// An upstream's file: it has 900 ms.
fn file(name: &str, preset: Preset, to: &upstream::Upstream, more: &str) -> (String, String) {
    let (preset, _, path) = preset;
    let text = format!(
        "name = \"{name}\"\npreset = \"{preset}\"\ntimeout = \"900ms\"\n{more}\n[request]\n\
         url = \"http://{}{path}\"\ncleartext = true\nnetworks = [\"127.0.0.1\"]\n",
        to.address()
    );
    (format!("{name}.toml"), text)
}

/// What every preset may want for each of the channels.
fn secrets() -> Secrets {
    let names = ["a", "b", "c"].iter().flat_map(|channel| {
        let names = ["key", "sk", "appkey", "appcode"];
        names.map(|name| format!("{channel}_{name}"))
    });
    names
        .map(|name| (name, Secret::new("the-secret-of-the-test")))
        .collect()
}

/// It costs 0.05 yuan a vehicle.
const PAID: &str = "cost = { per_hit = 0.05 }";

impl Market {
    /// One upstream for each script, the first in the lowest tier.
    async fn open(scripts: &[Script]) -> Self {
        let more = vec![PAID; scripts.len()];
        Self::with(scripts, &more, "first_hit", &[]).await
    }

    async fn with(scripts: &[Script], more: &[&str], route: &str, wanted: &[FieldId]) -> Self {
        let routing = Routing {
            policies: Policies::parse(route).expect("policies"),
            wanted: Wanted {
                otherwise: wanted.into(),
                ..Wanted::default()
            },
            learn_audit: 0,
        };
        Self::routed(scripts, more, routing).await
    }

    async fn routed(scripts: &[Script], more: &[&str], routing: Routing) -> Self {
        Self::of(CONNAPI, scripts, more, routing).await
    }

    async fn of(preset: Preset, scripts: &[Script], more: &[&str], routing: Routing) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let (mut upstreams, mut files) = (Vec::new(), Vec::new());
        for ((script, more), name) in scripts.iter().zip(more).zip(["a", "b", "c"]) {
            let upstream = upstream::Upstream::start(preset.1);
            upstream.play(script.clone());
            files.push(file(name, preset, &upstream, more));
            upstreams.push(upstream);
        }
        let policy = Policy {
            routing,
            ..Policy::default()
        };
        let files: Arc<dyn Upstreams> = Arc::new(Files(Mutex::new(files)));
        let clock = Arc::new(Going(Instant::now()));
        let app = app_on(dir.path(), clock, policy, Some(files)).await;
        let service = app.service.clone();
        let fresh = service.clone();
        tokio::spawn(async move { fresh.keep_fresh().await });
        let market = Self {
            _dir: dir,
            service,
            router: vin_api::router(app),
            upstreams,
        };
        for (tier, name) in (1..).zip(["a", "b", "c"]).take(scripts.len()) {
            market.set(name, None, Some(tier)).await;
        }
        market
    }

    fn store(&self) -> &Store {
        self.service.accounts().store()
    }

    /// Says what is wanted of a channel, and waits until the service has heard of it.
    async fn set(&self, name: &str, state: Option<&str>, tier: Option<u32>) {
        let change = vin_store::ChannelChange {
            state,
            tier,
            weight: None,
        };
        let row = self
            .store()
            .set_channel(name, change, DEED)
            .await
            .expect("set");
        let began = Instant::now();
        loop {
            let channels = self.service.channels();
            let found = channels.iter().find(|one| one.facts.name.as_str() == name);
            let is = found.map(|one| (one.mode.name(), one.tier));
            if is == Some((&*row.state, row.tier)) {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(5), "{name} {is:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The envelope of a look-up, and how long it took.
    async fn ask(&self, query: &str) -> Json {
        let began = Instant::now();
        let uri = format!("/api/vin/get?key={DEMO_KEY}&{query}");
        let request = Request::get(uri).body(Body::empty()).expect("a request");
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("answered");
        let body = answer
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        assert!(began.elapsed() < MOST, "{query} took {:?}", began.elapsed());
        serde_json::from_slice(&body).expect("JSON")
    }

    /// How often each upstream was asked.
    fn calls(&self) -> Vec<usize> {
        self.upstreams
            .iter()
            .map(upstream::Upstream::calls)
            .collect()
    }

    /// The calls of the demo account that are charged, once all is written and nothing is wrong.
    async fn charges(&self) -> i64 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let checked = self.store().check().await.expect("checked");
        assert_eq!(checked.wrong, Vec::<String>::new());
        checked.charges
    }

    /// The route of the latest order.
    async fn route(&self) -> Vec<LoggedAttempt> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let demo = self.store().account_by_phone("demo").await.expect("read");
        let demo = demo.expect("it is there");
        // What costs nothing is written some time soon.
        let began = Instant::now();
        loop {
            let calls = self.store().calls(demo, 202_611, i64::MAX, 1).await;
            if let Some(call) = calls.expect("read").first() {
                return self.store().attempts(call.order).await.expect("read");
            }
            assert!(began.elapsed() < Duration::from_secs(5), "no call");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The same in short: channel, outcome, whether it is billed, what it costs.
    async fn short(&self) -> Vec<(String, String, &'static str, u32)> {
        let route = self.route().await;
        let short = route.into_iter().map(|row| {
            let one = row.attempt;
            (
                one.channel,
                one.outcome.into_owned(),
                one.billed.name(),
                one.cost,
            )
        });
        short.collect()
    }
}

fn one(
    channel: &str,
    outcome: &str,
    billed: &'static str,
    cost: u32,
) -> (String, String, &'static str, u32) {
    (channel.to_owned(), outcome.to_owned(), billed, cost)
}
