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

/// The number of the only member whose name ends with one of `endings`, and its name.
///
/// # Errors
/// When there is none or more than one; it names the members.
pub fn only(path: &Path, endings: &[&str]) -> Result<(usize, String), ImportError> {
    let archive = open(path)?;
    let named = archive.file_names().enumerate();
    let names: Vec<_> = named
        .filter_map(|(at, name)| Some((at, name.ok()?.into_owned())))
        .collect();
    let fits = |(_, name): &&(usize, String)| {
        let name = name.to_ascii_lowercase();
        endings.iter().any(|ending| name.ends_with(ending))
    };
    let mut fitting = names.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some((at, name)), None) => Ok((*at, name.clone())),
        _ => {
            let some: Vec<_> = names
                .iter()
                .take(10)
                .map(|(_, name)| name.as_str())
                .collect();
            let (endings, some) = (endings.join(" or "), some.join(", "));
            let reason =
                format!("the archive must hold one file that ends with {endings}; it holds {some}");
            Err(form(path, 0, reason))
        }
    }
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

/// The rows of the one delimited text, JSON or page in an archive.
///
/// # Errors
/// When there is not exactly one, or it cannot be read.
pub fn sheets(path: &Path, name: &str) -> Result<Vec<Sheet>, ImportError> {
    let (at, member) = only(path, &[".csv", ".txt", ".tsv"])?;
    let name = format!("{name}#{member}");
    let mut archive = open(path)?;
    let reader = archive
        .by_index(at)
        .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
    let text = super::text::decode(whole(reader, path, &name)?, path)?;
    Ok(vec![super::csv::rows(&text, path, &name)?])
}
