//! Which addresses an upstream may stand at: those of the public internet, and what is allowed.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are no part of the public internet, or not one host there (IANA's registries of
/// special addresses). Metadata services of clouds stand in them, but for the last of the first list.
const CLOSED_V4: [(Ipv4Addr, u8); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::new(255, 255, 255, 255), 32),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Only 2000::/3 is the public internet, and of it not these.
const CLOSED_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Whether an upstream may stand at an address. `allowed` are networks of the channel's file.
pub(crate) fn is_allowed(address: IpAddr, allowed: &[IpNet]) -> bool {
    let address = address.to_canonical();
    allowed.iter().any(|network| network.contains(&address)) || is_public(address)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits();
            let holds = |(network, length): &(Ipv4Addr, u8)| {
                (bits ^ network.to_bits()) >> (32 - length) == 0
            };
            !CLOSED_V4.iter().any(holds)
        }
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            // A translator would lead these to an IPv4 address of any network.
            if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() {
                let v4 = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
                return is_public(IpAddr::V4(v4));
            }
            let holds = |(network, length): &(Ipv6Addr, u8)| {
                (bits ^ network.to_bits()) >> (128 - length) == 0
            };
            bits >> 125 == 1 && !CLOSED_V6.iter().any(holds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, allowed: &[&str], fits: bool) {
        let networks: Vec<_> = allowed
            .iter()
            .map(|n| n.parse().expect("a network"))
            .collect();
        let address = address.parse().expect(address);
        assert_eq!(is_allowed(address, &networks), fits, "{address}");
    }

    #[test]
    fn public_addresses_are_allowed() {
        for address in [
            "1.1.1.1",
            "47.95.1.2",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "::ffff:8.8.8.8",
            "2400:3200::1",
            "2606:4700:4700::1111",
            "64:ff9b::808:808",
        ] {
            check(address, &[], true);
        }
    }

    #[test]
    fn everything_else_is_not() {
        for address in [
            "0.0.0.0",
            "127.0.0.1",
            "127.255.255.254",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "100::1",
        ] {
            check(address, &[], false);
        }
    }

    #[test]
    fn a_network_of_the_file_is_allowed_however_it_is_written() {
        check("10.1.2.3", &["10.0.0.0/8"], true);
        check("::ffff:10.1.2.3", &["10.0.0.0/8"], true);
        check("11.1.2.3", &["10.0.0.0/8"], true);
        check("192.168.0.1", &["10.0.0.0/8"], false);
        check("fd00::1", &["fd00::/8"], true);
    }
}
