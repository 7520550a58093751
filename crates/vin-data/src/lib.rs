//! The pack that is part of the program: the canonical tables of `data/`, compiled by the build.

use vin_engine::Engine;
use vin_index::Pack;

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/builtin.pack"));

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
