//! A small server that plays Alipay and WeChat Pay: it speaks both protocols over real sockets, with
//! keys of its own that openssl has made, and does what a test tells it to: pays, forgets to tell, tells
//! twice, or tells what is not so.
//!
//! It shares no code with the crate that is tested: what it signs it signs with openssl, and what it is
//! sent it verifies with openssl.

mod alipay;
mod openssl;
mod wechat;
mod zip;

pub use openssl::{Keys, Openssl};

use crate::upstream::Connection;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The application at Alipay.
pub const ALIPAY_APP: &str = "2021000000000001";
/// The seller at Alipay.
pub const ALIPAY_SELLER: &str = "2088000000000001";
/// The application at WeChat.
pub const WECHAT_APP: &str = "wx0000000000000001";
/// The seller at WeChat.
pub const WECHAT_MCH: &str = "1900000001";
/// The serial number of the seller's certificate at WeChat.
pub const WECHAT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
/// The id of WeChat's public key.
pub const WECHAT_KEY_ID: &str = "PUB_KEY_ID_0119000000012026120100000001";
/// The API v3 key at WeChat.
pub const WECHAT_API_KEY: &str = "0123456789abcdef0123456789abcdef";

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Alipay.
    Alipay,
    /// WeChat Pay.
    WeChat,
}

/// What is changed of a notice before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Nothing.
    None,
    /// The signature is made with another key.
    Signature,
    /// A character of the body is changed after signing.
    Changed,
    /// So many hundredths of a yuan were paid.
    Fen(i64),
    /// It is about another application.
    App,
    /// It is about another seller.
    Seller,
    /// It is about an order of another number.
    Order,
    /// It was signed ten minutes ago. Alipay signs no time.
    Old,
}

/// An order at the till.
#[derive(Clone, Debug, Default)]
pub struct Trade {
    /// How much.
    pub fen: i64,
    /// Where notices are sent.
    pub notify: String,
    /// Where the payer comes back to.
    pub back: String,
    /// The number of each payment.
    pub paid: Vec<String>,
    /// Whether it was closed.
    pub closed: bool,
    /// Whether the bill leaves it out.
    pub unbilled: bool,
    /// The refunds, by their numbers.
    pub refunds: BTreeMap<String, i64>,
}

struct Shared {
    keys: Openssl,
    now: Now,
    trades: Mutex<BTreeMap<String, Trade>>,
    /// What was wrong with what came.
    wrong: Mutex<Vec<String>>,
    address: SocketAddr,
    ended: AtomicBool,
}

/// Tells the seconds since 1970-01-01 UTC.
pub type Now = fn() -> i64;

