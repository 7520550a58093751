//! EPA's `vehicles.csv` and `emissions.csv`, each as it is or in its archive.

use super::input::{self, Form, zip};
use super::{Kind, Progress, Refusal, Report, Step, form};
use crate::ImportError;
use crate::sources::epa::{CARS, File, STANDARDS};
use crate::table::{self, Effort, escape};
use std::path::Path;

/// The files, and the tables that are made of them.
const FILES: [(&File, &str); 2] = [
    (&CARS, "catalogue/epa/vehicles.tsv.zst"),
    (&STANDARDS, "catalogue/epa/emissions.tsv.zst"),
];

/// Which of EPA's files this is, by the first bytes with its header.
pub fn file_of(head: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(head);
    let header = text.lines().next().unwrap_or_default();
    let has = |column: &str| {
        header
            .split(',')
            .any(|cell| cell.trim_matches(['"', ' ']) == column)
    };
    FILES.iter().position(|(file, _)| has(file.sign))
}

/// Reads one of EPA's files into the folder of tables.
///
/// # Errors
/// When it is none, exceeds a limit, or the table cannot be written.
pub fn read(
    path: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let at = file_of(&input::head_within(path)?);
    let at = at.ok_or_else(|| form(path, 1, "no header of EPA's files"))?;
    let (file, table) = FILES[at];
    let step = |step, done, total| progress(Progress { step, done, total });
    let text = match Form::of(path)? {
        Form::Zip => zip::text(path)?,
        _ => input::text_of(path)?,
    };
    let bytes = text.len() as u64;
    step(Step::Read, 0, bytes);
    let mut report = Report::new(Kind::Epa, path);
    let (mut uneven, name) = (0, report.file.clone());
    let refuse = &mut |error: ImportError| {
        let refusal = Refusal::of(error, &name)?;
        uneven += u64::from(refusal.column.is_empty());
        report.refuse(refusal);
        Ok(())
    };
    let (rows, read) = file.table(path, &text, refuse)?;
    report.rows_read = read + uneven;
    report.rows_taken = report.rows_read - report.refused.count;
    step(Step::Read, bytes, bytes);
    let mut out = file.columns.join("\t") + "\n";
    for row in &rows {
        let cells: Vec<_> = row.iter().map(|cell| escape(cell)).collect();
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    table::save(&tables.join(table), &out, Effort::Quick)?;
    report.tables.push((table.to_owned(), rows.len() as u64));
    Ok(report)
}
