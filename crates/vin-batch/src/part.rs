//! What a run has written so far, in a file of frames that a run which was killed leaves whole: each
//! frame has its length and a checksum, and what follows the last whole one is cut off.
//!
//! The first frame tells what the run is about. A run about something else begins anew.

use crate::BatchError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Length, rows read, rows written, checksum.
const HEAD: usize = 16;
/// The longest frame; a length beyond it is damage.
const MOST: u32 = 1 << 30;

/// The frames so far.
pub struct Part {
    file: File,
    path: PathBuf,
    rows_in: u64,
    rows_out: u64,
    frames: u64,
}

/// One frame's head.
struct Head {
    length: u32,
    rows_in: u32,
    rows_out: u32,
    sum: u32,
}

fn sum(rows_in: u32, rows_out: u32, frame: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&rows_in.to_le_bytes());
    hasher.update(&rows_out.to_le_bytes());
    hasher.update(frame);
    hasher.finalize()
}

impl Head {
    fn read(bytes: &[u8; HEAD]) -> Self {
        let word = |at: usize| {
            let (word, _) = bytes[at * 4..]
                .split_first_chunk()
                .unwrap_or((&[0; 4], &[]));
            u32::from_le_bytes(*word)
        };
        Self {
            length: word(0),
            rows_in: word(1),
            rows_out: word(2),
            sum: word(3),
        }
    }
}

impl Part {
    /// Opens the file at `path`, or makes it. `about` tells what the run is about: it is shown what the
    /// frames that are there are about, and says whether they are of this run.
    ///
    /// # Errors
    /// When the file cannot be read or written, or another run has it.
    pub fn open(
        path: &Path,
        about: &[u8],
        is_same: impl FnOnce(&[u8]) -> bool,
    ) -> Result<Self, BatchError> {
        let io = |error| BatchError::io(path.display().to_string())(error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let reason = "another run is writing this output";
                return Err(BatchError::broken(path.display().to_string(), reason));
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let mut part = Self {
            file,
            path: path.to_owned(),
            rows_in: 0,
            rows_out: 0,
            frames: 0,
        };
        if !part.recover(is_same)? {
            part.file.set_len(0).map_err(io)?;
            part.file.rewind().map_err(io)?;
            (part.rows_in, part.rows_out, part.frames) = (0, 0, 0);
            part.add(about, 0, 0)?;
        }
        Ok(part)
    }

    /// Reads every whole frame, and cuts off what follows; `false` when they are not of this run.
    fn recover(&mut self, is_same: impl FnOnce(&[u8]) -> bool) -> Result<bool, BatchError> {
        let io = |error| BatchError::io(self.path.display().to_string())(error);
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let mut is_same = Some(is_same);
        let (mut end, mut frame) = (0, Vec::new());
        while let Some(head) = next(&mut reader, &mut frame).map_err(io)? {
            if is_same.take().is_some_and(|is_same| !is_same(&frame)) {
                return Ok(false);
            }
            end += HEAD as u64 + u64::from(head.length);
            self.rows_in += u64::from(head.rows_in);
            self.rows_out += u64::from(head.rows_out);
            self.frames += 1;
        }
        self.file.set_len(end).map_err(io)?;
        self.file.seek(SeekFrom::Start(end)).map_err(io)?;
        Ok(end > 0)
    }

    /// How many rows of the input are done.
    pub fn rows_in(&self) -> u64 {
        self.rows_in
    }

    /// How many rows were written.
    pub fn rows_out(&self) -> u64 {
        self.rows_out
    }

    /// Whether frames of an earlier run are there.
    pub fn is_begun(&self) -> bool {
        self.frames > 1
    }

    /// Adds a frame that so many rows of the input became.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, frame: &[u8], rows_in: u32, rows_out: u32) -> Result<(), BatchError> {
        let length = u32::try_from(frame.len())
            .ok()
            .filter(|length| *length <= MOST);
        let Some(length) = length else {
            return Err(BatchError::limit(
                "the output",
                "bytes in a frame",
                MOST.into(),
            ));
        };
        let words = [length, rows_in, rows_out, sum(rows_in, rows_out, frame)];
        let head: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let written = self.file.write_all(&head);
        let written = written.and_then(|()| self.file.write_all(frame));
        written.map_err(BatchError::io(self.path.display().to_string()))?;
        self.rows_in += u64::from(rows_in);
        self.rows_out += u64::from(rows_out);
        self.frames += 1;
        Ok(())
    }

