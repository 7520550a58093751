//! Channels' files as a whole: their facts, secrets, keys and values, right and wrong.

use crate::{read, secrets};
use std::time::Duration;
use vin_channel::{ConfigError, Definition, PRESETS, Price, Rate, Secret};

/// A whole file without a preset, as short as can be.
pub const GOOD: &str = r#"name = "up"
[request]
url = "https://api.example.com/vin"
query = { vin = "{vin}" }
[answer]
vehicle = "data"
[fields]
brand = "brand"
"#;

#[track_caller]
pub fn refuse(text: &str, place: &str, key: &str, what: &str) {
    let error = match read(text) {
        Ok(_) => panic!("taken:\n{text}"),
        Err(error) => error,
    };
    let found = format!("{}:{}:{}", error.file, error.line, error.column);
    assert_eq!(
        (found.as_str(), error.key.as_str()),
        (place, key),
        "{error}"
    );
    assert!(error.what.contains(what), "{error}");
}

/// The good file with one line replaced, or added at the end where there is no such line.
#[track_caller]
pub fn wrong(line: &str, by: &str, place: &str, key: &str, what: &str) {
    let text = match line {
        "" => format!("{GOOD}{by}\n"),
        line => {
            assert!(GOOD.contains(line), "{line}");
            GOOD.replace(line, by)
        }
    };
    refuse(&text, place, key, what);
}

#[test]
fn a_short_file_is_enough() {
    let facts = read(GOOD).expect("good").facts().clone();
    assert_eq!((facts.name.as_str(), facts.title.as_str()), ("up", "up"));
    assert_eq!(
        (facts.trust, facts.learns, facts.idempotent),
        (50, false, false)
    );
    assert!(facts.is_free());
}

#[test]
fn the_facts_of_a_channel_are_those_of_its_file() {
    let text = "name = \"up\"\npreset = \"vpic\"\ntimeout = \"1500ms\"\nrate = \"5/1s\"\ntrust = 80\n\
        learns = true\n        learns_because = \"contract 7.2\"\ncost = { per_call = 0.001, per_hit = 0.05 }\n";
    let facts = read(text).expect("good").facts().clone();
    assert_eq!(facts.title, "NHTSA vPIC");
    assert_eq!(facts.timeout, Duration::from_millis(1500));
    let per = Duration::from_secs(1);
    assert_eq!(facts.rate, Some(Rate { count: 5, per }));
    assert_eq!(
        facts.price,
        Price {
            per_call: 10,
            per_hit: 500
        }
    );
    assert!(facts.idempotent && facts.learns && facts.trust == 80);
}

#[test]
fn every_preset_is_whole() {
    for preset in PRESETS {
        let text = format!("name = \"up\"\npreset = \"{}\"\n", preset.name);
        if let Err(error) = read(&text) {
            panic!("{error}");
        }
    }
}

#[test]
fn a_secret_can_be_named_and_must_be_there() {
    let named = "name = \"x\"\npreset = \"apistd\"\n[secrets]\nkey = \"shared_key\"\n";
    assert!(read(named).is_ok());
    let missing = "name = \"jisu-1\"\npreset = \"jisuapi\"\n";
    refuse(
        missing,
        "preset jisuapi:8:11",
        "request.query.appkey",
        "the secret \"jisu_1_appkey\" is not set; {secret.appkey} stands for it",
    );
    let unused = "name = \"up\"\npreset = \"vpic\"\n[secrets]\nkee = \"shared_key\"\n";
    refuse(
        unused,
        "up.toml:4:1",
        "secrets.kee",
        "nothing in this channel uses {secret.kee}",
    );
    let mut secrets = secrets();
    secrets.insert("shared_key".to_owned(), Secret::new("a-key\n"));
    let error = Definition::read("up.toml", named, &secrets).expect_err("a line break");
    assert!(error.to_string().contains("holds a line break"), "{error}");
    assert!(!error.to_string().contains("a-key"), "{error}");
    secrets.clear();
    let error = Definition::read("up.toml", named, &secrets).expect_err("no secret");
    assert!(
        error.to_string().contains("\"shared_key\" is not set"),
        "{error}"
    );
}

