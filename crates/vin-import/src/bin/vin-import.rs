//! Makes the canonical tables of `data/` from a publisher's files.

use std::path::Path;
use std::process::ExitCode;

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to its terminal"
)]
#[expect(clippy::disallowed_methods, reason = "a command reads its arguments")]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [source, folder, out] = arguments.as_slice() else {
        eprintln!("usage: vin-import vpic-csv FOLDER OUT");
        return ExitCode::from(2);
    };
    if source != "vpic-csv" {
        eprintln!("unknown source {}; there is: vpic-csv", source.display());
        return ExitCode::from(2);
    }
    match vin_import::sources::vpic_csv::import(Path::new(folder), Path::new(out)) {
        Ok(written) => {
            for (table, rows) in written {
                println!("{table}\t{rows}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
