//! `serve`: the demo, the signals, the log.

use crate::{PAGE_VIN, Server, chejia, expect_failure, run};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn a_demo_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let output = run(&["serve", "--demo", "--listen", address], b"");
        expect_failure(&output, 2, "loopback address only");
    }
    expect_failure(&run(&["serve", "--listen", "8080"], b""), 2, "--listen");
}

#[test]
fn the_printed_curl_line_works_and_the_page_leads_there() {
    let dir = tempfile::tempdir().expect("a directory");
    let args = ["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"];
    let mut child = chejia(&args)
        .arg(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let curl = lines.next().expect("a line").expect("UTF-8");
    let browser = lines.next().expect("a line").expect("UTF-8");
    assert!(curl.starts_with("curl 'http://127.0.0.1:"), "{curl}");
    assert!(browser.contains("http://127.0.0.1:"), "{browser}");
    let output = Command::new("sh")
        .args(["-c", &format!("{curl} -s")])
        .output()
        .expect("sh");
    child.kill().expect("killed");
    child.wait().expect("ended");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("\"code\":200") && text.contains("本田 雅阁"),
        "{text}"
    );
}

#[test]
fn the_demo_key_is_dead_without_demo() {
    let dir = tempfile::tempdir().expect("a directory");
    let demo = Server::demo(dir.path());
    assert_eq!(demo.look_up("demo", PAGE_VIN)["code"], 200);
    demo.signal("TERM");
    assert_eq!(demo.end().0, Some(0));
    let mut child = chejia(&["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let log = BufReader::new(child.stderr.take().expect("piped"));
    let line = log
        .lines()
        .map(|line| line.expect("UTF-8"))
        .find(|line| line.contains("http://"));
    let address = line
        .expect("the address")
        .split("http://")
        .nth(1)
        .expect("it")
        .to_owned();
    let server = Server { child, address };
    assert_eq!(server.look_up("demo", PAGE_VIN)["code"], 401);
}

#[test]
fn a_signal_lets_the_request_under_way_finish() {
    for signal in ["TERM", "INT"] {
        let dir = tempfile::tempdir().expect("a directory");
        let server = Server::demo(dir.path());
        let mut stream = TcpStream::connect(&server.address).expect("connects");
        let body = format!("key=demo&vin={PAGE_VIN}");
        let head = format!(
            "POST /api/vin/get HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("sent");
        std::thread::sleep(Duration::from_millis(300));
        server.signal(signal);
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(body.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.contains("\"code\":200"), "{answer}");
        let (status, log) = server.end();
        assert_eq!(status, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = Server::demo(dir.path());
    let mut stream = TcpStream::connect(&server.address).expect("connects");
    let head = b"POST /api/vin/get HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
    stream.write_all(head).expect("sent");
    std::thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    std::thread::sleep(Duration::from_millis(300));
    server.signal("TERM");
    // The request under way would have had 10 seconds more; an orderly end gives 0.
    assert_eq!(server.end().0, Some(130));
}

#[test]
fn a_port_in_use_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let dir = dir.path().to_str().expect("UTF-8");
    let output = run(&["serve", "--listen", &address, "--data-dir", dir], b"");
    expect_failure(&output, 1, &address);
}

#[test]
fn a_setting_that_is_none_is_wrong_usage() {
    for (name, value, part) in [
        ("CHEJIA_LISTEN", "8080", "LISTEN"),
        ("CHEJIA_NODE", "1000", "node must be 0 to 999"),
        ("CHEJIA_LOG", "a=b=c", "log"),
    ] {
        let output = chejia(&["serve"]).env(name, value).output().expect("ends");
        expect_failure(&output, 2, part);
    }
    let output = run(&["serve", "--config", "/nowhere/chejia.toml"], b"");
    expect_failure(&output, 2, "no settings file /nowhere/chejia.toml");
}
