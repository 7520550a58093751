//! Files as people have them: a clear error or a repair that is told, and no memory without bounds.

use crate::{HONDA, decode, file, refuse, rows, wanted};
use std::io::{Cursor, Write as _};
use vin_batch::{BatchError, Format, Remark, limits};
use zip::write::SimpleFileOptions;

#[test]
fn other_encodings_are_accepted_and_told() {
    let text = format!("车架号,备注\n{HONDA},丰田 凯美瑞\n");
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        let marked = format!("\u{feff}{text}");
        marked.encode_utf16().flat_map(order).collect::<Vec<_>>()
    };
    let cases = [
        (gbk.into_owned(), Some("gb18030")),
        (utf16(u16::to_le_bytes), Some("UTF-16LE")),
        (utf16(u16::to_be_bytes), Some("UTF-16BE")),
        (format!("\u{feff}{text}").into_bytes(), None),
    ];
    for (bytes, encoding) in cases {
        let (_folder, path) = file("cars.csv", bytes);
        let (out, remarks) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
        let told: Vec<_> = encoding.map(Remark::Encoding).into_iter().collect();
        assert_eq!(remarks, told);
        let row = format!("{HONDA}|丰田 凯美瑞|Honda");
        assert_eq!(rows(&out), ["车架号|备注|brand", &row]);
    }
    refuse(
        "a.csv",
        b"vin\n\xff\xff\xff",
        "line 2: neither UTF-8 nor gb18030",
    );
}

#[test]
fn nothing_in_it_is_told_for_every_format() {
    for name in ["a.csv", "a.tsv", "a.txt", "a.jsonl", "a.parquet"] {
        refuse(name, "", "empty");
    }
    refuse("a.csv", "\n\n", "empty");
    refuse("a.jsonl", "{}\n", "empty");
    refuse("a.xlsx", "", "not whole");
    let (_folder, path) = file("a.xlsx", workbook(|_| {}));
    let error = decode(&path, Format::Csv, wanted("")).expect_err("refused");
    assert!(matches!(error, BatchError::Empty), "{error}");
    // A header alone is a table without rows.
    let (_folder, path) = file("a.csv", "vin,note\n");
    let (out, _) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    assert_eq!(rows(&out), ["vin|note|brand"]);
}

#[test]
fn a_table_without_vins_names_its_columns() {
    refuse(
        "a.csv",
        "a,b\n1,2\n",
        "the columns are a, b; name one with --column",
    );
    let two = format!("a,b\n{HONDA},{HONDA}\n");
    refuse("a.csv", two, "several columns hold VINs: a, b");
}

#[test]
fn a_thousand_columns_are_read_and_one_more_is_refused() {
    let table = |columns: usize| {
        let names: Vec<_> = (1..columns).map(|n| format!("c{n}")).collect();
        let cells = vec!["x"; columns - 1].join(",");
        format!("vin,{}\n", names.join(",")) + &format!("{HONDA},{cells}\n").repeat(3_000)
    };
    let (_folder, path) = file("a.csv", table(1_000));
    let (out, _) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    let text = std::fs::read_to_string(out).expect("text");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3_001);
    assert_eq!(lines[0].split(',').count(), 1_001);
    assert!(lines[3_000].ends_with(",x,Honda"));
    refuse("a.csv", table(1_001), "more than 1000 columns");
    let members: Vec<_> = (0..=1_000).map(|n| format!("\"m{n}\":1")).collect();
    refuse(
        "a.jsonl",
        format!("{{{}}}", members.join(",")),
        "more than 1000 members",
    );
}

#[test]
fn rows_that_do_not_fit_the_header_are_refused_with_their_line() {
    let mut text = "vin,note\n".to_owned() + &format!("{HONDA},x\n").repeat(20);
    refuse(
        "a.csv",
        text.clone() + HONDA + ",x,lost\n",
        "line 22: more cells",
    );
    text += &format!("{HONDA},x,,\n{HONDA}\n");
    let (_folder, path) = file("a.csv", text);
    let (out, _) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    assert_eq!(rows(&out).len(), 23);
}

#[test]
fn a_quote_that_is_never_closed_takes_no_memory() {
    let text = format!("vin,note\n{HONDA},\"") + &"x\n".repeat(2 << 20);
    refuse(
        "a.csv",
        text,
        "line 2: more than 1048576 bytes in a row: is a quote",
    );
    refuse(
        "a.txt",
        "x".repeat(limits::ROW_BYTES + 1),
        "line 1: more than 1048576 bytes",
    );
    refuse("a.jsonl", "{\"vin\":1}\n{", "line 2: no JSON object");
    refuse("a.jsonl", "[1]\n", "line 1: no JSON object");
}

