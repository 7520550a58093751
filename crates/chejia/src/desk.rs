//! The machine, as the pages of operators use it: vehicle data and backups of this data directory.

use crate::CommandError;
use crate::commands::data::{Place, generations, import, info};
use crate::outside::SystemClock;
use crate::packs::{Generation, Import};
use crate::progress::{Steps, Unit};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;
use vin_console::desk::{self, Backup, Bytes, DataState, Made, Tell};
use vin_core::Bilingual;
use vin_import::limits;
use vin_service::{Clock as _, Service};

/// How many bytes of a backup are read at once.
const PIECE: usize = 256 << 10;
/// What the names of backups end with.
const ENDING: &str = ".jsonl";

/// What data cover, in words and numbers.
type Coverage = Vec<(Bilingual, u64)>;

/// The machine.
pub struct Desk {
    service: Arc<Service>,
    place: Place,
    clock: Arc<SystemClock>,
    /// What the data in force cover, which takes a while to find out.
    covered: Mutex<Option<(Generation, Coverage)>>,
    /// The newest month of the data in force.
    month: Mutex<Option<(Generation, String)>>,
}

impl Desk {
    /// The machine of a running server.
    pub fn new(service: Arc<Service>, place: Place) -> Self {
        Self {
            service,
            place,
            clock: SystemClock::new(),
            covered: Mutex::default(),
            month: Mutex::default(),
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.place.settings.data_dir.join(name)
    }

    fn state(&self) -> Result<DataState, CommandError> {
        let packs = &self.place.packs;
        let current = packs.current()?;
        let in_force = packs.open(current)?;
        let mut generations = vec![desk::Generation {
            number: 0,
            made: String::new(),
            imported: String::new(),
            bytes: vin_data::bytes().len() as u64,
            outdated: false,
        }];
        for generation in packs.kept()? {
            let manifest = packs.manifest(generation)?;
            let own = manifest
                .imports
                .iter()
                .filter(|i| i.generation == generation);
            let names: Vec<_> = own.map(|import| import.source.as_str()).collect();
            generations.push(desk::Generation {
                number: generation.0,
                made: manifest.made.clone(),
                imported: names.join(", "),
                bytes: manifest.bytes,
                outdated: manifest.is_outdated(),
            });
        }
        let imports = self.imports(current)?;
        let coverage = known(&self.covered, current, || Ok(coverage(&in_force.engine)))?;
        Ok(DataState {
            in_force: current.0,
            sha256: in_force.engine.pack().digest(),
            generations,
            sources: info::sources()?.into_iter().map(source).collect(),
            imports: imports.iter().map(imported).collect(),
            coverage,
        })
    }

    /// What was imported beside the built-in data.
    fn imports(&self, generation: Generation) -> Result<Vec<Import>, CommandError> {
        match generation {
            Generation::BUILT_IN => Ok(Vec::new()),
            own => Ok(self.place.packs.manifest(own)?.imports),
        }
    }

    fn newest(&self) -> Result<String, CommandError> {
        let current = self.place.packs.current()?;
        known(&self.month, current, || {
            let sources = info::sources()?.into_iter().map(|source| source.month);
            let imports = self.imports(current)?;
            let imports = imports.into_iter().filter_map(|import| import.month);
            Ok(sources.chain(imports).max().unwrap_or_default())
        })
    }
}

/// What is known of a generation, found out when it is not.
fn known<T: Clone>(
    kept: &Mutex<Option<(Generation, T)>>,
    generation: Generation,
    find: impl FnOnce() -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, known)) = &*kept
        && *of == generation
    {
        return Ok(known.clone());
    }
    let found = find()?;
    *kept = Some((generation, found.clone()));
    Ok(found)
}

fn coverage(engine: &vin_engine::Engine) -> Coverage {
    let of = engine.coverage();
    let row = |zh, en, number: u64| (Bilingual { zh, en }, number);
    vec![
        row("世界制造厂识别代号", "WMIs", of.wmis as u64),
        row("有规则的 WMI", "WMIs with rules", of.wmis_with_rules as u64),
        row("品牌", "Brands", of.brands as u64),
        row("车系", "Series", of.series as u64),
        row("车组", "Groups", of.groups as u64),
        row("车型", "Cars", of.cars as u64),
    ]
}

fn source(source: info::Source) -> desk::Source {
    desk::Source {
        title: source.title,
        month: source.month,
        licence: source.licence,
    }
}

fn imported(import: &Import) -> desk::Import {
    let spec = vin_import::operator::KINDS
        .iter()
        .find(|spec| spec.name == import.kind);
    let unknown = Bilingual {
        zh: "其他",
        en: "other",
    };
    desk::Import {
        title: spec.map_or(unknown, |spec| Bilingual {
            zh: spec.zh,
            en: spec.en,
        }),
        source: import.source.clone(),
        month: import.month.clone().unwrap_or_default(),
        day: import.day.clone(),
        rows: import.rows,
    }
}

/// Tells the pages how far an import is.
struct Told {
    tell: Tell,
    step: RefCell<String>,
}

