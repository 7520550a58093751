//! Files in every form, and what is said about those that cannot be read.

use super::*;
use std::path::PathBuf;

const HEADER: &str = "车辆型号,企业名称,轴距";

fn is_label(text: &str) -> bool {
    ["车辆型号", "企业名称", "轴距"].contains(&text)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file for the test");
    path
}

fn read(name: &str, bytes: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), name, bytes);
    let sheets = sheets(&path, &is_label).map_err(|error| error.to_string())?;
    let mut out = String::new();
    for sheet in sheets {
        out += &format!("{}: {}\n", sheet.name, sheet.header.join(" | "));
        for row in sheet.rows {
            out += &format!(
                "{}: {}\n",
                row.line,
                row.cells.join(" | ").replace('\n', "⏎")
            );
        }
    }
    Ok(out)
}

#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    assert_eq!(read(name, bytes).as_deref(), Ok(expected));
}

#[track_caller]
fn refuse(name: &str, bytes: &[u8], parts: &[&str]) {
    let error = read(name, bytes).expect_err("a refusal");
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in {error:?}");
    }
}

#[test]
fn delimited_text_is_read_in_the_encodings_that_programs_save() {
    let text = format!("{HEADER}\nAB1, 某汽车 ,\"2,700\"\n\nAB2,某汽车\n");
    let expected = "a.csv: 车辆型号 | 企业名称 | 轴距\n2: AB1 | 某汽车 | 2,700\n4: AB2 | 某汽车\n";
    check("a.csv", text.as_bytes(), expected);
    check("a.csv", format!("\u{feff}{text}").as_bytes(), expected);
    check("a.csv", &encoding_rs::GB18030.encode(&text).0, expected);
    let tabbed = text.replace("\"2,700\"", "2;700").replace(',', "\t");
    let wide: Vec<u8> = format!("\u{feff}{tabbed}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check("a.csv", &wide, &expected.replace("2,700", "2;700"));
    let parted = text.replace("\"2,700\"", "2").replace(',', ";");
    check("a.csv", parted.as_bytes(), &expected.replace("2,700", "2"));
}

#[test]
fn a_title_above_the_header_is_passed_over() {
    let text = format!("附件1 产品清单,,\n第400批,,\n{HEADER}\nAB1,某汽车,2700\n");
    check(
        "a.csv",
        text.as_bytes(),
        "a.csv: 车辆型号 | 企业名称 | 轴距\n4: AB1 | 某汽车 | 2700\n",
    );
}

#[test]
fn a_text_that_is_none_is_refused_with_its_line() {
    refuse(
        "a.csv",
        b"\xe8\xbd\xa6,b\n\xff\xff\xff\n",
        &["a.csv", "line 2", "neither UTF-8 nor GB18030"],
    );
    refuse("a.csv", b"", &["a.csv", "empty"]);
    refuse(
        "a.csv",
        b"a,b\n1,2\n",
        &["a.csv", "two known labels", "found a, b"],
    );
    refuse("a.xls", OLE, &["former form"]);
    refuse("a.zip", CUSTOM_DUMP, &[".plain.zip"]);
    refuse("a.zip", b"PK\x03\x04 and no more", &["no whole archive"]);
}

fn workbook(write: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    write(&mut book);
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn every_sheet_of_a_workbook_with_a_header_is_read() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet().set_name("清单").expect("a name");
        for (at, label) in HEADER.split(',').enumerate() {
            sheet.write(1, at as u16, label).expect("a cell");
        }
        sheet.write(2, 0, "AB1").expect("a cell");
        sheet.write(2, 2, 2700).expect("a cell");
        sheet.write(4, 2, 4.5).expect("a cell");
        book.add_worksheet()
            .set_name("说明")
            .expect("a name")
            .write(0, 0, "说明")
            .expect("a cell");
    });
    check(
        "a.xlsx",
        &bytes,
        "a.xlsx#清单: 车辆型号 | 企业名称 | 轴距\n3: AB1 |  | 2700\n5:  |  | 4.5\n",
    );
    refuse(
        "a.xlsx",
        &bytes[..bytes.len() / 2],
        &["a.xlsx", "no whole archive"],
    );
}

#[test]
fn a_cell_far_off_is_a_limit_and_takes_no_room() {
    let bytes = workbook(|book| {
        book.add_worksheet()
            .write(1_048_575, 16_383, "x")
            .expect("a cell");
    });
    refuse(
        "a.xlsx",
        &bytes,
        &["a.xlsx#Sheet1", "more than 512 columns"],
    );
}

#[test]
fn rows_and_columns_have_a_limit() {
    let wide = ",".repeat(limits::COLUMNS);
    refuse("a.csv", wide.as_bytes(), &["more than 512 columns"]);
    let long = format!("{HEADER}\n") + &"a,b\n".repeat(limits::ROWS as usize + 1);
    refuse("a.csv", long.as_bytes(), &["more than 1000000 rows"]);
    let member: Vec<_> = (0..=limits::COLUMNS)
        .map(|n| format!("\"c{n}\":1"))
        .collect();
    refuse(
        "a.json",
        format!("{{{}}}", member.join(",")).as_bytes(),
        &["more than 512 columns"],
    );
}

