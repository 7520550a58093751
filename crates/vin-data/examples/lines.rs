//! Decodes the lines of standard input (`VIN` or `VIN,year`) by the pure procedure.

use std::io::{BufRead, Write};
use vin_core::Date;

fn main() -> std::io::Result<()> {
    let engine = vin_data::engine();
    let mut decoder = engine.decoder(Date {
        year: 2026,
        month: 11,
        day: 1,
    });
    let mut out = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (vin, year) = match line.rsplit_once(',') {
            Some((v, y)) if y.parse::<i64>().is_ok() => (v.to_owned(), y.parse().ok()),
            _ => (line, None),
        };
        decoder.decode(&vin, year);
        decoder.write_vpic(&mut out);
        out.push(b'\n');
    }
    std::io::stdout().write_all(&out)
}
