//! Every format is read and written, with the same rows and the input's own columns.

use crate::{HONDA, PAGE_VIN, REPAIRED, decode, file, rows, wanted};
use vin_batch::{Format, Remark};

const COLUMNS: &str = "status,vin,brand,isimport,match.confidence,match.notes,error";

fn decoded(header: &str) -> Vec<String> {
    vec![
        format!("{header}|status|vin|brand|isimport|match.confidence|match.notes|error"),
        format!("1|{PAGE_VIN}|a,\"b\"|found|{REPAIRED}|Porsche|1|0.9|[\"letter_o\"]|"),
        "2||x|refused||||||vin is empty".to_owned(),
        "3|00000000000000000||unknown|00000000000000000|||||".to_owned(),
        "4|123|=1|refused||||||vin must have 17 characters, this one has 3".to_owned(),
    ]
}

const INPUT: &str =
    "no,车架号,note\n1,WPOAA2978BL012976,\"a,\"\"b\"\"\"\n2,,x\n3,00000000000000000,\n4,123,=1\n";

/// The rows, but for what an export makes harmless.
fn plain(rows: Vec<String>) -> Vec<String> {
    let rows = rows.into_iter().map(|row| row.replace("|'=1|", "|=1|"));
    rows.collect()
}

#[test]
fn any_format_becomes_any_other_with_the_same_rows() {
    let (_folder, csv) = file("cars.csv", INPUT);
    for between in [
        Format::Csv,
        Format::Tsv,
        Format::Jsonl,
        Format::Parquet,
        Format::Xlsx,
    ] {
        // The input in that format: its own columns and one that is dropped again.
        let (path, remarks) = decode(&csv, between, wanted("status")).expect("decodes");
        assert_eq!(remarks, [], "{between:?}");
        for to in [
            Format::Csv,
            Format::Tsv,
            Format::Jsonl,
            Format::Parquet,
            Format::Xlsx,
        ] {
            let (out, remarks) = decode(&path, to, wanted("vin,brand")).expect("decodes");
            assert_eq!(remarks, [], "{between:?} {to:?}");
            let found = plain(rows(&out));
            let texts: Vec<_> = found.iter().map(String::as_str).collect();
            let brand = format!("1|{PAGE_VIN}|a,\"b\"|found|{REPAIRED}|Porsche");
            assert_eq!(
                texts,
                [
                    "no|车架号|note|status|vin|brand",
                    &brand,
                    "2||x|refused||",
                    "3|00000000000000000||unknown|00000000000000000|",
                    "4|123|=1|refused||"
                ],
                "{between:?} {to:?}"
            );
        }
    }
}

#[test]
fn every_kind_of_cell_survives_every_format() {
    let (_folder, csv) = file("cars.csv", INPUT);
    for to in [Format::Csv, Format::Jsonl, Format::Parquet, Format::Xlsx] {
        let (out, _) = decode(&csv, to, wanted(COLUMNS)).expect("decodes");
        let mut found = plain(rows(&out));
        // What the answer says of the car is not of this test.
        let confidence = found[1].split('|').nth(7).expect("a cell").to_owned();
        assert!(
            confidence.parse::<f64>().is_ok_and(|c| c > 0.5),
            "{confidence}"
        );
        found[1] = found[1].replace(&format!("|{confidence}|"), "|0.9|");
        assert_eq!(found, decoded("no|车架号|note"), "{to:?}");
    }
}

#[test]
fn json_members_keep_their_types_and_late_ones_are_columns_too() {
    let lines = format!(
        "{{\"vin\":\"{HONDA}\",\"n\":1.50,\"t\":true,\"a\":[1,{{}}],\"s\":\"x\"}}\n\n{{\"late\":null,\"vin\":\"1\"}}\n"
    );
    let (_folder, path) = file("cars.jsonl", lines);
    let (out, _) = decode(&path, Format::Jsonl, wanted("vin,brand")).expect("decodes");
    let text = std::fs::read_to_string(out).expect("text");
    let own = "\"n\":1.50,\"t\":true,\"a\":[1,{}],\"s\":\"x\"";
    assert_eq!(
        text,
        format!(
            "{{\"vin\":\"{HONDA}\",{own},\"decoded_vin\":\"{HONDA}\",\"brand\":\"Honda\"}}\n{{\"vin\":\"1\",\"late\":null}}\n"
        )
    );
}

#[test]
fn a_text_of_vins_needs_no_header_and_may_have_one() {
    for text in [
        format!("{HONDA}\r\n\n{PAGE_VIN}"),
        format!("车架号\n{HONDA}\n{PAGE_VIN}\n"),
    ] {
        let (_folder, path) = file("cars.txt", text);
        let (out, remarks) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
        assert_eq!(remarks, []);
        let honda = format!("{HONDA}|Honda");
        assert_eq!(
            rows(&out),
            ["line|brand", &honda, &format!("{PAGE_VIN}|Porsche")]
        );
    }
}

#[test]
fn the_column_is_found_by_what_stands_in_it() {
    let (_folder, path) = file("a.csv", format!("a;b\nx;{HONDA}\ny;\nz;nothing\n"));
    let (out, _) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    assert_eq!(rows(&out)[1], format!("x|{HONDA}|Honda"));
    let (_folder, path) = file("b.csv", format!("x,{HONDA}\n"));
    let (out, remarks) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    assert_eq!(remarks, [Remark::NoHeader]);
    assert_eq!(
        rows(&out),
        [
            "column1|column2|brand".to_owned(),
            format!("x|{HONDA}|Honda")
        ]
    );
}

#[test]
fn only_hits_leaves_the_others_out_and_vpic_has_every_variable() {
    let (_folder, csv) = file("cars.csv", INPUT);
    let mut hits = wanted("brand");
    hits.only_hits = true;
    let (out, _) = decode(&csv, Format::Csv, hits).expect("decodes");
    assert_eq!(rows(&out).len(), 2);
    let (_folder, csv) = file("cars.csv", format!("vin\n{HONDA}\nshort\n"));
    let mut vpic = wanted("");
    vpic.vpic = true;
    for to in [Format::Csv, Format::Parquet] {
        let (out, _) = decode(&csv, to, vpic.clone()).expect("decodes");
        let found = rows(&out);
        let names: Vec<_> = found[0].split('|').collect();
        let cell = |row: usize, name: &str| {
            let at = names.iter().position(|found| *found == name).expect(name);
            found[row].split('|').nth(at).expect("a cell").to_owned()
        };
        assert!(names.len() > 140, "{}", names.len());
        assert_eq!(cell(1, "Make"), "HONDA");
        assert_eq!(cell(1, "Model Year of VIN"), "2003");
        assert_eq!(cell(1, "Error Code"), "0");
        assert_ne!(cell(2, "Error Code"), "0");
    }
}

#[test]
fn a_long_file_keeps_its_order_in_every_format() {
    let mut text = "n,vin\n".to_owned();
    for n in 0..40_000 {
        text += &format!("{n},1HGCM82633A{n:06}\n");
    }
    let (_folder, csv) = file("cars.csv", text);
    for to in [Format::Csv, Format::Parquet] {
        let (out, _) = decode(&csv, to, wanted("brand")).expect("decodes");
        let found = rows(&out);
        assert_eq!(found.len(), 40_001);
        for (n, row) in found[1..].iter().enumerate() {
            assert_eq!(*row, format!("{n}|1HGCM82633A{n:06}|Honda"));
        }
    }
}
