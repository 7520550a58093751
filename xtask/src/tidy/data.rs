//! What holds for the files under `data/`: each has a source and a digest, tables are sorted and clean.

use super::{File, Finding, Rule, Tree};
use crate::sources::{self, Sources, sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

pub const RULES: &[Rule] = &[
    Rule {
        name: "data stays small",
        check: size,
        bad: || vec![Tree::of(&[("data/a.zst", &"a".repeat(MOST_BYTES + 1))])],
    },
    Rule {
        name: "every data file has one source and its digest",
        check: digests,
        bad: || {
            let list = |files| format!("{GOOD_SOURCE}files = [{files}]\n");
            vec![
                Tree::of(&[("data/a.tsv", "abc")]),
                Tree::of(&[("data/a.tsv", "abc"), (sources::PATH, "source = []\n")]),
                Tree::of(&[
                    ("data/a.tsv", "abc"),
                    (sources::PATH, &list("\"a.tsv sha256:00\"")),
                ]),
                Tree::of(&[(sources::PATH, &list("\"gone.tsv sha256:00\""))]),
                Tree::of(&[(sources::PATH, "[[source]]\nname = \"a\"\n")]),
            ]
        },
    },
    Rule {
        name: "a table is sorted and rectangular",
        check: tables,
        bad: || {
            let bad = [
                "id\n2\n1\n",
                "id\n1\n1\n",
                "id\tname\n1\n",
                "id\n10\n9\n11\n",
            ];
            bad.map(|text| Tree::of(&[("data/a.tsv", text)])).into()
        },
    },
    Rule {
        name: "no letter looks like another",
        check: look_alikes,
        bad: || {
            let bad = ["id\tname\n1\t\u{421}X-5\n", "id\tname\n1\t\u{391}4\n"];
            bad.map(|text| Tree::of(&[("data/a.tsv", text)])).into()
        },
    },
];

/// Of all files together.
const MOST_BYTES: usize = 20 << 20;

/// Enough of a source for the examples.
const GOOD_SOURCE: &str = "[[source]]\nname=\"a\"\ntitle=\"a\"\nurl=\"\"\nlicence=\"a\"\nmonth=\"2026-10\"\nimporter=\"a\"\nfolder=\"\"\n";

/// A table says so in a comment when the order of its rows means something.
const ORDERED: &str = "First matching row wins";

fn data(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files().filter(|f| f.is_under("data"))
}

fn size(tree: &Tree) -> Vec<Finding> {
    let bytes: usize = data(tree).map(|f| f.bytes.len()).sum();
    let most = MOST_BYTES;
    let what = format!("{bytes} bytes, more than the {most} that a clone should carry");
    Vec::from_iter((bytes > most).then(|| Finding::whole("data", what)))
}

fn digests(tree: &Tree) -> Vec<Finding> {
    let mut files = data(tree).filter(|f| sources::is_data(f)).peekable();
    let list = tree.get(sources::PATH).and_then(File::text);
    let list = match list.map(toml::from_str::<Sources>) {
        None if files.peek().is_none() => return Vec::new(),
        None => {
            return vec![Finding::whole(
                sources::PATH,
                "the list of sources is missing",
            )];
        }
        Some(Err(error)) => return vec![Finding::whole(sources::PATH, error.to_string())],
        Some(Ok(list)) => list,
    };
    let mut findings = Vec::new();
    let mut listed = HashMap::new();
    for (source, (path, digest)) in list
        .source
        .iter()
        .flat_map(|s| s.digests().map(move |d| (s, d)))
    {
        if tree.get(&path).is_none() {
            let what = format!("{} names {path}, which is not there", source.name);
            findings.push(Finding::whole(sources::PATH, what));
        }
        if listed.insert(path.clone(), digest).is_some() {
            let what = format!(
                "{} names {path}, which another source names too",
                source.name
            );
            findings.push(Finding::whole(sources::PATH, what));
        }
    }
    for source in &list.source {
        if tree.get(&source.importer).is_none() {
            let what = format!(
                "{}: its importer {} is not there",
                source.name, source.importer
            );
            findings.push(Finding::whole(sources::PATH, what));
        }
        if !is_month(&source.month) {
            let what = format!(
                "{}: {:?} is no month, such as 2026-10",
                source.name, source.month
            );
            findings.push(Finding::whole(sources::PATH, what));
        }
    }
    for file in files {
        let found = sha256(&file.bytes);
        match listed.get(&file.path) {
            None => findings.push(Finding::whole(
                &file.path,
                "no source in data/sources.toml names it; `cargo xtask sources` lists the files of known folders",
            )),
            Some(digest) if *digest != found => findings.push(Finding::whole(
                &file.path,
                "its digest is not the one in data/sources.toml; `cargo xtask sources` writes it",
            )),
            Some(_) => {}
        }
    }
    findings
}

fn is_month(text: &str) -> bool {
    let parts = text.split_once('-');
    let number = |part: &str, digits| part.len() == digits && part.parse::<u16>().is_ok();
    parts.is_some_and(|(year, month)| number(year, 4) && number(month, 2))
}

/// The table's text: `.zst` files are unpacked.
fn unpacked(file: &File) -> Cow<'_, [u8]> {
    match file.extension() {
        // What cannot be unpacked is no table; the build would refuse it by name.
        "zst" => Cow::Owned(zstd::decode_all(&file.bytes[..]).unwrap_or_default()),
        _ => Cow::Borrowed(&file.bytes),
    }
}

