//! The tables of a compilation: the built-in ones with an operator's over them.
//!
//! A folder of tables belongs together, for example the months of one publisher. So it is laid
//! over and kept as a whole, as soon as one table in it differs.

use super::TableRows;
use crate::CommandError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};
use vin_import::table::Table;

/// Writes the built-in tables into `to`, and over them those in `own`, which need not exist.
///
/// # Errors
/// When a file cannot be read or written.
pub fn lay_out(own: &Path, to: &Path) -> io::Result<()> {
    vin_data::unpack(to)?;
    let own_files = files(own)?;
    for folder in folders(&own_files) {
        for file in list(&to.join(&folder))? {
            fs::remove_file(file)?;
        }
        fs::create_dir_all(to.join(&folder))?;
    }
    for file in &own_files {
        // Never a link: an importer writes over what lies here.
        fs::copy(own.join(file), to.join(file))?;
    }
    Ok(())
}

/// Moves the folders of tables in `from` that are not as they were built in to `to`.
///
/// # Errors
/// When a table cannot be read or moved.
pub fn keep_own(from: &Path, to: &Path) -> Result<Vec<TableRows>, CommandError> {
    let failed = || CommandError::io(from.display().to_string());
    let built_in: BTreeMap<_, _> = vin_data::TABLES.iter().map(|t| (t.name, t.bytes)).collect();
    let all = files(from).map_err(failed())?;
    let mut changed = BTreeSet::new();
    for file in &all {
        let bytes = fs::read(from.join(file)).map_err(failed())?;
        if built_in.get(&*name(file)) != Some(&bytes.as_slice()) {
            changed.insert(parent(file));
        }
    }
    fs::create_dir_all(to).map_err(failed())?;
    let mut kept = Vec::new();
    for file in all.iter().filter(|file| changed.contains(&parent(file))) {
        let rows = Table::read_any(&from.join(file))?.rows().count() as u64;
        fs::create_dir_all(to.join(parent(file))).map_err(failed())?;
        fs::rename(from.join(file), to.join(file)).map_err(failed())?;
        let table = name(file);
        kept.push(TableRows { table, rows });
    }
    Ok(kept)
}

/// The files in `folder` and below, by their place in it, sorted; none when it does not exist.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        for path in list(&folder.join(&below))? {
            let place = below.join(path.file_name().unwrap_or_default());
            match path.is_dir() {
                true => open.push(place),
                false => found.push(place),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What lies in `folder`; nothing when it does not exist.
fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn folders(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    files.iter().map(|file| parent(file)).collect()
}

fn parent(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_owned()
}

/// The place of a table with `/` between the parts.
fn name(file: &Path) -> String {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(folder: &Path, table: &str) -> String {
        fs::read_to_string(folder.join(table)).expect("a table")
    }

    #[test]
    fn a_folder_is_kept_and_laid_over_as_a_whole() {
        let dir = tempfile::tempdir().expect("a folder");
        let (work, own) = (dir.path().join("work"), dir.path().join("own"));
        lay_out(&own, &work).expect("the built-in tables");
        assert!(keep_own(&work, &own).expect("kept").is_empty());
        fs::write(work.join("vpic/later.tsv"), "table\tid\npattern\t7\n").expect("written");
        fs::create_dir(work.join("operator")).expect("made");
        fs::write(work.join("operator/cars.tsv"), "# a remark\ncarid\n1\n2\n").expect("written");
        let kept = keep_own(&work, &own).expect("kept");
        assert_eq!(
            (kept[0].table.as_str(), kept[0].rows),
            ("operator/cars.tsv", 2)
        );
        let vpic = vin_data::TABLES
            .iter()
            .filter(|t| t.name.starts_with("vpic/"));
        assert_eq!(kept.len(), 1 + vpic.count());

        fs::remove_file(own.join("vpic/element.tsv.zst")).expect("removed");
        let again = dir.path().join("again");
        lay_out(&own, &again).expect("laid out");
        assert_eq!(read(&again, "vpic/later.tsv"), "table\tid\npattern\t7\n");
        assert!(read(&again, "operator/cars.tsv").ends_with("1\n2\n"));
        // The operator's folder had no such table, so the built-in one must not slip in.
        assert!(!again.join("vpic/element.tsv.zst").exists());
        assert!(again.join("mapping/brands.tsv").exists());
    }
}
