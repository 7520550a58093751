//! Where this server is, as clients see it: what stands before the path of an address in an answer.
//!
//! The setting says it, or else the request: its `Host`, and from a proxy that the operator trusts
//! also `X-Forwarded-Host` and `X-Forwarded-Proto`. What is no plain host is not repeated; an
//! address then is a path only.

use crate::limits::HOST_BYTES;
use hyper::http::request::Parts;

/// A base URL as the operator writes it: `https://vin.example.com`, without what comes behind.
///
/// `None` when it is none.
pub fn parse(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let (scheme, rest) = text.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    let right = matches!(scheme, "http" | "https") && is_host(host) && path.chars().all(plain);
    right.then(|| text.to_owned())
}

/// The base URL that a request tells; `trusted` says whether a trusted proxy sent it.
pub fn of_request(head: &Parts, trusted: bool) -> String {
    let header = |name: &str| head.headers.get(name)?.to_str().ok();
    let forwarded = |name: &str| {
        // Several proxies append; the first one is what the client saw.
        let value = header(name).filter(|_| trusted)?;
        value.split(',').next().map(str::trim)
    };
    let host = forwarded("x-forwarded-host")
        .or_else(|| head.uri.authority().map(|host| host.as_str()))
        .or_else(|| header("host"));
    let Some(host) = host.filter(|host| is_host(host)) else {
        return String::new();
    };
    let scheme = match forwarded("x-forwarded-proto") {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{host}")
}

/// A host name or address, with or without a port.
fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b);
    (1..=HOST_BYTES).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    #[test]
    fn a_setting_is_a_scheme_and_a_host() {
        for (text, base) in [
            ("https://vin.example.com", Some("https://vin.example.com")),
            ("http://127.0.0.1:8080/", Some("http://127.0.0.1:8080")),
            ("https://example.com/vin/", Some("https://example.com/vin")),
            ("https://[::1]:8080", Some("https://[::1]:8080")),
            ("vin.example.com", None),
            ("ftp://example.com", None),
            ("https://", None),
            ("https://a b", None),
            ("https://example.com/?x", None),
            ("https://user@example.com", None),
        ] {
            assert_eq!(parse(text).as_deref(), base, "{text}");
        }
    }

    #[track_caller]
    fn check(headers: &[(&str, &str)], trusted: bool, expected: &str) {
        let mut request = Request::get("/api/vin/get");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        assert_eq!(of_request(&head, trusted), expected, "{headers:?}");
    }

    #[test]
    fn a_request_tells_the_host_and_a_trusted_proxy_what_it_saw() {
        let host = ("host", "10.0.0.1:8080");
        let all = [
            host,
            ("x-forwarded-host", "vin.example.com, inner"),
            ("x-forwarded-proto", "https, http"),
        ];
        check(&[host], false, "http://10.0.0.1:8080");
        check(&all, true, "https://vin.example.com");
        check(&all, false, "http://10.0.0.1:8080");
        check(&[], true, "");
    }

    #[test]
    fn what_is_no_host_is_not_repeated() {
        for host in ["a/b", "a b", "\"><script>", "a@b", "", &"a".repeat(256)] {
            check(&[("host", host)], false, "");
        }
        check(&[("host", "a"), ("x-forwarded-host", "<x>")], true, "");
        check(
            &[("host", "a"), ("x-forwarded-proto", "javascript")],
            true,
            "http://a",
        );
    }
}
