//! Everything that must hold, in one command; the first failure ends it.
//!
//! It presumes cargo, rustfmt and clippy, and no other cargo extension. What the tests run
//! beside Rust (curl, PHP, Node …) is installed by `.ci/run`.

use crate::run::{self, Failure, cargo, none_left};
use std::process::Command;
use std::time::Instant;

/// One step: its name, and what it runs.
struct Step {
    name: &'static str,
    run: fn() -> Result<(), String>,
}

const FUZZ: &str = "fuzz/Cargo.toml";

const STEPS: &[Step] = &[
    Step {
        name: "format",
        run: format,
    },
    Step {
        name: "tidy",
        run: || crate::tidy::run(&[]).map_err(|failure| failure.to_string()),
    },
    Step {
        name: "lints, in libraries, binaries, tests, benches and examples",
        run: || run::succeed(&mut clippy()),
    },
    Step {
        name: "fuzz targets compile",
        run: || run::succeed(&mut fuzz()),
    },
    Step {
        name: "documents",
        run: || run::succeed(&mut doc()),
    },
    Step {
        name: "tests",
        run: || run::succeed(&mut cargo(&["test", "--workspace", "--locked"])),
    },
    Step {
        name: "the Python package",
        run: || crate::package::run(&[]).map_err(|failure| failure.to_string()),
    },
];

/// The fuzz targets are a workspace of their own, so they are asked for apart.
fn format() -> Result<(), String> {
    run::succeed(&mut cargo(&["fmt", "--all", "--check"]))?;
    let fuzz = ["fmt", "--manifest-path", FUZZ, "--check"];
    run::succeed(&mut cargo(&fuzz))
}

fn clippy() -> Command {
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ])
}

fn doc() -> Command {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Without the feature `libfuzzer` no C++ is compiled, and the shared target folder spares checking
/// their dependencies again.
fn fuzz() -> Command {
    let mut command = cargo(&[
        "clippy",
        "--manifest-path",
        FUZZ,
        "--all-targets",
        "--no-default-features",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]);
    command.env("CARGO_TARGET_DIR", run::target());
    command
}

/// Runs every step.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    let started = Instant::now();
    for (at, step) in STEPS.iter().enumerate() {
        let place = format!("{}/{}", at + 1, STEPS.len());
        println!("ci {place}: {}", step.name);
        let step_started = Instant::now();
        (step.run)().map_err(|why| format!("step {place} failed, {}: {why}", step.name))?;
        let seconds = step_started.elapsed().as_secs_f64();
        println!("ci {place}: {} passed in {seconds:.1} s", step.name);
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("ci: all {} steps passed in {seconds:.1} s", STEPS.len());
    Ok(())
}
