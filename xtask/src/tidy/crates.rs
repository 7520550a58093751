//! Which crate may use which: the direction of the architecture, and who owns an outside crate.

use super::{File, Finding, Rule, Tree};
use toml::{Table, Value};

pub const RULES: &[Rule] = &[
    Rule {
        name: "crates depend downwards",
        check: directions,
        bad: || {
            vec![
                manifest("vin-core", "[dependencies]\nvin-index.workspace = true\n"),
                manifest("vin-core", "[build-dependencies]\nserde = \"1\"\n"),
                manifest(
                    "vin-store",
                    "[dependencies]\nvin-service = { workspace = true }\n",
                ),
                manifest("vin-new", ""),
            ]
        },
    },
    Rule {
        name: "an outside crate has its owners",
        check: owners,
        bad: || {
            vec![
                manifest("vin-service", "[dependencies]\nsqlx = \"0.9\"\n"),
                manifest("vin-service", "[dependencies]\naxum = \"0.8\"\n"),
                manifest(
                    "vin-engine",
                    "[target.'cfg(unix)'.dependencies]\ntokio = \"1\"\n",
                ),
            ]
        },
    },
    Rule {
        name: "a crate takes the workspace's lints",
        check: lints,
        bad: || vec![Tree::of(&[("crates/vin-core/Cargo.toml", "[package]\n")])],
    },
];

/// What each crate may take from the workspace. A name that is not here is not a crate of ours.
const DOWNWARDS: &[(&str, &[&str])] = &[
    ("vin-core", &[]),
    ("vin-index", &["vin-core"]),
    ("vin-import", &["vin-core", "vin-index"]),
    ("vin-engine", &["vin-core", "vin-index"]),
    (
        "vin-data",
        &["vin-core", "vin-index", "vin-import", "vin-engine"],
    ),
    ("vin-store", &["vin-core"]),
    ("vin-channel", &["vin-core"]),
    ("vin-redis", &[]),
    ("vin-pay", &["vin-core", "vin-channel"]),
    ("vin-send", &["vin-channel"]),
    ("vin-testkit", &[]),
    (
        "vin-service",
        &[
            "vin-core",
            "vin-engine",
            "vin-channel",
            "vin-store",
            "vin-redis",
            "vin-pay",
            "vin-send",
        ],
    ),
    ("vin-json", &["vin-core"]),
    ("vin-batch", &["vin-core", "vin-engine", "vin-json"]),
    ("vin-api", &["vin-core", "vin-json", "vin-service"]),
    ("vin-console", &["vin-core", "vin-service"]),
    (
        "chejia",
        &[
            "vin-core",
            "vin-index",
            "vin-import",
            "vin-engine",
            "vin-data",
            "vin-channel",
            "vin-store",
            "vin-redis",
            "vin-pay",
            "vin-send",
            "vin-service",
            "vin-api",
            "vin-batch",
            "vin-console",
        ],
    ),
    (
        "chejia-py",
        &["vin-core", "vin-engine", "vin-data", "vin-batch"],
    ),
];

/// Outside crates that only some of ours may ship.
const OWNERS: &[(&str, &[&str])] = &[
    ("axum", &["vin-api", "vin-console", "chejia"]),
    ("tower-http", &["vin-api", "chejia"]),
    ("sqlx", &["vin-store"]),
    ("redis", &["vin-redis"]),
    ("lettre", &["vin-send"]),
    ("parquet", &["vin-batch"]),
    ("pyo3", &["chejia-py"]),
    ("clap", &["chejia"]),
    ("figment", &["chejia"]),
    ("mimalloc", &["chejia"]),
    ("rmcp", &["chejia"]),
    ("indicatif", &["chejia"]),
    // Loading a file that an operator names; upstreams are asked by vin-channel, over hyper.
    ("reqwest", &["chejia"]),
    (
        "rustls",
        &["vin-channel", "vin-redis", "chejia", "vin-testkit"],
    ),
    ("rustls-platform-verifier", &["vin-channel"]),
    ("tokio-rustls", &["vin-channel"]),
    ("getrandom", &["chejia"]),
    ("rand", &["chejia"]),
    ("memmap2", &["vin-index", "chejia"]),
    (
        "tokio",
        &[
            "vin-channel",
            "vin-store",
            "vin-redis",
            "vin-send",
            "vin-service",
            "vin-api",
            "chejia",
        ],
    ),
];

/// What is built into the crate or its build script. Tests may use more.
const SHIPPED: [&str; 2] = ["dependencies", "build-dependencies"];

fn manifest(name: &str, rest: &str) -> Tree {
    Tree::of(&[(&format!("crates/{name}/Cargo.toml"), rest)])
}

/// The manifests of our crates: the crate's name, its file and its content.
fn manifests(tree: &Tree) -> impl Iterator<Item = (&str, &File, Table)> {
    tree.texts(&["toml"]).filter_map(|(file, text)| {
        let rest = file.path.strip_prefix("crates/")?;
        let name = rest.strip_suffix("/Cargo.toml")?;
        Some((name, file, text.parse().unwrap_or_default()))
    })
}

/// The names of everything that is built in, also for one platform only.
fn shipped(manifest: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(|t| t.values());
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    let lists = tables.flat_map(|t| SHIPPED.map(|kind| t.get(kind).and_then(Value::as_table)));
    lists.flatten().flat_map(|t| t.keys().cloned()).collect()
}

fn directions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file, manifest) in manifests(tree) {
        let Some((_, allowed)) = DOWNWARDS.iter().find(|(n, _)| *n == name) else {
            let what =
                "this crate has no place in the table of directions, xtask/src/tidy/crates.rs";
            findings.push(Finding::whole(&file.path, what));
            continue;
        };
        for used in shipped(&manifest) {
            let ours = DOWNWARDS.iter().any(|(n, _)| *n == used);
            if ours && !allowed.contains(&used.as_str()) {
                let what = format!("{name} may not use {used}: dependencies point downwards");
                findings.push(Finding::whole(&file.path, what));
            }
            if !ours && name == "vin-core" {
                let what = format!("vin-core is the standard library and nothing else, not {used}");
                findings.push(Finding::whole(&file.path, what));
            }
        }
    }
    findings
}

fn owners(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, file, manifest) in manifests(tree) {
        for used in shipped(&manifest) {
            let owner = OWNERS.iter().find(|(n, _)| *n == used);
            if let Some((_, owners)) = owner.filter(|(_, owners)| !owners.contains(&name)) {
                let what = format!("{name} may not use {used}, only {} may", owners.join(", "));
                findings.push(Finding::whole(&file.path, what));
            }
        }
    }
    findings
}

fn lints(tree: &Tree) -> Vec<Finding> {
    let takes = |manifest: &Table| {
        let lints = manifest.get("lints").and_then(Value::as_table);
        lints
            .and_then(|l| l.get("workspace"))
            .and_then(Value::as_bool)
            == Some(true)
    };
    manifests(tree)
        .filter(|(_, _, manifest)| !takes(manifest))
        .map(|(_, file, _)| Finding::whole(&file.path, "`[lints] workspace = true` is missing"))
        .collect()
}
