//! What every text file keeps to: white space, links that lead somewhere, nothing of one machine.

use super::{File, Finding, Rule, Tree};

pub const RULES: &[Rule] = &[
    Rule {
        name: "white space is plain",
        check: white_space,
        bad: || {
            let bad = ["a \n", "\ta\n", "a\r\n", "a", "a\n\n", "\u{feff}a\n"];
            bad.map(|text| Tree::of(&[("README.md", text)])).into()
        },
    },
    Rule {
        name: "nothing of one machine or one registry",
        check: places,
        bad: || {
            let of = |word: &&str| Tree::of(&[("README.md", word)]);
            PLACES.iter().map(of).collect()
        },
    },
    Rule {
        name: "a link leads somewhere",
        check: links,
        bad: || {
            vec![
                Tree::of(&[("README.md", "[a](docs/none.md)\n")]),
                Tree::of(&[("docs/a.md", "[a](README.md#top)\n"), ("README.md", "a\n")]),
            ]
        },
    },
];

/// Text files that other programs write, or whose language demands tabs.
fn is_foreign(file: &File) -> bool {
    let tabbed = ["go", "tsv", "snap"].contains(&file.extension());
    tabbed || file.path.ends_with("Cargo.lock") || file.path == "LICENSE"
}

fn white_space(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|f| !is_foreign(f)) {
        let Some(text) = file.text().filter(|text| !text.is_empty()) else {
            continue;
        };
        for (n, line) in text.split('\n').enumerate() {
            let what = match line {
                l if l.ends_with('\r') => "the line ends with a carriage return",
                l if l.ends_with([' ', '\t']) => "the line ends with white space",
                l if l.contains('\t') => "the line holds a tab",
                _ => continue,
            };
            findings.push(Finding::at(&file.path, n + 1, what));
        }
        if text.starts_with('\u{feff}') {
            findings.push(Finding::at(
                &file.path,
                1,
                "the file opens with a byte order mark",
            ));
        }
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            findings.push(Finding::whole(
                &file.path,
                "the file must end with one line feed",
            ));
        }
    }
    findings
}

/// Split, so that this table does not find itself.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/tm", "p/o"),
    concat!("/tm", "p/t-"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.", "debian.org"),
    concat!("proxy.", "golang.org"),
];

fn places(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|f| !f.path.ends_with("Cargo.lock")) {
        let lines = file.text().into_iter().flat_map(str::lines).enumerate();
        for (n, line) in lines {
            if let Some(word) = PLACES.iter().find(|word| line.contains(*word)) {
                let what = format!("{word} names one machine or one registry's host");
                findings.push(Finding::at(&file.path, n + 1, what));
            }
        }
    }
    findings
}

/// The targets of the Markdown links in `line`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let rests = line.split("](").skip(1);
    rests.filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
}

/// The path from the top folder of a link that stands in the file `from`.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<_> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn links(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts(&["md"]) {
        for (n, line) in text.lines().enumerate() {
            for target in targets(line) {
                let path = target.split('#').next().unwrap_or(target);
                if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                    continue;
                }
                if !resolve(&file.path, path).is_some_and(|path| tree.has(&path)) {
                    let what = format!("the link to {target:?} leads nowhere");
                    findings.push(Finding::at(&file.path, n + 1, what));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_resolved_from_their_file() {
        assert_eq!(
            resolve("docs/a.md", "../README.md"),
            Some("README.md".into())
        );
        assert_eq!(resolve("docs/a.md", "b/c.md"), Some("docs/b/c.md".into()));
        assert_eq!(resolve("README.md", "../x"), None);
    }
}
