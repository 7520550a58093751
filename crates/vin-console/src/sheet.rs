//! Tables as files: CSV and XLSX. A text that a table program would take for a formula is made harmless.

use crate::reply::{Problem, Reply};
use rust_xlsxwriter::Workbook;
use vin_core::formula::is_harmful;

/// What a cell holds.
pub enum Cell {
    Text(String),
    Number(i64),
    /// Hundredths, with two decimals.
    Decimal(i64),
}

/// A file of that format, `csv` or `xlsx`.
pub fn reply(
    format: &str,
    name: &str,
    head: &[&str],
    rows: &[Vec<Cell>],
) -> Result<Reply, Problem> {
    match format {
        "csv" => Ok(Reply::File(
            format!("{name}.csv"),
            "text/csv; charset=utf-8",
            csv(head, rows),
        )),
        "xlsx" => {
            let bytes = xlsx(head, rows).map_err(|error| {
                tracing::error!(%error, "a table could not be written");
                Problem::Broken
            })?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(Reply::File(format!("{name}.xlsx"), kind, bytes))
        }
        _ => Err(Problem::NotFound),
    }
}

fn csv(head: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
    // The mark tells table programs that this is UTF-8.
    let mut out = "\u{feff}".to_owned();
    let mut add = |line: String| {
        out += &line;
        out += "\r\n";
    };
    add(line(head.iter().copied()));
    for row in rows {
        let cell = |cell: &Cell| match cell {
            Cell::Text(text) => quoted(text),
            Cell::Number(number) => number.to_string(),
            Cell::Decimal(hundredths) => decimal(*hundredths),
        };
        let cells: Vec<_> = row.iter().map(cell).collect();
        add(cells.join(","));
    }
    out.into_bytes()
}

/// Texts as a line of CSV, without its end.
pub fn line<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.map(quoted).collect::<Vec<_>>().join(",")
}

fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}

fn quoted(text: &str) -> String {
    let apostrophe = if is_harmful(text) { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

fn xlsx(head: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (column, text) in (0..).zip(head) {
        sheet.write_string(0, column, *text)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            // A string of a sheet is never a formula.
            match cell {
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
                Cell::Decimal(hundredths) => {
                    sheet.write_number(line, column, *hundredths as f64 / 100.0)?
                }
            };
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_a_text() {
        let rows = [vec![
            Cell::Text("=1+1".to_owned()),
            Cell::Number(-3),
            Cell::Decimal(-1_205),
        ]];
        let text = String::from_utf8(csv(&["a\"b", "c", "d"], &rows)).expect("UTF-8");
        assert_eq!(
            text,
            "\u{feff}\"a\"\"b\",\"c\",\"d\"\r\n\"'=1+1\",-3,-12.05\r\n"
        );
        assert!(xlsx(&["a"], &rows).expect("written").starts_with(b"PK"));
    }
}
