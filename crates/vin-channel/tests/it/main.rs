//! Channels against upstreams on real sockets, and channels' files that are wrong.

mod any;
mod config;
mod faults;
mod identity;
mod parts;
mod presets;
mod requests;
mod route;
mod safety;

use std::sync::Arc;
use std::time::Duration;
use vin_channel::{
    Channel, ConfigError, Definition, Network, Outcome, Outside, Query, Resolve, Secret, Secrets,
    SystemResolver, Upstream,
};
use vin_core::{Date, Lang, Vin};
use vin_testkit::upstream;

/// What a caller waits at most.
const DEADLINE: Duration = Duration::from_millis(2500);

/// A world that stands still.
struct Standing;

impl Outside for Standing {
    fn unix_ms(&self) -> i64 {
        1_793_491_200_123
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0xab);
    }
}

/// The secrets of every test.
const SECRETS: [(&str, &str); 5] = [
    ("up_key", "the-key-of-the-test"),
    ("up_sk", "the-sk-of-the-test"),
    ("up_appkey", "the-appkey-of-the-test"),
    ("up_appcode", "the-appcode-of-the-test"),
    ("shared_key", "a-key-under-another-name"),
];

fn secrets() -> Secrets {
    let secrets = SECRETS.map(|(name, secret)| (name.to_owned(), Secret::new(secret)));
    secrets.into()
}

fn query(vin: &str) -> Query {
    Query {
        vin: Vin::parse(vin).expect("a VIN"),
        year: None,
        lang: Lang::Zh,
        today: Date::parse("2026-11-28").expect("a date"),
    }
}

fn read(text: &str) -> Result<Definition, ConfigError> {
    Definition::read("up.toml", text, &secrets())
}

/// A channel's file over a preset, whose upstream stands on this machine.
fn file(preset: &str, to: &upstream::Upstream, path: &str, more: &str) -> String {
    let address = to.address();
    format!(
        "name = \"up\"\npreset = \"{preset}\"\n{more}\n[request]\nurl = \"http://{address}{path}\"\n\
         cleartext = true\nnetworks = [\"127.0.0.1\"]\n"
    )
}

fn open_with(text: &str, resolver: Arc<dyn Resolve>, roots: &str) -> Upstream {
    let definition = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let network = Network::new(resolver, roots.as_bytes()).expect("TLS");
    Upstream::new(definition, network, Arc::new(Standing))
}

fn open(text: &str) -> Upstream {
    open_with(text, Arc::new(SystemResolver), "")
}

async fn ask(channel: &Upstream, vin: &str) -> Outcome {
    channel.ask(&query(vin), DEADLINE).await
}
