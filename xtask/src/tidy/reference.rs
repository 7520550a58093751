//! The generated pages say what the code says.

use super::{Finding, Rule, Tree};
use crate::docs::PAGES;

pub const RULES: &[Rule] = &[Rule {
    name: "generated pages are up to date",
    check: pages,
    bad: || {
        let stale = |page: &crate::docs::Page| Tree::of(&[(page.path, "stale\n")]);
        PAGES.iter().map(stale).chain([Tree::of(&[])]).collect()
    },
}];

fn pages(tree: &Tree) -> Vec<Finding> {
    let stale = PAGES.iter().filter(|page| {
        let found = tree.get(page.path).and_then(|file| file.text());
        found != Some((page.text)(tree).as_str())
    });
    stale
        .map(|page| Finding::whole(page.path, "out of date: `cargo xtask docs` writes it"))
        .collect()
}
