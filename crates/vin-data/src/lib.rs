//! What is part of the program: the canonical tables of `data/`, and the pack that the build
//! compiled them to.

use std::path::Path;
use std::{fs, io};
use vin_engine::Engine;
use vin_index::Pack;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.pack"));

/// A table of `data/`, as it stands there.
#[derive(Clone, Copy)]
pub struct Table {
    /// Its place below `data/`, with `/` between the parts.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// The file.
    pub bytes: &'static [u8],
}

/// Every table that the pack was made from, sorted by name.
pub static TABLES: &[Table] = include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The bytes of the built-in pack.
pub fn bytes() -> &'static [u8] {
    PACK
}

/// The engine over the built-in pack.
///
/// # Panics
/// Never in a program whose build succeeded: the build made the pack that it reads.
pub fn engine() -> Engine {
    let pack = Pack::from_static(PACK).expect("the built-in pack is whole");
    Engine::new(pack)
}

/// Writes the built-in tables into `folder`, which is then fit for a compilation.
///
/// # Errors
/// When a folder or file cannot be made.
pub fn unpack(folder: &Path) -> io::Result<()> {
    for table in TABLES {
        let path = folder.join(table.name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        fs::write(path, table.bytes)?;
    }
    Ok(())
}
