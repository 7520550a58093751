//! A command as a whole: how long it takes from start to end, and how much memory at most.

use super::{machine, median, ratio};
use crate::run;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One round of a command.
pub struct Round {
    seconds: f64,
    peak: f64,
}

/// The rounds of one command.
#[derive(Default)]
pub struct Series(Vec<Round>);

impl Series {
    /// Adds a round.
    pub fn add(&mut self, round: Round) {
        self.0.push(round);
    }

    /// The median of the times.
    pub fn seconds(&self) -> f64 {
        median(&mut self.times())
    }

    /// The median of the peaks, in MB.
    pub fn peak(&self) -> f64 {
        median(&mut self.0.iter().map(|r| r.peak).collect::<Vec<_>>())
    }

    /// How many times as long the other took, round by round.
    pub fn faster_than(&self, other: &Self) -> f64 {
        ratio(&other.times(), &self.times())
    }

    fn times(&self) -> Vec<f64> {
        self.0.iter().map(|r| r.seconds).collect()
    }
}

/// Runs a command until it ends, its standard input from a file or empty, what it prints dropped.
pub fn run_once(command: &mut Command, input: Option<&Path>) -> Result<Round, String> {
    match input {
        None => command.stdin(Stdio::null()),
        Some(path) => {
            let input = File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
            command.stdin(input)
        }
    };
    let started = Instant::now();
    let spawned = command.stdout(Stdio::null()).spawn();
    let mut child =
        spawned.map_err(|e| format!("`{}` cannot be started: {e}", run::shown(command)))?;
    let mut peak = 0.0;
    loop {
        // The peak only grows, so the last look misses no more than one pause.
        peak = machine::peak_resident(child.id()).unwrap_or(peak);
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) if status.success() => break,
            Some(status) => return Err(format!("`{}` ended with {status}", run::shown(command))),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(Round { seconds, peak })
}
