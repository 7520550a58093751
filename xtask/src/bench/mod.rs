//! Measurements.
use crate::run::Failure;
pub fn run(_arguments: &[String]) -> Result<(), Failure> {
    Ok(())
}
