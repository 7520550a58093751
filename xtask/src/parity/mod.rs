//! Parity with another decoder of the same tables.
use crate::run::Failure;
pub fn run(_arguments: &[String]) -> Result<(), Failure> {
    Ok(())
}
