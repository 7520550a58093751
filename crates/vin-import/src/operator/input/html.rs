//! Saved pages: tables with a header row, and pages of one record where a label stands before
//! its value.

use super::{IsLabel, Line, Sheet, limit, trimmed};
use crate::{ImportError, limits};
use scraper::{ElementRef, Html, Node, Selector};

/// The sheets of a page. The line of a row is its number among all rows of the page.
///
/// # Errors
/// When it exceeds a limit.
pub fn sheets(text: &str, name: &str, is_label: IsLabel<'_>) -> Result<Vec<Sheet>, ImportError> {
    let page = Html::parse_document(text);
    let selector = |words| Selector::parse(words).expect("a selector of our own");
    let (tables, rows) = (selector("table"), selector("tr"));
    let mut sheets = Vec::new();
    let mut record = Pairs::default();
    let mut count = 0;
    for (n, table) in page.select(&tables).enumerate() {
        let mut lines = Vec::new();
        for row in table
            .select(&rows)
            .filter(|row| nearest_table(*row) == Some(table))
        {
            count += 1;
            let cells = cells(row);
            if cells.len() > limits::COLUMNS {
                return Err(limit(name, "columns", limits::COLUMNS as u64));
            }
            lines.push(Line { line: count, cells });
        }
        if count > limits::ROWS {
            return Err(limit(name, "rows", limits::ROWS));
        }
        if is_list(&lines, is_label) {
            sheets.push(Sheet {
                name: format!("{name}#table {}", n + 1),
                header: Vec::new(),
                rows: lines,
            });
        } else {
            for line in &lines {
                record.read(line, is_label);
            }
        }
    }
    record.close();
    sheets.extend(record.done.into_iter().map(|(header, row)| Sheet {
        name: name.to_owned(),
        header,
        rows: vec![row],
    }));
    Ok(sheets)
}

/// Whether a row of labels alone stands over other rows.
fn is_list(lines: &[Line], is_label: IsLabel<'_>) -> bool {
    let all_labels = |line: &Line| {
        let labels = line.cells.iter().filter(|cell| is_label(cell)).count();
        let cells = line.cells.iter().filter(|cell| !cell.is_empty()).count();
        labels >= 2 && labels * 3 >= cells * 2
    };
    lines.len() > 1 && lines.iter().take(super::TITLE_ROWS).any(all_labels)
}

/// Records of pages where each value stands after its label.
#[derive(Default)]
struct Pairs {
    header: Vec<String>,
    cells: Vec<String>,
    line: u64,
    done: Vec<(Vec<String>, Line)>,
}

impl Pairs {
    fn read(&mut self, line: &Line, is_label: IsLabel<'_>) {
        let mut cells = line.cells.iter().peekable();
        while let Some(label) = cells.next() {
            let label = label.trim_end_matches([':', '\u{ff1a}', ' ']);
            if !is_label(label) {
                continue;
            }
            let value = cells.next_if(|value| !is_label(value.trim_end_matches([':', '\u{ff1a}'])));
            // A label that comes again begins the next record.
            if self.header.iter().any(|known| known == label) {
                self.close();
            }
            if self.header.is_empty() {
                self.line = line.line;
            }
            self.header.push(label.to_owned());
            self.cells.push(value.cloned().unwrap_or_default());
        }
    }

    fn close(&mut self) {
        let (header, cells) = (
            std::mem::take(&mut self.header),
            std::mem::take(&mut self.cells),
        );
        if !header.is_empty() {
            let line = self.line;
            self.done.push((header, Line { line, cells }));
        }
    }
}

/// The table that a row belongs to, not one around that.
fn nearest_table(row: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut above = row.ancestors().filter_map(ElementRef::wrap);
    above.find(|e| e.value().name() == "table")
}

fn cells(row: ElementRef<'_>) -> Vec<String> {
    let mut cells = Vec::new();
    for cell in row
        .child_elements()
        .filter(|e| matches!(e.value().name(), "td" | "th"))
    {
        cells.push(text(cell));
        let span = cell
            .attr("colspan")
            .and_then(|span| span.parse::<usize>().ok());
        let more = span.unwrap_or(1).clamp(1, limits::COLUMNS) - 1;
        cells.extend(std::iter::repeat_n(String::new(), more));
    }
    cells
}

/// The text of a cell; what stands apart on the page is parted by a line feed.
fn text(cell: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in cell.descendants() {
        match node.value() {
            Node::Text(part) => text.push_str(&part.replace(['\n', '\r', '\t'], " ")),
            Node::Element(e) if matches!(e.name(), "br" | "p" | "div" | "li") => text.push('\n'),
            _ => {}
        }
    }
    let lines = text
        .split('\n')
        .map(trimmed)
        .filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
