//! What Rust files may hold, and where.

use super::source::code;
use super::{File, Finding, Rule, Tree};

pub const RULES: &[Rule] = &[
    Rule {
        name: "a file opens with its contract",
        check: headers,
        bad: || vec![Tree::of(&[("crates/vin-core/src/a.rs", "use std::fmt;\n")])],
    },
    Rule {
        name: "a long file says why it is one",
        check: lengths,
        bad: || {
            let long = "//! Words.\n".to_owned() + &"fn f() {}\n".repeat(MOST_LINES);
            let said =
                "//! One file because it is a table.\n".to_owned() + &"\n".repeat(MOST_LINES);
            vec![
                Tree::of(&[("crates/vin-core/src/a.rs", &long)]),
                Tree::of(&[("crates/vin-core/src/a.rs", &said)]),
            ]
        },
    },
    Rule {
        name: "unsafe has an address",
        check: unsafety,
        bad: || {
            vec![Tree::of(&[(
                "crates/vin-api/src/a.rs",
                "fn f() { unsafe { g() } }\n",
            )])]
        },
    },
    Rule {
        name: "the core is told, it does not look",
        check: surroundings,
        bad: || {
            let uses = [
                "std::time::Instant::now()",
                "SystemTime::now()",
                "std::env::var(n)",
            ];
            uses.map(|u| Tree::of(&[("crates/vin-service/src/a.rs", &format!("let x = {u};\n"))]))
                .into()
        },
    },
    Rule {
        name: "exceptions expire, nothing is left for later",
        check: leftovers,
        bad: || {
            let of = |word: &&str| Tree::of(&[("crates/vin-core/src/a.rs", word)]);
            LEFTOVERS.iter().map(of).collect()
        },
    },
];

/// Past this a file must say why it is one file, and stand in [`LONG_FILES`].
const MOST_LINES: usize = 400;

/// The files that may be longer, with a sentence `One file because …` in their first comment.
const LONG_FILES: &[&str] = &[];

/// The only crate with `unsafe`.
const UNSAFE_CRATE: &str = "crates/vin-index";

/// Who may read the clock, the environment and the command line.
const READERS: &[&str] = &["crates/chejia", "xtask", "fuzz"];

const SURROUNDINGS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "std::env",
    "env::var",
    "env::args",
];

/// Split, so that this table does not find itself.
const LEFTOVERS: &[&str] = &[
    concat!("#[al", "low("),
    concat!("#![al", "low("),
    concat!("#[ig", "nore"),
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
];

fn headers(tree: &Tree) -> Vec<Finding> {
    let bare = tree
        .texts(&["rs"])
        .filter(|(_, text)| !text.starts_with("//! "));
    bare.map(|(file, _)| Finding::at(&file.path, 1, "the file must open with a `//!` sentence"))
        .collect()
}

fn lengths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(&["rs"]) {
        let lines = text.lines().count();
        if lines <= MOST_LINES {
            continue;
        }
        let mut opening = text.lines().take_while(|l| l.starts_with("//!"));
        if !opening.any(|l| l.contains("One file because")) {
            let what = format!("{lines} lines, and no `One file because …` in its first comment");
            findings.push(Finding::whole(&file.path, what));
        }
        if !LONG_FILES.contains(&file.path.as_str()) {
            let what = format!("{lines} lines, and not in the list of long files");
            findings.push(Finding::whole(&file.path, what));
        }
    }
    findings
}

/// Where `words` stand in the code of `file`.
fn in_code(file: &File, text: &str, words: &[&str], what: &str) -> Vec<Finding> {
    let code = code(text);
    let lines = code.lines().enumerate();
    let hits = lines.flat_map(|(n, line)| {
        let hit = words.iter().find(|word| line.contains(*word));
        hit.map(|word| Finding::at(&file.path, n + 1, format!("{word}: {what}")))
    });
    hits.collect()
}

fn unsafety(tree: &Tree) -> Vec<Finding> {
    let words = [
        "unsafe {",
        "unsafe fn",
        "unsafe impl",
        "unsafe trait",
        "unsafe extern",
    ];
    let outside = tree
        .texts(&["rs"])
        .filter(|(f, _)| !f.is_under(UNSAFE_CRATE));
    outside
        .flat_map(|(file, text)| in_code(file, text, &words, "only vin-index may hold it"))
        .collect()
}

/// Tests, benches, examples, build scripts and a crate's own tools are no part of the product.
fn is_product(file: &File) -> bool {
    let part = |name| file.path.split('/').any(|p| p == name);
    let aside = ["tests", "benches", "examples", "build.rs", "bin"]
        .into_iter()
        .any(part);
    !aside && !READERS.iter().any(|folder| file.is_under(folder))
}

fn surroundings(tree: &Tree) -> Vec<Finding> {
    let what = "take it as an argument; only the binary reads clock and environment";
    let product = tree.texts(&["rs"]).filter(|(file, _)| is_product(file));
    product
        .flat_map(|(file, text)| in_code(file, text, SURROUNDINGS, what))
        .collect()
}

fn leftovers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(&["rs", "toml", "md", "sql", "py", "sh"]) {
        for (n, line) in text.lines().enumerate() {
            if let Some(word) = LEFTOVERS.iter().find(|word| line.contains(*word)) {
                findings.push(Finding::at(
                    &file.path,
                    n + 1,
                    format!("{word} is left here"),
                ));
            }
        }
    }
    findings
}