#[test]
fn what_is_no_toml_or_no_channel_is_refused() {
    refuse("name = ", "up.toml:1:8", "", "");
    refuse("name = \"up\"\n", "up.toml:1:1", "request", "is missing");
    refuse(
        "name = \"up\"\npreset = \"x\"\n",
        "up.toml:2:1",
        "preset",
        "there are: apistd, chejia",
    );
    wrong("name = \"up\"", "", "up.toml:1:1", "name", "is missing");
    wrong(
        "name = \"up\"",
        "name = \"Up\"",
        "up.toml:1:1",
        "name",
        "1 to 32 characters",
    );
    wrong(
        "name = \"up\"",
        "name = \"local\"",
        "up.toml:1:1",
        "name",
        "our own engine",
    );
    wrong(
        "name = \"up\"",
        "name = 7",
        "up.toml:1:1",
        "name",
        "must be a text, not a number",
    );
}

#[test]
fn unknown_keys_are_refused_with_those_that_are_known() {
    let with = |line: &str| GOOD.replace("[request]", &format!("{line}\n[request]"));
    refuse(
        &with("tiemout = \"1s\""),
        "up.toml:2:1",
        "tiemout",
        "allowed here: answer, carlist",
    );
    wrong(
        "[request]",
        "[request]\nmethd = \"GET\"",
        "up.toml:3:1",
        "request.methd",
        "allowed here: cleartext",
    );
    wrong(
        "[answer]",
        "[answer]\nvehicel = \"a\"",
        "up.toml:6:1",
        "answer.vehicel",
        "allowed here: empty",
    );
    wrong(
        "brand = \"brand\"",
        "brand = \"brand\"\ncolour = \"c\"",
        "up.toml:9:1",
        "fields.colour",
        "no such field; allowed: manufacturer, brand",
    );
    wrong(
        "",
        "[status]\nhitt = [1]",
        "up.toml:10:1",
        "status.hitt",
        "allowed here: bad_vin",
    );
    wrong(
        "",
        "[cost]\nper_year = 1",
        "up.toml:10:1",
        "cost.per_year",
        "allowed here: per_call, per_hit",
    );
}

#[test]
fn wrong_values_are_refused_with_what_is_allowed() {
    let with = |line: &str| GOOD.replace("[request]", &format!("{line}\n[request]"));
    for (line, key, what) in [
        ("timeout = \"5\"", "timeout", "such as \"500ms\" or \"2s\""),
        ("timeout = \"5m\"", "timeout", "from 50ms to 30s"),
        ("timeout = 5", "timeout", "must be a text"),
        ("rate = \"10\"", "rate", "such as \"10/1s\""),
        ("rate = \"0/1s\"", "rate", "is no rate"),
        ("trust = 101", "trust", "whole number from 0 to 100"),
        ("trust = -1", "trust", "whole number from 0 to 100"),
        ("learns = \"yes\"", "learns", "must be true or false"),
        ("learns = true", "learns", "needs learns_because"),
        ("idempotent = 1", "idempotent", "must be true or false"),
        (
            "cost = { per_hit = 0.00001 }",
            "cost.per_hit",
            "at most 4 decimals",
        ),
        (
            "cost = { per_hit = \"1\" }",
            "cost.per_hit",
            "must be a number",
        ),
        ("cost = 5", "cost", "must be a table"),
    ] {
        let text = with(line);
        let error = read(&text).err().unwrap_or_else(|| panic!("taken: {line}"));
        assert_eq!((error.line, error.key.as_str()), (2, key), "{error}");
        assert!(error.what.contains(what), "{error}");
    }
}

