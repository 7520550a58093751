//! An empty template with example rows, as a workbook or as delimited text.

use super::columns::{CAR_COLUMNS, Column, RULE_COLUMNS};
use crate::ImportError;
use crate::compile::records::may_give;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::path::{Path, PathBuf};
use vin_core::field::FIELDS;

/// The names of the sheets.
const SHEETS: [&str; 3] = ["车型", "规则", "说明"];

/// An example row: column and cell. What is in none stays empty.
type Example = &'static [(&'static str, &'static str)];

const CARS: &[Example] = &[
    &[
        ("车型编号", "EXAMPLE-1"),
        ("VIN 模式", "LSVNY6A2×××××××××,LSVNY6A4×××××××××"),
        ("起始年款", "2018"),
        ("来源", "示例，请删除"),
        ("品牌", "示例品牌"),
        ("车系", "示例车系"),
        ("车型全称", "示例品牌 示例车系 2018款 1.4T 自动豪华版"),
        ("年款", "2018"),
        ("排量", "1.4T"),
        ("长", "4670"),
        ("宽", "1806"),
        ("高", "1474"),
        ("机油用量", "4.0L"),
    ],
    &[
        ("车型编号", "EXAMPLE-2"),
        ("来源", "示例，请删除"),
        ("品牌", "示例品牌"),
        ("车系", "示例车系"),
        ("车型全称", "示例品牌 示例车系 2018款 1.4T 自动舒适版"),
        ("年款", "2018"),
    ],
];

const RULES: &[Example] = &[
    &[
        ("WMI", "LSV"),
        ("键", "*[NP]*6A|J"),
        ("起始年款", "2018"),
        ("截止年款", "2018"),
        ("候选车型", "EXAMPLE-2 EXAMPLE-1"),
        ("可信度", "0.7"),
        ("来源", "示例，请删除"),
    ],
    &[
        ("VIN 模式", "LSVNY6A2×××××××××"),
        ("字段", "变速箱类型"),
        ("值", "双离合(DCT)"),
        ("英文值", "Dual clutch"),
        ("可信度", "0.95"),
        ("来源", "示例，请删除"),
    ],
];

/// The labels of the sheet of cars.
fn car_labels() -> Vec<String> {
    let own = CAR_COLUMNS.iter().map(|column| column.zh.to_owned());
    let fields = FIELDS
        .iter()
        .filter(|field| may_give(field))
        .map(|field| match field.unit {
            "" => field.label.zh.to_owned(),
            unit => format!("{}({unit})", field.label.zh),
        });
    own.chain(fields).collect()
}

fn rows(labels: Vec<String>, examples: &[Example]) -> Vec<Vec<String>> {
    let cell = |label: &String, example: Example| {
        let bare = label.rfind('(').map_or(label.as_str(), |at| &label[..at]);
        let found = example
            .iter()
            .find(|(name, _)| *name == label || *name == bare);
        found.map_or(String::new(), |(_, text)| (*text).to_owned())
    };
    let filled: Vec<Vec<String>> = examples
        .iter()
        .map(|example| labels.iter().map(|label| cell(label, example)).collect())
        .collect();
    std::iter::once(labels).chain(filled).collect()
}

fn about<C>(title: &str, columns: &[Column<C>]) -> Vec<Vec<String>> {
    let rows = columns.iter().map(|column| {
        let label = format!("{} / {}", column.zh, column.en);
        vec![label, column.about.0.to_owned(), column.about.1.to_owned()]
    });
    std::iter::once(vec![title.to_owned()])
        .chain(rows)
        .collect()
}

/// Every sheet with its rows, the header first.
fn sheets() -> [Vec<Vec<String>>; 3] {
    let mut help = about("车型 Cars", CAR_COLUMNS);
    for field in FIELDS.iter().filter(|field| may_give(field)) {
        let label = format!("{} / {}", field.label.zh, field.path);
        help.push(vec![
            label,
            field.unit.to_owned(),
            field.label.en.to_owned(),
        ]);
    }
    help.extend(about("规则 Rules", RULE_COLUMNS));
    let rules = RULE_COLUMNS.iter().map(|column| column.zh.to_owned());
    [rows(car_labels(), CARS), rows(rules.collect(), RULES), help]
}

/// Writes an empty template: a workbook when `out` ends with `.xlsx`, else text with commas, the
/// rules then in a second file beside the first. Gives the files.
///
/// # Errors
/// When a file cannot be written.
pub fn write(out: &Path) -> Result<Vec<PathBuf>, ImportError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| ImportError::Io { path, error }
    };
    let sheets = sheets();
    if out
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
    {
        let bytes = workbook(&sheets)
            .map_err(std::io::Error::other)
            .map_err(io(out))?;
        std::fs::write(out, bytes).map_err(io(out))?;
        return Ok(vec![out.to_owned()]);
    }
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let rules = out.with_file_name(format!("{stem}-rules.csv"));
    let paths = vec![out.to_owned(), rules];
    for (path, rows) in paths.iter().zip(&sheets) {
        // The mark at the start tells programs of tables that this is UTF-8.
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        for row in rows {
            let written = writer.write_record(row).map_err(std::io::Error::other);
            written.map_err(io(path))?;
        }
        let bytes = writer.into_inner().map_err(|error| error.into_error());
        std::fs::write(path, bytes.map_err(io(path))?).map_err(io(path))?;
    }
    Ok(paths)
}

fn workbook(sheets: &[Vec<Vec<String>>; 3]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    // As text, so that `0012` and `1E5` stay what they are.
    let text = Format::new().set_num_format("@");
    for (name, rows) in SHEETS.iter().zip(sheets) {
        let sheet = book.add_worksheet().set_name(*name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (n, row) in rows.iter().enumerate() {
            let format = if n == 0 { &head } else { &text };
            for (at, cell) in row.iter().enumerate() {
                sheet.write_string_with_format(n as u32, at as u16, cell, format)?;
            }
        }
    }
    book.save_to_buffer()
}
