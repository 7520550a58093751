//! How long a decode takes in process, on one thread: `cargo bench -p vin-engine -- FILE`, one VIN per line.
//!
//! Prints `what<TAB>nanoseconds per VIN`, the median of the rounds. Without a file there is nothing
//! to measure; `cargo xtask bench decode` makes one of realistic cars.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads its arguments and the clock, and prints what it found"
)]

use std::hint::black_box;
use std::time::Instant;
use vin_core::{Date, Lang, Vin};
use vin_engine::{Ask, Decoder};

const ROUNDS: usize = 9;
const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 1,
};

/// The median of the rounds, in nanoseconds per VIN.
fn measure(vins: &[&str], mut round: impl FnMut(&[&str])) -> f64 {
    round(vins);
    let mut rounds = [0.0; ROUNDS];
    for nanoseconds in &mut rounds {
        let started = Instant::now();
        round(vins);
        *nanoseconds = started.elapsed().as_nanos() as f64 / vins.len() as f64;
    }
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn decode(decoder: &mut Decoder<'_>, vins: &[&str]) {
    for vin in vins {
        decoder.decode(black_box(vin), None);
        black_box(decoder.model_year());
    }
}

fn write(decoder: &mut Decoder<'_>, line: &mut Vec<u8>, vins: &[&str]) {
    for vin in vins {
        decoder.decode(black_box(vin), None);
        line.clear();
        decoder.write_vpic(line);
        black_box(&line);
    }
}

fn answer(decoder: &mut Decoder<'_>, vins: &[&str]) {
    let ask = Ask {
        year: None,
        lang: Lang::Zh,
        explain: false,
        today: TODAY,
    };
    for vin in vins {
        let parsed = Vin::parse(black_box(vin));
        black_box(parsed.map(|parsed| decoder.answer(&parsed, &ask)).ok());
    }
}

fn main() {
    // Cargo adds `--bench`.
    let file = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let Some(file) = file else {
        println!("no file of VINs was named, nothing is measured");
        return;
    };
    let text = std::fs::read_to_string(&file).expect("the file of VINs can be read");
    let random: Vec<&str> = text.lines().collect();
    let mut sorted = random.clone();
    sorted.sort_unstable();

    let engine = vin_data::engine();
    let mut decoder = engine.decoder(TODAY);
    let mut line = Vec::new();
    for (order, vins) in [("random order", &random), ("sorted", &sorted)] {
        let took = measure(vins, |vins| decode(&mut decoder, vins));
        println!("the pure procedure, {order}\t{took:.0}");
        let took = measure(vins, |vins| write(&mut decoder, &mut line, vins));
        println!("the pure procedure with its JSON line, {order}\t{took:.0}");
        let took = measure(vins, |vins| answer(&mut decoder, vins));
        println!("the result fields in Chinese, {order}\t{took:.0}");
    }
}
