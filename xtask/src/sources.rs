//! `data/sources.toml`: where the files under `data/` come from, and their digests.

use crate::run::{self, Failure, none_left};
use crate::tidy::{File, Tree};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The path of the list.
pub const PATH: &str = "data/sources.toml";

/// The whole list.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// Every source, one table each.
    pub source: Vec<Source>,
}

/// One source. Every key must be there; the documents and `data info` show them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its short name.
    pub name: String,
    /// What it is, in a sentence.
    pub title: String,
    /// Where its publisher offers it; empty for what was made here.
    pub url: String,
    /// The licence, as its publisher names it.
    pub licence: String,
    /// The month of the data, `2026-10`.
    pub month: String,
    /// The file of ours that reads it.
    pub importer: String,
    /// The folder of `data/` with the files made from it.
    pub folder: String,
    /// Those files: `path sha256:digest`, the path from `data/`.
    pub files: Vec<String>,
}

/// Between the path and the digest of a file.
const DIGEST: &str = " sha256:";

impl Source {
    /// The paths from the top folder, with the digests.
    pub fn digests(&self) -> impl Iterator<Item = (String, &str)> {
        self.files.iter().map(|file| {
            let (path, digest) = file.split_once(DIGEST).unwrap_or((file, ""));
            (format!("data/{path}"), digest)
        })
    }
}

/// The SHA-256 of `bytes` in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Whether a file under `data/` is data, and not a page about it or the list itself.
pub fn is_data(file: &File) -> bool {
    file.path != PATH && file.extension() != "md"
}

/// The list, with every `files = […]` made anew from the folder that the lines above it name.
pub fn refreshed(list: &str, tree: &Tree) -> String {
    let mut out = String::new();
    let mut folder = "";
    let mut lines = list.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        if let Some(name) = line.strip_prefix("folder = ") {
            folder = name.trim_matches('"');
        }
        if line == "files = [" {
            out += &files(folder, tree);
            // What the list held before goes, up to its end.
            lines.find(|line| *line == "]");
            out += "]\n";
        }
    }
    out
}

fn files(folder: &str, tree: &Tree) -> String {
    let folder = format!("data/{folder}");
    let files = tree
        .files()
        .filter(|file| file.is_under(&folder) && is_data(file));
    let lines = files.map(|file| {
        let path = file.path.trim_start_matches("data/");
        format!("    \"{path}{DIGEST}{}\",\n", sha256(&file.bytes))
    });
    lines.collect()
}

/// Writes the lists of files.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    let path = run::root().join(PATH);
    let list = run::read(&path)?;
    run::write(&path, refreshed(&list, &Tree::of_git()?))?;
    println!("{PATH} names the files as they are");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_folder_are_listed_anew_and_nothing_else_changes() {
        let tree = Tree::of(&[("data/a/a.tsv", "abc"), ("data/b/b.tsv", "abc")]);
        let list =
            "name = \"a\"\nfolder = \"a\"\nfiles = [\n    \"a/gone.tsv sha256:00\",\n]\n# end\n";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let wanted = list.replace("a/gone.tsv sha256:00", &format!("a/a.tsv sha256:{abc}"));
        assert_eq!(refreshed(list, &tree), wanted);
    }
}
