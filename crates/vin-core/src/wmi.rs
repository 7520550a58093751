//! The world manufacturer identifier (ISO 3780): positions 1–3, and 12–14 of a small maker.

use std::fmt;

/// A WMI of three characters, or of six where position 3 is `9`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wmi {
    bytes: [u8; 6],
    len: u8,
}

impl Wmi {
    /// The WMI of the first characters of a VIN, which may be incomplete.
    ///
    /// With `9` in position 3 and at least 14 characters, positions 12–14 belong to it.
    pub fn of(vin: &[u8]) -> Self {
        let mut bytes = [0; 6];
        let head = &vin[..vin.len().min(3)];
        bytes[..head.len()].copy_from_slice(head);
        let mut len = head.len();
        if vin.len() >= 14 && vin[2] == b'9' {
            bytes[3..].copy_from_slice(&vin[11..14]);
            len = 6;
        }
        Self {
            bytes,
            len: len as u8,
        }
    }

    /// The characters, three or six of them (fewer for an incomplete VIN).
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Whether vehicles with this WMI are built in China (ISO 3780 assigns `L` and `H`).
    pub fn is_china(&self) -> bool {
        matches!(self.bytes[0], b'L' | b'H')
    }
}

impl fmt::Display for Wmi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(self.as_bytes()).unwrap_or("?"))
    }
}

impl fmt::Debug for Wmi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wmi({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_maker_has_six_characters() {
        assert_eq!(Wmi::of(b"1HGCM82633A004352").to_string(), "1HG");
        assert_eq!(Wmi::of(b"1C9FA2625R1257006").to_string(), "1C9257");
        assert_eq!(Wmi::of(b"1C9FA2625R").to_string(), "1C9");
        assert_eq!(Wmi::of(b"1C").to_string(), "1C");
    }

    #[test]
    fn the_first_character_tells_china() {
        assert!(Wmi::of(b"LSVNY6A2XBN012345").is_china());
        assert!(Wmi::of(b"HLX12B154S1000000").is_china());
        assert!(!Wmi::of(b"WP0AA2978BL012976").is_china());
    }
}
