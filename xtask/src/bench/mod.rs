//! Measurements on the machine at hand: peers are measured in the same run, rounds interleaved,
//! medians reported.

mod batch;
mod billed;
mod channels;
mod client;
mod decode;
mod document;
mod http;
mod ledger;
mod load;
mod machine;
mod pages;
mod peer;
mod place;
mod round;
mod server;

use crate::run::{self, Failure, none_left, option, switch};
use document::Section;

/// Runs one measurement, prints it, and with `--write` puts it into the document.
///
/// Whatever is measured has the processor to share with this program: without optimisation it would
/// take twice as much of it for each answer as a server that does nothing, and hide the difference.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        let optimised = [
            "run",
            "-q",
            "--release",
            "--package",
            "xtask",
            "--",
            "bench",
        ];
        return Ok(run::succeed(run::cargo(&optimised).args(arguments))?);
    }
    let mut arguments = arguments.to_vec();
    let oracle = option(&mut arguments, "--oracle")?;
    let baseline = option(&mut arguments, "--baseline")?;
    let write = switch(&mut arguments, "--write");
    let which = (!arguments.is_empty()).then(|| arguments.remove(0));
    none_left(&arguments)?;
    let section: Section = match which.as_deref() {
        Some("batch") => batch::measure(oracle.as_deref())?,
        Some("decode") => decode::measure(oracle.as_deref())?,
        Some("http") => http::measure(oracle.as_deref())?,
        Some("billed") => billed::measure(oracle.as_deref())?,
        Some("channels") => channels::measure(baseline)?,
        Some("ledger") => ledger::measure()?,
        Some("pages") => pages::measure()?,
        _ => {
            return Err(Failure::Usage(
                "say which: `bench decode`, `batch`, `http`, `billed`, `channels`, `ledger` or `pages`"
                    .into(),
            ));
        }
    };
    println!("{}", section.text());
    if write {
        document::put(&section)?;
    }
    Ok(())
}

/// The middle value.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How one series compares with another: the median of the ratios of neighbouring rounds, so that
/// what else the machine does weighs on both alike.
pub fn ratio(a: &[f64], b: &[f64]) -> f64 {
    let mut ratios: Vec<_> = a.iter().zip(b).map(|(a, b)| a / b).collect();
    median(&mut ratios)
}
