//! `docs/benchmarks.md`: each measurement stands between its own two marks.

use super::machine;
use crate::run;

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
    let path = run::root().join(PATH);
    let document = run::read(&path)?;
    let replaced = replaced(&document, section.name, &section.text())
        .ok_or_else(|| format!("{PATH} has no marks for {}", section.name))?;
    run::write(&path, replaced)?;
    println!("{PATH} written");
    Ok(())
}

fn replaced(document: &str, name: &str, text: &str) -> Option<String> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let from = document.find(&open)? + open.len();
    let to = from + document[from..].find(&close)?;
    Some(format!("{}{text}{}", &document[..from], &document[to..]))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let document = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
        let wanted = "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n";
        assert_eq!(replaced(document, "x", "new\n").as_deref(), Some(wanted));
        assert_eq!(replaced(document, "y", "new\n"), None);
    }
}
