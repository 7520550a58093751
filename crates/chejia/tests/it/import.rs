//! `data import` and what follows from it: generations, all or nothing.

use crate::place::{CARS, Place, UNKNOWN, damage};
use crate::{PAGE_VIN, REPAIRED, chejia, expect_failure, json_lines, run};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

#[test]
fn an_import_is_in_force_and_can_be_taken_back() {
    let place = Place::new();
    let report = place.import();
    assert_eq!(
        (&report["ok"], &report["generation"]),
        (&true.into(), &1.into())
    );
    assert_eq!(
        report["rows"],
        json!({ "read": 2, "taken": 1, "refused": 1 })
    );
    let refused = &report["refused"][0];
    assert_eq!(
        [&refused["file"], &refused["column"], &refused["value"]],
        ["cars.csv", "年款", "20l8"]
    );
    assert_eq!(refused["line"], 3);
    assert!(
        refused["reason"]
            .as_str()
            .is_some_and(|why| !why.is_empty())
    );
    assert_eq!(
        report["tables"],
        json!([
            { "table": "operator/cars.tsv", "rows": 1 },
            { "table": "operator/rules.tsv", "rows": 1 },
        ])
    );
    let list = place.good(&["list"]);
    assert_eq!(list["generations"][1]["sha256"], report["pack"]["sha256"]);
    assert_ne!(list["generations"][0]["sha256"], report["pack"]["sha256"]);
    assert_eq!(list["generations"][1]["outdated"], false);
    let info = place.good(&["info"]);
    assert_eq!(info["packs"][1]["name"], "generation 1");
    assert_eq!(info["imports"][0]["kind"], "cars");
    assert_eq!(info["tables"]["operator/cars.tsv"], 1);
    assert!(info["tables"]["vpic/pattern.tsv.zst"].as_u64() > Some(1_000_000));
    let cover = |key: &str| info["coverage"][key].as_u64().expect(key);
    assert!(cover("cars") > 50_000 && cover("series") > 5_000 && cover("wmis") > 10_000);
    let known = &info["coverage"]["cars_with"];
    assert!(
        known["comfuelconsumption"].as_u64() > Some(50_000),
        "{known}"
    );
    assert_eq!(place.good(&["verify"])["packs"], info["packs"]);
    let kept = fs::read_to_string(place.packs().join("000001/report.json")).expect("a report");
    assert_eq!(serde_json::from_str::<Json>(&kept).expect("JSON"), report);
    let data = place.data();
    let decode = |more: &[&str]| {
        let args = [&["decode", UNKNOWN], more].concat();
        json_lines(&run(&args, b"")).remove(0)
    };
    let with_data = ["--data-dir", data.to_str().expect("UTF-8")];
    assert_eq!(decode(&[])["error"]["code"], 1003);
    let result = &decode(&with_data)["result"];
    assert_eq!([&result["brand"], &result["typename"]], ["本厂", "一号"]);
    // A rule is less sure when the check digit is wrong.
    let right = UNKNOWN.replacen("20J", "23J", 1);
    let sure = |vin: &str| {
        let args = [&["decode", vin][..], &with_data].concat();
        json_lines(&run(&args, b""))[0]["match"]["confidence"].clone()
    };
    assert_eq!(sure(&right), 0.9);
    assert_eq!(sure(UNKNOWN), 0.85);

    assert_eq!(place.good(&["rebuild"])["generation"], 2);
    assert_eq!(place.good(&["list"])["generations"][2]["parent"], 1);
    assert_eq!(place.good(&["info"])["imports"], info["imports"]);
    for generation in [1, 0] {
        assert_eq!(place.good(&["back"])["generation"], generation);
        assert_eq!(place.good(&["list"])["in_force"], generation);
    }
    expect_failure(&place.run(&["back"]), 1, "nothing before it");
    expect_failure(&place.run(&["rebuild"]), 1, "needs no rebuild");
    expect_failure(
        &place.run(&["back", "--to", "3"]),
        1,
        "(the built-in data) 1, 2",
    );
    assert_eq!(decode(&with_data)["error"]["code"], 1003);
    assert_eq!(place.good(&["back", "--to", "2"])["generation"], 2);
    assert_eq!(decode(&with_data)["result"]["brand"], "本厂");
    assert_eq!(place.good(&["verify"])["packs"][1]["in_force"], true);
}

#[test]
fn what_cannot_be_imported_is_told_why_and_changes_nothing() {
    let place = Place::new();
    expect_failure(
        &place.run(&["import", "/nowhere/cars.csv"]),
        1,
        "/nowhere/cars.csv",
    );
    let other = place.dir.path().join("letter.txt");
    fs::write(&other, "Dear Sir,\n").expect("written");
    let other = other.to_str().expect("UTF-8");
    expect_failure(&place.run(&["import", other]), 1, "letter.txt");
    expect_failure(
        &place.run(&["import", other, "--kind", "epa"]),
        1,
        "letter.txt",
    );
    expect_failure(
        &place.run(&["import", other, "--kind", "letter"]),
        2,
        "letter",
    );
    assert_eq!(place.names(), ["lock"]);
    let generations = [("0", 2), ("101", 2)];
    for (number, status) in generations {
        let output = chejia(&["data", "list"])
            .env("CHEJIA_DATA_GENERATIONS", number)
            .output()
            .expect("ends");
        expect_failure(&output, status, "1 to 100");
    }
}