/// Numbers by value, then texts by their bytes.
fn cells(a: &str, b: &str) -> Ordering {
    let number = |cell: &str| cell.parse().unwrap_or(i64::MAX);
    number(a).cmp(&number(b)).then_with(|| a.cmp(b))
}

/// A row and the next, and whether they may stand so.
type Order = fn(&str, &str) -> bool;

/// The orders of a table that people edit, where no row comes twice: by cells, or by bytes.
const BY_HAND: [Order; 2] = [
    |a, b| {
        let orders = a.split('\t').zip(b.split('\t')).map(|(a, b)| cells(a, b));
        orders.fold(Ordering::Equal, Ordering::then) == Ordering::Less
    },
    |a, b| a < b,
];

/// The orders of a table that an importer writes: by the first cell, which may come often. What
/// comes after that is the importer's choice, and its tests'.
const IMPORTED: [Order; 2] = [
    |a, b| cells(first(a), first(b)) != Ordering::Greater,
    |a, b| first(a) <= first(b),
];

fn first(row: &str) -> &str {
    row.split('\t').next().unwrap_or(row)
}

fn tables(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in data(tree) {
        let orders = match file.path.as_str() {
            path if path.ends_with(".tsv") => BY_HAND,
            path if path.ends_with(".tsv.zst") => IMPORTED,
            _ => continue,
        };
        let text = unpacked(file);
        let text = std::str::from_utf8(&text).unwrap_or("");
        // The order that it keeps best is the one that is meant.
        let by_each = orders.map(|order| table(&file.path, text, order));
        findings.extend(
            by_each
                .into_iter()
                .min_by_key(Vec::len)
                .into_iter()
                .flatten(),
        );
    }
    findings
}

fn table(path: &str, text: &str, may_follow: Order) -> Vec<Finding> {
    let mut findings = Vec::new();
    let remark = |line: &str| line.starts_with('#');
    let ordered = text.lines().any(|l| remark(l) && l.contains(ORDERED));
    let mut lines = text.lines().enumerate().skip_while(|(_, l)| remark(l));
    let header = lines.next().map_or("", |(_, header)| header);
    let width = header.split('\t').count();
    let mut last: Option<&str> = None;
    for (n, line) in lines {
        let found = line.split('\t').count();
        if found != width {
            let what = format!("{found} cells under a header of {width}");
            findings.push(Finding::at(path, n + 1, what));
        }
        if !ordered && last.is_some_and(|last| !may_follow(last, line)) {
            let what = "the row does not come after the one above it";
            findings.push(Finding::at(path, n + 1, what));
        }
        last = Some(line);
    }
    findings
}

/// The golden corpus asks for such letters on purpose.
const GOLDEN: &str = "data/golden";

/// The first Cyrillic or Greek letter of a line. Codes and names are Latin or Chinese; such a
/// letter looks right and never matches.
fn look_alike(line: &str) -> Option<char> {
    line.chars()
        .find(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}'))
}

fn look_alikes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in data(tree).filter(|f| !f.is_under(GOLDEN)) {
        for (n, line) in unpacked(file).split(|b| *b == b'\n').enumerate() {
            if line.is_ascii() {
                continue;
            }
            if let Some(c) = std::str::from_utf8(line).ok().and_then(look_alike) {
                let what = format!("U+{:04X} looks like a Latin letter and is none", c as u32);
                findings.push(Finding::at(&file.path, n + 1, what));
            }
        }
    }
    findings
}
