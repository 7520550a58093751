//! `batch`: files and streams, what is refused, and runs that are killed.

use crate::{PAGE_VIN, REPAIRED, chejia, expect_failure, json_lines, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

const DAY: [&str; 2] = ["--as-of", "2026-11-24"];

fn batch(args: &[&str], input: &[u8]) -> Output {
    run(&[&["batch"], args].concat(), input)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A folder with a file of so many cars in it.
fn cars(count: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cars.csv");
    let mut rows = "no,vin\n".to_owned();
    for n in 0..count {
        rows += &format!("{n},1HGCM82633A{n:06}\n");
    }
    fs::write(&path, rows).expect("written");
    (folder, path)
}

#[test]
fn a_stream_becomes_a_stream() {
    let input = format!("vin,note\n{PAGE_VIN},x\n,y\n");
    let args = [
        "-",
        "--from",
        "csv",
        "--columns",
        "status,vin,brand",
        "--lang",
        "en",
    ];
    let output = batch(&args, input.as_bytes());
    assert!(output.status.success() && output.stderr.is_empty());
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    let wanted = format!(
        "vin,note,status,decoded_vin,brand\n{PAGE_VIN},x,found,{REPAIRED},Porsche\n,y,refused,,\n"
    );
    assert_eq!(found, wanted);
    let lines = batch(
        &["-", "--from", "txt", "--to", "jsonl"],
        PAGE_VIN.as_bytes(),
    );
    let lines = json_lines(&lines);
    assert_eq!(lines[0]["brand"], "保时捷");
    assert_eq!(lines[0]["isimport"], 1);
    assert!(lines[0].get("explain").is_none());
    let lines = batch(
        &["-", "--from", "txt", "--to", "jsonl", "--explain"],
        PAGE_VIN.as_bytes(),
    );
    assert!(
        json_lines(&lines)[0]["explain"]
            .as_array()
            .is_some_and(|e| !e.is_empty())
    );
}

#[test]
fn a_file_says_what_was_found_and_what_was_repaired() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("车.csv");
    // 备注 in GBK.
    let bytes = [
        b"vin,",
        &b"\xb1\xb8\xd7\xa2\n"[..],
        PAGE_VIN.as_bytes(),
        b",x\nshort,\n",
    ];
    fs::write(&input, bytes.concat()).expect("written");
    let out = folder.path().join("out.jsonl");
    let output = batch(&[text(&input), "-o", text(&out), "--only-hits"], b"");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{told}"
    );
    assert!(
        told.contains("the text is no UTF-8; it was read as gb18030"),
        "{told}"
    );
    assert!(told.contains("1 found, 0 not known, 1 no VIN"), "{told}");
    let rows = fs::read_to_string(&out).expect("written");
    assert!(rows.starts_with("{\"vin\":\"WPOAA2978BL012976\",\"备注\":\"x\","));
    assert_eq!(rows.lines().count(), 1);
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 2, "nothing is left beside input and output");
}

#[test]
fn a_wrong_argument_is_wrong_usage_and_a_broken_file_a_failure() {
    let (folder, cars) = cars(1);
    let none = folder.path().join("none.csv");
    let cases: [(&[&str], i32, &str); 10] = [
        (&["-"], 2, "add --from"),
        (&["-", "--from", "parquet"], 2, "name a file"),
        (&[text(&cars), "--to", "xlsx"], 2, "xlsx needs a file"),
        (&[text(&cars), "--to", "txt"], 2, "txt is only read"),
        (&[text(&cars), "-o", "out.doc"], 2, "says no format"),
        (
            &[text(&cars), "-o", text(&cars)],
            2,
            "the place of the input",
        ),
        (
            &[text(&cars), "--column", "vim"],
            2,
            "there is no column \"vim\"; the columns are no, vin",
        ),
        (&[text(&cars), "--columns", "brands"], 2, "there is brand"),
        (
            &[text(&cars), "--vpic", "--explain"],
            2,
            "cannot be used with",
        ),
        (&[text(&none)], 1, "none.csv"),
    ];
    for (args, status, words) in cases {
        expect_failure(&batch(args, b""), status, words);
    }
    let empty = folder.path().join("empty.csv");
    fs::write(&empty, "").expect("written");
    let out = folder.path().join("out.csv");
    expect_failure(
        &batch(&[text(&empty), "-o", text(&out)], b""),
        1,
        "the input is empty",
    );
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 2, "what failed leaves nothing behind");
}

