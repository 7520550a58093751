//! A file as output: it appears under its name when it is whole, and a run that was killed goes on.
//!
//! Frames are gathered in `OUT.part`; when all are there, they become `OUT.new`, which is renamed.

use super::about::About;
use super::places::Places;
use super::{Told, prepare, threads};
use crate::CommandError;
use crate::cli::Batch;
use crate::progress::{Progress, Steps as _};
use std::cell::Cell;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vin_batch::SchemaRef;
use vin_batch::output::{self, Target};
use vin_batch::part::Part;
use vin_batch::run::run as run_table;
use vin_core::Date;
use vin_engine::Engine;

fn beside(output: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(output);
    name.push(ending);
    PathBuf::from(name)
}

/// Decodes into a file.
pub fn write(
    args: &Batch,
    places: &Places,
    output: &Path,
    about: &About,
    engine: Arc<Engine>,
    progress: &Progress,
    told: &mut Told,
) -> Result<(), CommandError> {
    let day: Cell<Option<Date>> = Cell::new(None);
    let mut part = Part::open(&beside(output, ".part"), &about.bytes(), |found| {
        day.set(about.day_of(found));
        day.get().is_some()
    })?;
    let today = day.get().unwrap_or_else(|| super::today(args));
    let new = beside(output, ".new");
    match gather(args, places, today, engine, &mut part, progress, told)
        .and_then(|schema| assemble(places, &schema, &mut part, &new, output, progress))
    {
        Ok(()) => Ok(part.remove()?),
        Err(error) => {
            // What is left is of use only when a later run can go on from it.
            let _ = std::fs::remove_file(&new);
            if !part.is_begun() {
                part.remove()?;
            }
            Err(error)
        }
    }
}

/// Decodes what is not decoded yet; the columns of the output.
fn gather(
    args: &Batch,
    places: &Places,
    today: Date,
    engine: Arc<Engine>,
    part: &mut Part,
    progress: &Progress,
    told: &mut Told,
) -> Result<SchemaRef, CommandError> {
    let (table, work) = prepare(args, places, today, engine)?;
    if part.is_begun() {
        let rows = part.rows_in();
        progress.say(&format!(
            "going on after row {rows} of a run that was interrupted"
        ));
    }
    let schema = work.choice.schema();
    progress.step("decoding");
    run_table(table, part.rows_in(), threads(args), work, |done| {
        told.add(&done, progress);
        part.add(&done.frame, done.rows_in, done.rows_out)
    })?;
    Ok(schema)
}

/// Puts the frames together into `new`, and gives it its name.
fn assemble(
    places: &Places,
    schema: &SchemaRef,
    part: &mut Part,
    new: &Path,
    output: &Path,
    progress: &Progress,
) -> Result<(), CommandError> {
    progress.step("putting the file together");
    let io = || CommandError::io(new.display().to_string());
    let file = File::create(new).map_err(io())?;
    let folder = output.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    let target = Target::File(file.try_clone().map_err(io())?, folder);
    let mut assembler = output::assembler(places.to, schema, target)?;
    part.frames(|frame| match frame.is_empty() {
        true => Ok(()),
        false => assembler.add(frame),
    })?;
    assembler.finish()?;
    file.sync_all().map_err(io())?;
    std::fs::rename(new, output).map_err(CommandError::io(output.display().to_string()))
}
