//! A server that is measured: started, loaded in rounds, ended.

use super::{client, load, machine};
use crate::run;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take until it answers, and to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that is stopped when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it is asked, in turn.
    pub requests: Vec<Vec<u8>>,
    /// What must be in every answer.
    pub word: &'static [u8],
    /// What the rounds showed.
    pub rounds: Rounds,
}

/// What was seen of a server, round by round.
#[derive(Default)]
pub struct Rounds {
    /// Answers per second.
    pub rates: Vec<f64>,
    /// Microseconds of the server's processor per answer.
    pub costs: Vec<f64>,
    /// The time in which half of the answers came, in milliseconds.
    pub usual: Vec<f64>,
    /// The time in which 99 of 100 answers came, in milliseconds.
    pub slowest: Vec<f64>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server with workers ends them only when it is asked to. One that does not end is killed,
        // and may be gone already; there is nothing to do about it here.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts `command`, and returns when something answers at `address`.
    pub fn start(command: Command, address: SocketAddr) -> Result<Self, String> {
        Self::started(command, address, Stdio::null())
    }

    /// The same with the first line that it prints.
    pub fn start_telling(command: Command, address: SocketAddr) -> Result<(Self, String), String> {
        let mut server = Self::started(command, address, Stdio::piped())?;
        let mut line = String::new();
        if let Some(out) = server.child.stdout.as_mut() {
            let read = BufReader::new(out).read_line(&mut line);
            read.map_err(|error| error.to_string())?;
        }
        Ok((server, line))
    }

    fn started(mut command: Command, address: SocketAddr, out: Stdio) -> Result<Self, String> {
        let spawned = command.stdin(Stdio::null()).stdout(out).spawn();
        let child =
            spawned.map_err(|e| format!("`{}` cannot be started: {e}", run::shown(&command)))?;
        let server = Self {
            child,
            address,
            requests: Vec::new(),
            word: b"\"code\":200",
            rounds: Rounds::default(),
        };
        let started = Instant::now();
        while client::ask(address, "/readyz").is_err() {
            if started.elapsed() > PATIENCE {
                return Err(format!("`{}` does not answer", run::shown(&command)));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Asks for `length` over so many connections, and notes what was seen.
    pub fn round(&mut self, length: Duration, connections: usize) -> Result<(), String> {
        let before = machine::processor_time(self.child.id());
        let counted = load::run(self.address, &self.requests, self.word, connections, length)
            .map_err(|e| format!("the connection to {} failed: {e}", self.address))?;
        let after = machine::processor_time(self.child.id());
        if counted.bad > 0 || counted.good == 0 {
            let (good, bad) = (counted.good, counted.bad);
            let word = String::from_utf8_lossy(self.word);
            let first = String::from_utf8_lossy(&counted.first_bad);
            return Err(format!(
                "{bad} answers without {word}, {good} with it; the first of these:\n{first}"
            ));
        }
        let used = after
            .zip(before)
            .map_or(f64::NAN, |(after, before)| after - before);
        let rounds = &mut self.rounds;
        rounds.rates.push(counted.good as f64 / counted.seconds);
        rounds.usual.push(counted.quantile(0.5));
        rounds.slowest.push(counted.quantile(0.99));
        rounds.costs.push(used * 1e6 / counted.good as f64);
        Ok(())
    }
}

/// A port that is free now.
pub fn free_address() -> Result<SocketAddr, String> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
    bound.map_err(|e| format!("no free port: {e}"))
}
