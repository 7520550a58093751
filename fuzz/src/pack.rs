//! Any bytes as a pack, and the built-in pack with bytes changed: opened, verified, decoded over.

use crate::TODAY;
use vin_engine::Engine;
use vin_index::Pack;

const VINS: [&str; 4] = [
    "1HGCM82633A004352",
    "WP0AA2978BL012976",
    "5KKJAXA25JP623650",
    "1A9UWNCG8JA702315",
];

/// A changed place: 3 bytes for its offset from the place before, 1 for the new byte.
const CHANGE: usize = 4;

/// An even first byte: the rest is a pack. An odd one: the rest is changes of the built-in pack, which
/// takes long to verify, so only every second such input asks for it.
pub fn pack(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let damaged = match kind % 2 {
        0 => rest.to_vec(),
        _ => changed(rest),
    };
    let verify = kind % 4 != 1;
    let is_ours = verify && damaged == vin_data::bytes();
    let Ok(pack) = Pack::from_vec(damaged) else {
        return;
    };
    assert_eq!(
        pack.verify().is_ok(),
        is_ours,
        "a changed byte goes unnoticed"
    );
    // Decoding does not verify first, so it must stand any content.
    let engine = Engine::new(pack);
    let mut decoder = engine.decoder(TODAY);
    for vin in VINS {
        decoder.decode(vin, None);
        decoder.write_vpic(&mut Vec::new());
    }
}

fn changed(changes: &[u8]) -> Vec<u8> {
    let mut pack = vin_data::bytes().to_vec();
    let mut at = 0;
    for change in changes.chunks_exact(CHANGE) {
        let step = u32::from_le_bytes([change[0], change[1], change[2], 0]);
        at = (at + step as usize) % pack.len();
        pack[at] = change[3];
    }
    pack
}
