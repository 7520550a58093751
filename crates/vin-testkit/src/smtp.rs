//! A small SMTP server: it takes mail over real sockets, refuses, hangs or hangs up when told to, and
//! keeps what it took.
//!
//! It knows the commands of RFC 5321 that a client of today sends, and AUTH PLAIN, over TLS from the
//! first byte or without. What is in a mail is for the tests.

use crate::upstream::{Stream, Tls};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What the server does with mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Post {
    /// It takes it.
    Take,
    /// It answers that there is no room now, 452.
    Later,
    /// It answers that nobody has this address, 550.
    Never,
    /// It does not like the password, 535.
    BadPassword,
    /// It says nothing after the mail, for longer than anybody waits.
    Hang,
    /// It hangs up instead of answering `DATA`.
    HangUp,
    /// It takes the mail, and hangs up before it says so.
    TakeAndHangUp,
}

/// A mail as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What `MAIL FROM` said, without brackets and parameters.
    pub from: String,
    /// What `RCPT TO` said.
    pub to: Vec<String>,
    /// User and password of `AUTH PLAIN`, as `user:password`; empty for none.
    pub user: String,
    /// Head and body, dots undone.
    pub data: String,
}

/// An SMTP server on a port of this machine; it ends when it is dropped.
pub struct MailServer {
    shared: Arc<Shared>,
    address: SocketAddr,
}

struct Shared {
    tls: Option<Tls>,
    post: Mutex<Post>,
    letters: Mutex<Vec<Letter>>,
    connections: AtomicUsize,
    ended: AtomicBool,
}

/// How long the longest of its pauses is.
const PAUSE: Duration = Duration::from_secs(60);

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MailServer {
    /// Starts one that takes everything.
    pub fn start() -> Self {
        Self::listen(None)
    }

    /// The same over TLS, with a certificate for `host` that is signed by nobody but itself.
    pub fn start_tls(host: &str) -> Self {
        Self::listen(Some(Tls::of(host)))
    }

    fn listen(tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            tls,
            post: Mutex::new(Post::Take),
            letters: Mutex::default(),
            connections: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let served = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if served.ended.load(Ordering::SeqCst) {
                    break;
                }
                served.connections.fetch_add(1, Ordering::SeqCst);
                let served = served.clone();
                thread::spawn(move || served.serve(stream));
            }
        });
        Self { shared, address }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate in PEM; empty without TLS.
    pub fn certificate(&self) -> &str {
        self.shared.tls.as_ref().map_or("", |tls| &tls.pem)
    }

    /// Its URL for one who signs in.
    pub fn url(&self) -> String {
        format!("smtp://post:pass%20word@{}", self.address)
    }

    /// What it does from now on.
    pub fn play(&self, post: Post) {
        *held(&self.shared.post) = post;
    }

    /// What it took, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        held(&self.shared.letters).clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(PAUSE));
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some(tls) => match tls.accept(stream) {
                Some(stream) => stream,
                None => return,
            },
        };
        let mut talk = Talk(BufReader::new(stream));
        let (mut from, mut to, mut user) = (String::new(), Vec::new(), String::new());
        let mut goes_on = talk.say("220 testkit ESMTP");
        while goes_on {
            let Some(line) = talk.read() else { break };
            let post = *held(&self.post);
            let upper = line.to_ascii_uppercase();
            goes_on = if upper.starts_with("EHLO ") {
                talk.say("250-testkit\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME")
            } else if upper.starts_with("AUTH PLAIN ") {
                user = plain(&line[11..]);
                match post {
                    Post::BadPassword => talk.say("535 5.7.8 wrong user or password"),
                    _ => talk.say("235 2.7.0 welcome"),
                }
            } else if upper.starts_with("MAIL FROM:") {
                from = bracketed(&line);
                to.clear();
                talk.say("250 2.1.0 ok")
            } else if upper.starts_with("RCPT TO:") {
                match post {
                    Post::Later => talk.say("452 4.2.2 no room"),
                    Post::Never => talk.say("550 5.1.1 nobody is called so"),
                    _ => {
                        to.push(bracketed(&line));
                        talk.say("250 2.1.5 ok")
                    }
                }
            } else if upper == "DATA" {
                if post == Post::HangUp || !talk.say("354 go on") {
                    break;
                }
                let Some(data) = talk.letter() else { break };
                if post == Post::Hang {
                    thread::sleep(PAUSE);
                    break;
                }
                held(&self.letters).push(Letter {
                    from: from.clone(),
                    to: to.clone(),
                    user: user.clone(),
                    data,
                });
                post != Post::TakeAndHangUp && talk.say("250 2.0.0 taken")
            } else if upper == "QUIT" {
                let _ = talk.say("221 2.0.0 bye");
                false
            } else if upper == "RSET" || upper == "NOOP" {
                talk.say("250 2.0.0 ok")
            } else {
                talk.say("500 5.5.1 unknown")
            };
        }
    }
}

/// A connection, line by line.
struct Talk(BufReader<Box<dyn Stream>>);

impl Talk {
    /// Whether the other side still takes a line.
    fn say(&mut self, text: &str) -> bool {
        let stream = self.0.get_mut();
        let said = stream.write_all(format!("{text}\r\n").as_bytes());
        said.and_then(|()| stream.flush()).is_ok()
    }

    /// A line without its end; `None` at the end of all.
    fn read(&mut self) -> Option<String> {
        let mut line = String::new();
        let count = self.0.read_line(&mut line).ok()?;
        (count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// A mail up to the line with a dot alone.
    fn letter(&mut self) -> Option<String> {
        let mut data = String::new();
        loop {
            let line = self.read()?;
            if line == "." {
                return Some(data);
            }
            data += line.strip_prefix('.').unwrap_or(&line);
            data += "\r\n";
        }
    }
}

/// What stands between `<` and `>`.
fn bracketed(line: &str) -> String {
    let inner = line
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(String::new(), |(address, _)| address.to_owned())
}

/// `user:password` of the base64 of `\0user\0password`.
fn plain(base64: &str) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for digit in base64.bytes() {
        let Some(value) = digits.iter().position(|own| *own == digit) else {
            continue;
        };
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.trim_start_matches('\0').replace('\0', ":")
}
