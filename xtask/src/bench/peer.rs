//! What one would build instead: FastAPI, ultravin and Redis, `benches/peers/billed.py`, with a
//! Redis of its own on loopback and in a temporary folder.

use super::client;
use super::place::Key;
use super::server::{Server, free_address};
use crate::{python, run};
use serde_json::Value;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SCRIPT: &str = "benches/peers/billed.py";
const REQUIREMENTS: &str = include_str!("../../../benches/peers/requirements.txt");
/// Requests whose answers are compared with ours.
const COMPARED: usize = 200;
/// More calls in a second than are ever asked.
const RATE: &str = "1000000/1";

/// The running peer, with an account and a key.
pub struct Peer {
    /// Its server. It is dropped before the Redis that it needs.
    pub server: Server,
    redis: Redis,
    key: Key,
    granted: i64,
}

/// A Redis that is ended when it is dropped.
struct Redis {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
    python: PathBuf,
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Nothing of it is needed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Redis {
    fn start() -> Result<Self, String> {
        let python = python::environment("peer", REQUIREMENTS)?.join("bin/python");
        let folder = run::target().join("bench/redis");
        // One that was killed may have left its file.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let address = free_address()?;
        let mut command = Command::new("redis-server");
        command
            .args(["--bind", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--appendonly", "yes", "--appendfsync", "everysec"])
            .args(["--save", "", "--dir"])
            .arg(&folder);
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let child = spawned.map_err(|e| {
            format!("redis-server, of Debian's package of that name, cannot be started: {e}")
        })?;
        let redis = Self {
            child,
            folder,
            address,
            python,
        };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err("redis-server does not answer".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(redis)
    }

    /// The script with these arguments.
    fn script(&self, arguments: &[&str]) -> Command {
        let mut command = run::command(&self.python);
        command
            .arg(run::root().join(SCRIPT))
            .args(arguments)
            .env("PEER_REDIS", format!("redis://{}/0", self.address))
            // What Python compiles for itself stays out of the tree.
            .env("PYTHONPYCACHEPREFIX", self.folder.join("compiled"));
        command
    }
}

impl Peer {
    /// Starts it, with an account that has `granted` calls and the key `key`.
    pub fn start(key: &Key, granted: i64) -> Result<Self, String> {
        let redis = Redis::start()?;
        let address = free_address()?;
        let (host, port) = (address.ip().to_string(), address.port().to_string());
        let server = Server::start(redis.script(&["serve", &host, &port]), address)?;
        let peer = Self {
            server,
            redis,
            key: key.clone(),
            granted,
        };
        peer.create(key, granted, RATE)?;
        Ok(peer)
    }

    fn create(&self, key: &Key, calls: i64, rate: &str) -> Result<(), String> {
        let calls = calls.to_string();
        let arguments = ["create", &key.key, &key.secret, &calls, rate];
        run::succeed(&mut self.redis.script(&arguments))
    }

    /// Checks that it does what it is compared for: it answers as `ours` does, charges each answer
    /// once, and refuses what must be refused.
    pub fn check(&self, ours: &Server) -> Result<(), String> {
        let step = self.server.requests.len().div_ceil(COMPARED);
        let mut left = self.granted;
        for request in self.server.requests.iter().step_by(step) {
            let (mine, its) = (
                json(ours.address, request)?,
                json(self.server.address, request)?,
            );
            left -= 1;
            let (mine, its) = (&mine["data"], &its["data"]);
            let agrees = ["vin", "yeartype"].iter().all(|field| {
                let text = its["result"][field].as_str();
                text.is_some_and(|text| mine["result"][field] == text)
            });
            if !agrees || its["charge"]["charged"] != true || its["charge"]["remaining"] != left {
                return Err(format!("the peer answers {its}, Chejia {mine}"));
            }
        }
        let vin = "&vin=1HGCM82633A004352";
        let other = |name: &str| Key {
            key: format!("{name}-{}", self.key.key),
            secret: self.key.secret.clone(),
        };
        let (poor, slow) = (other("poor"), other("slow"));
        self.create(&poor, 2, RATE)?;
        self.create(&slow, 9, "2/86400")?;
        let forged = Key {
            secret: "another".to_owned(),
            ..self.key.clone()
        };
        for (key, codes) in [
            (&poor, &[200, 200, 603][..]),
            (&slow, &[200, 200, 429]),
            (&forged, &[402]),
            (&other("unknown"), &[401]),
        ] {
            for code in codes {
                let answer = json(self.server.address, &key.get("/api/vin/get", vin))?;
                if answer["code"] != *code {
                    return Err(format!("the peer answers {answer}, not {code}"));
                }
            }
        }
        Ok(())
    }

    /// Checks that each call that was taken from the balance is in the log, and no other.
    pub fn balance(&self) -> Result<(), String> {
        let said = run::output(&mut self.redis.script(&["state", &self.key.key]))?;
        let said: Value = serde_json::from_slice(&said).map_err(|e| e.to_string())?;
        let of = |name: &str| said[name].as_i64().unwrap_or(-1);
        match of("remaining") + of("logged") == self.granted {
            true => Ok(()),
            false => Err(format!("of {} calls the peer has {said}", self.granted)),
        }
    }
}

fn json(address: SocketAddr, request: &[u8]) -> Result<Value, String> {
    let answer = client::send(address, request).map_err(|e| format!("{address}: {e}"))?;
    serde_json::from_slice(&answer.body).map_err(|e| format!("{address}: {e}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peer_decodes_with_the_decoder_that_we_compare_with() {
        let wanted = crate::parity::PACKAGE;
        assert!(super::REQUIREMENTS.lines().any(|line| line == wanted));
    }
}
