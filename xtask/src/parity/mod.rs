//! Parity: `chejia decode --vpic` against another complete decoder of the same tables, the oracle.
//!
//! Both answer the same corpus, once, with the same frozen clock. Every attribute, error code and
//! model year must be equal, or the difference must be an entry of `docs/deviations.md` that holds.

mod compare;
mod deviations;
mod golden;
mod oracle;
mod report;

use crate::run::{self, Failure, none_left, option, switch};
use deviations::Deviations;
pub use oracle::{Oracle, PACKAGE};
use report::{Asked, Report};
use std::fs::File;
use std::path::Path;

/// The clock of both decoders, as `chejia` takes it. `oracle.py` holds the same day.
const AS_OF: &str = "2026-11-01";

/// Runs the comparison, or with `--write-golden` renews the golden corpus.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let oracle = option(&mut arguments, "--oracle")?;
    let show = option(&mut arguments, "--show")?;
    let write_golden = switch(&mut arguments, "--write-golden");
    none_left(&arguments)?;
    let show = show.map_or(Ok(10), |n| n.parse());
    let show = show.map_err(|_| Failure::Usage("--show takes a number".into()))?;

    let oracle = Oracle::ready(oracle.as_deref().map(Path::new))?;
    let folder = run::target().join("parity");
    let deviations = run::read(&run::root().join("docs/deviations.md"))?;
    let deviations = Deviations::parse(&deviations)?;
    let chejia = run::release_binary()?;
    oracle.make_corpus(&folder)?;
    if write_golden {
        return Ok(golden::write(&oracle, &chejia, &folder, &deviations)?);
    }
    let asked = Asked::read(&oracle, &folder, &deviations)?;
    let (file, ours) = (folder.join("asked.txt"), folder.join("ours.jsonl"));
    run::write(&file, &asked.lines)?;
    decode(&chejia, &file, &ours)?;
    let report = Report::of(&asked, &run::read(&ours)?, &deviations)?;
    let all = folder.join("diff.jsonl");
    run::write(&all, report.differences_as_lines())?;
    print!("{}", report.text(show));
    if report.holds() {
        return Ok(());
    }
    let all = all.display();
    Err(Failure::Failed(format!(
        "not equal; every difference is in {all}"
    )))
}

/// Our answers to the lines of a file.
fn decode(chejia: &Path, corpus: &Path, out: &Path) -> Result<(), String> {
    let open = File::open(corpus).and_then(|input| Ok((input, File::create(out)?)));
    let (input, output) = open.map_err(|e| format!("{}: {e}", out.display()))?;
    let mut chejia = run::command(chejia);
    chejia.args(["decode", "--vpic", "-", "--as-of", AS_OF]);
    run::succeed(chejia.stdin(input).stdout(output))
}
