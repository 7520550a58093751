//! The program: its commands, its settings, and the one place that reads the world outside.

mod channels;
pub mod cli;
mod commands;
mod console;
mod counter;
mod desk;
mod download;
mod error;
mod lines;
mod mcp;
mod outgoing;
mod outside;
mod packs;
mod progress;
mod routing;
mod setting;
pub mod settings;
mod verifier;

pub use error::CommandError;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

/// Runs the command that the arguments name.
///
/// Exit 0 on success, 1 on failure and 2 on wrong usage, with what is wrong on standard error.
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is nobody left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "chejia: {error}");
            error.exit_code()
        }
    }
}
