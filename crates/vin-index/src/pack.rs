//! Opening and verifying a pack.

use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::File;
use std::path::Path;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, little_endian as le};

/// The first bytes of every pack.
pub(crate) const MAGIC: [u8; 8] = *b"CHEJIA\x1a\n";
/// The version of the format that this program reads and writes.
pub(crate) const VERSION: u32 = 1;
/// A pack has at most this many sections.
pub(crate) const MAX_SECTIONS: usize = 80;

/// The fixed start of a pack.
#[derive(FromBytes, zerocopy::IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub(crate) struct Header {
    pub magic: [u8; 8],
    pub version: le::U32,
    pub sections: le::U32,
    /// The length of the whole pack in bytes.
    pub len: le::U64,
    /// SHA-256 of the section table and the sections.
    pub body_digest: [u8; 32],
    /// The first half of SHA-256 over the fields above and the section table.
    pub head_digest: [u8; 16],
}

/// One row of the section table.
#[derive(FromBytes, zerocopy::IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Copy)]
#[repr(C)]
pub(crate) struct Entry {
    pub id: le::U32,
    pub reserved: le::U32,
    pub offset: le::U64,
    pub len: le::U64,
}

pub(crate) const HEADER_LEN: usize = size_of::<Header>();

/// The digest that guards the header fields and the section table.
pub(crate) fn head_digest(header: &Header, table: &[u8]) -> [u8; 16] {
    let fields = &zerocopy::IntoBytes::as_bytes(header)[..HEADER_LEN - 16];
    let digest = Sha256::new().chain_update(fields).chain_update(table);
    let mut half = [0; 16];
    half.copy_from_slice(&digest.finalize()[..16]);
    half
}

/// Why bytes are no usable pack.
#[derive(Debug)]
pub enum PackError {
    /// The file could not be read.
    Io(std::io::Error),
    /// The first bytes are not those of a pack.
    Foreign,
    /// A pack of another format version.
    Version {
        /// The version of the pack.
        found: u32,
    },
    /// Fewer or more bytes than the header says.
    Length {
        /// The bytes that are there.
        found: u64,
        /// The bytes that the header promises, if there is a whole header.
        expected: Option<u64>,
    },
    /// The header or the section table is damaged.
    DamagedHeader,
    /// The content does not have the digest that the header promises.
    DamagedContent,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the data pack cannot be read: {error}"),
            Self::Foreign => f.write_str("this is not a Chejia data pack"),
            Self::Version { found } => write!(
                f,
                "the data pack has format version {found}, this program reads version {VERSION}"
            ),
            Self::Length { found, expected: Some(expected) } => write!(
                f,
                "the data pack is {found} bytes long where its header says {expected}: it was cut off or appended to"
            ),
            Self::Length { found, expected: None } => {
                write!(f, "the data pack is cut off after {found} bytes")
            }
            Self::DamagedHeader => f.write_str("the header of the data pack is damaged"),
            Self::DamagedContent => f.write_str(
                "the content of the data pack is damaged: its digest is not the one that the header names",
            ),
        }
    }
}

impl std::error::Error for PackError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

enum Bytes {
    Static(&'static [u8]),
    Owned(Vec<u8>),
    Mapped(memmap2::Mmap),
}

/// An open pack.
pub struct Pack {
    bytes: Bytes,
    /// Offset and length of each section by its id; checked to lie within the bytes.
    sections: [(usize, usize); MAX_SECTIONS],
}

impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pack({} bytes)", self.bytes().len())
    }
}