#[test]
fn files_that_were_cut_off_are_refused() {
    let text = format!("vin\n{}", format!("{HONDA}\n").repeat(2_000));
    let (_folder, csv) = file("cars.csv", text);
    for format in [Format::Parquet, Format::Xlsx] {
        let (path, _) = decode(&csv, format, wanted("")).expect("decodes");
        let whole = std::fs::read(path).expect("read");
        for part in [
            1,
            4,
            whole.len() / 3,
            whole.len() / 2,
            whole.len() - 9,
            whole.len() - 1,
        ] {
            let name = format!("a.{}", format.name());
            let words = match format {
                Format::Parquet => "the Parquet file: its end is missing",
                _ => "the workbook: not whole",
            };
            refuse(&name, &whole[..part], words);
        }
        if format == Format::Parquet {
            // Its end is there, but not its middle.
            let mut damaged = whole.clone();
            let middle = damaged.len() / 4;
            damaged[4..middle].fill(0xff);
            refuse("a.parquet", damaged, "the Parquet file");
        }
    }
}

/// A workbook whose parts a test writes.
fn workbook(more: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    more(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

/// A workbook with one of its parts swollen to so many bytes.
fn swollen(part: &str, bytes: usize) -> Vec<u8> {
    let whole = workbook(|sheet| {
        sheet.write_string(0, 0, "vin").expect("written");
        sheet.write_string(1, 0, HONDA).expect("written");
    });
    let mut from = zip::ZipArchive::new(Cursor::new(whole)).expect("an archive");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut member = from.by_index(at).expect("a member");
        let name = member.name().expect("a name").into_owned();
        let options = SimpleFileOptions::default().large_file(true);
        to.start_file(&name, options).expect("begun");
        std::io::copy(&mut member, &mut to).expect("copied");
        if name == part {
            let blanks = vec![b' '; 1 << 20];
            for _ in 0..bytes >> 20 {
                to.write_all(&blanks).expect("written");
            }
        }
    }
    to.finish().expect("an archive").into_inner()
}

#[test]
fn archives_that_swell_are_refused_before_anything_is_held() {
    let bomb = swollen("xl/sharedStrings.xml", 160 << 20);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    refuse(
        "a.xlsx",
        bomb,
        "more than 134217728 bytes of texts that cells share",
    );
    let bomb = swollen("xl/worksheets/sheet1.xml", 1 << 30);
    refuse("a.xlsx", bomb, "more than 1073741824 bytes when unpacked");
}

#[test]
fn a_parquet_file_that_swells_is_refused() {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use std::sync::Arc;
    let text = "x".repeat(limits::COLUMN_CHUNK_BYTES as usize + 1);
    let column: ArrayRef = Arc::new(StringArray::from(vec![text]));
    let rows = RecordBatch::try_from_iter([("vin", column)]).expect("rows");
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_compression(parquet::basic::Compression::ZSTD(Default::default()))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .build();
    let mut bytes = Vec::new();
    let writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties));
    let mut writer = writer.expect("a writer");
    writer.write(&rows).expect("written");
    writer.close().expect("closed");
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    refuse(
        "a.parquet",
        bytes,
        "column vin of row group 0: more than 536870912 bytes",
    );
}

#[test]
fn of_several_sheets_one_is_read_and_the_others_are_told() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("leer").expect("named");
    let cars = book.add_worksheet().set_name("cars").expect("named");
    cars.write_string(0, 0, "Our cars").expect("written");
    cars.write_string(1, 1, "VIN").expect("written");
    cars.write_string(2, 1, HONDA).expect("written");
    cars.write_number(2, 0, 12.5).expect("written");
    let bytes = book.save_to_buffer().expect("a workbook");
    let (_folder, path) = file("cars.xlsx", bytes);
    let (out, remarks) = decode(&path, Format::Csv, wanted("brand")).expect("decodes");
    let sheet = Remark::Sheet {
        read: "cars".into(),
        left: "leer".into(),
    };
    assert_eq!(
        remarks,
        [Remark::Above(1), Remark::Named("column1".into()), sheet]
    );
    assert_eq!(
        rows(&out),
        ["column1|VIN|brand", &format!("12.5|{HONDA}|Honda")]
    );
}
