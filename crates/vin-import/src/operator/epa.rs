//! EPA's `vehicles.csv` and `emissions.csv`.

use super::{Kind, Progress, Report, Step, form};
use crate::sources::epa;
use crate::{ImportError, sources::Source};
use std::path::Path;

/// A file of EPA: a column that no other has, our table, and its importer.
const FILES: [(&str, &str, Source); 2] = [
    (
        "VClass",
        "catalogue/epa/vehicles.tsv.zst",
        Source {
            name: "epa",
            import: epa::import,
        },
    ),
    (
        "salesArea",
        "catalogue/epa/emissions.tsv.zst",
        Source {
            name: "epa-emissions",
            import: epa::import_emissions,
        },
    ),
];

/// Which of EPA's files this is, by its header.
///
/// # Errors
/// When the file cannot be read.
pub fn table_of(input: &Path) -> Result<Option<usize>, ImportError> {
    use std::io::{BufRead, BufReader, Read};
    let io = |error| ImportError::Io {
        path: input.to_owned(),
        error,
    };
    let file = std::fs::File::open(input).map_err(io)?;
    let mut header = Vec::new();
    let mut reader = BufReader::new(file).take(64 << 10);
    reader.read_until(b'\n', &mut header).map_err(io)?;
    let header = String::from_utf8_lossy(&header);
    let has = |column: &str| header.split(',').any(|cell| cell.trim() == column);
    Ok(FILES.iter().position(|(column, _, _)| has(column)))
}

/// Reads one of EPA's files.
///
/// # Errors
/// When it is none, or a row cannot be right.
pub fn read(
    input: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let at = table_of(input)?.ok_or_else(|| form(input, 1, "no header of EPA's files"))?;
    let (_, table, source) = &FILES[at];
    progress(Progress {
        step: Step::Read,
        done: 0,
        total: 0,
    });
    let rows = (source.import)(input, &tables.join(table))? as u64;
    let mut report = Report::new(Kind::Epa, input);
    (report.rows_read, report.rows_taken) = (rows, rows);
    report.tables.push(((*table).to_owned(), rows));
    Ok(report)
}
