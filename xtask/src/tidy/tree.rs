//! The files that the rules look at: those that git tracks or would add.

use crate::run;
use std::collections::BTreeMap;

/// One file, read once.
pub struct File {
    /// Its path from the top folder, with `/`.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl File {
    /// Its content as text; `None` for a binary file.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The part of its name after the last dot.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether it lies in the folder `folder`.
    pub fn is_under(&self, folder: &str) -> bool {
        let rest = self.path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }
}

/// All the files, by path.
pub struct Tree(BTreeMap<String, File>);

impl Tree {
    /// The files of the checkout, tracked or new, without what git ignores.
    pub fn of_git() -> Result<Self, String> {
        let listed = run::output(run::command("git").args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let listed = String::from_utf8(listed).map_err(|_| "a file name is not UTF-8")?;
        let mut files = BTreeMap::new();
        for path in listed.split_terminator('\0') {
            // A file that was deleted and not yet committed is listed still.
            if let Ok(bytes) = std::fs::read(run::root().join(path)) {
                let path = path.to_owned();
                files.insert(path.clone(), File { path, bytes });
            }
        }
        Ok(Self(files))
    }

    /// A tree of the given files, for examples.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |&(path, text): &(&str, &str)| {
            let (path, bytes) = (path.to_owned(), text.as_bytes().to_vec());
            (path.clone(), File { path, bytes })
        };
        Self(files.iter().map(file).collect())
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }

    /// Every file, in the order of the paths.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }

    /// Every text file whose name ends with one of `extensions`.
    pub fn texts(&self, extensions: &[&str]) -> impl Iterator<Item = (&File, &str)> {
        let chosen = self.files().filter(|f| extensions.contains(&f.extension()));
        chosen.filter_map(|f| Some((f, f.text()?)))
    }

    /// Whether `path` is a file or a folder of the tree.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.0.contains_key(path) || self.0.keys().any(|p| p.starts_with(&folder))
    }
}
