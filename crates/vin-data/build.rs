//! Compiles `data/` into the pack that the library embeds, and lists the tables beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};
use vin_import::table::Table;

/// The folders of `data/` that a pack is made from; the others serve tests.
const FOLDERS: [&str; 5] = ["catalogue", "mapping", "overlay", "records", "vpic"];

#[expect(
    clippy::disallowed_methods,
    reason = "a build script gets its folders from the environment"
)]
fn main() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let folders = FOLDERS.map(|name| data.join(name));
    let folders = folders.iter().filter(|folder| folder.is_dir());
    for folder in folders.clone() {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names the output folder"));
    let pack = vin_import::compile::compile(&data).unwrap_or_else(|error| {
        // A wrong row must stop the build and say where it is.
        println!("cargo::error={error}");
        std::process::exit(1);
    });
    fs::write(out.join("builtin.pack"), pack).expect("the output folder can be written");
    let mut tables = Vec::new();
    for folder in folders {
        collect(folder, &mut tables).expect("the folders of data/ can be read");
    }
    fs::write(out.join("tables.rs"), list(&data, tables))
        .expect("the output folder can be written");
}

/// Adds every table in `folder` and below.
fn collect(folder: &Path, tables: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            collect(&path, tables)?;
        } else if name.ends_with(".tsv") || name.ends_with(".tsv.zst") {
            tables.push(path);
        }
    }
    Ok(())
}

/// The tables as an array in Rust.
fn list(data: &Path, mut tables: Vec<PathBuf>) -> String {
    tables.sort();
    let mut code = "&[\n".to_owned();
    for path in &tables {
        let below = path.strip_prefix(data).expect("it lies in data/");
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.join("/");
        let table = Table::read_any(path).expect("it was compiled");
        let rows = table.rows().count();
        let bytes = format!("include_bytes!({path:?})");
        let line = format!("Table {{ name: {name:?}, rows: {rows}, bytes: {bytes} }},");
        writeln!(code, "    {line}").expect("memory");
    }
    code + "]\n"
}
