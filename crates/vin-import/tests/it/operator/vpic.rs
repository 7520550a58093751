//! NHTSA's dump: ours written in its form and read again, and a small one written by hand.

use super::{Tables, copy, data, refusals};
use crate::dump;
use std::io::Write;
use std::path::Path;
use vin_import::operator::{self, Kind};
use vin_import::sources::vpic_dump::{self, Limits};
use vin_import::table::{Effort, Table, save};

/// Keeps the rows of a table whose cell `at` is one of `kept`.
fn keep(path: &Path, at: usize, kept: &dyn Fn(&str) -> bool) {
    let table = Table::read_any(path).expect("a table");
    let mut text = table.columns().collect::<Vec<_>>().join("\t") + "\n";
    for row in table.rows() {
        let cell = row.text().split('\t').nth(at).unwrap_or_default();
        if kept(cell) {
            text += row.text();
            text.push('\n');
        }
    }
    save(path, &text, Effort::Quick).expect("written");
}

#[test]
fn tables_that_went_through_a_dump_make_the_same_pack() {
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    copy(&data(), &ours);
    // A selection of makers of all kinds, so that the test takes seconds.
    let wmis = [
        "1HG", "WP0", "5YJ", "1FT", "JHM", "1M9", "4JG", "KNA", "SAL",
    ];
    let of_wmi = |cell: &str| wmis.iter().any(|wmi| cell.starts_with(wmi));
    keep(&ours.join("vpic/wmi_schema.tsv.zst"), 0, &of_wmi);
    let links = Table::read_any(&ours.join("vpic/wmi_schema.tsv.zst")).expect("the links");
    let schemas: std::collections::HashSet<_> = links
        .rows()
        .filter_map(|row| row.text().split('\t').nth(1))
        .collect();
    keep(&ours.join("vpic/pattern.tsv.zst"), 0, &|schema| {
        schemas.contains(schema)
    });
    copy(&ours, &theirs);
    std::fs::remove_dir_all(theirs.join("vpic")).expect("removed");

    let path = folder.path().join("vPICList_lite_2026_10.plain.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    let options = zip::write::SimpleFileOptions::default();
    archive
        .start_file("vPICList_lite_2026_10.plain.sql", options)
        .expect("a member");
    archive
        .write_all(dump::write(&ours.join("vpic"), 1_000).as_bytes())
        .expect("written");
    archive.finish().expect("an archive");

    assert_eq!(Kind::detect(&path).expect("a kind"), Kind::Vpic);
    let seen = std::cell::RefCell::new(Vec::new());
    let report = operator::import(Kind::Vpic, &path, &theirs, &|p| seen.borrow_mut().push(p))
        .expect("a whole dump");
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(report.month.as_deref(), Some("2026-10"));
    assert_eq!(report.rows_read, report.rows_taken);
    let rows = |name: &str| {
        report
            .tables
            .iter()
            .find(|(table, _)| table == name)
            .expect(name)
            .1
    };
    assert!(rows("vpic/pattern.tsv.zst") > 20_000 && rows("vpic/lookup.tsv.zst") > 60_000);
    let seen = seen.into_inner();
    assert!(seen.is_sorted_by_key(|p| (p.step == operator::Step::Write, p.done)));
    let last = seen.last().expect("progress");
    assert_eq!(last.done, last.total);

    let compiled = operator::compile(&theirs).expect("the tables compile");
    assert_eq!(compiled.left_out.rows, []);
    let original = vin_import::compile::compile(&ours).expect("the tables compile");
    assert!(compiled.pack == original, "the packs differ");
}

/// A dump with one car, `~` for tabs.
fn small() -> String {
    "--\n-- PostgreSQL database dump\n--\n\n-- Started on 2026-09-16 13:10:07\n\n\
     COPY vpic.abs (id, name) FROM stdin;\n1~Standard\n\\.\n\
     COPY vpic.conversion (id, fromelementid, toelementid, formula) FROM stdin;\n1~11~12~#x# / 16.387064 \n\\.\n\
     COPY vpic.defaultvalue (id, elementid, vehicletypeid, defaultvalue, createdon, updatedon) FROM stdin;\n1~86~2~1~2019-12-21 20:26:30.25~\\N\n\\.\n\
     COPY vpic.element (id, name, code, lookuptable, description, isprivate, groupname, datatype, minallowedvalue, maxallowedvalue, isqs, decode, weight) FROM stdin;\n\
     28~Model~Model~Model~\\N~f~General~lookup~\\N~\\N~f~Pattern~99\n38~Trim~Trim~\\N~\\N~\\N~General~string~\\N~\\N~f~Pattern~\\N\n\
     86~ABS~ABS~ABS~\\N~f~Active~lookup~\\N~\\N~f~Pattern~\\N\n250~Newest~Newest~NewList~\\N~f~General~lookup~\\N~\\N~f~Pattern~\\N\n\\.\n\
     COPY vpic.enginemodel (id, name, description) FROM stdin;\n7~G4\\\\NH~\\N\n\\.\n\
     COPY vpic.enginemodelpattern (id, enginemodelid, elementid, attributeid, createdon, updatedon) FROM stdin;\n1~7~9~4~2020-01-01 00:00:00~\\N\n\\.\n\
     COPY vpic.make (id, name, createdon, updatedon) FROM stdin;\n498~Tiny\\\\Co~2014-06-18 14:32:38.69~\\N\n\\.\n\
     COPY vpic.make_model (id, makeid, modelid, createdon, updatedon) FROM stdin;\n1~498~900~2014-06-18 14:32:38.69~\\N\n\\.\n\
     COPY vpic.manufacturer (id, name) FROM stdin;\n500~TINY MOTOR CO\n\\.\n\
     COPY vpic.model (id, name, createdon, updatedon) FROM stdin;\n900~Hopper~2014-06-18 14:32:38.69~\\N\n\\.\n\
     COPY vpic.newlist (id, name) FROM stdin;\n1~One\n\\.\n\
     COPY vpic.pattern (id, vinschemaid, keys, elementid, attributeid, createdon, updatedon) FROM stdin;\n\
     101~10~K2ca*~38~S\\tE\\nL~2022-05-01 00:00:00.5~2023-02-02 00:00:00.123\n\
     100~10~K2***~28~900~2022-05-01 00:00:00~\\N\n\
     104~10~K[2~28~900~2022-05-01 00:00:00~\\N\n\
     105~10~K2***~1000~900~2022-05-01 00:00:00~\\N\n\
     109~11~K2***~38~Unreviewed~2022-05-01 00:00:00~\\N\n\\.\n\
     COPY vpic.vehiclespecpattern (id, vspecschemapatternid, iskey, elementid, attributeid, createdon, updatedon) FROM stdin;\n1~10~t~38~SE~2023-01-01 00:00:00~\\N\n\\.\n\
     COPY vpic.vehiclespecschema (id, makeid, createdon, updatedon, vehicletypeid, sourcedate, tobeqced) FROM stdin;\n50~498~2023-01-01 00:00:00~\\N~2~\\N~\\N\n51~498~2023-01-01 00:00:00~\\N~2~\\N~t\n\\.\n\
     COPY vpic.vehiclespecschema_model (id, vehiclespecschemaid, modelid) FROM stdin;\n1~50~900\n2~50~901\n\\.\n\
     COPY vpic.vehiclespecschema_year (id, vehiclespecschemaid, year) FROM stdin;\n1~50~2023\n2~50~1812\n\\.\n\
     COPY vpic.vehicletype (id, name, displayorder, formtype, description, includeinequipplant) FROM stdin;\n2~Passenger Car~1~1~\\N~t\n\\.\n\
     COPY vpic.vinexception (id, vin, checkdigit, createdon, updatedon) FROM stdin;\n1~KM8K2CAB4PU001140~t~2023-01-01 00:00:00~\\N\n2~KM8K2CAB4PU001141~f~2023-01-01 00:00:00~\\N\n\\.\n\
     COPY vpic.vinschema (id, name, sourcewmi, createdon, updatedon, tobeqced) FROM stdin;\n10~a~\\N~2022-05-01 00:00:00~\\N~\\N\n11~b~\\N~2022-05-01 00:00:00~\\N~t\n\\.\n\
     COPY vpic.vspecschemapattern (id, schemaid) FROM stdin;\n10~50\n\\.\n\
     COPY vpic.wmi (id, wmi, manufacturerid, makeid, vehicletypeid, createdon, updatedon, countryid, publicavailabilitydate, trucktypeid, processedon, noncompliant, noncompliantsetbyovsc) FROM stdin;\n\
     1~KM8~500~\\N~2~2015-01-01 00:00:00~2016-01-01 00:00:00.5~3~2015-01-01 00:00:00~\\N~\\N~\\N~\\N\n2~KMH~500~\\N~2~2015-01-01 00:00:00~\\N~3~\\N~\\N~\\N~\\N~\\N\n\\.\n\
     COPY vpic.wmi_make (wmiid, makeid) FROM stdin;\n1~498\n1~499\n\\.\n\
     COPY vpic.wmi_vinschema (id, wmiid, vinschemaid, yearfrom, yearto, orgid) FROM stdin;\n1~1~10~1979~\\N~\\N\n2~1~11~2022~\\N~\\N\n\\.\n\
     COPY vpic.wmiyearvalidchars (id, wmi, year, \"position\", \"char\") FROM stdin;\n1~KM8~2023~4~K\n\\.\n"
        .replace('~', "\t")
}

fn import(text: &str) -> Result<(Tables, operator::Report), String> {
    let tables = Tables::new();
    let report = tables.import("dump.sql", text.as_bytes())?;
    Ok((tables, report))
}

fn table(tables: &Tables, name: &str) -> Vec<String> {
    let path = tables.path().join(format!("vpic/{name}.tsv.zst"));
    let table = Table::read_any(&path).expect("a table");
    table
        .rows()
        .map(|row| row.text().replace('\t', "|"))
        .collect()
}

#[test]
fn escapes_nulls_flags_and_times_are_read_and_wrong_rows_refused() {
    let (tables, report) = import(&small()).expect("a whole dump");
    assert_eq!(report.month.as_deref(), Some("2026-09"));
    assert_eq!((report.rows_read, report.rows_taken), (38, 34));
    assert_eq!(
        refusals(&report),
        [
            "dump.sql#pattern, 46, keys: K[2: a class without `]`",
            "dump.sql#pattern, 47, elementid: 1000: not a number that fits",
            "dump.sql#vehiclespecschema_year, 63, year: 1812: not from 1980 to 2043",
            "dump.sql#wmi, 81, publicavailabilitydate: : not a day from which the identifier is public",
        ]
    );
    let check = |name: &str, rows: &[&str]| assert_eq!(table(&tables, name), rows, "{name}");
    // The schema that awaits quality control is left out, with its patterns.
    check(
        "pattern",
        &[
            "10|K2***|28|900|2022-05-01 00:00:00|100",
            "10|K2CA*|38|S\\tE\\nL|2023-02-02 00:00:00.123|101",
        ],
    );
    check(
        "wmi",
        &["KM8|2||2015-01-01 00:00:00|2016-01-01 00:00:00.5|500|498,499"],
    );
    check("wmi_schema", &["KM8|10|1979||1"]);
    check("exception", &["KM8K2CAB4PU001140"]);
    check("engine", &["G4\\\\NH|9|4|2020-01-01 00:00:00|1"]);
    check("spec", &["50|498|2|900,901|2023"]);
    check("spec_pattern", &["50|10|1|38|SE|2023-01-01 00:00:00|1"]);
    check("default", &["2|86|1"]);
    check("conversion", &["1|11|12|#x# / 16.387064 "]);
    check(
        "element",
        &[
            "28|Model|Model|General|lookup|Pattern|0|99|model",
            "38|Trim|Trim|General|string|Pattern|0||",
            "86|ABS|ABS|Active|lookup|Pattern|0||abs",
            "250|Newest|Newest|General|lookup|Pattern|0||newlist",
        ],
    );
    check(
        "lookup",
        &["abs|1|Standard", "model|900|Hopper", "newlist|1|One"],
    );
}

#[track_caller]
fn refuse(text: &str, parts: &[&str]) {
    let error = import(text).map(drop).expect_err("a refusal");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in {error:?}");
    }
}

