//! `data import` of an address.

use crate::expect_failure;
use crate::place::{CARS, Place};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

/// Serves `answer` to every request, each on a connection of its own, until the test is over;
/// gives the address.
fn loopback(answer: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("connects"));
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).is_ok_and(|n| n > 0) {}
            let path = head.split(' ').nth(1).unwrap_or_default();
            // A client that has seen enough goes away.
            let _ = stream.get_mut().write_all(answer(path).as_bytes());
        }
    });
    format!("http://{address}")
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}")
}

#[test]
fn an_address_is_loaded_and_its_secrets_are_not_kept() {
    let place = Place::new();
    let server = loopback(|path| match path {
        "/old/cars.csv?token=tk" => http("302 Found", "Location: /new/cars.csv?token=tk\r\n", ""),
        "/new/cars.csv?token=tk" => http(
            "200 OK",
            &format!("Content-Length: {}\r\n", CARS.len()),
            CARS,
        ),
        path => panic!("{path} was asked for"),
    });
    let host = server.strip_prefix("http://").expect("an address");
    let report = place.good(&[
        "import",
        &format!("http://me:pw@{host}/old/cars.csv?token=tk"),
    ]);
    assert_eq!(report["source"], format!("{server}/old/cars.csv"));
    assert_eq!(
        (&report["file"], &report["generation"]),
        (&"cars.csv".into(), &1.into())
    );
    let kept = place.packs().join("000001");
    for file in ["manifest.json", "report.json"] {
        let text = fs::read_to_string(kept.join(file)).expect("a file");
        assert!(text.contains("/old/cars.csv") && !text.contains("tk") && !text.contains("pw"));
    }
    assert_eq!(place.names(), ["000001", "current", "lock"]);
}

#[test]
fn an_address_that_gives_no_file_is_told_why() {
    let place = Place::new();
    let server = loopback(|path| match path {
        "/large.zip" => http("200 OK", "Content-Length: 1073741825\r\n", "PK"),
        "/short.csv" => http("200 OK", "Content-Length: 1000\r\n", CARS),
        "/round" => http("302 Found", "Location: /round\r\n", ""),
        "/ftp" => http("302 Found", "Location: ftp://127.0.0.1/x\r\n", ""),
        _ => http("404 Not Found", "Content-Length: 0\r\n", ""),
    });
    for (path, part) in [
        ("/none.csv", "/none.csv: the server answered 404 Not Found"),
        ("/large.zip", "/large.zip: larger than 1073741824 bytes"),
        ("/short.csv", "/short.csv: "),
        ("/round", "more than 5 redirections"),
        ("/ftp", "ftp"),
    ] {
        expect_failure(&place.run(&["import", &format!("{server}{path}")]), 1, part);
    }
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address")
    };
    let gone = format!("http://{gone}/cars.csv");
    expect_failure(&place.run(&["import", &gone]), 1, "refused");
    assert_eq!(place.names(), ["lock"]);
}