/// Runs until the frames so far reach `bytes`, then kills it. `false` when it ended before.
fn kill_at(args: &[&str], part: &Path, bytes: u64) -> bool {
    let mut child = chejia(&[&["batch"], args].concat())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    loop {
        if fs::metadata(part).is_ok_and(|m| m.len() >= bytes) {
            child.kill().expect("killed");
            return !child.wait().expect("ended").success();
        }
        if child.try_wait().expect("asked").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_loses_and_doubles_no_row() {
    let (folder, cars) = cars(100_000);
    for ending in ["csv", "parquet", "jsonl"] {
        let out = folder.path().join(format!("out.{ending}"));
        let whole = folder.path().join(format!("whole.{ending}"));
        let part = folder.path().join(format!("out.{ending}.part"));
        let options = [
            &["--columns", "vin,brand,typename,name", "--threads", "2"][..],
            &DAY,
        ];
        let args = [&[text(&cars), "-o", text(&out)][..], &options.concat()].concat();
        let straight = [&[text(&cars), "-o", text(&whole)][..], &options.concat()].concat();
        assert!(batch(&straight, b"").status.success());
        let (mut kills, mut size) = (0, 1);
        while kills < 4 && kill_at(&args, &part, size) {
            kills += 1;
            assert!(!out.exists(), "a file appears when it is whole");
            // A frame that was cut off in the middle.
            let length = fs::metadata(&part).expect("frames").len();
            size = length + 1;
            if kills == 2 {
                let file = fs::OpenOptions::new()
                    .write(true)
                    .open(&part)
                    .expect("frames");
                file.set_len(length - 7).expect("cut off");
            }
        }
        assert!(kills >= 3, "{ending}: it was killed {kills} times only");
        let output = batch(&args, b"");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        assert!(told.contains("going on after row "), "{told}");
        let (found, wanted) = (
            fs::read(&out).expect("whole"),
            fs::read(&whole).expect("whole"),
        );
        assert!(
            found == wanted,
            "{ending}: {} and {} bytes",
            found.len(),
            wanted.len()
        );
        assert!(!part.exists());
    }
}

#[test]
fn another_input_or_other_options_begin_anew() {
    let (folder, cars) = cars(60_000);
    let out = folder.path().join("out.csv");
    let part = folder.path().join("out.csv.part");
    let args = [text(&cars), "-o", text(&out), "--columns", "brand"];
    assert!(kill_at(&args, &part, 5_000));
    let other = [text(&cars), "-o", text(&out), "--columns", "vin"];
    let output = batch(&other, b"");
    assert!(output.status.success());
    assert!(!String::from_utf8_lossy(&output.stderr).contains("going on"));
    let rows = fs::read_to_string(&out).expect("whole");
    assert!(rows.starts_with("no,vin,decoded_vin\n0,1HGCM82633A000000,1HGCM82633A000000\n"));
    assert_eq!(rows.lines().count(), 60_001);
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let peak = |count: usize| {
        let (folder, cars) = cars(count);
        let out = folder.path().join("out.parquet");
        let args = [
            "batch",
            text(&cars),
            "-o",
            text(&out),
            "--vpic",
            "--threads",
            "2",
        ];
        let mut child = chejia(&args).stderr(Stdio::null()).spawn().expect("starts");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0_u64;
        while child.try_wait().expect("asked").is_none() {
            let status = fs::read_to_string(&status).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
            peak = peak.max(kilobytes.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(child.wait().expect("ended").success());
        peak
    };
    let (short, long) = (peak(50_000), peak(200_000));
    assert!(long < 300_000, "{long} kB");
    assert!(long < short * 3 / 2, "{short} kB, then {long} kB");
}
