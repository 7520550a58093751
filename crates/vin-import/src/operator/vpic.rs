//! NHTSA's monthly dump of vPIC, as a file or in its archive.

use super::input::{self, Form, zip};
use super::{Kind, Progress, Report, Step, form};
use crate::ImportError;
use crate::sources::vpic;
use crate::sources::vpic_dump::{self, Dump, Limits};
use crate::table::{self, Effort};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Reads a dump into the folder of tables.
///
/// # Errors
/// When it is none, is cut off, exceeds a limit, or a table cannot be written.
pub fn read(
    path: &Path,
    tables: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Report, ImportError> {
    let mut report = Report::new(Kind::Vpic, path);
    let (mut dump, name) = open(path, &mut report, progress)?;
    report.rows_read = dump.rows;
    report.rows_taken = dump.rows - report.refused.count;
    report.month = month(&name).or_else(|| {
        let started = dump.started.as_deref()?;
        started.get(..7).map(str::to_owned)
    });
    let total = report.rows_taken;
    progress(Progress {
        step: Step::Write,
        done: 0,
        total,
    });
    let out = tables.join("vpic");
    let written = vpic::write(&mut dump, &out, Effort::Quick)?;
    // The dump gives fractions of a second, which the tables keep; nothing is left to be said.
    table::save(&out.join("later.tsv"), "table\tid\n", Effort::Quick)?;
    progress(Progress {
        step: Step::Write,
        done: total,
        total,
    });
    for (name, rows) in written {
        report
            .tables
            .push((format!("vpic/{name}.tsv.zst"), rows as u64));
    }
    Ok(report)
}

/// The tables of a dump, and the name of the file or member that tells its month.
fn open(
    path: &Path,
    report: &mut Report,
    progress: &dyn Fn(Progress),
) -> Result<(Dump, String), ImportError> {
    let mut read = |reader: &mut dyn BufRead, total| {
        let step = |done| {
            progress(Progress {
                step: Step::Read,
                done,
                total,
            })
        };
        let refuse = &mut |row| report.refuse(row);
        vpic_dump::read(reader, path, Limits::default(), refuse, &step)
    };
    let io = |error| ImportError::Io {
        path: path.to_owned(),
        error,
    };
    let name = input::name(path);
    match Form::of(path)? {
        Form::Dump => {
            let file = std::fs::File::open(path).map_err(io)?;
            let total = file.metadata().map_err(io)?.len();
            Ok((
                read(&mut BufReader::with_capacity(1 << 20, file), total)?,
                name,
            ))
        }
        Form::Zip => {
            let (at, member) = zip::only(path)?;
            let mut archive = zip::open(path)?;
            let member_file = archive
                .by_index(at)
                .map_err(|error| form(path, 0, format!("no whole archive: {error}")))?;
            let total = member_file.size();
            let dump = read(&mut BufReader::with_capacity(1 << 20, member_file), total)?;
            Ok((dump, if month(&name).is_some() { name } else { member }))
        }
        _ => Err(form(path, 0, "no dump of PostgreSQL in plain text")),
    }
}

/// The month in a name such as `vPICList_lite_2026_10.plain.zip`.
fn month(name: &str) -> Option<String> {
    let parts: Vec<_> = name.split(['_', '.', '-']).collect();
    parts.windows(2).find_map(|pair| {
        let (year, month) = (pair[0].parse::<u16>().ok()?, pair[1].parse::<u8>().ok()?);
        let fits = (2000..2100).contains(&year) && (1..=12).contains(&month);
        (fits && pair[1].len() == 2).then(|| format!("{year}-{month:02}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_stands_in_the_name() {
        assert_eq!(
            month("vPICList_lite_2026_10.plain.zip").as_deref(),
            Some("2026-10")
        );
        assert_eq!(month("vPICList_lite_2026_13.plain.zip"), None);
        assert_eq!(month("dump.sql"), None);
    }
}
