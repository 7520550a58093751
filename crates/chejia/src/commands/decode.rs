//! `chejia decode …`: one JSON line per VIN, without a server.

use super::quiet_when_closed;
use crate::CommandError;
use crate::cli::Decode;
use crate::lines::{self, Work, Worker};
use crate::outside::SystemClock;
use crate::packs::Packs;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::thread;
use vin_api::line;
use vin_core::{Date, Lang, Vin};
use vin_engine::{Ask, Decoder, Engine};
use vin_service::Clock as _;

/// Decodes the VINs of the command line, or those of standard input.
pub fn run(args: Decode) -> Result<(), CommandError> {
    let today = args
        .as_of
        .unwrap_or_else(|| SystemClock::new().china_date());
    let year = args.year.as_deref().map(|text| {
        let latest = today.year + 2;
        line::year(text, today)
            .ok_or_else(|| CommandError::Usage(format!("--year must be 1980 to {latest}")))
    });
    let year = year.transpose()?;
    let engine = match &args.data_dir {
        None => vin_data::engine(),
        Some(data_dir) => {
            let packs = Packs::of(data_dir);
            packs.open(packs.current()?)?.engine
        }
    };
    let vins = &args.vins;
    let threads = args.threads.map_or_else(processors, usize::from);
    if args.vpic {
        let work = Procedure {
            engine,
            year,
            today,
        };
        return decode(vins, threads, work);
    }
    let work = Fields {
        engine,
        year,
        lang: args.lang.into(),
        explain: args.explain,
        today,
    };
    decode(vins, threads, work)
}

fn decode(vins: &[String], threads: usize, work: impl Work) -> Result<(), CommandError> {
    let output = io::stdout();
    if vins == ["-"] {
        let work = Arc::new(work);
        return quiet_when_closed(lines::run(io::stdin(), output, threads, work));
    }
    if vins.iter().any(|vin| vin == "-") {
        let text = "- stands alone: VINs come from the command line or from standard input";
        return Err(CommandError::Usage(text.to_owned()));
    }
    let mut out = Vec::new();
    let mut worker = work.worker();
    for vin in vins {
        worker(vin.as_bytes(), &mut out);
        out.push(b'\n');
    }
    quiet_when_closed(output.lock().write_all(&out))
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The result fields, as a server answers them.
struct Fields {
    engine: Engine,
    year: Option<u16>,
    lang: Lang,
    explain: bool,
    today: Date,
}

impl Work for Fields {
    fn worker(&self) -> Worker<'_> {
        let mut decoder = self.engine.decoder(self.today);
        Box::new(move |input, out| self.line(&mut decoder, input, out))
    }
}

impl Fields {
    fn line(&self, decoder: &mut Decoder<'_>, input: &[u8], out: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(input);
        let (vin, year) = match text.split_once(',') {
            None => (&*text, self.year),
            Some((vin, year)) => match line::year(year, self.today) {
                Some(year) => (vin, Some(year)),
                None => return line::bad_year(out, self.today, self.lang),
            },
        };
        let parsed = match Vin::parse(vin) {
            Ok(parsed) => parsed,
            Err(error) => return line::refused(out, error, self.lang),
        };
        let ask = Ask {
            year,
            lang: self.lang,
            explain: self.explain,
            today: self.today,
        };
        match decoder.answer(&parsed, &ask) {
            Some(answer) => line::answer(out, &answer, self.explain),
            None => line::unknown(out, self.lang),
        }
    }
}

/// The pure procedure of the vPIC tables, for any text.
struct Procedure {
    engine: Engine,
    year: Option<u16>,
    today: Date,
}

impl Work for Procedure {
    fn worker(&self) -> Worker<'_> {
        let mut decoder = self.engine.decoder(self.today);
        Box::new(move |input, out| {
            let text = String::from_utf8_lossy(input);
            // What follows a comma and is no number belongs to the text: this decodes anything.
            let hinted = text.split_once(',');
            let hinted = hinted.and_then(|(vin, year)| Some((vin, Some(year.parse().ok()?))));
            let (vin, year) = hinted.unwrap_or((&*text, self.year));
            decoder.decode(vin, year);
            decoder.write_vpic(out);
        })
    }
}
