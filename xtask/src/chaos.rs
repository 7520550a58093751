//! Load over channels that fail and recover at random; a test run does so for some seconds.

use crate::run::{self, Failure, cargo, none_left, option};

/// For how many minutes without `--minutes`.
const MINUTES: &str = "5";

/// The variable that tells the tests.
const VARIABLE: &str = "CHEJIA_CHAOS_SECONDS";

/// Goes on for as long as asked.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let minutes = option(&mut arguments, "--minutes")?.unwrap_or_else(|| MINUTES.to_owned());
    none_left(&arguments)?;
    let Some(minutes) = minutes.parse::<u64>().ok().filter(|minutes| *minutes > 0) else {
        let text = format!("--minutes must be a number above 0, not {minutes}");
        return Err(Failure::Usage(text));
    };
    let mut test = cargo(&[
        "test",
        "--locked",
        "--package",
        "vin-api",
        "--test",
        "it",
        "channels::chaos::",
        "--",
        "--nocapture",
    ]);
    test.env(VARIABLE, (minutes * 60).to_string());
    Ok(run::succeed(&mut test)?)
}