fn told(errors: &[ConfigError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// What is told of a file beside a good one: the keys, with their lines.
#[track_caller]
fn check_all(text: &str, wanted: &[&str]) {
    let files = [
        ("up.toml", text),
        ("good.toml", &GOOD.replace("\"up\"", "\"good\"")),
    ];
    let files = files.map(|(file, text)| (file.to_owned(), text.to_owned()));
    let errors = Definition::read_all(&files, &secrets()).expect_err("a mistake");
    let found = errors
        .iter()
        .map(|error| format!("{} {}", error.line, error.key));
    assert_eq!(found.collect::<Vec<_>>(), wanted, "{:#?}", told(&errors));
}

#[test]
fn every_mistake_of_every_file_is_told_with_its_place_and_none_that_follows() {
    let several = "name = \"up\"\ntimeout = 5\ntrust = 101\ntiemout = 1\n[request]\n\
        url = \"ftp://a/b\"\nquery = { vin = \"{vni}\", key = \"{secret.none}\" }\nmethd = 1\n\
        [secrets]\nnone = \"nothing\"\n[answer]\nvehicel = \"x\"\n[fields]\nbrand = \"brand\"\n\
        colour = \"c\"\nlen = { from = \"l\", unit = \"ell\" }\n[cost]\nper_year = 1\n";
    check_all(
        several,
        &[
            "2 timeout",
            "3 trust",
            "4 tiemout",
            "6 request.url",
            "7 request.query.vin",
            "7 request.query.key",
            "8 request.methd",
            "11 answer.vehicle",
            "12 answer.vehicel",
            "15 fields.colour",
            "16 fields.len.unit",
            "18 cost.per_year",
        ],
    );
    // Without a table that is needed the rest of the file cannot be read.
    check_all("name = \"up\"\ntrust = 101\n", &["1 request"]);
    check_all("name = 3\n", &["1 name"]);
    check_all("name = ", &["1 "]);
    // Whoever has a sign of his own may lose it.
    let sign = format!("{GOOD}[sign]\nhash = \"md4\"\n[cost]\nper_hit = \"x\"\n");
    check_all(&sign, &["10 sign.hash", "12 cost.per_hit"]);
    let preset = "name = \"jisu-1\"\npreset = \"jisuapi\"\ntrust = -1\n";
    check_all(preset, &["8 request.query.appkey", "3 trust"]);
    let both = ["a.toml", "b.toml"].map(|file| (file.to_owned(), "name = 3\n".to_owned()));
    let errors = Definition::read_all(&both, &secrets()).expect_err("two mistakes");
    let files: Vec<_> = errors.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(files, ["a.toml", "b.toml"]);
}

#[test]
fn no_two_channels_have_one_name() {
    let files = ["a.toml", "b.toml"].map(|file| (file.to_owned(), GOOD.to_owned()));
    let errors = Definition::read_all(&files, &secrets()).expect_err("a name twice");
    let text = "b.toml:1:1: name: up is the name of the channel in a.toml too";
    assert_eq!(told(&errors), [text]);
    let one = Definition::read_all(&files[..1], &secrets()).expect("good");
    assert_eq!(one.len(), 1);
}

/// The examples and the tables of the page for operators.
const PAGE: &str = include_str!("../../../../docs/channels.md");

#[test]
fn the_examples_of_the_page_are_taken() {
    let mut secrets = secrets();
    for name in [
        "jisu_1_appkey",
        "jisu_main_account",
        "example_appid",
        "example_appsecret",
    ] {
        secrets.insert(name.to_owned(), Secret::new("secret"));
    }
    let examples = PAGE.split("```toml\n").skip(1);
    let examples: Vec<_> = examples
        .filter_map(|rest| rest.split("```").next())
        .collect();
    // The last one is the file of secrets.
    let [preset, named, whole, _] = examples[..] else {
        panic!("{} examples", examples.len())
    };
    for text in [preset, &format!("{preset}{named}"), whole] {
        if let Err(error) = Definition::read("example.toml", text, &secrets) {
            panic!("{error}");
        }
    }
}

#[test]
fn the_page_names_every_key() {
    let tables = [
        ("", "x = 1", GOOD),
        ("[request]", "[request]\nx = 1", GOOD),
        ("[answer]", "[answer]\nx = 1", GOOD),
        ("", "[status]\nx = 1", GOOD),
        ("", "[cost]\nx = 1", GOOD),
        ("", "[carlist]\nx = 1", GOOD),
        (
            "",
            "[sign]\nhash = \"hmac-sha1\"\ntext = \"\"\nkey = \"\"\nheader = \"a\"\nx = 1",
            GOOD,
        ),
        ("brand = \"brand\"", "brand = { from = \"a\", x = 1 }", GOOD),
    ];
    for (line, by, good) in tables {
        let text = match (line, by.starts_with('[')) {
            ("", false) => format!("{by}\n{good}"),
            ("", true) => format!("{good}{by}\n"),
            (line, _) => good.replace(line, by),
        };
        let error = read(&text).expect_err("an unknown key");
        let keys = error.what.strip_prefix("unknown key; allowed here: ");
        let keys = keys.unwrap_or_else(|| panic!("{error}"));
        for key in keys.split(", ") {
            assert!(
                PAGE.contains(&format!("`{key}`")),
                "{key} is not on the page"
            );
        }
    }
}
