//! Writing a pack: equal sections give equal bytes.

use crate::pack::{Entry, HEADER_LEN, Header, MAGIC, MAX_SECTIONS, VERSION, head_digest};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use zerocopy::{Immutable, IntoBytes, little_endian as le};

/// Every section starts at a multiple of this, so that its records do not straddle cache lines needlessly.
const ALIGN: usize = 64;

/// Collects sections and gives the bytes of the pack.
#[derive(Default)]
pub struct Writer {
    sections: Vec<(u32, Vec<u8>)>,
}

impl Writer {
    /// Adds section `id`.
    ///
    /// # Panics
    /// When the id is out of range or was added before: a mistake of the program.
    pub fn section(&mut self, id: u32, bytes: Vec<u8>) {
        assert!(
            (id as usize) < MAX_SECTIONS,
            "section id {id} is out of range"
        );
        assert!(
            self.sections.iter().all(|(other, _)| *other != id),
            "section {id} twice"
        );
        self.sections.push((id, bytes));
    }

    /// Adds section `id` as a table of records.
    pub fn table<T: IntoBytes + Immutable>(&mut self, id: u32, rows: &[T]) {
        self.section(id, rows.as_bytes().to_vec());
    }

    /// The bytes of the pack.
    pub fn finish(mut self) -> Vec<u8> {
        self.sections.sort_by_key(|(id, _)| *id);
        let mut entries = Vec::new();
        let mut end = HEADER_LEN + self.sections.len() * size_of::<Entry>();
        for (id, bytes) in &self.sections {
            let offset = end.next_multiple_of(ALIGN);
            entries.push(Entry {
                id: le::U32::new(*id),
                reserved: le::U32::ZERO,
                offset: le::U64::new(offset as u64),
                len: le::U64::new(bytes.len() as u64),
            });
            end = offset + bytes.len();
        }
        let mut out = vec![0; HEADER_LEN];
        out.reserve_exact(end - HEADER_LEN);
        out.extend_from_slice(entries.as_bytes());
        for (_, bytes) in &self.sections {
            out.resize(out.len().next_multiple_of(ALIGN), 0);
            out.extend_from_slice(bytes);
        }
        let mut header = Header {
            magic: MAGIC,
            version: le::U32::new(VERSION),
            sections: le::U32::new(self.sections.len() as u32),
            len: le::U64::new(out.len() as u64),
            body_digest: Sha256::digest(&out[HEADER_LEN..]).into(),
            head_digest: [0; 16],
        };
        header.head_digest = head_digest(&header, entries.as_bytes());
        out[..HEADER_LEN].copy_from_slice(header.as_bytes());
        out
    }
}

/// Collects the texts of a string section, each once.
pub struct StringPool {
    bytes: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Default for StringPool {
    fn default() -> Self {
        let mut pool = Self {
            bytes: Vec::new(),
            known: HashMap::new(),
        };
        // Offset 0 is the empty text, so that a zero in a record means "none".
        pool.add("");
        pool
    }
}

impl StringPool {
    /// The offset of `text`, which is added when it is new.
    ///
    /// # Panics
    /// When the text is longer than 65,535 bytes; importers refuse such rows before.
    pub fn add(&mut self, text: &str) -> u32 {
        if let Some(&offset) = self.known.get(text) {
            return offset;
        }
        let offset = self.bytes.len() as u32;
        let len = u16::try_from(text.len()).expect("a text of at most 65,535 bytes");
        self.bytes.extend_from_slice(&len.to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.to_owned(), offset);
        offset
    }

    /// The bytes of the section.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
