//! Tables of rules: what becomes of good rows and of wrong ones.

use super::*;
use vin_index::{Pack, Strings, vpic};

const HEADER: &str = "wmi\tkey\tfrom\tto\tfield\tzh\ten\tconfidence\tsource\n";

/// Compiles one table of these rows.
fn compile(rows: &str) -> Result<Pack, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("# remark\n{HEADER}{rows}");
    std::fs::write(folder.path().join("maker.tsv"), text).expect("a file");
    let (mut pool, mut writer) = (StringPool::default(), Writer::default());
    let (mut rules, cars) = (Rules::default(), BTreeSet::from([7131]));
    let judge = &mut Judge::strict();
    rules
        .read_folder(folder.path(), &cars, &mut pool, judge)
        .and_then(|()| rules.write(&mut writer))
        .map_err(|error| error.to_string())?;
    writer.section(vpic::STRINGS, pool.finish());
    Ok(Pack::from_vec(writer.finish()).expect("a whole pack"))
}

#[test]
fn rules_stand_by_maker_the_most_specific_first() {
    let rows = "LFV,LSV\t\t1997\t\tbrand\t大众\tVolkswagen\t0.93\ttrade\n\
                LFV\t*[AB]*1K\t2006\t2012\ttypename\t速腾\tSagitar\t0.9\ttrade\n\
                LFV\t*A*1K\t2006\t2012\ttypename\t速腾\tSagitar\t0.95\ttrade\n";
    let mut sorted: Vec<_> = rows.lines().collect();
    sorted.sort_unstable();
    let pack = compile(&(sorted.join("\n") + "\n")).expect("good rows");
    let makers: &[Maker] = pack.table(overlay::MAKERS);
    let codes: Vec<_> = makers.iter().map(|maker| &maker.code[..3]).collect();
    assert_eq!(codes, [b"LFV", b"LSV"]);
    let rules: &[Rule] = pack.table(overlay::RULES);
    let order: Vec<_> = rules[..3].iter().map(Rule::specificity).collect();
    assert_eq!(order, [(3, 3), (3, 2), (0, 0)]);
    let facts: &[Fact] = pack.table(overlay::FACTS);
    let fact = facts[rules[0].facts_at.get() as usize];
    let strings = Strings::new(pack.section(vpic::STRINGS));
    assert_eq!(strings.get(fact.zh.get()), "速腾");
    assert_eq!((fact.confidence, rules[0].from.get()), (95, 2006));
}

#[track_caller]
fn refuse(row: &str, column: &str, reason: &str) {
    let error = compile(&(row.to_owned() + "\n")).expect_err(row);
    assert!(
        error.contains("maker.tsv") && error.contains(reason),
        "{error}"
    );
    assert!(error.contains(column), "{error}");
}

#[test]
fn a_wrong_cell_stops_the_build_and_names_its_place() {
    refuse("LF\t\t\t\tbrand\t大众\tVW\t0.9\ts", "wmi", "not a WMI");
    refuse("LFVA21\t\t\t\tbrand\t大众\tVW\t0.9\ts", "wmi", "not a WMI");
    refuse(
        "LFV\tА\t\t\tbrand\t大众\tVW\t0.9\ts",
        "key",
        "no character of a key",
    );
    refuse(
        "LFV\t##\t\t\tbrand\t大众\tVW\t0.9\ts",
        "key",
        "reads a number",
    );
    refuse(
        "LFV\t\t1900\t\tbrand\t大众\tVW\t0.9\ts",
        "from",
        "not a year",
    );
    refuse(
        "LFV\t\t2012\t2011\tbrand\t大众\tVW\t0.9\ts",
        "from",
        "after the last",
    );
    refuse(
        "LFV\t\t\t\tseries\t速腾\tSagitar\t0.9\ts",
        "field",
        "no field",
    );
    refuse("LFV\t\t\t\tisimport\t1\t1\t0.9\ts", "field", "no field");
    refuse("LFV\t\t\t\tyearcode\t9\t9\t0.9\ts", "zh", "year code");
    refuse("LFV\t\t\t\tcars\t7131 8\t8\t0.9\ts", "zh", "no car has");
    refuse("LFV\t\t\t\tcars\t7131 \t8\t0.9\ts", "zh", "not a number");
    refuse("LFV\t\t\t\tbrand\t大众\t\t0.9\ts", "en", "empty");
    refuse(
        "LFV\t\t\t\ttypename\tС级\tC\t0.9\ts",
        "zh",
        "neither Chinese nor Latin",
    );
    refuse("LFV\t\t\t\tbrand\t大众\tVW\t1.2\ts", "confidence", "0 to 1");
    refuse("LFV\t\t\t\tbrand\t大众\tVW\tNaN\ts", "confidence", "0 to 1");
    refuse("LFV\t\t\t\tbrand\t大众\tVW\t0.9", "LFV", "too few columns");
    let twice = "LFV\t\t\t\tbrand\t大众\tVW\t0.9\ts\nLFV\t\t\t\tbrand\t大众\tVW\t0.9\ts";
    refuse(twice, "LFV", "not sorted, or twice");
}
