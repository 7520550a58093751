//! The data directory: where the database file lies, and the master key beside it.

use crate::StoreError;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A data directory that exists and can be written.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Makes the directory if it is missing and sees that a file can be made in it.
    ///
    /// # Errors
    /// [`StoreError::DataDir`] with the system's reason.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::DataDir {
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(path).map_err(failed)?;
        let probe = path.join(format!(".write-test-{}", std::process::id()));
        fs::write(&probe, b"").map_err(failed)?;
        fs::remove_file(&probe).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The master key in `secret.key` (64 hexadecimal digits, mode 0600).
    ///
    /// When the file is missing, `fresh` is written and returned. Of several processes that
    /// start at once one wins, and all return its key.
    ///
    /// # Errors
    /// [`StoreError::MasterKey`] when the file cannot be read or written, or holds no key.
    pub fn master_key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let path = self.path.join("secret.key");
        let failed = |reason: String| StoreError::MasterKey {
            path: path.clone(),
            reason,
        };
        if !path.exists() {
            write_once(&path, &(to_hex(&fresh) + "\n")).map_err(|e| failed(e.to_string()))?;
        }
        let text = fs::read_to_string(&path).map_err(|e| failed(e.to_string()))?;
        warn_when_others_may_read(&path);
        Self::parse_master_key(&text)
            .ok_or_else(|| failed("it does not hold 64 hexadecimal digits".to_owned()))
    }

    /// Reads a master key of 64 hexadecimal digits; white space around it does not matter.
    pub fn parse_master_key(text: &str) -> Option<[u8; 32]> {
        let digits = text.trim().as_bytes();
        let nibble = |c: u8| char::from(c).to_digit(16).map(|d| d as u8);
        let mut key = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Some(key)
    }
}

/// Writes a file that nobody has written before; when it exists by now, that one stays.
fn write_once(path: &Path, text: &str) -> io::Result<()> {
    // Written aside and linked into place, so that no reader ever sees half a key.
    let aside = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_directory(path),
    }
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => fs::File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn warn_when_others_may_read(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0) {
        tracing::warn!(path = %path.display(), "the master key can be read by others; chmod 600 it");
    }
}

#[cfg(not(unix))]
fn warn_when_others_may_read(_path: &Path) {}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_master_key_is_made_once_and_private() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = DataDir::open(&dir.path().join("deep/var")).expect("made");
        assert_eq!(data.master_key([7; 32]).expect("made"), [7; 32]);
        assert_eq!(data.master_key([9; 32]).expect("kept"), [7; 32]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let meta = fs::metadata(data.path().join("secret.key")).expect("a file");
            assert_eq!(meta.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_without_a_key_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = DataDir::open(dir.path()).expect("made");
        fs::write(dir.path().join("secret.key"), "short").expect("written");
        let error = data.master_key([7; 32]).expect_err("no key").to_string();
        assert!(error.contains("secret.key") && error.contains("64 hexadecimal"));
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_named() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("file");
        fs::write(&file, "").expect("written");
        let error = DataDir::open(&file.join("var")).expect_err("not a directory");
        assert!(matches!(error, StoreError::DataDir { .. }));
    }
}
