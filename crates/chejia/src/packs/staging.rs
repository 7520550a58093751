//! A generation while it is made: all of it or nothing.

use super::manifest::{self, Manifest};
use super::{Generation, Packs, checked, sync_folder, tables, write_whole};
use crate::CommandError;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use vin_core::Date;
use vin_engine::Engine;
use vin_index::Pack;

/// What the names of unfinished and of removed generations begin with.
const STAGING: &str = ".staging-";

/// The right to change which generations there are. Ends with the value, also when its process
/// is killed.
pub struct Lock {
    _file: File,
}

impl Packs {
    /// Takes the lock; makes the folder when it is missing.
    ///
    /// # Errors
    /// When another process has it, or the folder cannot be written.
    pub fn lock(&self) -> Result<Lock, CommandError> {
        let failed = || CommandError::io(format!("data directory: {}", self.folder.display()));
        fs::create_dir_all(&self.folder).map_err(failed())?;
        let mut options = File::options();
        let file = options.write(true).create(true).truncate(false);
        let file = file.open(self.folder.join("lock")).map_err(failed())?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(CommandError::Failed(format!(
                "another import into {} is under way; try again when it has ended",
                self.folder.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed()(error)),
        }
    }

    /// Puts a generation in force, which a running server sees within two seconds.
    ///
    /// # Errors
    /// When `current` cannot be written; then the former one stays in force.
    pub fn put_in_force(&self, generation: Generation, _lock: &Lock) -> Result<(), CommandError> {
        let path = self.folder.join("current");
        let line = generation.folder() + "\n";
        write_whole(&path, line.as_bytes()).map_err(CommandError::io(path.display().to_string()))
    }

    /// Removes what unfinished imports left behind.
    fn sweep(&self, _lock: &Lock) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(STAGING) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes the oldest generations but `keep`, and never the one in force.
    fn prune(&self, keep: u16, in_force: Generation, _lock: &Lock) -> Result<(), CommandError> {
        let kept = self.kept()?;
        let surplus = kept.len().saturating_sub(usize::from(keep));
        let old = kept.into_iter().take(surplus);
        for generation in old.filter(|&old| old != in_force) {
            let name = generation.folder();
            // Renamed first, so that nobody ever sees a part of one.
            let aside = self.folder.join(format!("{STAGING}old-{name}"));
            fs::rename(self.folder.join(&name), &aside)
                .and_then(|()| fs::remove_dir_all(&aside))
                .map_err(CommandError::io(aside.display().to_string()))?;
        }
        Ok(())
    }
}

/// A generation that is being made. What it leaves behind when it is dropped is nothing.
pub struct Staging {
    packs: Packs,
    lock: Lock,
    folder: PathBuf,
    parent: Generation,
    number: Generation,
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next import.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Staging {
    /// Begins a generation: takes the lock, sweeps, and makes a folder to work in.
    ///
    /// # Errors
    /// When another import is under way, or the folder cannot be written.
    pub fn begin(packs: &Packs) -> Result<Self, CommandError> {
        let failed = || CommandError::io(format!("data directory: {}", packs.folder.display()));
        let lock = packs.lock()?;
        packs.sweep(&lock).map_err(failed())?;
        let parent = packs.current()?;
        let highest = packs.kept()?.last().copied().unwrap_or(parent).max(parent);
        let folder = packs
            .folder
            .join(format!("{STAGING}{}", std::process::id()));
        fs::create_dir(&folder).map_err(failed())?;
        Ok(Self {
            packs: packs.clone(),
            lock,
            folder,
            parent,
            number: Generation(highest.0 + 1),
        })
    }

    /// The number that it will have.
    pub fn number(&self) -> Generation {
        self.number
    }

    /// The generation that it builds on.
    pub fn parent(&self) -> Generation {
        self.parent
    }

    /// A place for files that are needed only while it is made.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of tables to compile, laid out like `data/`.
    pub fn tables(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Fills the folder of tables: the built-in ones, over them those of the generation in force.
    ///
    /// # Errors
    /// When a file cannot be read or written, such as for want of room.
    pub fn lay_out(&self) -> Result<(), CommandError> {
        let own = self.packs.folder.join(self.parent.folder()).join("tables");
        tables::lay_out(&own, &self.tables())
            .map_err(CommandError::io("the tables cannot be laid out"))
    }

    /// Writes the pack and checks what was written.
    ///
    /// # Errors
    /// When it cannot be written, or does not decode what every pack decodes.
    pub fn write_pack(&self, bytes: &[u8], today: Date) -> Result<(u64, String), CommandError> {
        let next = self.next();
        let path = next.join("pack");
        let failed = || CommandError::io(path.display().to_string());
        fs::create_dir(&next).map_err(failed())?;
        fs::write(&path, bytes).map_err(failed())?;
        let pack = Pack::open(&path).map_err(|error| CommandError::Failed(error.to_string()))?;
        let told = (pack.len() as u64, pack.digest());
        checked(&Engine::new(pack), today).map_err(|reason| {
            let text = format!("the new pack is not fit to be used: {reason}; nothing was changed");
            CommandError::Failed(text)
        })?;
        Ok(told)
    }

    /// Keeps the tables that are not built in; tells which.
    ///
    /// # Errors
    /// When one cannot be read or moved.
    pub fn keep_tables(&self) -> Result<Vec<super::TableRows>, CommandError> {
        tables::keep_own(&self.tables(), &self.next().join("tables"))
    }

    /// Gives it its number, puts it in force, and removes the generations beyond `keep`.
    ///
    /// # Errors
    /// When a file cannot be written; then the former generation stays in force.
    pub fn publish(
        self,
        manifest: &Manifest,
        report: &serde_json::Value,
        keep: u16,
    ) -> Result<(), CommandError> {
        let next = self.next();
        let manifest = serde_json::to_string_pretty(manifest)
            .map_err(|error| CommandError::Failed(error.to_string()))?;
        let place = self.packs.folder.join(self.number.folder());
        fs::write(next.join(manifest::FILE), manifest + "\n")
            .and_then(|()| fs::write(next.join("report.json"), format!("{report:#}\n")))
            .and_then(|()| sync_tree(&next))
            .and_then(|()| fs::rename(&next, &place))
            .and_then(|()| sync_folder(&self.packs.folder))
            .map_err(CommandError::io(place.display().to_string()))?;
        self.packs.put_in_force(self.number, &self.lock)?;
        self.packs.prune(keep, self.number, &self.lock)
    }

    /// The folder that becomes the generation's.
    fn next(&self) -> PathBuf {
        self.folder.join("next")
    }
}

/// Waits until a folder and all that is in it is on the disk.
fn sync_tree(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => sync_tree(&path)?,
            false => File::open(&path)?.sync_all()?,
        }
    }
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Publishes a generation without a pack, which is all that numbers and folders need.
    fn publish(packs: &Packs, keep: u16) -> Generation {
        let staging = Staging::begin(packs).expect("begun");
        let number = staging.number();
        fs::create_dir(staging.next()).expect("made");
        let manifest = Manifest {
            generation: number,
            parent: staging.parent(),
            made: "2026-11-24".to_owned(),
            program: "0.1.0".to_owned(),
            built_in: "other".to_owned(),
            bytes: 0,
            sha256: String::new(),
            imports: Vec::new(),
            tables: Vec::new(),
        };
        staging
            .publish(&manifest, &json!({}), keep)
            .expect("published");
        number
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> = entries
            .map(|entry| {
                entry
                    .expect("one")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_newest_generations_are_kept_and_numbers_never_come_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let packs = Packs::of(dir.path());
        for number in 1..=4 {
            assert_eq!(publish(&packs, 2), Generation(number));
        }
        assert_eq!(
            names(&packs.folder),
            ["000003", "000004", "current", "lock"]
        );
        let lock = packs.lock().expect("free");
        packs.put_in_force(Generation(3), &lock).expect("written");
        drop(lock);
        assert_eq!(publish(&packs, 2), Generation(5));
        assert_eq!(
            packs.manifest(Generation(5)).expect("one").parent,
            Generation(3)
        );
        assert_eq!(packs.kept().expect("read"), [4, 5].map(Generation));
        assert_eq!(packs.current().expect("read"), Generation(5));
    }

    #[test]
    fn what_is_not_published_leaves_nothing_and_what_a_dead_process_left_is_swept() {
        let dir = tempfile::tempdir().expect("a folder");
        let packs = Packs::of(dir.path());
        let left = dir.path().join("packs/.staging-1/data");
        fs::create_dir_all(&left).expect("made");
        let staging = Staging::begin(&packs).expect("begun");
        assert!(!left.exists() && staging.folder().exists());
        let second = Staging::begin(&packs).err().expect("refused").to_string();
        assert!(second.contains("another import"), "{second}");
        drop(staging);
        assert_eq!(names(&packs.folder), ["lock"]);
        assert_eq!(publish(&packs, 1), Generation(1));
    }

    #[test]
    fn what_names_no_generation_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let packs = Packs::of(dir.path());
        assert_eq!(packs.current().expect("nothing yet"), Generation::BUILT_IN);
        fs::create_dir(&packs.folder).expect("made");
        for text in ["", "1", "00000x", "+00001", "../../x", "0000000001"] {
            fs::write(packs.folder.join("current"), text).expect("written");
            let error = packs.current().expect_err(text).to_string();
            assert!(error.contains("data back --to"), "{error}");
        }
    }
}
