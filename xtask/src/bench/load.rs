//! The load generator: one thread, many keep-alive connections, the next request when an answer is whole.
//!
//! It runs beside the server on the same machine, so it does as little as it can: requests are
//! made beforehand, answers are counted and looked at for one word, not parsed.

use super::client;
use memchr::memmem::Finder;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a round counted.
pub struct Counted {
    /// Whole answers with the wanted word.
    pub good: u64,
    /// Whole answers without it.
    pub bad: u64,
    /// The first of these.
    pub first_bad: Vec<u8>,
    /// How long it took.
    pub seconds: f64,
    /// How many answers took so many steps of 10 µs.
    steps: Vec<u32>,
}

/// Answers that took longer are counted with the last step.
const STEPS: usize = 100_000;

impl Counted {
    /// The time in which `part` of the answers came, in milliseconds.
    pub fn quantile(&self, part: f64) -> f64 {
        let all: u64 = self.steps.iter().map(|n| u64::from(*n)).sum();
        let wanted = (all as f64 * part).ceil() as u64;
        let mut seen = 0;
        let reached = self.steps.iter().position(|n| {
            seen += u64::from(*n);
            seen >= wanted
        });
        reached.unwrap_or(STEPS) as f64 / 100.0
    }
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    /// Which request comes next.
    next: usize,
    /// When the last one was sent.
    sent: Instant,
}

/// Sends `requests` in turn over `connections` connections for `length`; `word` must be in every answer.
pub fn run(
    address: SocketAddr,
    requests: &[Vec<u8>],
    word: &[u8],
    connections: usize,
    length: Duration,
) -> io::Result<Counted> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(connections);
    let mut all = Vec::with_capacity(connections);
    for at in 0..connections {
        let mut stream = TcpStream::from_std(connected(address)?);
        poll.registry()
            .register(&mut stream, Token(at), Interest::READABLE)?;
        let next = at * requests.len() / connections;
        let mut connection = Connection {
            stream,
            answer: Vec::new(),
            next,
            sent: Instant::now(),
        };
        connection.send(requests)?;
        all.push(connection);
    }
    let word = Finder::new(word);
    let mut part = vec![0; 64 << 10];
    let started = Instant::now();
    let mut counted = Counted {
        good: 0,
        bad: 0,
        first_bad: Vec::new(),
        seconds: 0.0,
        steps: vec![0; STEPS + 1],
    };
    while started.elapsed() < length {
        poll.poll(&mut events, Some(length))?;
        for event in &events {
            let connection = &mut all[event.token().0];
            if let Some(good) = connection.receive(&word, &mut part)? {
                let step = connection.sent.elapsed().as_micros() as usize / 10;
                counted.steps[step.min(STEPS)] += 1;
                match good {
                    true => counted.good += 1,
                    false if counted.bad == 0 => {
                        counted.bad = 1;
                        counted.first_bad.clone_from(&connection.answer);
                    }
                    false => counted.bad += 1,
                }
                connection.send(requests)?;
            }
        }
    }
    counted.seconds = started.elapsed().as_secs_f64();
    Ok(counted)
}

fn connected(address: SocketAddr) -> io::Result<std::net::TcpStream> {
    let stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

impl Connection {
    /// A request is far smaller than a socket's buffer, which is empty between answers.
    fn send(&mut self, requests: &[Vec<u8>]) -> io::Result<()> {
        let request = &requests[self.next % requests.len()];
        self.next += 1;
        self.sent = Instant::now();
        self.answer.clear();
        self.stream.write_all(request)
    }

    /// Whether a whole answer that has come holds `word`; `None` when none is whole yet. A whole
    /// answer is all that can have come, so nothing is read after it.
    fn receive(&mut self, word: &Finder, part: &mut [u8]) -> io::Result<Option<bool>> {
        loop {
            match self.stream.read(part) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => self.answer.extend_from_slice(&part[..n]),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(e) => return Err(e),
            }
            if client::length(&self.answer).is_some_and(|length| self.answer.len() >= length) {
                let good = word.find(&self.answer).is_some();
                return Ok(Some(good));
            }
        }
    }
}
