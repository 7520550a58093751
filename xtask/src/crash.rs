//! Kills the program and its PostgreSQL under load, and the program while payments are told of, as often as
//! asked; a test run does so 5 times.

use crate::run::{self, Failure, cargo, none_left, option};

/// How many rounds without `--rounds`.
const ROUNDS: &str = "20";

/// The variable that tells the tests.
const VARIABLE: &str = "CHEJIA_CRASH_ROUNDS";

/// Plays the rounds.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let mut arguments = arguments.to_vec();
    let rounds = option(&mut arguments, "--rounds")?.unwrap_or_else(|| ROUNDS.to_owned());
    none_left(&arguments)?;
    if !rounds.parse::<u32>().is_ok_and(|rounds| rounds > 0) {
        let text = format!("--rounds must be a number above 0, not {rounds}");
        return Err(Failure::Usage(text));
    }
    let mut test = cargo(&[
        "test",
        "--locked",
        "--package",
        "chejia",
        "--test",
        "it",
        "--",
        "crash::",
        "killed",
        "--nocapture",
    ]);
    test.env(VARIABLE, &rounds);
    Ok(run::succeed(&mut test)?)
}
