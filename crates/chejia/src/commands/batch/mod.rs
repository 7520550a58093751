//! `chejia batch …`: a file of VINs in, the same file with decoded columns out.

mod about;
mod places;
mod whole;

use crate::CommandError;
use crate::cli::Batch;
use crate::outside::SystemClock;
use crate::packs::Packs;
use crate::progress::{Progress, Steps as _, Unit};
use about::About;
use places::Places;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use vin_batch::choice::{Choice, Wanted};
use vin_batch::input::Table;
use vin_batch::output::{self, Target};
use vin_batch::run::{Done, Work, run as run_table};
use vin_batch::{BatchError, find};
use vin_core::Date;
use vin_engine::Engine;
use vin_service::Clock as _;

/// Decodes a file.
pub fn run(args: &Batch) -> Result<(), CommandError> {
    let places = Places::of(args)?;
    let engine = Arc::new(engine(args)?);
    let progress = Progress::on_terminal();
    let mut told = Told::default();
    match &places.output {
        Some(output) => {
            let about = About::of(args, &places, &engine)?;
            whole::write(args, &places, output, &about, engine, &progress, &mut told)?;
            drop(progress);
            told.say(&format!("{} written", output.display()))
        }
        None => {
            let today = today(args);
            let written = stream(args, &places, today, engine, &progress, &mut told);
            match written {
                // A reader that has seen enough, such as `head`, is no failure.
                Err(CommandError::Batch(BatchError::Io { source, .. }))
                    if source.kind() == io::ErrorKind::BrokenPipe =>
                {
                    Ok(())
                }
                written => written,
            }
        }
    }
}

fn engine(args: &Batch) -> Result<Engine, CommandError> {
    Ok(match &args.data_dir {
        None => vin_data::engine(),
        Some(data_dir) => {
            let packs = Packs::of(data_dir);
            packs.open(packs.current()?)?.engine
        }
    })
}

fn today(args: &Batch) -> Date {
    args.as_of
        .unwrap_or_else(|| SystemClock::new().china_date())
}

fn threads(args: &Batch) -> usize {
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(processors, usize::from)
}

/// Opens the input, and says what is to be done with it.
fn prepare(
    args: &Batch,
    places: &Places,
    today: Date,
    engine: Arc<Engine>,
) -> Result<(Table, Work), CommandError> {
    let table = Table::open(places.origin(), places.from)?;
    let schema = table.schema();
    let column = find::column(&schema, table.sample(), args.column.as_deref())?;
    let wanted = Wanted {
        vpic: args.vpic,
        columns: args.columns.clone(),
        explain: args.explain,
        only_hits: args.only_hits,
        lang: args.lang.into(),
        today,
    };
    let choice = Choice::new(&engine, &schema, wanted)?;
    let encoder = output::encoder(places.to, choice.schema())?;
    let work = Work {
        engine,
        choice,
        column,
        encoder,
    };
    Ok((table, work))
}

/// Writes onto standard output, as it comes.
fn stream(
    args: &Batch,
    places: &Places,
    today: Date,
    engine: Arc<Engine>,
    progress: &Progress,
    told: &mut Told,
) -> Result<(), CommandError> {
    let (table, work) = prepare(args, places, today, engine)?;
    let target = Target::Stream(Box::new(io::stdout()));
    let mut assembler = output::assembler(places.to, &work.choice.schema(), target)?;
    progress.step("decoding");
    run_table(table, 0, threads(args), work, |done| {
        told.add(&done, progress);
        match done.frame.is_empty() {
            true => Ok(()),
            false => assembler.add(done.frame),
        }
    })?;
    Ok(assembler.finish()?)
}

/// What was told, and is to be told at the end.
#[derive(Default)]
struct Told {
    found: [u64; 3],
}

impl Told {
    fn add(&mut self, done: &Done, progress: &Progress) {
        for remark in &done.remarks {
            progress.say(&remark.to_string());
        }
        for (sum, found) in self.found.iter_mut().zip(done.found) {
            *sum += found;
        }
        let place = done.place;
        let unit = if place.rows { Unit::Rows } else { Unit::Bytes };
        progress.at(place.done, place.total, unit);
    }

    fn say(&self, what: &str) -> Result<(), CommandError> {
        let [found, unknown, refused] = self.found;
        let mut stderr = io::stderr();
        // There is nobody to tell when standard error is closed.
        let _ = writeln!(
            stderr,
            "chejia: {found} found, {unknown} not known, {refused} no VIN; {what}"
        );
        Ok(())
    }
}
