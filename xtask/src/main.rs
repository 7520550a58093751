//! The project's own chores: one command each, listed by `cargo xtask help`.
//!
//! Nothing here is shipped. The chores look at the tree, run cargo, and measure the built binary.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the person who started it"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "chores read arguments, environment and clock; nothing of them reaches the product"
)]

mod bench;
mod calibrate;
mod channels;
mod chaos;
mod china;
mod ci;
mod coverage;
mod crash;
mod docs;
mod engines;
mod package;
mod page;
mod parity;
mod pictures;
mod python;
mod run;
mod sources;
mod tidy;

use run::Failure;
use std::process::ExitCode;

/// One chore.
struct Chore {
    name: &'static str,
    usage: &'static str,
    says: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const CHORES: &[Chore] = &[
    Chore {
        name: "ci",
        usage: "",
        says: "everything that must hold: format, lints, documents, tests, fuzz targets, tidy",
        run: ci::run,
    },
    Chore {
        name: "tidy",
        usage: "",
        says: "the rules that no compiler checks",
        run: tidy::run,
    },
    Chore {
        name: "docs",
        usage: "[--check]",
        says: "write the generated reference pages, or check that they are up to date",
        run: docs::run,
    },
    Chore {
        name: "pictures",
        usage: "",
        says: "walk every page in a browser and renew the pictures of the READMEs",
        run: pictures::run,
    },
    Chore {
        name: "sources",
        usage: "",
        says: "write the digests of the files under data/ into data/sources.toml",
        run: sources::run,
    },
    Chore {
        name: "parity",
        usage: "[--oracle VENV] [--show N] [--write-golden]",
        says: "compare `chejia decode --vpic` with another decoder of the same tables",
        run: parity::run,
    },
    Chore {
        name: "python",
        usage: "[--release]",
        says: "build the Python package and run its tests",
        run: package::run,
    },
    Chore {
        name: "engines",
        usage: "",
        says: "run the examples for Spark, DuckDB and ClickHouse in the real ones, and compare their rows",
        run: engines::run,
    },
    Chore {
        name: "china",
        usage: "[FILE] [--rules]",
        says: "answer the cars of data/evidence/china.tsv (or of FILE) and compare brand, series and year",
        run: china::run,
    },
    Chore {
        name: "coverage",
        usage: "[--oracle VENV] [--write | --missing FIELD] | --labelled FILE",
        says: "how often each field is filled over made-up US cars, or over labelled ones",
        run: coverage::run,
    },
    Chore {
        name: "crash",
        usage: "[--rounds N]",
        says: "kill the program and its PostgreSQL under load, 20 times each, and check the ledger",
        run: crash::run,
    },
    Chore {
        name: "chaos",
        usage: "[--minutes N]",
        says: "ask while three channels fail and recover at random, 5 minutes long, and check every charge",
        run: chaos::run,
    },
    Chore {
        name: "calibrate",
        usage: "FILE [--wrong] [--write]",
        says: "how often answers are right by how sure they are, over labelled cars and data/evidence/china.tsv",
        run: calibrate::run,
    },
    Chore {
        name: "bench",
        usage: "decode|batch|http|billed|channels|ledger [--oracle VENV] [--baseline FILE] [--write]",
        says: "measure, and with --write put the figures into docs/benchmarks.md",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        None => return help(),
        Some((name, _)) if matches!(name.as_str(), "help" | "--help" | "-h") => return help(),
        Some((name, rest)) => (name, rest),
    };
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        eprintln!("xtask: no chore is called {name:?}; `cargo xtask help` lists them");
        return ExitCode::from(2);
    };
    match (chore.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask {name}: {failure}");
            failure.exit_code()
        }
    }
}

fn help() -> ExitCode {
    println!("cargo xtask CHORE\n");
    for chore in CHORES {
        println!("  {} {}\n      {}", chore.name, chore.usage, chore.says);
    }
    ExitCode::SUCCESS
}
