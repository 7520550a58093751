//! The description for programs, held against the server: schemathesis makes requests of every
//! operation and compares each answer with its schema; every example fits its schema, too.

use super::{output, python, source};
use crate::Server;
use std::process::Command;

/// What schemathesis checks. Not checked: that requests which break the schema get an HTTP status of
/// 4xx, and other methods 405, for every business result of this interface is HTTP 200 with a code.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,\
                      positive_data_acceptance,allow_header_conformance";

#[test]
fn every_answer_is_as_the_description_says() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::demo(dir.path());
    let url = format!("http://{}/openapi.json", server.address);
    let python = python();
    let printed = output(Command::new(&python).arg(source("examples.py")).arg(&url));
    let examples: usize = printed.trim().parse().expect("a number");
    assert!(examples > 200, "{examples} examples");
    let said = Command::new(python.with_file_name("schemathesis"))
        .current_dir(dir.path())
        .arg("--config-file")
        .arg(source("schemathesis.toml"))
        .args(["--no-color", "run", &url, "--checks", CHECKS])
        .args(["--max-examples", "30", "--workers", "2", "--seed", "1"])
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{printed}");
    assert!(printed.contains("No issues found"), "{printed}");
}
