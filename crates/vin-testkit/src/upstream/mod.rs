//! A small server that plays an upstream: it speaks a format, misbehaves when told to, and counts.
//!
//! It knows sockets and bytes only. What its answers mean is for the tests that ask it.

mod format;
mod http;
mod script;
mod tls;

pub use format::Format;
pub use http::Seen;
pub use script::Script;

pub(crate) use http::{Connection, Stream};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
pub(crate) use tls::Tls;

/// An upstream on a port of this machine; it ends when it is dropped.
pub struct Upstream {
    shared: Arc<Shared>,
    address: SocketAddr,
}

struct Shared {
    format: Format,
    tls: Option<Tls>,
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    ended: AtomicBool,
}

/// How long the longest of its pauses is. Whoever asks must have given up long before.
const PAUSE: Duration = Duration::from_secs(30);

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upstream {
    /// Starts one that answers over plain HTTP.
    pub fn start(format: Format) -> Self {
        Self::listen(format, None)
    }

    /// Starts one that answers over TLS with a certificate for `host`, signed by nobody but itself.
    pub fn start_tls(format: Format, host: &str) -> Self {
        Self::listen(format, Some(Tls::of(host)))
    }

    fn listen(format: Format, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            format,
            tls,
            script: Mutex::new(Script::Hit),
            seen: Mutex::default(),
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

    /// What it does from now on.
    pub fn play(&self, script: Script) {
        *held(&self.shared.script) = script;
    }

    /// How many questions came, whatever was answered.
    pub fn calls(&self) -> usize {
        held(&self.shared.seen).len()
    }

    /// The questions, oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        held(&self.shared.seen).clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(PAUSE));
        let _ = stream.set_nodelay(true);
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(stream),
            Some(tls) => match tls.accept(stream) {
                Some(stream) => stream,
                None => return,
            },
        };
        let mut connection = Connection::new(stream);
        while let Some(seen) = connection.read() {
            let vin = seen.vin();
            held(&self.seen).push(seen);
            let script = held(&self.script).clone();
            if !script.play(self.format, &vin, &mut connection) {
                break;
            }
        }
    }
}
