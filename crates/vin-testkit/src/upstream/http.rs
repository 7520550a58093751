//! Just enough of HTTP/1.1 to be asked and to answer, rightly or wrongly.

use std::io::{Read, Write};

/// A connection, with or without TLS.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// A question as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers, the names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Seen {
    /// The value of a header, or empty.
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The first 17 characters in a row that a VIN may hold.
    pub(super) fn vin(&self) -> String {
        let all = format!("{} {}", self.target, self.body);
        let words = all.split(|c: char| !c.is_ascii_alphanumeric());
        let mut vins = words.filter(|word| word.len() == 17);
        vins.next().unwrap_or_default().to_owned()
    }
}

/// A connection and what was read from it.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    read: Vec<u8>,
    last: String,
}

impl Connection {
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            read: Vec::new(),
            last: String::new(),
        }
    }

    /// The question that was read last, whole.
    pub fn last(&self) -> &str {
        &self.last
    }

    /// Reads a question; `None` at the end.
    pub fn read(&mut self) -> Option<Seen> {
        let head = loop {
            match self.read.windows(4).position(|w| w == b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => self.fill()?,
            }
        };
        let text = String::from_utf8_lossy(&self.read[..head]).into_owned();
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut seen = Seen {
            method,
            target,
            headers,
            body: String::new(),
        };
        let length: usize = seen.header("content-length").parse().unwrap_or(0);
        while self.read.len() < head + length {
            self.fill()?;
        }
        let rest = self.read.split_off(head + length);
        let whole = std::mem::replace(&mut self.read, rest);
        seen.body = String::from_utf8_lossy(&whole[head..]).into_owned();
        self.last = String::from_utf8_lossy(&whole).into_owned();
        Some(seen)
    }

    fn fill(&mut self) -> Option<()> {
        let mut bytes = [0; 4096];
        let count = self.stream.read(&mut bytes).ok().filter(|n| *n > 0)?;
        self.read.extend_from_slice(&bytes[..count]);
        Some(())
    }

    /// Sends bytes; whether the other side still takes them.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        let sent = self.stream.write_all(bytes);
        sent.and_then(|()| self.stream.flush()).is_ok()
    }

    /// Sends an answer with its length.
    pub fn answer(&mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> bool {
        let mut head = format!("HTTP/1.1 {status} Said\r\n");
        if headers.iter().all(|(name, _)| *name != "Content-Type") {
            head += "Content-Type: application/json\r\n";
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        self.send(&[head.as_bytes(), body].concat())
    }

    /// Waits until the other side gives up, or the time for reading is over.
    pub fn wait(&mut self) {
        let _ = self.fill();
    }
}
