//! Compiles `data/` into the pack that the library embeds.

use std::path::{Path, PathBuf};

#[expect(
    clippy::disallowed_methods,
    reason = "a build script gets its folders from the environment"
)]
fn main() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    println!("cargo::rerun-if-changed={}", data.join("vpic").display());
    println!("cargo::rerun-if-changed={}", data.join("mapping").display());
    println!(
        "cargo::rerun-if-changed={}",
        data.join("catalogue").display()
    );
    println!("cargo::rerun-if-changed={}", data.join("overlay").display());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names the output folder"));
    let pack = vin_import::compile::compile(&data).unwrap_or_else(|error| {
        // A wrong row must stop the build and say where it is.
        println!("cargo::error={error}");
        std::process::exit(1);
    });
    std::fs::write(out.join("builtin.pack"), pack).expect("the output folder can be written");
}
