//! `docs/benchmarks.md`: each measurement stands between its own two marks.

use super::machine;
use crate::page;

/// One measured section.
pub struct Section {
    /// The name of its marks.
    pub name: &'static str,
    /// The command that measures it.
    pub command: &'static str,
    /// What was measured, and the figures as Markdown table rows `| … | … |` under `head`.
    pub head: &'static str,
    /// The rows.
    pub rows: Vec<String>,
    /// How it was measured, in sentences.
    pub how: String,
}

impl Section {
    /// The section as Markdown.
    pub fn text(&self) -> String {
        let columns = self.head.matches('|').count() - 1;
        let rule = format!("|{}", "---|".repeat(columns));
        format!(
            "{}\n{rule}\n{}\n\n{}\n\nCommand: `{}`. Machine: {}.\n",
            self.head,
            self.rows.join("\n"),
            self.how,
            self.command,
            machine::description()
        )
    }
}

const PATH: &str = "docs/benchmarks.md";

/// Replaces what stands between the marks of `section`.
pub fn put(section: &Section) -> Result<(), String> {
    page::put_between(PATH, section.name, &section.text())
}