    /// Hands every frame to `each`, in order.
    ///
    /// # Errors
    /// When one cannot be read, or `each` fails.
    pub fn frames(
        &mut self,
        mut each: impl FnMut(Vec<u8>) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let io = |error| BatchError::io(self.path.display().to_string())(error);
        self.file.rewind().map_err(io)?;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let (mut found, mut frame) = (0, Vec::new());
        while let Some(_head) = next(&mut reader, &mut frame).map_err(io)? {
            found += 1;
            if found > 1 {
                each(std::mem::take(&mut frame))?;
            }
        }
        if found != self.frames {
            let reason = "it was changed while it was written";
            return Err(BatchError::broken(self.path.display().to_string(), reason));
        }
        Ok(())
    }

    /// Removes the file: its frames have become the output.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(self) -> Result<(), BatchError> {
        std::fs::remove_file(&self.path).map_err(BatchError::io(self.path.display().to_string()))
    }
}

/// The next whole frame; `None` where there is no more.
fn next(reader: &mut impl std::io::Read, frame: &mut Vec<u8>) -> std::io::Result<Option<Head>> {
    let mut bytes = [0; HEAD];
    match reader.read_exact(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let head = Head::read(&bytes);
    if head.length > MOST {
        return Ok(None);
    }
    frame.clear();
    let read = reader
        .by_ref()
        .take(head.length.into())
        .read_to_end(frame)?;
    let whole = read == head.length as usize && sum(head.rows_in, head.rows_out, frame) == head.sum;
    Ok(whole.then_some(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(part: &mut Part) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        let each = |frame| {
            all.push(frame);
            Ok(())
        };
        part.frames(each).expect("whole");
        all
    }

    #[test]
    fn wherever_the_file_was_cut_off_the_whole_frames_are_kept_and_one_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.part");
        let open = |about: &'static [u8]| Part::open(&path, about, move |found| found == about);
        let mut part = open(b"run").expect("made");
        assert!(!part.is_begun());
        part.add(b"first", 2, 1).expect("written");
        part.add(b"second", 3, 3).expect("written");
        drop(part);
        let whole = std::fs::read(&path).expect("read");
        let first = 2 * HEAD + 3 + 5;
        for cut in first..whole.len() {
            std::fs::write(&path, &whole[..cut]).expect("cut");
            let mut part = open(b"run").expect("opened");
            assert!(part.is_begun());
            assert_eq!((part.rows_in(), part.rows_out()), (2, 1), "{cut}");
            part.add(b"again", 3, 3).expect("written");
            assert_eq!(frames(&mut part), [b"first".to_vec(), b"again".to_vec()]);
        }
        let mut damaged = whole.clone();
        damaged[first + HEAD] ^= 1;
        std::fs::write(&path, damaged).expect("damaged");
        assert_eq!(open(b"run").expect("opened").rows_in(), 2);
    }

    #[test]
    fn another_run_begins_anew_and_two_at_once_do_not_mix() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.part");
        let mut part = Part::open(&path, b"one", |_| true).expect("made");
        part.add(b"first", 2, 1).expect("written");
        let second = Part::open(&path, b"one", |_| true);
        assert!(second.is_err_and(|error| error.to_string().contains("another run")));
        drop(part);
        let part = Part::open(&path, b"two", |found| found == b"two").expect("opened");
        assert!(!part.is_begun());
        assert_eq!(part.rows_in(), 0);
        part.remove().expect("removed");
        assert!(!path.exists());
    }
}
