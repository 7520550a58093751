//! Every mistake of a file, not only the first: what is wrong is taken away, and the rest is read again.

use super::reader::join;
use super::tree::{Kind, Node};
use super::{ConfigError, Definition};
use crate::Secrets;

/// More mistakes than this are not told of one file.
const MOST: usize = 20;

/// What stands in for a key that is needed, so that what follows can be read.
const STAND_INS: [(&str, &str); 2] = [
    ("request.url", "https://example.com/{vin}"),
    ("answer.vehicle", "data"),
];

/// Reads a file.
///
/// # Errors
/// Its mistakes, at least one, in the order in which they stand there.
pub(super) fn read(
    file: &str,
    text: &str,
    secrets: &Secrets,
) -> Result<Definition, Vec<ConfigError>> {
    let mut top = Definition::whole(file, text).map_err(|error| vec![error])?;
    let mut found: Vec<ConfigError> = Vec::new();
    let mut unused = STAND_INS.to_vec();
    loop {
        let error = match Definition::compile(&top, secrets) {
            Ok(definition) if found.is_empty() => return Ok(definition),
            Ok(_) => break,
            Err(error) => error,
        };
        let key = error.key.clone();
        if !follows(&key, &found) {
            found.push(error);
        }
        // Every round takes something away or uses a stand-in up, so there is an end.
        let changed = stand_in(&mut top, &mut unused, &key) || take_away(&mut top, "", &key);
        if found.len() == MOST || !changed {
            break;
        }
    }
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Err(found)
}

/// Whether a mistake is only there because of what was taken away.
fn follows(key: &str, found: &[ConfigError]) -> bool {
    let any = |begin: &str| found.iter().any(|error| error.key.starts_with(begin));
    let is_known = found.iter().any(|error| error.key == key);
    is_known
        || any(&format!("{key}."))
        // The template that uses a secret, or names the VIN, may be gone.
        || (key.starts_with("secrets.") || key == "request.url") && any("request.")
        || key.starts_with("secrets.") && any("sign")
}

/// Puts a stand-in under a key that needs a value, once.
fn stand_in(top: &mut Node, unused: &mut Vec<(&str, &str)>, key: &str) -> bool {
    let Some(at) = unused.iter().position(|(needed, _)| *needed == key) else {
        return false;
    };
    let (key, text) = unused.remove(at);
    let Kind::Table(entries) = &mut top.kind else {
        return false;
    };
    let table = key.split_once('.').and_then(|(table, name)| {
        let entries = &mut entries.get_mut(table)?.kind;
        Some((entries, name))
    });
    let Some((Kind::Table(entries), name)) = table else {
        return false;
    };
    let (kind, place) = (Kind::Text(text.to_owned()), top.place.clone());
    entries.insert(name.to_owned(), Node { kind, place });
    true
}

/// Takes the entry of a key away, or where there is none, the table that lacks it; whether there was
/// anything.
fn take_away(node: &mut Node, path: &str, key: &str) -> bool {
    let Kind::Table(entries) = &mut node.kind else {
        return false;
    };
    let mut within = None;
    for name in entries.keys() {
        let here = join(path, name);
        if here == key || key.starts_with(&format!("{here}.")) {
            within = Some((name.clone(), here));
        }
    }
    let Some((name, here)) = within else {
        return false;
    };
    let deeper = here != key
        && entries
            .get_mut(&name)
            .is_some_and(|n| take_away(n, &here, key));
    deeper || entries.remove(&name).is_some()
}
