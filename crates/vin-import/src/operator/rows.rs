//! The rows of a sheet, one by one, with the meaning of its columns.

use super::input::{Line, Sheet};
use super::{Refusal, cell};

/// A sheet whose columns are known.
pub struct Rows<'a, C> {
    sheet: &'a Sheet,
    /// Per column what it means; `None` for one that is passed over.
    columns: Vec<Option<C>>,
}

/// One row.
pub struct Row<'a, C> {
    rows: &'a Rows<'a, C>,
    line: &'a Line,
}

/// What is wrong with which cell: its column in the sheet, its value, the reason.
pub type Wrong = (usize, String, String);

impl<'a, C: PartialEq> Rows<'a, C> {
    /// The rows of a sheet; `meaning` tells what a label means.
    pub fn new(sheet: &'a Sheet, meaning: impl Fn(&str) -> Option<C>) -> Self {
        let mut columns: Vec<Option<C>> = Vec::new();
        for label in &sheet.header {
            // Of two columns that mean the same the first one counts.
            let meant =
                meaning(label).filter(|meant| !columns.iter().flatten().any(|c| c == meant));
            columns.push(meant);
        }
        Self { sheet, columns }
    }

    /// The labels that mean nothing, or what another one means.
    pub fn passed_over(&self) -> impl Iterator<Item = &'a str> {
        let labels = self.sheet.header.iter().zip(&self.columns);
        let unknown = labels.filter(|(label, meant)| meant.is_none() && !label.is_empty());
        unknown
            .map(|(label, _)| label.as_str())
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The rows that are not empty.
    pub fn iter(&'a self) -> impl Iterator<Item = Row<'a, C>> {
        let filled = self
            .sheet
            .rows
            .iter()
            .filter(|row| row.cells.iter().any(|c| !c.is_empty()));
        filled.map(|line| Row { rows: self, line })
    }
}

impl<'a, C: PartialEq> Row<'a, C> {
    /// The cell of the column with this meaning, and where it stands; empty when there is none.
    pub fn cell(&self, meant: &C) -> (usize, &'a str) {
        let at = self
            .rows
            .columns
            .iter()
            .position(|c| c.as_ref() == Some(meant));
        let text = at.and_then(|at| self.line.cells.get(at));
        (at.unwrap_or(0), text.map_or("", String::as_str))
    }

    /// Its line in the file.
    pub fn line(&self) -> u64 {
        self.line.line
    }

    /// The cells of all columns that mean something and are not empty, each checked.
    ///
    /// # Errors
    /// The first one that cannot be right.
    pub fn cells(&self) -> Result<Vec<(usize, &'a C, &'a str)>, Wrong> {
        let mut found = Vec::new();
        for (at, (meant, text)) in self.rows.columns.iter().zip(&self.line.cells).enumerate() {
            let Some(meant) = meant.as_ref().filter(|_| !text.is_empty()) else {
                continue;
            };
            cell::check(text).map_err(|reason| (at, text.clone(), reason))?;
            found.push((at, meant, text.as_str()));
        }
        Ok(found)
    }

    /// The refusal of this row.
    pub fn refuse(&self, (at, value, reason): Wrong) -> Refusal {
        let sheet = self.rows.sheet;
        Refusal {
            file: sheet.name.clone(),
            line: self.line.line,
            column: sheet.header.get(at).cloned().unwrap_or_default(),
            value,
            reason,
        }
    }
}
