//! Any bytes as the answer of an upstream of each preset, and as a channel's file.

use crate::TODAY;
use std::sync::LazyLock;
use vin_channel::{Definition, Outcome, PRESETS, Query, Reply, Secret, Secrets, level};
use vin_core::{Lang, Vin};

/// The names of the presets' secrets, for a channel named `up`.
const SECRETS: [&str; 4] = ["up_key", "up_sk", "up_appkey", "up_appcode"];

static CHANNELS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let file = |preset: &str| format!("name = \"up\"\npreset = \"{preset}\"\n");
    let read = |preset: &str| Definition::read("up.toml", &file(preset), &secrets());
    let presets = PRESETS.iter().map(|preset| read(preset.name));
    presets
        .map(|read| read.expect("a preset is whole"))
        .collect()
});

fn secrets() -> Secrets {
    let secrets = SECRETS.map(|name| (name.to_owned(), Secret::new("a-secret-of-the-fuzzer")));
    secrets.into()
}

/// The first byte says which preset, the second the packing and the status, the rest is the body.
/// A first byte past the presets makes the rest a channel's file.
pub fn upstream(bytes: &[u8]) {
    let Some(([preset, shape], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some(channel) = CHANNELS.get(usize::from(*preset)) else {
        let _ = Definition::read("up.toml", &String::from_utf8_lossy(rest), &secrets());
        return;
    };
    let packing = ["", "gzip", "deflate", "br"][usize::from(shape & 3)];
    let status = [200, 403, 500, 302][usize::from(shape >> 2 & 3)];
    let reply = Reply {
        status,
        headers: vec![("content-encoding".to_owned(), packing.to_owned())],
        body: rest.to_vec(),
    };
    for lang in [Lang::Zh, Lang::En] {
        let query = Query {
            vin: Vin::parse("WP0AA2978BL012976").expect("a VIN"),
            year: None,
            lang,
            today: TODAY,
        };
        let outcome = channel.understand(&reply, &query);
        assert!(!format!("{outcome:?}").contains("a-secret"), "{outcome:?}");
        if let Outcome::Hit(found) = outcome {
            assert_eq!(level(&found.vehicle), Some(found.level));
        }
    }
}
