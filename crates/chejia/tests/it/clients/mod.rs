//! Real clients: each speaks to the built server in every way that it knows.
//!
//! They need curl, PHP with its curl extension, Python with venv, Node, a JDK and Go; a test
//! whose tool is missing fails.

mod mcp;
mod openapi;
mod samples;
mod signed;

use crate::{PAGE_VIN, Server};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// A server of the test's own, and the address of its look-up.
fn start() -> (tempfile::TempDir, Server, String) {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::demo(dir.path());
    let url = format!("http://{}/api/vin/get", server.address);
    (dir, server, url)
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/clients")
        .join(name)
}

/// Runs a client and returns what it printed.
#[track_caller]
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{:?} must be installed: {error}", command.get_program());
    });
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Each line that a client printed is the answer to one of its requests.
#[track_caller]
fn expect_answers(printed: &str, count: usize) {
    let lines: Vec<_> = printed.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), count, "{printed}");
    for (i, line) in lines.iter().enumerate() {
        let json: Json = serde_json::from_str(line).expect("an envelope");
        assert_eq!(json["code"], 200, "request {}: {line}", i + 1);
        assert_eq!(
            json["data"]["result"]["brand"],
            "保时捷",
            "request {}",
            i + 1
        );
    }
}

#[test]
fn curl() {
    let (_dir, _server, url) = start();
    let vin = format!("vin={PAGE_VIN}");
    let json = format!(r#"{{"key":"demo","vin":"{PAGE_VIN}"}}"#);
    let query = format!("{url}?key=demo&{vin}");
    let with_key = format!("{url}?key=demo");
    let requests: [&[&str]; 8] = [
        &[&query],
        &[
            "-G",
            "-d",
            "key=demo",
            "--data-urlencode",
            "vin= wpoaa2978bl012976 ",
            &url,
        ],
        &["-d", "key=demo", "-d", &vin, &url],
        &["-d", &vin, &with_key],
        &[
            "-H",
            "Content-Type: application/x-www-form-urlencoded;charset:utf-8;",
            "-d",
            "key=demo",
            "-d",
            &vin,
            &url,
        ],
        &["-H", "Content-Type: application/json", "-d", &json, &url],
        &["-F", "key=demo", "-F", &vin, &url],
        &[
            "-X",
            "POST",
            "-H",
            "Content-Type: text/html",
            "--data-binary",
            "",
            &query,
        ],
    ];
    let mut printed = String::new();
    for request in requests {
        printed += &output(
            Command::new("curl")
                .args(["-sS", "-f", "-w", "\n"])
                .args(request),
        );
    }
    expect_answers(&printed, requests.len());
}

#[test]
fn php() {
    let (_dir, _server, url) = start();
    let printed = output(
        Command::new("php")
            .arg(source("client.php"))
            .args([&url, PAGE_VIN]),
    );
    expect_answers(&printed, 5);
}

/// A Python with what `requirements.txt` names.
fn python() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients-venv");
    let python = venv.join("bin/python");
    let has_all = Command::new(&python)
        .args(["-c", "import mcp, requests, schemathesis"])
        .output();
    if !has_all.is_ok_and(|output| output.status.success()) {
        output(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&venv),
        );
        let install = ["-m", "pip", "install", "--quiet", "--requirement"];
        output(
            Command::new(&python)
                .args(install)
                .arg(source("requirements.txt")),
        );
    }
    python
}

#[test]
fn python_requests() {
    let (_dir, _server, url) = start();
    let python = python();
    let printed = output(
        Command::new(&python)
            .arg(source("client.py"))
            .args([&url, PAGE_VIN]),
    );
    expect_answers(&printed, 5);
}

#[test]
fn node() {
    let (_dir, _server, url) = start();
    let printed = output(
        Command::new("node")
            .arg(source("client.mjs"))
            .args([&url, PAGE_VIN]),
    );
    expect_answers(&printed, 3);
}

#[test]
fn java() {
    let (_dir, _server, url) = start();
    let mut java = Command::new("java");
    java.arg("-Dstdout.encoding=UTF-8")
        .arg(source("Client.java"));
    expect_answers(&output(java.args([&url, PAGE_VIN])), 3);
}

#[test]
fn go() {
    let (_dir, _server, url) = start();
    let mut go = Command::new("go");
    // The folder for what is compiled must exist also where there is no home.
    go.env(
        "GOCACHE",
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"),
    );
    go.env("GO111MODULE", "off")
        .arg("run")
        .arg(source("client.go"));
    expect_answers(&output(go.args([&url, PAGE_VIN])), 4);
}
