//! Makes the canonical tables of `data/` from a publisher's files.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use vin_import::{ImportError, catalogue, sources};

/// What a run wrote, or `None` for words that it does not know.
fn run(arguments: &[OsString]) -> Option<Result<String, ImportError>> {
    let words: Vec<_> = arguments
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    let path = |at: usize| Path::new(&arguments[at]);
    match words.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..] {
        ["vpic-csv", _, _] => {
            let written = sources::vpic_csv::import(path(1), path(2));
            Some(written.map(|tables| {
                let lines = tables
                    .iter()
                    .map(|(table, rows)| format!("{table}\t{rows}\n"));
                lines.collect()
            }))
        }
        ["catalogue-ids", _] => Some(catalogue::renew_ids(path(1))),
        ["catalogue-names", _] => Some(catalogue::unresolved_names(path(1))),
        [name, _, _] => {
            let source = sources::CATALOGUE
                .iter()
                .find(|source| source.name == name)?;
            let rows = (source.import)(path(1), path(2));
            Some(rows.map(|rows| format!("{name}\t{rows}\n")))
        }
        _ => None,
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to its terminal"
)]
#[expect(clippy::disallowed_methods, reason = "a command reads its arguments")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match run(&arguments) {
        Some(Ok(said)) => {
            print!("{said}");
            ExitCode::SUCCESS
        }
        Some(Err(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        None => {
            let names: Vec<_> = sources::CATALOGUE
                .iter()
                .map(|source| source.name)
                .collect();
            eprintln!("usage: vin-import SOURCE FILE TABLE, where SOURCE is one of");
            eprintln!("           {}", names.join(", "));
            eprintln!("       vin-import vpic-csv FOLDER OUT");
            eprintln!("       vin-import catalogue-ids DATA     give ids to new cars");
            eprintln!("       vin-import catalogue-names DATA   list names without a vPIC model");
            ExitCode::from(2)
        }
    }
}
