//! `docs/deviations.md`: where our answer differs on purpose, readable by people and by this chore.
//!
//! An entry is a heading `## name`, then list items `- attribute: NAME` and `- line: VIN`, as many
//! as it takes, and free text that says why. It excuses these attributes on these lines only.

/// One entry.
#[derive(Debug, Default, PartialEq)]
pub struct Deviation {
    /// Its name.
    pub name: String,
    attributes: Vec<String>,
    lines: Vec<String>,
}

impl Deviation {
    /// Whether it speaks of this line of the corpus.
    pub fn is_about(&self, line: &str) -> bool {
        self.lines.iter().any(|l| l == line)
    }
}

/// Every entry.
pub struct Deviations(pub Vec<Deviation>);

impl Deviations {
    /// Reads the document.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut entries: Vec<Deviation> = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("## ") {
                entries.push(Deviation {
                    name: name.to_owned(),
                    ..Deviation::default()
                });
            }
            let value = |key| Some(line.strip_prefix(key)?.trim().trim_matches('`').to_owned());
            if let Some(entry) = entries.last_mut() {
                entry.attributes.extend(value("- attribute:"));
                entry.lines.extend(value("- line:"));
            }
        }
        let empty = entries
            .iter()
            .find(|e| e.attributes.is_empty() || e.lines.is_empty());
        match empty {
            Some(entry) => Err(format!(
                "docs/deviations.md: {:?} names no attribute or no line",
                entry.name
            )),
            None => Ok(Self(entries)),
        }
    }

    /// Every line that an entry speaks of.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|e| &e.lines).map(String::as_str)
    }

    /// The place of the entry that excuses a difference.
    pub fn excusing(&self, line: &str, what: &str) -> Option<usize> {
        let fits = |e: &Deviation| e.is_about(line) && e.attributes.iter().any(|a| a == what);
        self.0.iter().position(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::Deviations;

    const DOCUMENT: &str = "# Deviations\n\n- line: `NOT AN ENTRY`\n\n\
        ## year-of-a\n\nWhy.\n\n- attribute: `Model Year`\n- line: `A`\n- line: `B,2003`\n";

    #[test]
    fn an_entry_excuses_its_attributes_on_its_lines() {
        let deviations = Deviations::parse(DOCUMENT).expect("a document");
        assert_eq!(deviations.excusing("B,2003", "Model Year"), Some(0));
        assert_eq!(deviations.excusing("B,2003", "Make"), None);
        assert_eq!(deviations.excusing("C", "Model Year"), None);
        assert!(Deviations::parse("## empty\n").is_err());
    }
}
