//! `data/sources.toml`: where the files under `data/` come from, and their digests.

use crate::run::{self, Failure, none_left};
use crate::tidy::Tree;
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
    /// The files made from it: `path sha256:digest`, the path from `data/`.
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

/// The list with the digests of the files as they are in `tree`.
pub fn refreshed(list: &str, tree: &Tree) -> String {
    let mut out = String::new();
    for line in list.lines() {
        out += &refreshed_line(line, tree).unwrap_or_else(|| line.to_owned());
        out.push('\n');
    }
    out
}

/// A line `    "path sha256:digest",` with the digest of the file as it is.
fn refreshed_line(line: &str, tree: &Tree) -> Option<String> {
    let (before, rest) = line.split_once('"')?;
    let (file, after) = rest.split_once('"')?;
    let in_list = before.trim().is_empty() && after.trim_start_matches(',').trim().is_empty();
    let path = file.split(DIGEST).next().filter(|_| in_list)?;
    let digest = sha256(&tree.get(&format!("data/{path}"))?.bytes);
    Some(format!("{before}\"{path}{DIGEST}{digest}\"{after}"))
}

/// Writes the digests.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    let path = run::root().join(PATH);
    let list = run::read(&path)?;
    run::write(&path, refreshed(&list, &Tree::of_git()?))?;
    println!("{PATH} holds the digests of the files as they are");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_replaced_and_nothing_else_is() {
        let tree = Tree::of(&[("data/a.tsv", "abc")]);
        let list = "name = \"a.tsv\"\nfiles = [\n    \"a.tsv sha256:00\",\n    \"b.tsv\",\n]\n";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            refreshed(list, &tree),
            list.replace("sha256:00", &format!("sha256:{abc}"))
        );
    }
}
