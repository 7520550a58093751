//! `completions` and `man`: what the command line says of itself, for shells and for readers.

use crate::CommandError;
use crate::cli::{Cli, Completions, Man};
use clap::CommandFactory as _;
use std::fs;
use std::io;

/// Prints the completions of a shell.
pub fn completions(args: &Completions) -> Result<(), CommandError> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "chejia", &mut out);
    super::quiet_when_closed(io::Write::write_all(&mut io::stdout(), &out))
}

/// Writes `chejia.1`, `chejia-serve.1` and so on.
pub fn pages(args: &Man) -> Result<(), CommandError> {
    let place = args.folder.display().to_string();
    fs::create_dir_all(&args.folder).map_err(CommandError::io(&place))?;
    clap_mangen::generate_to(Cli::command(), &args.folder).map_err(CommandError::io(&place))
}
