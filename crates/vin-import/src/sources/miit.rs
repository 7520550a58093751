//! MIIT's catalogue of vehicles with reduced vessel and vehicle tax: model, mass, consumption.
//!
//! Source: notice of the Ministry of Industry and Information Technology of China. Two layouts
//! of the notice stand in one file: passenger cars name 车辆型号, the others 产品型号.

use super::sheet::{PLAIN, Record, Sheet, short};
use crate::{ImportError, table};
use std::path::Path;

/// The columns of our table; `kg` keeps every mass that the notice names, by commas.
pub const COLUMNS: [&str; 11] = [
    "model", "maker", "mark", "name", "product", "cc", "seats", "gearbox", "gears", "kg", "l100km",
];

const CATALOGUE: &[&str] = &[
    "企业名称",
    "商标",
    "车辆型号",
    "产品型号",
    "通用名称",
    "产品名称",
    "排量(ml)",
    "发动机排量(ml)",
    "额定载客人数（人）",
    "型式",
    "档位数",
    "整车整备质量(kg)",
    "综合燃料消耗量（L/100km）",
    "燃料消耗量(L/100km)",
];

/// Reads the file and writes the table.
///
/// # Errors
/// When the file is not as expected or a row cannot be right; it names line and column.
pub fn import(file: &Path, out: &Path) -> Result<usize, ImportError> {
    let sheet = Sheet::read(file, PLAIN, CATALOGUE)?;
    let mut rows = Vec::new();
    for record in sheet.rows() {
        rows.push(row(record)?);
    }
    rows.sort();
    rows.dedup();
    table::write(out, &COLUMNS, rows.iter().map(|row| &row[..]))
}

fn row(record: Record<'_>) -> Result<[String; 11], ImportError> {
    let either = |first, second| match record.text(first) {
        "" => second,
        _ => first,
    };
    let model = record.required(either("车辆型号", "产品型号"))?;
    let code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '(' | ')');
    if !model.chars().all(code) {
        return Err(record.wrong(either("车辆型号", "产品型号"), "not a model code"));
    }
    let masses: Vec<_> = numbers(record.text("整车整备质量(kg)")).collect();
    let volume = record.positive(either("排量(ml)", "发动机排量(ml)"))?;
    let consumption = either("综合燃料消耗量（L/100km）", "燃料消耗量(L/100km)");
    let text = |column| record.text(column).to_owned();
    Ok([
        model.to_owned(),
        record.required("企业名称")?.to_owned(),
        record.text("商标").trim_end_matches('牌').to_owned(),
        text("通用名称"),
        text("产品名称"),
        short(volume, 0),
        short(record.positive("额定载客人数（人）")?, 0),
        text("型式"),
        text("档位数"),
        masses.join(","),
        // A notice of several variants gives several figures; such a row has none of its own.
        short(record.text(consumption).parse().ok(), 2),
    ])
}

/// The whole numbers of a list with any separators.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
}
