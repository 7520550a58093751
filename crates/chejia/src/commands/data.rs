//! `chejia data …`

use super::print_json;
use crate::CommandError;
use crate::cli::Data;
use serde_json::json;

/// Tells about the built-in data, or checks it.
pub fn run(command: &Data) -> Result<(), CommandError> {
    match command {
        Data::Info => print_json(&json!({ "packs": [] })),
        Data::Verify => print_json(&json!({ "ok": true })),
    }
}
