//! What a spreadsheet program does with an export: it runs nothing that stood in the input.

use crate::{HONDA, decode, file, rows, wanted};
use vin_batch::{BatchError, Format, limits};

const EVIL: [&str; 6] = ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"];

fn table() -> String {
    let cell = |cell: &&str| format!("{HONDA},\"{cell}\"\n");
    "vin,=name\n".to_owned() + &EVIL.iter().map(cell).collect::<String>() + HONDA + ",-5.5\n"
}

#[test]
fn cells_that_look_like_formulas_are_texts_in_delimited_files() {
    let (_folder, path) = file("a.csv", table());
    for to in [Format::Csv, Format::Tsv] {
        let (out, _) = decode(&path, to, wanted("brand")).expect("decodes");
        let found = rows(&out);
        assert_eq!(found[0], "vin|'=name|brand");
        for (cell, row) in EVIL.iter().zip(&found[1..]) {
            assert_eq!(*row, format!("{HONDA}|'{cell}|Honda"));
        }
        assert_eq!(
            found[7],
            format!("{HONDA}|-5.5|Honda"),
            "a number is harmless"
        );
    }
    for to in [Format::Jsonl, Format::Parquet] {
        let (out, _) = decode(&path, to, wanted("brand")).expect("decodes");
        assert_eq!(
            rows(&out)[1],
            format!("{HONDA}|=1+1|Honda"),
            "nothing runs there"
        );
    }
}

#[test]
fn a_workbook_holds_them_as_quoted_texts_and_no_formula() {
    let (_folder, path) = file("a.csv", table());
    let (out, _) = decode(&path, Format::Xlsx, wanted("brand")).expect("decodes");
    let found = rows(&out);
    assert_eq!(found[1], format!("{HONDA}|=1+1|Honda"));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(out).expect("opens")).expect("zip");
    let mut part = |name: &str| {
        let member = archive.by_name(name).expect(name);
        std::io::read_to_string(member).expect("text")
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "no formula");
    assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn what_a_sheet_cannot_hold_is_an_error_and_not_cut_off() {
    let long = format!("vin,note\n{HONDA},{}\n", "x".repeat(limits::SHEET_CELL + 1));
    let (_folder, path) = file("a.csv", long);
    let error = decode(&path, Format::Xlsx, wanted("brand")).expect_err("refused");
    assert!(
        matches!(error, BatchError::Unwritable { row: 1, .. }),
        "{error}"
    );
    let many = "vin\n".to_owned() + &"1\n".repeat(limits::SHEET_ROWS as usize);
    let (_folder, path) = file("a.csv", many);
    let error = decode(&path, Format::Xlsx, wanted("brand")).expect_err("refused");
    assert!(
        error.to_string().contains("write csv or parquet"),
        "{error}"
    );
}

#[test]
fn a_name_that_the_input_has_is_put_beside_it() {
    let (_folder, path) = file("a.csv", format!("vin,brand,decoded_brand\n{HONDA},x,y\n"));
    let (out, _) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    assert_eq!(
        rows(&out),
        [
            "vin|brand|decoded_brand|decoded_decoded_brand",
            &format!("{HONDA}|x|y|Honda")
        ]
    );
    let error = decode(&path, Format::Csv, wanted("brands")).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "\"brands\" is no column of the result; there is brand"
    );
}