impl Steps for Told {
    fn step(&self, what: &str) {
        what.clone_into(&mut self.step.borrow_mut());
        (self.tell)(what, 0, 0);
    }

    fn at(&self, done: u64, total: u64, _: Unit) {
        (self.tell)(&self.step.borrow(), done, total);
    }
}

/// Runs what waits for files beside the requests.
async fn aside<R: Send + 'static>(
    task: impl FnOnce() -> Result<R, CommandError> + Send + 'static,
) -> Result<R, String> {
    let done = tokio::task::spawn_blocking(task).await;
    done.map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())
}

impl desk::Desk for Desk {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }

    fn data(&self) -> Result<DataState, String> {
        self.state().map_err(|error| error.to_string())
    }

    fn month(&self) -> String {
        self.newest().unwrap_or_else(|error| {
            tracing::warn!(%error, "the month of the data is not known");
            String::new()
        })
    }

    fn most_bytes(&self) -> u64 {
        limits::FILE_BYTES
    }

    fn uploads(&self) -> io::Result<PathBuf> {
        let folder = self.folder("uploads");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn import(&self, file: PathBuf, name: String, tell: Tell) -> BoxFuture<'static, Made> {
        let place = self.place.clone();
        let task = move || {
            let steps = Told {
                tell,
                step: RefCell::default(),
            };
            let report = import::make(&place, &file, &name, None, &steps)?;
            let rows = &report["rows"];
            Ok(format!(
                "第 {0} 版已生效，取用 {1} 行，略去 {2} 行 · generation {0} is in force, {1} rows taken, {2} refused",
                report["generation"], rows["taken"], rows["refused"]
            ))
        };
        aside(task).boxed()
    }

    fn back(&self, to: u32) -> BoxFuture<'static, Made> {
        let place = self.place.clone();
        let task = move || {
            let generation = generations::put_in_force(&place, Some(to))?;
            Ok(generation.to_string())
        };
        aside(task).boxed()
    }

    fn backups(&self) -> Result<Vec<Backup>, String> {
        let folder = self.folder("backups");
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| format!("{}: {error}", folder.display()))?,
        };
        let mut backups = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(about) = entry.metadata() else {
                continue;
            };
            let made = about
                .modified()
                .ok()
                .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            if is_backup(&name) && about.is_file() {
                backups.push(Backup {
                    name,
                    bytes: about.len(),
                    made: made.map_or(0, |at| at.as_secs() as i64),
                });
            }
        }
        backups.sort_by(|a, b| b.name.cmp(&a.name));
        Ok(backups)
    }

    fn backup(&self, tell: Tell) -> BoxFuture<'static, Made> {
        let (folder, now) = (self.folder("backups"), self.clock.unix());
        let store = self.service.accounts().store().clone();
        let task = async move {
            let made = |error: io::Error| format!("{}: {error}", folder.display());
            fs::create_dir_all(&folder).map_err(made)?;
            let date = vin_core::Date::from_unix(now, vin_service::CHINA_OFFSET);
            let of_day = (now + i64::from(vin_service::CHINA_OFFSET)).rem_euclid(86_400);
            let name = format!("chejia-{}-{of_day:05}{ENDING}", date.number());
            let step = "写入备份 writing the backup";
            tell(step, 0, 0);
            let rows = crate::commands::backup::write(&store, &folder.join(&name)).await;
            let rows = rows.map_err(|error| error.to_string())?;
            Ok(format!("{name}：{rows} 行 rows"))
        };
        task.boxed()
    }

    fn open_backup(&self, name: &str) -> Option<(u64, Bytes)> {
        if !is_backup(name) {
            return None;
        }
        let file = File::open(self.folder("backups").join(name)).ok()?;
        let length = file.metadata().ok()?.len();
        Some((length, pieces(file)))
    }
}

/// Whether a backup of ours could be called so; it is never a path.
fn is_backup(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    name.strip_suffix(ENDING).is_some_and(|rest| {
        rest.strip_prefix("chejia-")
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
    })
}

/// A file, read piece by piece beside the requests.
fn pieces(file: File) -> Bytes {
    let next = async |mut file: File| {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let n = file.read(&mut piece)?;
            piece.truncate(n);
            Ok((piece, file))
        });
        let read = read
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error)));
        match read {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, file)) => Some((Ok(piece), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    };
    Box::pin(stream::unfold(Some(file), move |file| async move {
        next(file?).await
    }))
}

/// Removes what was sent and not imported, when a server starts.
pub fn sweep(data_dir: &Path) {
    // What cannot be removed takes up room, and nothing else.
    let _ = fs::remove_dir_all(data_dir.join("uploads"));
}

#[cfg(test)]
mod tests {
    use super::is_backup;

    #[test]
    fn a_name_of_a_backup_is_no_path() {
        assert!(is_backup("chejia-20261201-03600.jsonl"));
        for name in [
            "",
            "chejia-.jsonl",
            "chejia-../x.jsonl",
            "../chejia-1.jsonl",
            "secret.key",
            "chejia-1.jsonl.partial",
        ] {
            assert!(!is_backup(name), "{name}");
        }
    }
}
