//! Archives: their members, unpacked no further than a limit.

use super::{Sheet, io, limit, whole};
use crate::{ImportError, limits, operator::form};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// Opens an archive.
///
/// # Errors
/// When it is none or has too many members.
pub fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, ImportError> {
    let file = File::open(path).map_err(io(path))?;
    let archive = ZipArchive::new(BufReader::new(file))
        .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
    match archive.len() as u64 > limits::MEMBERS {
        true => Err(limit(super::name(path), "members", limits::MEMBERS)),
        false => Ok(archive),
    }
}

/// Whether an archive has a member of this name.
///
/// # Errors
/// When it is no archive.
pub fn has(path: &Path, member: &str) -> Result<bool, ImportError> {
    Ok(open(path)?.index_for_name(member).is_some())
}

/// What the names of files end with that an archive may hold beside others.
const ENDINGS: [&str; 5] = [".sql", ".plain", ".csv", ".tsv", ".txt"];

/// The number and the name of the only file in an archive, or of the only one that ends with
/// one of [`ENDINGS`].
///
/// # Errors
/// When there is none or more than one; it names the members.
pub fn only(path: &Path) -> Result<(usize, String), ImportError> {
    let archive = open(path)?;
    let named = archive.file_names().enumerate();
    let named = named.filter_map(|(at, name)| Some((at, name.ok()?.into_owned())));
    // Some programs add their own notes about each file.
    let files = named.filter(|(_, name)| !name.ends_with('/') && !name.starts_with("__MACOSX/"));
    let files: Vec<_> = files.collect();
    let ends = |(_, name): &&(usize, String)| {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
    };
    let fitting: Vec<_> = files.iter().filter(ends).collect();
    match (&files[..], &fitting[..]) {
        ([one], _) => Ok(one.clone()),
        (_, [one]) => Ok((*one).clone()),
        _ => {
            let some: Vec<_> = files
                .iter()
                .take(10)
                .map(|(_, name)| name.as_str())
                .collect();
            let (endings, some) = (ENDINGS.join(", "), some.join(", "));
            let reason = format!(
                "the archive must hold one file, or one that ends with {endings}; it holds {some}"
            );
            Err(form(path, 0, reason))
        }
    }
}

/// The first bytes of that file.
///
/// # Errors
/// When there is not exactly one, or it cannot be read.
pub fn head(path: &Path) -> Result<Vec<u8>, ImportError> {
    let (at, _) = only(path)?;
    let mut archive = open(path)?;
    let member = archive
        .by_index(at)
        .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
    let mut head = Vec::new();
    member
        .take(64 << 10)
        .read_to_end(&mut head)
        .map_err(io(path))?;
    Ok(head)
}

/// Unpacks every member to nowhere and counts, before something that does not count reads them.
///
/// # Errors
/// When they unpack to more than may be held in memory, or one is damaged.
pub fn check(path: &Path, name: &str) -> Result<(), ImportError> {
    let mut archive = open(path)?;
    let mut left = limits::WHOLE_BYTES + 1;
    for at in 0..archive.len() {
        let member = archive
            .by_index(at)
            .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
        let read = std::io::copy(&mut member.take(left), &mut std::io::sink());
        left -= read.map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
        if left == 0 {
            return Err(limit(name, "bytes when unpacked", limits::WHOLE_BYTES));
        }
    }
    Ok(())
}

/// The text of the one file in an archive.
///
/// # Errors
/// When there is not exactly one, or it cannot be read.
pub fn text(path: &Path) -> Result<String, ImportError> {
    let (at, member) = only(path)?;
    let name = format!("{}#{member}", super::name(path));
    let mut archive = open(path)?;
    let reader = archive
        .by_index(at)
        .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
    super::text::decode(whole(reader, path, &name)?, path)
}

/// The rows of the one delimited text in an archive.
///
/// # Errors
/// When there is not exactly one, or it cannot be read.
pub fn sheets(path: &Path, name: &str) -> Result<Vec<Sheet>, ImportError> {
    let (_, member) = only(path)?;
    let name = format!("{name}#{member}");
    Ok(vec![super::csv::rows(&text(path)?, path, &name)?])
}
