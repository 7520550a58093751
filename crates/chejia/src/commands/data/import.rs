//! `chejia data import` and `chejia data rebuild`: a new generation, all of it or nothing.

use super::info::older_than_built_in;
use super::{Place, print_json};
use crate::outside::SystemClock;
use crate::packs::{Generation, Import, Manifest, Staging};
use crate::progress::{Progress, Steps, Unit};
use crate::{CommandError, download};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::{io, mem};
use vin_import::operator::{self, Kind, Refused, Report, Step};
use vin_import::{ImportError, limits};
use vin_service::Clock;
use vin_store::DataDir;

/// Imports a file or what an address leads to.
pub fn import(place: &Place, from: &str, kind: Option<Kind>) -> Result<(), CommandError> {
    let progress = Progress::new();
    let making = Making::begin(place, &progress)?;
    let (input, source) = making.fetch(from)?;
    let report = match making.import(&input, &source, kind) {
        Err(CommandError::Import(ImportError::Nothing(report))) => {
            // The list of what is wrong is what the operator needs now.
            drop(progress);
            print_json(&merge(json!({ "ok": false, "generation": null }), &report))?;
            return Err(ImportError::Nothing(report).into());
        }
        report => report?,
    };
    drop(progress);
    print_json(&report)
}

/// Imports a file that lies on this machine under a name of its own; the report.
pub fn make(
    place: &Place,
    file: &Path,
    source: &str,
    kind: Option<Kind>,
    steps: &dyn Steps,
) -> Result<Json, CommandError> {
    Making::begin(place, steps)?.import(file, source, kind)
}

/// Writes an empty template; never over a file that is there.
pub fn template(out: &Path) -> Result<(), CommandError> {
    if out.exists() {
        let text = format!("{} exists already", out.display());
        return Err(CommandError::Failed(text));
    }
    let files = operator::write_template(out)?;
    print_json(&json!({ "ok": true, "files": files }))
}

/// Compiles the tables of the generation in force once more.
pub fn rebuild(place: &Place) -> Result<(), CommandError> {
    let progress = Progress::new();
    let making = Making::begin(place, &progress)?;
    if making.staging.parent() == Generation::BUILT_IN {
        let text = "the built-in data is in force, it needs no rebuild";
        return Err(CommandError::Failed(text.to_owned()));
    }
    making.progress.step("准备数据表 preparing the tables");
    making.staging.lay_out()?;
    let notes = older_than_built_in(&making.imports)?;
    let head = making.head(json!({ "notes": bilingual(&notes) }));
    let report = making.finish(head)?;
    drop(progress);
    print_json(&report)
}

/// A generation that is being made.
struct Making<'a> {
    place: &'a Place,
    staging: Staging,
    progress: &'a dyn Steps,
    clock: std::sync::Arc<SystemClock>,
    imports: Vec<Import>,
}

impl<'a> Making<'a> {
    fn begin(place: &'a Place, progress: &'a dyn Steps) -> Result<Self, CommandError> {
        DataDir::open(&place.settings.data_dir)?;
        let staging = Staging::begin(&place.packs)?;
        let imports = match staging.parent() {
            Generation::BUILT_IN => Vec::new(),
            parent => place.packs.manifest(parent)?.imports,
        };
        Ok(Self {
            place,
            staging,
            progress,
            clock: SystemClock::new(),
            imports,
        })
    }

    /// Reads a file, and puts what it says in force.
    fn import(
        mut self,
        input: &Path,
        source: &str,
        kind: Option<Kind>,
    ) -> Result<Json, CommandError> {
        let kind = kind.map_or_else(|| Kind::detect(input), Ok)?;
        self.progress.step("准备数据表 preparing the tables");
        self.staging.lay_out()?;
        let report = self.read(kind, input)?;
        let import = Import {
            kind: kind.spec().name.to_owned(),
            source: source.to_owned(),
            sha256: digest(input)?,
            month: report.month.clone(),
            generation: self.staging.number(),
            day: self.day(),
            rows: report.rows_taken,
            tables: report
                .tables
                .iter()
                .map(|(table, _)| table.clone())
                .collect(),
        };
        Manifest::add(&mut self.imports, import);
        let head = self.head(json!({ "source": source }));
        self.finish(merge(head, &report))
    }

