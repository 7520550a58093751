//! The built program, as its users run it.

mod address;
mod backup;
mod batch;
mod channel;
mod clients;
mod copy;
mod crash;
mod data;
mod decode;
mod help;
mod import;
mod mail;
mod manage;
mod manual;
mod money;
mod orders;
mod pages;
mod paying;
mod place;
mod redis;
mod secrets;
mod serve;
mod swap;
mod verifying;

use chejia::settings::{ENV_PREFIX, SETTINGS};
use serde_json::Value as Json;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The page's own example, and what it is repaired to.
const PAGE_VIN: &str = "WPOAA2978BL012976";
const REPAIRED: &str = "WP0AA2978BL012976";

/// The program with some arguments, and no setting from the environment of the test.
fn chejia(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chejia"));
    for setting in SETTINGS {
        command.env_remove(format!("{ENV_PREFIX}{}", setting.name.to_uppercase()));
    }
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.args(args);
    command
}

/// Runs the program with some standard input until it ends.
fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = chejia(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    // A program that does not read its input must not stop the test.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("written");
    output
}

/// The program ended well; its output, line by line, as JSON.
#[track_caller]
fn json_lines(output: &Output) -> Vec<Json> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let stdout = std::str::from_utf8(&output.stdout).expect("UTF-8");
    let lines = stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .collect()
}

/// The program failed with this status and one line that has `part` in it.
#[track_caller]
fn expect_failure(output: &Output, status: i32, part: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(stderr.contains(part), "{stderr}");
    assert!(output.stdout.is_empty());
}

/// A running server; it is killed when the test is over.
struct Server {
    child: Child,
    /// Its address, `127.0.0.1:PORT`.
    address: String,
}

impl Server {
    /// Starts a demo server on a free port.
    fn demo(data_dir: &Path) -> Self {
        Self::demo_with(data_dir, &[])
    }

    /// The same with more arguments.
    fn demo_with(data_dir: &Path, more: &[&str]) -> Self {
        let dir = data_dir.to_str().expect("UTF-8");
        let args = [
            "serve",
            "--demo",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            dir,
        ];
        let mut command = chejia(&args);
        command.args(more);
        Self::started(command)
    }

    /// Starts a demo server by this command.
    fn started(mut command: Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("starts");
        let stdout = BufReader::new(child.stdout.as_mut().expect("piped"));
        let line = stdout.lines().next().expect("a curl line").expect("UTF-8");
        let url = line.strip_prefix("curl 'http://").expect("a curl line");
        let address = url.split('/').next().expect("an address").to_owned();
        Self { child, address }
    }

    /// The body of the answer to a GET request.
    fn get(&self, target: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("set");
        let head = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        let (_, body) = text.split_once("\r\n\r\n").expect("a head");
        body.to_owned()
    }

    /// The envelope of a look-up.
    fn look_up(&self, key: &str, vin: &str) -> Json {
        let body = self.get(&format!("/api/vin/get?key={key}&vin={vin}"));
        serde_json::from_str(&body).expect("an envelope")
    }

    /// Sends a signal, by its name.
    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("sh");
        assert!(status.success());
    }

    /// Waits until the process has ended; its exit status, and what it logged.
    fn end(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut log).expect("UTF-8");
        }
        (self.child.wait().expect("ended").code(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