#[test]
fn a_dump_that_is_damaged_or_something_else_is_refused() {
    let whole = small();
    let cut = &whole[..whole.find("KM8K2CAB4PU001141").expect("a row")];
    refuse(
        cut,
        &[
            "dump.sql, line 70",
            "ends within the rows of table vinexception",
        ],
    );
    let cut = &whole[..whole
        .find("KM8\t2023")
        .expect("a row of a table that is not needed")];
    refuse(
        cut,
        &["line 92", "ends within the rows of table wmiyearvalidchars"],
    );
    let before = &whole[..whole.find("COPY vpic.wmi ").expect("a block")];
    refuse(
        before,
        &[
            "no dump of vPIC",
            "lacks the tables wmi, wmi_make, wmi_vinschema",
        ],
    );
    refuse(
        &whole.replace("\n10\t50\n", "\n10\n"),
        &["line 77", "table vspecschemapattern has 1 cells and not 2"],
    );
    refuse(
        &whole.replace("wmiid, makeid", "wmiid, make"),
        &["line 83", "table wmi_make has no column MakeId"],
    );
    refuse(
        &whole.replace("500\tTINY MOTOR CO\n", ""),
        &["the table manufacturer has no row"],
    );
}

#[test]
fn the_limits_of_a_dump_are_errors() {
    let text = small();
    let check = |limits: Limits, expected: &str| {
        let read = vpic_dump::read(
            text.as_bytes(),
            Path::new("dump.sql"),
            limits,
            &mut |_| {},
            &|_| {},
        );
        assert_eq!(read.map(drop).expect_err("a limit").to_string(), expected);
    };
    let limits = Limits::default();
    check(
        Limits {
            bytes: 1_000,
            ..limits
        },
        "dump.sql: more than 1000 bytes",
    );
    check(
        Limits {
            held: 500,
            ..limits
        },
        "dump.sql: more than 500 bytes of tables",
    );
    check(
        Limits { line: 50, ..limits },
        "dump.sql: more than 50 bytes in a line",
    );
}