impl Pack {
    /// Opens a pack that is part of the program.
    ///
    /// # Errors
    /// [`PackError`] when the header does not describe these bytes.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, PackError> {
        Self::new(Bytes::Static(bytes))
    }

    /// Opens a pack in memory.
    ///
    /// # Errors
    /// [`PackError`] when the header does not describe these bytes.
    pub fn from_vec(bytes: Vec<u8>) -> Result<Self, PackError> {
        Self::new(Bytes::Owned(bytes))
    }

    /// Opens a pack file, mapped into memory. The file must not be changed in place while it
    /// is open: a new pack is written beside it and renamed over it.
    ///
    /// # Errors
    /// [`PackError`] when the file cannot be read or its header does not describe it.
    #[expect(unsafe_code, reason = "a memory map cannot be made without it")]
    pub fn open(path: &Path) -> Result<Self, PackError> {
        let file = File::open(path).map_err(PackError::Io)?;
        // SAFETY: the map is read-only and private to this value. The project never writes to
        // a pack in place (packs are replaced by rename), so the bytes stay as they are for as
        // long as the map lives.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(PackError::Io)?;
        Self::new(Bytes::Mapped(map))
    }

    fn new(bytes: Bytes) -> Result<Self, PackError> {
        let mut pack = Self {
            bytes,
            sections: [(0, 0); MAX_SECTIONS],
        };
        pack.sections = pack.read_header()?;
        Ok(pack)
    }

    fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Static(bytes) => bytes,
            Bytes::Owned(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }

    fn read_header(&self) -> Result<[(usize, usize); MAX_SECTIONS], PackError> {
        let bytes = self.bytes();
        let found = bytes.len() as u64;
        if bytes.len() < MAGIC.len() || bytes[..MAGIC.len()] != MAGIC {
            return Err(PackError::Foreign);
        }
        let Ok((header, rest)) = Header::ref_from_prefix(bytes) else {
            return Err(PackError::Length {
                found,
                expected: None,
            });
        };
        if header.version.get() != VERSION {
            return Err(PackError::Version {
                found: header.version.get(),
            });
        }
        let count = header.sections.get() as usize;
        if count > MAX_SECTIONS {
            return Err(PackError::DamagedHeader);
        }
        let Some(table) = rest.get(..count * size_of::<Entry>()) else {
            return Err(PackError::Length {
                found,
                expected: None,
            });
        };
        if head_digest(header, table) != header.head_digest {
            return Err(PackError::DamagedHeader);
        }
        if header.len.get() != found {
            return Err(PackError::Length {
                found,
                expected: Some(header.len.get()),
            });
        }
        let mut sections = [(0, 0); MAX_SECTIONS];
        for entry in <[Entry]>::ref_from_bytes(table).map_err(|_| PackError::DamagedHeader)? {
            let slot = sections.get_mut(entry.id.get() as usize);
            let end = entry.offset.get().checked_add(entry.len.get());
            match (slot, end) {
                (Some(slot), Some(end)) if end <= found => {
                    *slot = (entry.offset.get() as usize, entry.len.get() as usize);
                }
                _ => return Err(PackError::DamagedHeader),
            }
        }
        Ok(sections)
    }

    /// The bytes of section `id`; empty when the pack has none.
    pub fn section(&self, id: u32) -> &[u8] {
        let (offset, len) = *self.sections.get(id as usize).unwrap_or(&(0, 0));
        self.bytes().get(offset..offset + len).unwrap_or_default()
    }

    /// Section `id` as a table of records; a rest that fills no record is left out.
    pub fn table<T: FromBytes + Immutable + KnownLayout + Unaligned>(&self, id: u32) -> &[T] {
        let bytes = self.section(id);
        let whole = bytes.len() - bytes.len() % size_of::<T>();
        <[T]>::ref_from_bytes(&bytes[..whole]).unwrap_or_default()
    }

    /// The length of the pack in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a pack is never empty")]
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// The SHA-256 that names this pack's content, in lower-case hex.
    pub fn digest(&self) -> String {
        let header = Header::ref_from_prefix(self.bytes()).map(|(header, _)| header);
        let digest = header.map(|h| h.body_digest).unwrap_or_default();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads every byte and compares the digest.
    ///
    /// # Errors
    /// [`PackError::DamagedContent`] when any byte is not what was written.
    pub fn verify(&self) -> Result<(), PackError> {
        let bytes = self.bytes();
        let (header, body) =
            Header::ref_from_prefix(bytes).map_err(|_| PackError::DamagedHeader)?;
        if Sha256::digest(body).as_slice() == header.body_digest {
            Ok(())
        } else {
            Err(PackError::DamagedContent)
        }
    }
}
