//! The Python package: built with maturin, installed into an environment of its own, tested there.

use crate::python;
use crate::run::{self, Failure, none_left, switch};
use std::path::{Path, PathBuf};

/// What builds it, and what its tests stand on.
const REQUIREMENTS: &str = include_str!("../../crates/chejia-py/tests/requirements.txt");
const MATURIN: &str = "maturin==1.16.0";
const FOLDER: &str = "crates/chejia-py";

/// An environment with the package in it, and what `requirements` names.
pub fn installed(name: &str, requirements: &str, release: bool) -> Result<PathBuf, String> {
    let environment = python::environment(name, &format!("{requirements}\n{MATURIN}\n"))?;
    let wheels = run::target().join("wheels").join(name);
    // One that was built before would be found too.
    let _ = std::fs::remove_dir_all(&wheels);
    let mut maturin = run::command(environment.join("bin/maturin"));
    maturin.args(["build", "--quiet", "--manifest-path"]);
    maturin.arg(Path::new(FOLDER).join("Cargo.toml"));
    maturin.args(["--profile", if release { "release" } else { "dev" }]);
    maturin
        .arg("--out")
        .arg(&wheels)
        .arg("--target-dir")
        .arg(run::target());
    maturin
        .arg("--interpreter")
        .arg(environment.join("bin/python"));
    run::succeed(&mut maturin)?;
    let wheel = std::fs::read_dir(&wheels).map_err(|e| format!("{}: {e}", wheels.display()))?;
    let wheel = wheel.flatten().next().ok_or("maturin made no wheel")?;
    let mut pip = run::command(environment.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--force-reinstall",
    ]);
    run::succeed(pip.arg(wheel.path()))?;
    Ok(environment)
}

/// Builds the package and runs its tests.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let release = switch(&mut arguments, "--release");
    none_left(&arguments)?;
    let environment = installed("python-package", REQUIREMENTS, release)?;
    let mut tests = run::command(environment.join("bin/python"));
    tests.args([
        "-m",
        "unittest",
        "discover",
        "--start-directory",
        "crates/chejia-py/tests",
    ]);
    // What Python compiles for itself stays out of the tree.
    tests.env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(run::succeed(&mut tests)?)
}
