//! Bytes to UTF-8: UTF-8 itself, UTF-16 with a mark, or GB18030, which Chinese programs save.
//!
//! Text is ASCII until a byte says otherwise; the bytes around that one decide. What is decided
//! stays: a text that changes its encoding half-way is refused with its line.

use crate::{BatchError, Remark};
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030};
use std::io::{self, Read};

/// How much is read at once.
const CHUNK: usize = 64 << 10;

enum Mode {
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Other(Decoder),
}

/// A text that is handed on in UTF-8.
pub struct Decoding<R> {
    inner: R,
    mode: Mode,
    /// Bytes that are not decoded yet.
    raw: Vec<u8>,
    /// Bytes that are.
    ready: Vec<u8>,
    handed: usize,
    lines: u64,
    began: bool,
    ended: bool,
    remark: Option<Remark>,
}

impl<R: Read> Decoding<R> {
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            mode: Mode::Ascii,
            raw: Vec::with_capacity(CHUNK),
            ready: Vec::new(),
            handed: 0,
            lines: 1,
            began: false,
            ended: false,
            remark: None,
        }
    }

    /// Takes what is worth saying about the encoding.
    pub fn remark(&mut self) -> Option<Remark> {
        self.remark.take()
    }

    /// Reads until there is something new in `raw`, or the end.
    fn read_more(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + CHUNK, 0);
        let read = loop {
            match self.inner.read(&mut self.raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.raw.truncate(kept + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(())
    }

    /// Looks for a mark at the very beginning.
    fn begin(&mut self) -> io::Result<()> {
        while self.raw.len() < 3 && !self.ended {
            self.read_more()?;
        }
        if let Some((encoding, mark)) = Encoding::for_bom(&self.raw) {
            self.raw.drain(..mark);
            self.mode = match encoding.name() {
                "UTF-8" => Mode::Utf8,
                name => {
                    self.remark = Some(Remark::Encoding(name));
                    Mode::Other(encoding.new_decoder_without_bom_handling())
                }
            };
        }
        self.began = true;
        Ok(())
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.handed = 0;
        if !self.began {
            self.begin()?;
        }
        while self.ready.is_empty() && !(self.ended && self.raw.is_empty()) {
            self.decode()?;
            if self.ready.is_empty() && !self.ended {
                self.read_more()?;
            } else if self.ready.is_empty() && !self.raw.is_empty() {
                self.decode()?;
                break;
            }
        }
        let breaks = self.ready.iter().filter(|byte| **byte == b'\n').count();
        self.lines += breaks as u64;
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        match &mut self.mode {
            Mode::Ascii if self.raw.is_ascii() => {
                std::mem::swap(&mut self.raw, &mut self.ready);
                self.raw.clear();
                Ok(())
            }
            Mode::Ascii => self.decide(),
            Mode::Utf8 => self.utf8(),
            Mode::Other(_) => self.other(),
        }
    }

    /// The first bytes that are no ASCII say what the text is.
    fn decide(&mut self) -> io::Result<()> {
        let whole = match std::str::from_utf8(&self.raw) {
            Ok(_) => true,
            // The last character may only be cut off.
            Err(error) => error.error_len().is_none() && !self.ended,
        };
        if whole {
            let cut = std::str::from_utf8(&self.raw).map_or_else(|e| e.valid_up_to(), str::len);
            if self.raw[..cut].is_ascii() && cut < self.raw.len() {
                self.ready.extend(self.raw.drain(..cut));
                return Ok(());
            }
            self.mode = Mode::Utf8;
            return self.utf8();
        }
        self.remark = Some(Remark::Encoding(GB18030.name()));
        self.mode = Mode::Other(GB18030.new_decoder_without_bom_handling());
        self.other()
    }

    fn utf8(&mut self) -> io::Result<()> {
        let (valid, broken) = match std::str::from_utf8(&self.raw) {
            Ok(text) => (text.len(), false),
            Err(error) => (
                error.valid_up_to(),
                error.error_len().is_some() || self.ended,
            ),
        };
        if broken {
            return Err(self.refuse(valid, "no UTF-8, as the text before it is"));
        }
        let rest = self.raw.split_off(valid);
        self.ready = std::mem::replace(&mut self.raw, rest);
        Ok(())
    }

    fn other(&mut self) -> io::Result<()> {
        let Mode::Other(decoder) = &mut self.mode else {
            return Ok(());
        };
        let most = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
        self.ready
            .resize(most.unwrap_or(self.raw.len() * 4 + 16), 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.raw.drain(..read);
        if let DecoderResult::Malformed(..) = result {
            let name = decoder.encoding().name();
            let before = std::mem::take(&mut self.ready);
            self.lines += before.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(self.refuse(0, &format!("neither UTF-8 nor {name}")));
        }
        Ok(())
    }

    fn refuse(&self, valid: usize, reason: &str) -> io::Error {
        let within = self.raw[..valid].iter().filter(|byte| **byte == b'\n');
        let line = self.lines + within.count() as u64;
        io::Error::other(BatchError::broken(format!("line {line}"), reason))
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed == self.ready.len() {
            self.refill()?;
        }
        let ready = &self.ready[self.handed..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.handed += count;
        Ok(count)
    }
}

/// What an error of reading says: our own words, or the system's.
pub fn error(error: io::Error) -> BatchError {
    match error.downcast::<BatchError>() {
        Ok(ours) => ours,
        Err(source) => BatchError::Io {
            what: "the input".to_owned(),
            source,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);
    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(bytes: &[u8], drops: usize) -> (Result<String, String>, Option<Remark>) {
        let mut decoding = Decoding::new(Drops(bytes, drops));
        let mut text = Vec::new();
        let read = decoding.read_to_end(&mut text);
        let text = read
            .map(|_| String::from_utf8(text).expect("UTF-8"))
            .map_err(|e| error(e).to_string());
        (text, decoding.remark())
    }

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Option<&'static str>) {
        for drops in [1, 2, 3, 5, 1000] {
            let (found, remark) = read(bytes, drops);
            assert_eq!(found.as_deref(), Ok(text), "{drops} at a time");
            assert_eq!(remark, encoding.map(Remark::Encoding), "{drops} at a time");
        }
    }

    #[test]
    fn every_encoding_becomes_utf8_however_it_arrives() {
        check(b"", "", None);
        check(b"vin\n1", "vin\n1", None);
        check("vin,车\n".as_bytes(), "vin,车\n", None);
        check("\u{feff}车架号\n".as_bytes(), "车架号\n", None);
        let (gbk, _, _) = encoding_rs::GBK.encode("vin,车型\r\n保时捷,帕拉梅拉\r\n");
        check(&gbk, "vin,车型\r\n保时捷,帕拉梅拉\r\n", Some("gb18030"));
        let utf16: Vec<u8> = "\u{feff}vin,车\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(&utf16, "vin,车\n", Some("UTF-16LE"));
        let utf16: Vec<u8> = "\u{feff}vin,车\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        check(&utf16, "vin,车\n", Some("UTF-16BE"));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let mut mixed = "车\n".repeat(50_000).into_bytes();
        mixed.extend(b"\n\xb3\xb5\n");
        let (found, _) = read(&mixed, 4096);
        assert_eq!(
            found.expect_err("refused"),
            "line 50002: no UTF-8, as the text before it is"
        );
        let (found, _) = read(b"a\nb\n\xff\xff\xff", 4096);
        assert_eq!(
            found.expect_err("refused"),
            "line 3: neither UTF-8 nor gb18030"
        );
    }
}
