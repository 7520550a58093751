//! `decode`: one line per VIN, in order, whatever arrives.

use crate::{PAGE_VIN, REPAIRED, chejia, expect_failure, json_lines, run};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

#[test]
fn vins_of_the_command_line_give_a_line_each() {
    let lines = json_lines(&run(&["decode", PAGE_VIN, "abc", "00000000000000000"], b""));
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["result"]["vin"], REPAIRED);
    assert_eq!(lines[0]["result"]["brand"], "保时捷");
    assert_eq!(lines[0]["match"]["channel"], "local");
    assert!(lines[0].get("explain").is_none());
    assert_eq!(lines[1]["error"]["code"], 403);
    assert_eq!(lines[2]["error"]["code"], 1003);
    assert!(lines[2]["error"]["msg"].is_string());
}

#[test]
fn standard_input_gives_a_line_for_every_line_also_for_nonsense() {
    let input = format!("{PAGE_VIN}\r\n\n{REPAIRED},2011\n{REPAIRED},1900\n\u{0}\n{REPAIRED}");
    let mut bytes = input.into_bytes();
    bytes.extend(b"\xff\xfe\nlast");
    let lines = json_lines(&run(&["decode", "-"], &bytes));
    let codes: Vec<_> = lines.iter().map(|l| l["error"]["code"].as_u64()).collect();
    let refused = Some(403);
    assert_eq!(
        codes,
        [None, refused, None, refused, refused, refused, refused]
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut input = String::new();
    for n in 0..60_000 {
        input += &format!("WP0AA2978BL{n:06}\n");
    }
    let one = run(&["decode", "-", "--threads", "1"], input.as_bytes());
    let four = run(&["decode", "-", "--threads", "4"], input.as_bytes());
    assert!(one.status.success() && one.stdout == four.stdout);
    assert_eq!(one.stdout.iter().filter(|&&b| b == b'\n').count(), 60_000);
}

#[test]
fn language_provenance_and_day_are_options() {
    let args = [
        "decode",
        PAGE_VIN,
        "--lang",
        "en",
        "--explain",
        "--year",
        "2011",
        "--as-of",
        "2026-11-24",
    ];
    let lines = json_lines(&run(&args, b""));
    assert_eq!(lines[0]["result"]["brand"], "Porsche");
    assert!(
        lines[0]["explain"]
            .as_array()
            .is_some_and(|facts| !facts.is_empty())
    );
}

#[test]
fn the_pure_procedure_decodes_anything() {
    for threads in ["1", "3"] {
        let args = [
            "decode",
            "--vpic",
            "-",
            "--as-of",
            "2026-11-24",
            "--threads",
            threads,
        ];
        let lines = json_lines(&run(&args, b"1HGCM82633A004352\n\nshort,2011\n"));
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["vin"], "1HGCM82633A004352");
        assert_eq!(lines[0]["model_year"], 2003);
        assert_eq!(lines[0]["attributes"]["Make"], "HONDA");
        assert!(
            lines[1]["error_codes"]
                .as_array()
                .is_some_and(|codes| !codes.is_empty())
        );
    }
}

#[test]
fn a_wrong_argument_is_wrong_usage() {
    expect_failure(&run(&["decode"], b""), 2, "VIN");
    expect_failure(&run(&["decode", "-", PAGE_VIN], b""), 2, "stands alone");
    expect_failure(
        &run(&["decode", PAGE_VIN, "--year", "1900"], b""),
        2,
        "--year must be 1980",
    );
    expect_failure(
        &run(&["decode", PAGE_VIN, "--as-of", "today"], b""),
        2,
        "YYYY-MM-DD",
    );
    expect_failure(
        &run(&["decode", PAGE_VIN, "--threads", "0"], b""),
        2,
        "threads",
    );
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_silently() {
    for threads in ["1", "4"] {
        let mut child = chejia(&["decode", "-", "--threads", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stdin = child.stdin.take().expect("piped");
        // Endless input: only the closed output can end it.
        let feeder = std::thread::spawn(move || {
            let lines = format!("{REPAIRED}\n").repeat(1000);
            while stdin.write_all(lines.as_bytes()).is_ok() {}
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        drop(stdout);
        let output = child.wait_with_output().expect("ends");
        feeder.join().expect("ends too");
        assert!(output.status.success(), "{threads} threads");
        assert!(
            output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