/// The two providers on a port of this machine; they end when it is dropped.
pub struct Till(Arc<Shared>);

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Till {
    /// Starts both, with fresh keys and this clock.
    ///
    /// # Panics
    /// When openssl is not installed, or there is no port.
    pub fn start(now: Now) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let shared = Arc::new(Shared {
            keys: Openssl::new(),
            now,
            trades: Mutex::default(),
            wrong: Mutex::default(),
            address: listener.local_addr().expect("its address"),
            ended: AtomicBool::new(false),
        });
        let served = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if served.ended.load(Ordering::SeqCst) {
                    break;
                }
                let served = served.clone();
                thread::spawn(move || served.serve(stream));
            }
        });
        Self(shared)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The keys of the seller and of the providers, in files.
    pub fn keys(&self) -> &Openssl {
        &self.0.keys
    }

    /// The settings of a server that sells through it, as environment variables without their prefix.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let keys = &self.0.keys;
        let address = self.0.address;
        vec![
            ("ALIPAY_APP_ID", ALIPAY_APP.to_owned()),
            ("ALIPAY_SELLER_ID", ALIPAY_SELLER.to_owned()),
            ("ALIPAY_KEY_FILE", keys.path("seller.pem")),
            ("ALIPAY_PUBLIC_KEY_FILE", keys.path("alipay.pub")),
            ("ALIPAY_GATEWAY", format!("http://{address}/gateway.do")),
            ("WECHAT_APP_ID", WECHAT_APP.to_owned()),
            ("WECHAT_MCH_ID", WECHAT_MCH.to_owned()),
            ("WECHAT_SERIAL", WECHAT_SERIAL.to_owned()),
            ("WECHAT_KEY_FILE", keys.path("seller.pem")),
            ("WECHAT_API_KEY_FILE", keys.path("api.key")),
            ("WECHAT_PUBLIC_KEY_ID", WECHAT_KEY_ID.to_owned()),
            ("WECHAT_PUBLIC_KEY_FILE", keys.path("wechat.pub")),
            ("WECHAT_GATEWAY", format!("http://{address}")),
        ]
    }

    /// What the till knows of an order.
    pub fn trade(&self, number: &str) -> Option<Trade> {
        held(&self.0.trades).get(number).cloned()
    }

    /// Opens an order as a server would.
    pub fn open(&self, number: &str, fen: i64, notify: &str) {
        let trade = Trade {
            fen,
            notify: notify.to_owned(),
            ..Trade::default()
        };
        self.0.open(number, trade);
    }

    /// Leaves an order out of the bill.
    pub fn leave_out(&self, number: &str) {
        if let Some(trade) = held(&self.0.trades).get_mut(number) {
            trade.unbilled = true;
        }
    }

    /// Sends the notices of an order to another place from now on.
    pub fn redirect(&self, number: &str, notify: &str) {
        if let Some(trade) = held(&self.0.trades).get_mut(number) {
            trade.notify = notify.to_owned();
        }
    }

    /// Sends a request to `http://HOST/…`; the status and the body, or `away`.
    pub fn send(target: &str, request: &[u8]) -> String {
        send(target, request)
    }

    /// What was wrong with what came, such as a signature.
    pub fn wrong(&self) -> Vec<String> {
        held(&self.0.wrong).clone()
    }

    /// Somebody pays an order; the number of the payment. Nobody is told.
    ///
    /// # Panics
    /// When the till has no such order, or has closed it.
    pub fn pay(&self, number: &str) -> String {
        self.0.pay(number)
    }

    /// Tells the server of the last payment; what it answers, its status first.
    ///
    /// # Panics
    /// When the order was not paid.
    pub fn tell(&self, at: At, number: &str, lie: Lie) -> String {
        let (target, request) = self.notice(at, number, lie);
        send(&target, &request)
    }

    /// A notice of the last payment: where it goes, and the whole request.
    ///
    /// # Panics
    /// When the order was not paid.
    pub fn notice(&self, at: At, number: &str, lie: Lie) -> (String, Vec<u8>) {
        let trade = self.trade(number).expect("the till has this order");
        let paid = trade.paid.last().expect("it was paid").clone();
        match at {
            At::Alipay => alipay::notice(&self.0.keys, number, &trade, &paid, lie),
            At::WeChat => wechat::notice((self.0.now)(), &self.0.keys, number, &trade, &paid, lie),
        }
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it has ended.
        let _ = TcpStream::connect(self.0.address);
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
        let mut connection = Connection::new(Box::new(stream));
        while let Some(seen) = connection.read() {
            let bill = "/bill.zip?";
            let (status, headers, body) = match seen.target.starts_with("/v3/") {
                _ if seen.target.starts_with(bill) => (200, Vec::new(), alipay::bill(self)),
                true => wechat::answer(self, &seen),
                false => alipay::answer(self, &seen),
            };
            let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
            if !connection.answer(status, &headers, &body) {
                break;
            }
        }
    }

    /// Somebody scans and pays, and the server is told.
    fn scanned(&self, number: &str) {
        let paid = self.pay(number);
        let trade = held(&self.trades).get(number).cloned().unwrap_or_default();
        let (target, request) = match trade.notify.ends_with("/wechat") {
            true => wechat::notice((self.now)(), &self.keys, number, &trade, &paid, Lie::None),
            false => alipay::notice(&self.keys, number, &trade, &paid, Lie::None),
        };
        thread::spawn(move || send(&target, &request));
    }

    fn pay(&self, number: &str) -> String {
        let mut trades = held(&self.trades);
        let count: usize = trades.values().map(|trade| trade.paid.len()).sum();
        let trade = trades.get_mut(number).expect("the till has this order");
        assert!(!trade.closed, "{number} is closed");
        let paid = format!("420000{:022}", count + 1);
        trade.paid.push(paid.clone());
        paid
    }

    fn complain(&self, what: String) {
        held(&self.wrong).push(what);
    }

    /// An order; the first word about it holds.
    fn open(&self, number: &str, trade: Trade) {
        held(&self.trades).entry(number.to_owned()).or_insert(trade);
    }
}

/// The number of an order, or of one that nobody has.
fn another(lie: Lie, number: &str) -> String {
    let end = if lie == Lie::Order { "X" } else { "" };
    format!("{number}{end}")
}

/// What an answer is made of.
type Said = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// Sends a request to `http://HOST/…`; the status and the body.
fn send(target: &str, request: &[u8]) -> String {
    let rest = target.strip_prefix("http://").expect("plain HTTP");
    let host = rest.split('/').next().expect("a host");
    let Ok(mut stream) = TcpStream::connect(host) else {
        return "away".to_owned();
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    if stream.write_all(request).is_err() {
        return "away".to_owned();
    }
    let mut text = String::new();
    // A server that was killed answers nothing, or a part.
    let _ = stream.read_to_string(&mut text);
    let status = text.split(' ').nth(1).unwrap_or("away").to_owned();
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    format!("{status} {body}")
}

/// A POST request to `http://HOST/PATH`.
fn post(target: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let rest = target.strip_prefix("http://").expect("plain HTTP");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut head = format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The value of a member of JSON that is a text or a number, by the name that stands right before it:
/// enough for what is sent here.
fn member(json: &str, name: &str) -> String {
    let Some((_, rest)) = json.split_once(&format!("\"{name}\":")) else {
        return String::new();
    };
    match rest.strip_prefix('"') {
        Some(text) => text.split('"').next().unwrap_or_default().to_owned(),
        None => rest.chars().take_while(char::is_ascii_digit).collect(),
    }
}
