//! What the program says of itself for shells and for readers, and the log as JSON.

use crate::run;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell], b"");
        assert!(output.status.success(), "{shell}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(
            text.contains("decode") && text.contains("data-dir"),
            "{shell}"
        );
    }
    crate::expect_failure(&run(&["completions", "cmd"], b""), 2, "cmd");
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = tempfile::tempdir().expect("a directory");
    let folder = dir.path().join("man1");
    let output = run(&["man", folder.to_str().expect("UTF-8")], b"");
    assert!(output.status.success());
    for name in [
        "chejia",
        "chejia-serve",
        "chejia-key-create",
        "chejia-data-import",
    ] {
        let page = std::fs::read_to_string(folder.join(format!("{name}.1")));
        let page = page.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(page.contains(".SH NAME"), "{name}");
    }
    let file = dir.path().join("file");
    std::fs::write(&file, "").expect("written");
    let refused = run(&["man", file.to_str().expect("UTF-8")], b"");
    crate::expect_failure(&refused, 1, "file");
}

#[test]
fn the_log_can_be_json() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = crate::chejia(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    command.args(["--data-dir", dir.path().to_str().expect("UTF-8")]);
    command.env("CHEJIA_LOG_FORMAT", "json");
    let log = dir.path().join("log");
    command.stdout(Stdio::piped());
    command.stderr(std::fs::File::create(&log).expect("made"));
    let mut child = command.spawn().expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.next().is_some(), "it says where it is");
    child.kill().expect("killed");
    child.wait().expect("ends");
    let log = std::fs::read_to_string(&log).expect("read");
    assert!(!log.is_empty());
    for line in log.lines() {
        let json: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(
            json["timestamp"].is_string() && json["level"].is_string(),
            "{line}"
        );
        assert!(json["message"].is_string(), "{line}");
    }
    let mut wrong = crate::chejia(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    wrong.args(["--data-dir", dir.path().to_str().expect("UTF-8")]);
    wrong.env("CHEJIA_LOG_FORMAT", "xml");
    crate::expect_failure(&wrong.output().expect("ends"), 2, "log_format");
}
