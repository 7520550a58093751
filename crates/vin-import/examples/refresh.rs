//! Measures an operator's refresh: a dump of full size in, a pack out.
//!
//! `refresh dump DATA OUT.zip` writes the tables of `DATA/vpic` in the form of the publisher's dump;
//! `refresh import FILE TABLES` imports a file into a copy of all tables and
//! writes the pack of them to `TABLES/pack`.

#[path = "../tests/common/dump.rs"]
mod dump;

use std::io::Write;
use std::path::Path;
use vin_import::operator::{self, Kind};

#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
#[expect(clippy::disallowed_methods, reason = "a command reads its arguments")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["dump", data, out] => {
            let mut archive = zip::ZipWriter::new(std::fs::File::create(out)?);
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file("vPICList_lite_2026_10.plain.sql", options)?;
            let text = dump::write(&Path::new(data).join("vpic"), 8_800_000);
            archive.write_all(text.as_bytes())?;
            archive.finish()?;
        }
        ["import", file, tables] => {
            let (file, tables) = (Path::new(file), Path::new(tables));
            let report = operator::import(Kind::detect(file)?, file, tables, &|_| {})?;
            let compiled = operator::compile(tables)?;
            std::fs::write(tables.join("pack"), &compiled.pack)?;
            println!(
                "{} rows, {} refused, {} left out, a pack of {} bytes",
                report.rows_read,
                report.refused.count,
                compiled.left_out.count,
                compiled.pack.len()
            );
        }
        _ => return Err("refresh dump DATA OUT.zip | refresh import FILE TABLES".into()),
    }
    Ok(())
}
