//! `chejia backup` and `chejia restore`, also beside a running server.

use super::{open_store, print_json, start_log};
use crate::CommandError;
use crate::cli::{BackupFile, SettingArgs};
use crate::settings::Settings;
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use vin_store::Store;

/// Writes everything in the database into a file. The master key is not part of it.
pub fn backup(args: &BackupFile) -> Result<(), CommandError> {
    let file = &args.file;
    if file.exists() {
        return Err(CommandError::Failed(format!(
            "{} exists already",
            file.display()
        )));
    }
    let rows = with_store(&args.settings, async |store| write(&store, file).await)?;
    print_json(&json!({ "backup": file.display().to_string(), "rows": rows }))
}

/// Writes a backup into a file that is not there yet; how many rows it has.
pub async fn write(store: &Store, file: &Path) -> Result<u64, CommandError> {
    let shown = file.display().to_string();
    // A file of this name is whole: it is written aside first.
    let aside = file.with_added_extension("partial");
    let rows = match write_aside(store, &aside).await {
        Ok(rows) => rows,
        Err(error) => {
            // What is left of a backup that failed is of no use to anybody.
            let _ = fs::remove_file(&aside);
            return Err(error);
        }
    };
    fs::rename(&aside, file).map_err(CommandError::io(shown.clone()))?;
    sync_folder(file).map_err(CommandError::io(shown))?;
    Ok(rows)
}

async fn write_aside(store: &Store, aside: &Path) -> Result<u64, CommandError> {
    let failed = || CommandError::io(aside.display().to_string());
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(aside).map_err(failed())?);
    let rows = store.backup(&mut out).await?;
    out.flush().map_err(failed())?;
    out.get_ref().sync_all().map_err(failed())?;
    Ok(rows)
}

/// Reads such a file into a new, empty place.
pub fn restore(args: &BackupFile) -> Result<(), CommandError> {
    let shown = args.file.display().to_string();
    let from = File::open(&args.file).map_err(CommandError::io(shown.clone()))?;
    let rows = with_store(&args.settings, async |store| {
        Ok(store.restore(BufReader::new(from)).await?)
    })?;
    print_json(&json!({ "restored": shown, "rows": rows }))
}

fn with_store<R, F>(args: &SettingArgs, task: impl FnOnce(Store) -> F) -> Result<R, CommandError>
where
    F: Future<Output = Result<R, CommandError>>,
{
    let settings = Settings::load(args, None)?;
    start_log(&settings.log, &settings.log_format)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::io("runtime"))?;
    runtime.block_on(async {
        let (store, _) = open_store(&settings).await?;
        let result = task(store.clone()).await;
        store.close().await;
        result
    })
}

#[cfg(unix)]
fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