    fn day(&self) -> String {
        self.clock.china_date().to_string()
    }

    fn head(&self, mut head: Json) -> Json {
        head["ok"] = true.into();
        head["generation"] = json!(self.staging.number());
        head
    }

    /// The file to read, and what it is called in reports.
    fn fetch(&self, from: &str) -> Result<(PathBuf, String), CommandError> {
        let Some(url) = download::address(from) else {
            return Ok((from.into(), from.to_owned()));
        };
        let shown = download::shown(&url);
        self.progress.step(&format!("下载 downloading {shown}"));
        let at = |done, total| self.progress.at(done, total, Unit::Bytes);
        let path = download::load(&url, self.staging.folder(), limits::FILE_BYTES, &at)?;
        Ok((path, shown))
    }

    /// Reads the file into the tables.
    fn read(&self, kind: Kind, input: &Path) -> Result<Report, CommandError> {
        let name = kind.spec();
        self.progress
            .step(&format!("读取 reading: {} {}", name.zh, name.en));
        let writing = std::cell::Cell::new(false);
        let tell = |at: operator::Progress| {
            let unit = match at.step {
                Step::Read => Unit::Bytes,
                Step::Write => Unit::Rows,
            };
            if unit == Unit::Rows && !writing.replace(true) {
                self.progress.step("写入数据表 writing the tables");
            }
            self.progress.at(at.done, at.total, unit);
        };
        Ok(operator::import(
            kind,
            input,
            &self.staging.tables(),
            &tell,
        )?)
    }

    /// Compiles, checks and publishes; the report.
    fn finish(mut self, mut report: Json) -> Result<Json, CommandError> {
        self.progress.step("编译 compiling");
        let compiled = operator::compile(&self.staging.tables())?;
        self.progress.step("校验 checking");
        let today = self.clock.china_date();
        let (bytes, sha256) = self.staging.write_pack(&compiled.pack, today)?;
        drop(compiled.pack);
        let manifest = Manifest {
            generation: self.staging.number(),
            parent: self.staging.parent(),
            made: self.day(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            built_in: vin_data::engine().pack().digest(),
            bytes,
            sha256: sha256.clone(),
            imports: mem::take(&mut self.imports),
            tables: self.staging.keep_tables()?,
        };
        report["left_out"] = json!({
            "count": compiled.left_out.count, "rows": refused(&compiled.left_out),
        });
        report["pack"] = json!({ "bytes": bytes, "sha256": sha256 });
        report["seconds"] = json!(self.clock.steady().as_millis() as f64 / 1000.0);
        let keep = self.place.settings.data_generations;
        self.staging.publish(&manifest, &report, keep)?;
        Ok(report)
    }
}

/// Adds what the importer tells to the head of a report.
fn merge(mut head: Json, report: &Report) -> Json {
    let tables = report.tables.iter();
    head["kind"] = report.kind.spec().name.into();
    head["file"] = report.file.clone().into();
    head["month"] = report.month.clone().into();
    head["rows"] = json!({
        "read": report.rows_read, "taken": report.rows_taken, "refused": report.refused.count,
    });
    head["refused"] = refused(&report.refused);
    head["tables"] = tables
        .map(|(table, rows)| json!({ "table": table, "rows": rows }))
        .collect();
    head["notes"] = bilingual(&report.notes);
    head
}

fn bilingual(notes: &[(String, String)]) -> Json {
    let notes = notes.iter();
    notes
        .map(|(zh, en)| json!({ "zh": zh, "en": en }))
        .collect()
}

fn refused(refused: &Refused) -> Json {
    let rows = refused.rows.iter().map(|row| {
        json!({
            "file": row.file, "line": row.line, "column": row.column,
            "value": row.value, "reason": row.reason,
        })
    });
    rows.collect()
}

/// SHA-256 of a file, read piece by piece.
fn digest(path: &Path) -> Result<String, CommandError> {
    let failed = || CommandError::io(path.display().to_string());
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(failed())?;
    io::copy(&mut file, &mut hasher).map_err(failed())?;
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
