//! A private Redis: on loopback, in a temporary folder, gone when the test process is.
//!
//! It needs Debian's package `redis-server` and fails without it.

use crate::{Authority, end_with_us, free_port};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The password of every server.
const PASSWORD: &str = "redis-password";

/// A running server.
pub struct RedisServer {
    folder: PathBuf,
    port: u16,
    tls: bool,
    server: Mutex<Child>,
    /// The shell that ends the server, waiting for its input to close: that happens even when the
    /// test process is killed.
    _end: Child,
}

impl RedisServer {
    /// A server that keeps nothing on disk.
    ///
    /// # Panics
    /// When Redis is not installed or does not start.
    pub fn start() -> Self {
        Self::prepared(None)
    }

    /// A server that speaks TLS only; an authority vouches that it is `host`.
    ///
    /// # Panics
    /// When Redis is not installed or does not start.
    pub fn secure(authority: &Authority, host: &str) -> Self {
        Self::prepared(Some((authority, host)))
    }

    fn prepared(tls: Option<(&Authority, &str)>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("chejia-redis-")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        let port = free_port();
        let mut settings = format!(
            "bind 127.0.0.1\nsave \"\"\nappendonly no\ndaemonize no\nrequirepass {PASSWORD}\n\
             pidfile {0}/pid\nlogfile {0}/log\ndir {0}\n",
            folder.display()
        );
        match tls {
            None => settings += &format!("port {port}\n"),
            Some((authority, host)) => {
                let files = authority.certify(host, &folder);
                settings += &format!(
                    "port 0\ntls-port {port}\ntls-auth-clients no\ntls-cert-file {}\ntls-key-file {}\n",
                    files.certificate.display(),
                    files.key.display()
                );
            }
        }
        fs::write(folder.join("redis.conf"), settings).expect("written");
        let server = Mutex::new(run(&folder));
        let end = end_with_us(&folder, "cat \"$0/pid\"", "KILL");
        let redis = Self {
            folder,
            port,
            tls: tls.is_some(),
            server,
            _end: end,
        };
        redis.wait_until_ready();
        redis
    }

    /// Its URL, with its password.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "rediss" } else { "redis" };
        format!("{scheme}://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    /// What no log may have in it.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Kills it, as a power cut would.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn kill(&self) {
        let mut server = self.server();
        server.kill().expect("killed");
        server.wait().expect("ended");
        self.forget_process();
    }

    /// Starts it again after [`RedisServer::kill`]; it has forgotten everything.
    ///
    /// # Panics
    /// When it does not come back.
    pub fn restart(&self) {
        *self.server() = run(&self.folder);
        self.wait_until_ready();
    }

    /// Lets it hang: it is there, and answers nothing.
    pub fn hang(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    /// Sends one command without blanks in its words, past everything else; the answer as it came.
    ///
    /// # Panics
    /// When the server does not answer, or speaks TLS.
    pub fn command(&self, command: &str) -> String {
        let asked = self.asked(command).expect("an answer");
        assert!(!asked.starts_with('-'), "{asked}");
        asked
    }

    fn asked(&self, command: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "AUTH {PASSWORD}\r\n{command}\r\nQUIT\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let text = text.strip_prefix("+OK\r\n").unwrap_or(&text);
        Ok(text.strip_suffix("+OK\r\n").unwrap_or(text).to_owned())
    }

    fn wait_until_ready(&self) {
        let mut looks = 0;
        loop {
            let ready = match self.tls {
                true => TcpStream::connect(("127.0.0.1", self.port)).is_ok(),
                false => self.asked("PING").is_ok_and(|text| text.contains("PONG")),
            };
            if ready {
                return;
            }
            looks += 1;
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(looks < 600, "Redis does not start: {}", log());
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn signal(&self, name: &str) {
        let id = self.server().id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.expect("kill runs").success(), "the signal is sent");
    }

    /// The number of a process that has ended may soon be another's.
    fn forget_process(&self) {
        let _ = fs::remove_file(self.folder.join("pid"));
    }

    fn server(&self) -> MutexGuard<'_, Child> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been killed already.
        let mut server = self.server();
        let _ = server.kill();
        let _ = server.wait();
        self.forget_process();
    }
}

fn run(folder: &Path) -> Child {
    let started = Command::new("redis-server")
        .arg(folder.join("redis.conf"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    started.expect("Redis must be installed: .ci/run does it, or apt-get install redis-server")
}
