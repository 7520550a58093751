//! From where a key may be used: the networks of callers, and the hosts of the pages that call.

use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// The most networks or hosts of one key.
pub const MAX_GUARDS: usize = 64;

/// Networks, such as `203.0.113.0/24 2001:db8::1`; none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads CIDRs and single addresses, separated by blanks or commas.
    ///
    /// `None` when one of them is none, or there are more than [`MAX_GUARDS`].
    pub fn parse(text: &str) -> Option<Self> {
        let read = |word: &str| {
            let single = || word.parse::<IpAddr>().ok().map(IpNet::from);
            word.parse().ok().or_else(single)
        };
        let all: Option<Vec<IpNet>> = words(text).map(read).collect();
        all.filter(|all| all.len() <= MAX_GUARDS).map(Self)
    }

    /// Whether a caller with this address may come in.
    pub fn admit(&self, address: IpAddr) -> bool {
        // A socket that speaks both shows an IPv4 caller as ::ffff:192.0.2.1.
        let address = address.to_canonical();
        self.0.is_empty() || self.contain(address)
    }

    /// Whether one of them has this address; none of none has.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Hosts, such as `example.com *.example.org`; none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Reads host names, separated by blanks or commas; `*.` before one means it and all below it.
    ///
    /// `None` when one of them is none, or there are more than [`MAX_GUARDS`].
    pub fn parse(text: &str) -> Option<Self> {
        let read = |word: &str| {
            let name = word.strip_prefix("*.").unwrap_or(word);
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            let right = !name.is_empty() && name.chars().all(plain) && !name.contains("..");
            right.then(|| word.to_ascii_lowercase())
        };
        let all: Option<Vec<_>> = words(text).map(read).collect();
        all.filter(|all| all.len() <= MAX_GUARDS).map(Self)
    }

    /// Whether a page with this `Referer` may call. A call without one comes from no page; when
    /// hosts are listed it is refused.
    pub fn admit(&self, referer: Option<&str>) -> bool {
        self.0.is_empty()
            || referer
                .and_then(host)
                .is_some_and(|host| self.contain(&host))
    }

    fn contain(&self, host: &str) -> bool {
        self.0.iter().any(|listed| match listed.strip_prefix("*.") {
            None => listed == host,
            Some(name) => {
                let below = host.strip_suffix(name);
                below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
            }
        })
    }
}

/// The host of a URL, in lower case, without its port.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let after_user = authority.rsplit('@').next()?;
    let host = after_user.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| c == ',' || c.is_whitespace();
    text.split(between).filter(|word| !word.is_empty())
}

macro_rules! print_words {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (i, word) in self.0.iter().enumerate() {
                    write!(f, "{}{word}", if i > 0 { " " } else { "" })?;
                }
                Ok(())
            }
        }
    )+};
}
print_words!(Networks Hosts);

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn address(list: &str, address: &str, admitted: bool) {
        let networks = Networks::parse(list).expect(list);
        let address = address.parse().expect(address);
        assert_eq!(networks.admit(address), admitted, "{list} {address}");
    }

    #[test]
    fn a_caller_is_in_a_network_or_not() {
        address("", "192.0.2.1", true);
        address("192.0.2.1", "192.0.2.1", true);
        address("192.0.2.1", "192.0.2.2", false);
        address("10.0.0.0/8, 192.0.2.0/24", "192.0.2.255", true);
        address("192.0.2.0/24", "::ffff:192.0.2.9", true);
        address("192.0.2.0/24", "2001:db8::1", false);
        address("2001:db8::/32", "2001:db8:1::1", true);
        for list in ["192.0.2", "192.0.2.0/33", "example.com", &"::1 ".repeat(65)] {
            assert_eq!(Networks::parse(list), None, "{list}");
        }
        let printed = Networks::parse("10.0.0.0/8,\n::1")
            .expect("two")
            .to_string();
        assert_eq!(printed, "10.0.0.0/8 ::1/128");
    }

    #[track_caller]
    fn referer(list: &str, referer: &str, admitted: bool) {
        let hosts = Hosts::parse(list).expect(list);
        let sent = (!referer.is_empty()).then_some(referer);
        assert_eq!(hosts.admit(sent), admitted, "{list} {referer}");
    }

    #[test]
    fn a_page_is_of_a_host_or_not() {
        referer("", "", true);
        referer("example.com", "", false);
        referer("example.com", "https://example.com/a?b", true);
        referer("example.com", "https://EXAMPLE.com:8443", true);
        referer("example.com", "https://shop.example.com/", false);
        referer("*.example.com", "https://shop.example.com/", true);
        referer("*.example.com", "https://example.com/", true);
        referer("*.example.com", "https://badexample.com/", false);
        referer("example.com", "https://example.com.evil.org/", false);
        referer("example.com", "https://example.com@evil.org/", false);
        referer(
            "example.com",
            "https://evil.org/?https://example.com/",
            false,
        );
        referer("example.com", "https://evil.org\\@example.com/", false);
        referer("example.com", "example.com", false);
        for list in ["a b/c", "https://example.com", "*.", "a..b", "例"] {
            assert_eq!(Hosts::parse(list), None, "{list}");
        }
    }
}
