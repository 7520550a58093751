//! The golden corpus: what the pure procedure answers, recorded from another decoder of the same tables,
//! with the entries of `docs/deviations.md` as we answer them.

use serde_json::Value;
use vin_core::Date;

const CORPUS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../data/golden/vpic.txt.zst"
);

/// The clock of the recorded answers.
const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};

/// The corpus covers every kind of rule with this many lines; fewer would mean a cut file.
const LINES: usize = 2200;

/// How many unequal lines are worth reading at once.
const SHOWN: usize = 5;

fn corpus() -> String {
    let packed = std::fs::read(CORPUS).expect("data/golden/vpic.txt.zst is part of the tree");
    let lines = zstd::decode_all(&packed[..]).expect("it is whole");
    String::from_utf8(lines).expect("it is UTF-8")
}

/// The names of the attributes that differ, with both values.
fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let none = serde_json::Map::new();
    let attributes = |answer: &'_ Value| answer["attributes"].as_object().unwrap_or(&none).clone();
    let (mut expected_all, mut found_all) = (attributes(expected), attributes(found));
    for name in ["vin", "model_year", "error_codes"] {
        expected_all.insert(name.into(), expected[name].clone());
        found_all.insert(name.into(), found[name].clone());
    }
    let names = expected_all.keys().chain(found_all.keys());
    let unequal = names.filter(|name| expected_all.get(*name) != found_all.get(*name));
    let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    let lines = unequal.map(|name| {
        let (expected, found) = (shown(expected_all.get(name)), shown(found_all.get(name)));
        format!("  {name}: expected {expected}, found {found}")
    });
    lines.collect()
}

#[test]
fn every_recorded_answer_is_given() {
    let engine = vin_data::engine();
    let mut decoder = engine.decoder(TODAY);
    let (mut lines, mut unequal) = (0, Vec::new());
    let corpus = corpus();
    // Only a line feed ends a line: some of the VINs hold other control characters.
    for line in corpus.split_terminator('\n') {
        lines += 1;
        let (question, expected) = line.split_once('\t').expect("question, tab, answer");
        let (vin, year) = question.split_once(',').unwrap_or((question, ""));
        decoder.decode(vin, year.parse().ok());
        let mut found = Vec::new();
        decoder.write_vpic(&mut found);
        let expected: Value = serde_json::from_str(expected).expect("the corpus is JSON");
        let found: Value = serde_json::from_slice(&found).expect("an answer is JSON");
        if expected != found {
            let differences = differences(&expected, &found).join("\n");
            unequal.push(format!("{question}\n{differences}"));
        }
    }
    assert!(lines >= LINES, "only {lines} lines");
    let (count, shown) = (unequal.len(), SHOWN.min(unequal.len()));
    assert_eq!(
        count,
        0,
        "of {lines} lines; the first are\n{}",
        unequal[..shown].join("\n")
    );
}
