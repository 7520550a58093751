//! What the upstream does with a question, good or bad.

use super::format::{Format, Word};
use super::http::Connection;
use std::io::Write as _;
use std::thread::sleep;
use std::time::Duration;

/// One way to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    /// A vehicle.
    Hit,
    /// A vehicle, after that time.
    HitAfter(Duration),
    /// A vehicle, packed with gzip.
    HitPacked,
    /// A vehicle, and the connection is closed behind it.
    HitAndClose,
    /// A vehicle, but another one than asked for.
    OtherVin,
    /// No record.
    NoRecord,
    /// The calls are used up.
    Quota,
    /// The key opens nothing.
    NoRight,
    /// Too many questions.
    Busy,
    /// The VIN is none.
    BadVin,
    /// The upstream failed, and says so in its own way.
    Failed,
    /// A code that no document names.
    Unheard,
    /// No answer, while the connection stays open.
    Hang,
    /// The head of an answer, and nothing more.
    HangInside,
    /// The connection ends before the answer.
    CutBefore,
    /// The connection ends in the middle of the answer.
    Cut,
    /// Bytes that are no HTTP.
    NoHttp,
    /// HTTP, but no JSON.
    Garbage,
    /// A page of HTML with status 200.
    Html,
    /// JSON whose parts have other types than agreed.
    WrongTypes,
    /// JSON nested very deep.
    Deep,
    /// A body of that many bytes, truthfully announced.
    Large(usize),
    /// A body that never ends, without a length.
    Endless,
    /// Few bytes that unpack to that many.
    Bomb(usize),
    /// A packing that nobody asked for.
    StrangePacking,
    /// A byte every so often.
    Drip(Duration),
    /// An HTTP status with a page.
    Status(u16),
    /// An HTTP status with a header and no body.
    Header(u16, String, String),
    /// A redirection.
    Redirect(String),
    /// A failure whose message repeats the whole question, with headers and secrets.
    Echo,
    /// These bytes as the JSON of an answer.
    Json(String),
}

impl Script {
    /// Plays it; whether the connection may carry another question.
    pub(super) fn play(&self, format: Format, vin: &str, to: &mut Connection) -> bool {
        let ok = |to: &mut Connection, body: String| to.answer(200, &[], body.as_bytes());
        match self {
            Self::Hit => ok(to, format.hit(vin)),
            Self::HitAfter(time) => {
                sleep(*time);
                ok(to, format.hit(vin))
            }
            Self::HitPacked => {
                let packed = packed(format.hit(vin).as_bytes());
                to.answer(200, &[("Content-Encoding", "gzip")], &packed)
            }
            Self::HitAndClose => {
                ok(to, format.hit(vin));
                false
            }
            Self::OtherVin => ok(to, format.hit("1HGCM82633A004352")),
            Self::NoRecord => ok(to, format.word(Word::NoRecord)),
            Self::Quota => ok(to, format.word(Word::Quota)),
            Self::NoRight => ok(to, format.word(Word::NoRight)),
            Self::Busy => ok(to, format.word(Word::Busy)),
            Self::BadVin => ok(to, format.word(Word::BadVin)),
            Self::Failed => ok(to, format.word(Word::Failed)),
            Self::Unheard => ok(to, format.word(Word::Unheard)),
            Self::Hang => {
                to.wait();
                false
            }
            Self::HangInside => {
                to.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\"");
                to.wait();
                false
            }
            Self::CutBefore => false,
            Self::Cut => {
                let body = format.hit(vin);
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                to.send(head.as_bytes());
                to.send(&body.as_bytes()[..body.len() / 2]);
                false
            }
            Self::NoHttp => {
                to.send(b"220 mail.example.com ESMTP\r\n");
                false
            }
            Self::Garbage => ok(to, "\u{0}\u{1}{{{".to_owned()),
            Self::Html => ok(to, "<!doctype html><title>502</title>".to_owned()),
            Self::WrongTypes => ok(to, wrong_types(&format.hit(vin))),
            Self::Deep => {
                let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
                ok(to, deep)
            }
            Self::Large(bytes) => {
                let body = format!("{{\"code\":\"{}\"}}", "a".repeat(*bytes));
                ok(to, body)
            }
            Self::Endless => {
                to.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000));
                while to.send(chunk.as_bytes()) {}
                false
            }
            Self::Bomb(bytes) => {
                let bomb = packed(&vec![b' '; *bytes]);
                to.answer(200, &[("Content-Encoding", "gzip")], &bomb)
            }
            Self::StrangePacking => {
                let body = format.hit(vin);
                to.answer(200, &[("Content-Encoding", "br")], body.as_bytes())
            }
            Self::Drip(pause) => {
                to.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
                while to.send(b" ") {
                    sleep(*pause);
                }
                false
            }
            Self::Status(status) => to.answer(*status, &[], b"<html>an error page</html>"),
            Self::Header(status, name, value) => to.answer(*status, &[(name, value)], b""),
            Self::Redirect(to_url) => to.answer(302, &[("Location", to_url)], b""),
            Self::Echo => {
                let question = to.last().replace(['"', '\\', '\r', '\n'], " ");
                let body = format.word(Word::Failed);
                ok(to, body.replace("\"word\"", &format!("\"{question}\"")))
            }
            Self::Json(json) => ok(to, json.clone()),
        }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

/// The brand becomes a list, where a text was agreed.
fn wrong_types(hit: &str) -> String {
    hit.replace("\"brand\": ", "\"brand\": [1, 2], \"was\": ")
        .replace("\"Make\": ", "\"Make\": {\"a\": 1}, \"was\": ")
        .replace("\"MakeID\": ", "\"MakeID\": {\"a\": 1}, \"id\": ")
}