#[test]
fn a_second_import_is_refused_at_once() {
    let place = Place::new();
    fs::create_dir_all(place.packs()).expect("made");
    let lock = fs::File::create(place.packs().join("lock")).expect("made");
    lock.lock().expect("locked");
    for args in [
        &["import", &place.file()][..],
        &["rebuild"],
        &["back", "--to", "0"],
    ] {
        expect_failure(&place.run(args), 1, "another import");
    }
    drop(lock);
    assert_eq!(place.good(&["back", "--to", "0"])["generation"], 0);
}

/// Whether something in the folder of generations fits a path whose first part may be a prefix.
fn reached(packs: &Path, point: &str) -> bool {
    let (first, rest) = point.split_once('/').unwrap_or((point, ""));
    let entries = fs::read_dir(packs).into_iter().flatten().flatten();
    let mut fitting = entries.filter(|e| e.file_name().to_string_lossy().starts_with(first));
    fitting.any(|entry| entry.path().join(rest).exists())
}

#[test]
fn a_killed_import_leaves_the_former_data_in_force() {
    let place = Place::new();
    place.import();
    fs::write(place.file(), CARS.replace("一号", "三号")).expect("written");
    for point in [
        ".staging-/data/mapping",
        ".staging-/data/vpic/wmi_schema.tsv.zst",
        ".staging-/next/pack",
        ".staging-/next/manifest.json",
        "000002",
    ] {
        let data = place.data();
        let file = place.file();
        let args = place.args(&["data", "import", &file], data.to_str().expect("UTF-8"));
        let mut child = chejia(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        // What an earlier one left behind is not this one's.
        let own = format!(".staging-{}", child.id());
        let point = point.replace(".staging-", &own);
        while !reached(&place.packs(), &point) {
            let ended = child.try_wait().expect("asked");
            assert!(ended.is_none(), "it ended before {point}");
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
        let in_force = place.good(&["verify"])["packs"][1]["generation"].clone();
        // Where the name was given already, the new data may be in force, and is whole.
        assert!(
            in_force == 1 || (in_force == 2 && point == "000002"),
            "{point}: {in_force}"
        );
    }
    let report = place.import();
    assert_eq!(report["generation"], 3);
    assert_eq!(
        place.names(),
        ["000001", "000002", "000003", "current", "lock"]
    );
    assert_eq!(place.good(&["verify"])["packs"][1]["generation"], 3);
}

#[test]
fn a_full_disk_changes_nothing() {
    let place = Place::new();
    place.import();
    // No file may become larger than 20 MB, which is less than a pack has.
    let binary = env!("CARGO_BIN_EXE_chejia");
    let script = format!(
        "trap '' XFSZ; ulimit -f 40000; exec {binary} data import {} --data-dir {}",
        place.file(),
        place.data().display()
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("sh");
    expect_failure(&output, 1, "next/pack: File too large");
    assert_eq!(place.names(), ["000001", "current", "lock"]);
    assert_eq!(place.good(&["verify"])["packs"][1]["generation"], 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = Place::new();
    fs::create_dir(place.data()).expect("made");
    fs::write(place.packs(), "a file").expect("written");
    expect_failure(&place.run(&["import", &place.file()]), 1, "packs");
}

#[test]
fn a_generation_that_cannot_be_used_stops_the_start_and_is_rebuilt() {
    let place = Place::new();
    place.import();
    let data = place.data();
    let data = data.to_str().expect("UTF-8");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir", data];
    damage(&place, 30_000_000);
    expect_failure(&run(&serve, b""), 1, "generation 1 cannot be used");
    expect_failure(&place.run(&["verify"]), 1, "digest");
    damage(&place, 30_000_000);
    // The version of the format stands in bytes 8 to 11.
    damage(&place, 8);
    for output in [run(&serve, b""), place.run(&["info"])] {
        expect_failure(&output, 1, "run `chejia data rebuild`");
    }
    let decode = ["decode", PAGE_VIN, "--data-dir", data];
    expect_failure(&run(&decode, b""), 1, "another version of this program");
    assert_eq!(place.good(&["rebuild"])["generation"], 2);
    expect_failure(&place.run(&["back"]), 1, "another version of this program");
    assert_eq!(json_lines(&run(&decode, b""))[0]["result"]["vin"], REPAIRED);
}

#[test]
fn a_file_of_which_no_row_can_be_taken_is_refused_with_the_list() {
    let place = Place::new();
    fs::write(place.file(), CARS.replace("2018", "20l8")).expect("written");
    let output = place.run(&["import", &place.file()]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("none of 2 rows could be taken"), "{stderr}");
    let report: Json = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(
        [&report["ok"], &report["generation"]],
        [&json!(false), &Json::Null]
    );
    assert_eq!(report["refused"].as_array().map(Vec::len), Some(2));
    assert_eq!(place.names(), ["lock"]);
}

#[test]
fn the_template_can_be_filled_in_and_imported() {
    let place = Place::new();
    for name in ["my.xlsx", "my.csv"] {
        let out = place.dir.path().join(name);
        let out = out.to_str().expect("UTF-8");
        let made = json_lines(&run(&["data", "template", out], b""));
        assert_eq!(made[0]["files"][0], out);
        expect_failure(&run(&["data", "template", out], b""), 1, "exists already");
        let report = place.good(&["import", out]);
        assert_eq!(report["rows"]["refused"], 0, "{report}");
    }
}
