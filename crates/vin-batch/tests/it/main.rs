//! Files in, files out: every format, what is broken about files, and what exports must not do.

mod broken;
mod exports;
mod formats;

use arrow_array::Array as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vin_batch::choice::{Choice, Wanted};
use vin_batch::input::{Origin, Table};
use vin_batch::kind::Cells;
use vin_batch::output::{self, Target};
use vin_batch::run::{Work, run};
use vin_batch::{BatchError, Format, Remark, find};
use vin_core::{Date, Lang};

/// The page's own example, and what it is repaired to.
const PAGE_VIN: &str = "WPOAA2978BL012976";
const REPAIRED: &str = "WP0AA2978BL012976";
const HONDA: &str = "1HGCM82633A004352";

/// What is wanted, in English: these columns, or all.
fn wanted(columns: &str) -> Wanted {
    let names = columns.split(',').map(str::to_owned).collect();
    Wanted {
        vpic: false,
        columns: (!columns.is_empty()).then_some(names),
        explain: false,
        only_hits: false,
        lang: Lang::En,
        today: Date::parse("2026-11-24").expect("a date"),
    }
}

/// A file with this content in a folder of its own.
fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("written");
    (folder, path)
}

/// Decodes a file into another beside it, on two threads.
fn decode(input: &Path, to: Format, wanted: Wanted) -> Result<(PathBuf, Vec<Remark>), BatchError> {
    let from = Format::of(input).expect("a format");
    let table = Table::open(Origin::File(input.to_owned()), from)?;
    let schema = table.schema();
    let column = find::column(&schema, table.sample(), None)?;
    let engine = Arc::new(vin_data::engine());
    let choice = Choice::new(&engine, &schema, wanted)?;
    let schema = choice.schema();
    let encoder = output::encoder(to, schema.clone())?;
    let work = Work {
        engine,
        choice,
        column,
        encoder,
    };
    let path = input.with_extension(format!("out.{}", to.name()));
    let folder = input.parent().expect("a folder").to_owned();
    let target = Target::File(File::create(&path).expect("made"), folder);
    let mut assembler = output::assembler(to, &schema, target)?;
    let mut remarks = Vec::new();
    run(table, 0, 2, work, |done| {
        remarks.extend(done.remarks);
        match done.frame.is_empty() {
            true => Ok(()),
            false => assembler.add(done.frame),
        }
    })?;
    assembler.finish()?;
    Ok((path, remarks))
}

/// Every row of a file as texts joined by `|`, the names of the columns first.
fn rows(path: &Path) -> Vec<String> {
    let format = Format::of(path).expect("a format");
    let mut table = Table::open(Origin::File(path.to_owned()), format).expect("opens");
    let schema = table.schema();
    let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let mut rows = vec![names.join("|")];
    while let Some(piece) = table.read().expect("reads") {
        let columns = schema.fields().iter().zip(piece.columns());
        let columns: Vec<_> = columns
            .map(|(field, column)| Cells::of(field, column).expect("printable"))
            .collect();
        let mut room = String::new();
        for row in 0..piece.num_rows() {
            let cells = columns.iter().map(|column| {
                let cell = column.get(row, &mut room);
                cell.as_deref().unwrap_or_default().to_owned()
            });
            rows.push(cells.collect::<Vec<_>>().join("|"));
        }
        assert!(piece.columns().iter().all(|c| c.len() == piece.num_rows()));
    }
    rows
}

/// A file is refused with these words in the reason.
#[track_caller]
fn refuse(name: &str, content: impl AsRef<[u8]>, words: &str) {
    let (_folder, path) = file(name, content);
    let error = decode(&path, Format::Csv, wanted("brand")).expect_err("refused");
    let text = error.to_string();
    assert!(text.contains(words), "{text}");
}
