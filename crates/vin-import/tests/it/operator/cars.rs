//! The template: cars, rules, and what becomes of those that were there.

use super::{Tables, refusals};
use rust_xlsxwriter::Workbook;
use vin_import::operator::write_template;

const CARS: &str = "车型编号,VIN 模式,起始年款,可信度,来源,品牌,brand@en,车系,年款,轴距(mm),机油用量,备注\n\
    A1,\"LSVNY6A2×××××××××，LSVNY6A4×××××××××\",2018,0.8,手册,大众,Volkswagen,朗逸,2018款,2 688,4L,x\n\
    A2,,,,,大众,,朗逸,2019,2688,,\n\
    A3,LSVNY6A2*********,,,手册,大众,,朗逸,,,,\n";

#[test]
fn cars_get_ids_and_their_patterns_become_rules() {
    let tables = Tables::new();
    let report = tables
        .import("a.csv", CARS.replace("2 688", "2688").as_bytes())
        .expect("good rows");
    assert_eq!(
        (report.rows_read, report.rows_taken, report.refused.count),
        (3, 3, 0)
    );
    assert_eq!(
        report.tables,
        [
            ("operator/cars.tsv".to_owned(), 3),
            ("operator/rules.tsv".to_owned(), 3)
        ]
    );
    assert_eq!(report.notes.len(), 1);
    assert!(report.notes[0].1.contains("备注"), "{:?}", report.notes);
    assert_eq!(
        tables.cars(&[]),
        [
            "…01 brand=大众 brand@en=Volkswagen machineoil.volume=4L typename=朗逸 wheelbase=2688 yeartype=2018 source=手册",
            "…02 brand=大众 typename=朗逸 wheelbase=2688 yeartype=2019 source=a.csv",
            "…03 brand=大众 typename=朗逸 source=手册",
        ]
    );
    assert_eq!(
        tables.table("rules.tsv"),
        "wmi\tkey\tfrom\tto\tfield\tzh\ten\tconfidence\tsource\n\
         LSV\tNY6A2\t\t\tcars\t1500000003\t1500000003\t0.9\t手册\n\
         LSV\tNY6A2\t2018\t\tcars\t1500000001\t1500000001\t0.8\t手册\n\
         LSV\tNY6A4\t2018\t\tcars\t1500000001\t1500000001\t0.8\t手册\n"
    );
    assert_eq!(
        tables.table("ids.tsv"),
        "kind\tid\tkey\ncar\t1500000001\tcars/A1\ncar\t1500000002\tcars/A2\ncar\t1500000003\tcars/A3\n"
    );
}

#[test]
fn a_key_that_comes_again_replaces_its_car_and_leaves_the_others() {
    let tables = Tables::new();
    tables
        .import("a.csv", CARS.replace("2 688", "2688").as_bytes())
        .expect("good rows");
    let again = "car,vin_pattern,brand,typename\nA1,LSVAB6A2×××××××××,大众,宝来\nA3,,大众,桑塔纳\nA4,,大众,POLO\n";
    let report = tables.import("b.csv", again.as_bytes()).expect("good rows");
    assert_eq!(
        report.notes[0].1,
        "2 cars took the place of ones imported before"
    );
    assert_eq!(
        tables.cars(&["brand", "source"]),
        [
            "…01 typename=宝来",
            "…02 typename=朗逸 wheelbase=2688 yeartype=2019",
            "…03 typename=桑塔纳",
            "…04 typename=POLO",
        ]
    );
    // A1 names other patterns, A3 names none and keeps its own.
    assert_eq!(
        tables.rules(),
        ["LSV AB6A2   cars 1500000001", "LSV NY6A2   cars 1500000003"]
    );
}

#[test]
fn wrong_rows_of_cars_are_refused_with_their_place() {
    let rows = "车型编号,VIN 模式,起始年款,截止年款,可信度,品牌,brand@en,车系,轴距,上市日期,VIN\n\
        ok,,,,,大众,,,,,\n\
        ,,,,,大众,,,,,\n\
        a b,,,,,大众,,,,,\n\
        ok,,,,,大众,,,,,\n\
        a1,,,,,,,,2700,,\n\
        a2,LSVOY6A2×××××××××,,,,大众,,,,,\n\
        a3,,1918,,,大众,,,,,\n\
        a4,,2019,2018,,大众,,,,,\n\
        a5,,,,1.5,大众,,,,,\n\
        a6,,,,,大众,,朗逸,\"2,700\",,\n\
        a7,,,,,大众,,朗逸,,2018/1,\n\
        a8,,,,,,VW,朗逸,,,\n\
        a9,,,,,大众,,朗逸,#N/A,,\n\
        a10,,,,,大众,,С级,,,\n\
        a11,,,,,大众,,朗逸,,,LSVNY6A25D2123456\n";
    let report = Tables::new()
        .import("a.csv", rows.as_bytes())
        .expect("one is taken");
    assert_eq!((report.rows_read, report.rows_taken), (15, 1));
    assert_eq!(
        refusals(&report),
        [
            "a.csv, 3, 车型编号: : a key of 1 to 100 characters, without blanks and commas, is needed",
            "a.csv, 4, 车型编号: a b: a key of 1 to 100 characters, without blanks and commas, is needed",
            "a.csv, 5, 车型编号: ok: line 2 has this key too",
            "a.csv, 6, 车型编号: a1: neither brand, series, name nor model of the car is known",
            "a.csv, 7, VIN 模式: LSVOY6A2×××××××××: O in position 4 stands in no VIN",
            "a.csv, 8, 起始年款: 1918: not a year from 1950 to 2059",
            "a.csv, 9, 车型编号: a4: the first model year 2019 is after the last, 2018",
            "a.csv, 10, 可信度: 1.5: not a share of 0 to 1",
            "a.csv, 11, 轴距: 2,700: not a number of at least 0 without its unit",
            "a.csv, 12, 上市日期: 2018/1: not a date as yyyy-MM-dd",
            "a.csv, 13, 车型编号: a8: brand has an English value and no Chinese one",
            "a.csv, 14, 轴距: #N/A: a formula that went wrong",
            "a.csv, 15, 车系: С级: 'С' is neither Chinese nor Latin",
            "a.csv, 16, VIN: LSVNY6A25D2123456: a field that the program tells by itself",
        ]
    );
}

fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (n, line) in text.lines().enumerate() {
            for (at, cell) in line
                .split(',')
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(n as u32, at as u16, number),
                    Err(_) => sheet.write(n as u32, at as u16, cell),
                }
                .expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn rules_of_a_workbook_lead_to_its_cars_or_tell_a_field() {
    let tables = Tables::new();
    let cars = "车型编号,品牌,车系\n101,大众,朗逸\n102,大众,宝来\n";
    let rules = "WMI,键,VIN 模式,起始年款,候选车型,字段,值,英文值,可信度\n\
        LSV LFV,*[NP]*6A|J,,2018,102 101,,,,0.7\n\
        ,,LSVNY6A2×××××××××,,,变速箱类型,双离合(DCT),Dual clutch,95%\n\
        lsv,ny6a2,,,,plant,上海安亭,,\n\
        LSV,N,,,103,,,,\n\
        LSV,N,,,101,品牌,大众,,\n\
        LSV,N,,,,,,,\n\
        LSV,N,,,,轴距,很长,,\n\
        LSV,N,,,,车 ID,7,,\n\
        LSVX,N,,,,品牌,大众,,\n\
        LSV,##,,,,品牌,大众,,\n\
        LSV,N,LSVNY6A2×××××××××,,,品牌,大众,,\n\
        ,,,,,品牌,大众,,\n";
    let bytes = workbook(&[("规则", rules), ("车型", cars), ("说明", "x,y\n")]);
    let report = tables.import("a.xlsx", &bytes).expect("good rows");
    assert_eq!((report.rows_read, report.rows_taken), (14, 5));
    assert_eq!(
        tables.rules(),
        [
            "LFV *[NP]*6A|J 2018  cars 1500000002 1500000001",
            "LSV *[NP]*6A|J 2018  cars 1500000002 1500000001",
            "LSV NY6A2   geartype 双离合(DCT)",
            "LSV NY6A2   plant 上海安亭",
        ]
    );
    assert!(
        tables
            .table("rules.tsv")
            .contains("双离合(DCT)\tDual clutch\t0.95\ta.xlsx#规则\n")
    );
    assert_eq!(
        refusals(&report),
        [
            "a.xlsx#规则, 5, 候选车型: 103: no car has the key \"103\"",
            "a.xlsx#规则, 6, 字段: 品牌: cars and a field in one row",
            "a.xlsx#规则, 7, 字段: : either cars or a field must be named",
            "a.xlsx#规则, 8, 值: 很长: not a number of at least 0 without its unit",
            "a.xlsx#规则, 9, 字段: 车 ID: no field of a result that is a text",
            "a.xlsx#规则, 10, WMI: LSVX: not a WMI of three characters, or of six with 9 in the third",
            "a.xlsx#规则, 11, 键: ##: `#` reads a number, which no rule here wants",
            "a.xlsx#规则, 12, VIN 模式: LSVNY6A2×××××××××: a pattern and a WMI in one row",
            "a.xlsx#规则, 13, WMI: : either WMI and key or a pattern is needed",
        ]
    );
}

#[test]
fn rules_that_come_again_replace_all_values_of_their_field_alone() {
    let tables = Tables::new();
    let rule = |text: &str| format!("WMI,键,字段,值\n{text}");
    let first = rule("LSV,NY6A2,车系,朗逸\nLSV,NY6A2,车系,宝来\nLSV,NY6A2,品牌,大众\n");
    tables.import("a.csv", first.as_bytes()).expect("good rows");
    tables
        .import("a.csv", rule("LSV,NY6A2,车系,POLO\n").as_bytes())
        .expect("good rows");
    assert_eq!(
        tables.rules(),
        ["LSV NY6A2   brand 大众", "LSV NY6A2   typename POLO"]
    );
}

#[test]
fn the_empty_template_is_a_template() {
    for name in ["template.xlsx", "template.csv"] {
        let (tables, folder) = (Tables::new(), tempfile::tempdir().expect("a folder"));
        let files = write_template(&folder.path().join(name)).expect("a template");
        let (mut read, mut taken) = (0, 0);
        for file in &files {
            let bytes = std::fs::read(file).expect("the template");
            let report = tables
                .import(name, &bytes)
                .expect("its examples are good rows");
            assert_eq!(refusals(&report), [""; 0], "{name}");
            (read, taken) = (read + report.rows_read, taken + report.rows_taken);
        }
        assert_eq!(
            (files.len(), read, taken),
            (if name.ends_with("csv") { 2 } else { 1 }, 4, 4)
        );
        let hidden = [
            "source", "brand", "typename", "name", "len", "width", "height",
        ];
        assert_eq!(
            tables.cars(&hidden),
            [
                "…01 displacement=1.4T machineoil.volume=4.0L yeartype=2018",
                "…02 yeartype=2018"
            ]
        );
        assert_eq!(
            tables.rules(),
            [
                "LSV *[NP]*6A|J 2018 2018 cars 1500000002 1500000001",
                "LSV NY6A2   geartype 双离合(DCT)",
                "LSV NY6A2 2018  cars 1500000001",
                "LSV NY6A4 2018  cars 1500000001",
            ]
        );
    }
}
