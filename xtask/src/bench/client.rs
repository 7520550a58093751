//! The smallest HTTP/1.1 client: one keep-alive connection, one request at a time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// An answer.
pub struct Answer {
    /// The status, 200 say.
    pub status: u16,
    /// The headers as they came: name and value.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The text of a GET request.
pub fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n").into_bytes()
}

/// The text of a GET request with a signature.
pub fn signed(target: &str, sign: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nsign: {sign}\r\n\r\n")
        .into_bytes()
}

/// How long the answer at the start of `bytes` is, once its head is whole.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let head = head(bytes)?;
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let named = name.eq_ignore_ascii_case("content-length");
        named.then(|| value.trim().parse::<usize>().ok())?
    })?;
    Some(head.len() + 4 + length)
}

/// The head at the start of `bytes`, without the blank line.
fn head(bytes: &[u8]) -> Option<&str> {
    let end = memchr::memmem::find(bytes, b"\r\n\r\n")?;
    std::str::from_utf8(&bytes[..end]).ok()
}

/// Asks one thing on a connection of its own.
pub fn ask(address: SocketAddr, target: &str) -> io::Result<Answer> {
    send(address, &get(target))
}

/// Sends one request on a connection of its own.
pub fn send(address: SocketAddr, request: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request)?;
    let mut bytes = Vec::new();
    let mut part = [0; 16 << 10];
    while length(&bytes).is_none_or(|length| bytes.len() < length) {
        match stream.read(&mut part)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n => bytes.extend_from_slice(&part[..n]),
        }
    }
    let head = head(&bytes).unwrap_or_default();
    let (first, rest) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = first.split(' ').nth(1).and_then(|s| s.parse().ok());
    let headers = rest.split("\r\n").filter_map(|line| line.split_once(':'));
    Ok(Answer {
        status: status.unwrap_or(0),
        headers: headers
            .map(|(n, v)| (n.to_owned(), v.trim().to_owned()))
            .collect(),
        body: bytes[head.len() + 4..].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn the_length_is_known_once_the_head_is_whole() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(length(answer), Some(answer.len()));
        assert_eq!(length(&answer[..answer.len() - 2]), Some(answer.len()));
        assert_eq!(length(&answer[..20]), None);
    }
}