#[test]
fn a_file_too_big_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    let file = std::fs::File::create(&path).expect("a file");
    // Files with holes take no room.
    file.set_len(limits::FILE_BYTES + 1).expect("a long file");
    let error = Form::of(&path).expect_err("too big").to_string();
    assert_eq!(error, "a.csv: more than 1073741824 bytes");
    file.set_len(limits::WHOLE_BYTES + 1).expect("a long file");
    let error = sheets(&path, &is_label).expect_err("too big").to_string();
    assert_eq!(error, "a.csv: more than 268435456 bytes");
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let bomb = |name: &str, member: &str| {
        let path = folder.path().join(name);
        let file = std::fs::File::create(&path).expect("a file");
        let mut archive = ::zip::ZipWriter::new(file);
        let options = ::zip::write::SimpleFileOptions::default();
        archive.start_file(member, options).expect("a member");
        let block = vec![b'a'; 1 << 20];
        for _ in 0..=limits::WHOLE_BYTES >> 20 {
            archive.write_all(&block).expect("written");
        }
        archive.finish().expect("an archive");
        assert!(std::fs::metadata(&path).expect("the archive").len() < 2 << 20);
        sheets(&path, &is_label).expect_err("too much").to_string()
    };
    assert_eq!(
        bomb("a.xlsx", "xl/workbook.xml"),
        "a.xlsx: more than 268435456 bytes when unpacked"
    );
    assert_eq!(
        bomb("a.zip", "list.csv"),
        "a.zip#list.csv: more than 268435456 bytes"
    );
}

#[test]
fn json_is_read_as_an_array_within_an_object_or_line_by_line() {
    let one = r#"{"车辆型号": "AB1", "轴距": [2700, 2800], "企业名称": null}"#;
    let two = r#"{"企业名称": "某汽车", "轴距": 2600}"#;
    // Members stand in the order of their names.
    let head = "a.json: 企业名称 | 车辆型号 | 轴距\n";
    let rows = |a, b| format!("{head}{a}:  | AB1 | 2700⏎2800\n{b}: 某汽车 |  | 2600\n");
    check(
        "a.json",
        format!("[{one},\n\n{two}]").as_bytes(),
        &rows(1, 3),
    );
    check(
        "a.json",
        format!("{{\"total\": 2,\n\"data\": [\n{one},{two}]}}").as_bytes(),
        &rows(3, 3),
    );
    check(
        "a.json",
        format!("{one}\n\n{two}\n").as_bytes(),
        &rows(1, 3),
    );
    check(
        "a.json",
        one.as_bytes(),
        &format!("{head}1:  | AB1 | 2700⏎2800\n"),
    );
    refuse("a.json", b"[{\"a\": 1},\n 2]", &["line 2", "not an object"]);
    refuse(
        "a.json",
        b"[{\"a\": {\"b\": 1}}]",
        &["line 1", "\"a\" holds an object"],
    );
    refuse(
        "a.json",
        b"{\"a\": [{}], \"b\": [{}]}",
        &["more than one list"],
    );
    refuse("a.json", b"[{\"a\": 1},\n", &["line 2", "no JSON"]);
}

#[test]
fn a_page_holds_a_list_or_values_behind_their_labels() {
    let list = "<html><body><table><tr><td>菜单</td></tr></table><table><thead><tr><th>车辆型号</th><th>企业名称</th><th>图</th></tr></thead>\
        <tr><td>AB<b>1</b></td><td colspan=2>某<br>汽车</td></tr></table></body></html>";
    check(
        "a.html",
        list.as_bytes(),
        "a.html#table 2: 车辆型号 | 企业名称 | 图\n3: AB1 | 某⏎汽车 | \n",
    );
    let page = "<!DOCTYPE html><meta charset=gbk><table><tr><td><table><tr><td>企业名称：</td><td>某汽车</td><td>轴距</td><td>2700</td></tr>\
        <tr><td>车辆型号</td><td><p>AB1</p></td><td>备注</td><td>无</td></tr></table></td></tr></table>\
        <table><tr><td>企业名称</td><td></td></tr><tr><td>轴距</td><td>1</td></tr></table>";
    let expected = "a.html: 企业名称 | 轴距 | 车辆型号\n2: 某汽车 | 2700 | AB1\na.html: 企业名称 | 轴距\n4:  | 1\n";
    check("a.html", &encoding_rs::GBK.encode(page).0, expected);
    check("a.html", page.as_bytes(), expected);
    refuse(
        "a.html",
        b"<html><table><tr><td>x</td></tr></table>",
        &["two known labels"],
    );
}
