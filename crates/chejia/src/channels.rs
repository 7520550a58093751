//! The files of channels: where they lie, and how they become channels that can be asked.
//!
//! Every `*.toml` of the directory is one channel, called as its file. Secrets stand in
//! `secrets.toml` beside the directory, or in the environment, which wins.

use crate::CommandError;
use crate::outside::{SystemOutside, secrets_of_environment};
use crate::settings::Settings;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vin_channel::{
    Channel, ChannelName, Definition, Network, Secrets, SystemResolver, Upstream, read_secrets,
};
use vin_service::Upstreams;

/// The directory of channels.
pub struct ChannelFiles {
    folder: PathBuf,
}

impl Upstreams for ChannelFiles {
    fn load(&self) -> Result<Vec<Arc<dyn Channel>>, String> {
        Self::load(self).map_err(|error| error.to_string().replace('\n', "; "))
    }

    fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        // A directory that cannot be read is told of by the load that follows.
        for path in self
            .paths()
            .unwrap_or_default()
            .iter()
            .chain([&self.secrets_file()])
        {
            let meta = fs::metadata(path).ok();
            let state = meta.map(|meta| (meta.len(), meta.modified().ok()));
            (path, state).hash(&mut hasher);
        }
        hasher.finish()
    }
}

impl ChannelFiles {
    /// The directory that the settings name.
    pub fn of(settings: &Settings) -> Self {
        let default = || settings.data_dir.join("channels");
        let folder = settings.channels.clone().unwrap_or_else(default);
        Self { folder }
    }

    /// Every channel, by the name of its file, ready to be asked; without a directory there are none.
    ///
    /// # Errors
    /// Everything that is wrong, one line each: file, line, key and what is allowed.
    pub fn load(&self) -> Result<Vec<Arc<dyn Channel>>, CommandError> {
        let definitions = self.definitions()?;
        if definitions.is_empty() {
            return Ok(Vec::new());
        }
        let network = Network::new(Arc::new(SystemResolver), &[])
            .map_err(|error| CommandError::Failed(error.to_string()))?;
        let connect = |definition| -> Arc<dyn Channel> {
            let outside = Arc::new(SystemOutside);
            Arc::new(Upstream::new(definition, network.clone(), outside))
        };
        Ok(definitions.into_iter().map(connect).collect())
    }

    /// Every channel as its file describes it.
    ///
    /// # Errors
    /// As of [`Self::load`].
    pub fn definitions(&self) -> Result<Vec<Definition>, CommandError> {
        let files = self.texts()?;
        if files.is_empty() {
            return Ok(Vec::new());
        }
        Definition::read_all(&files, &self.secrets()?).map_err(|all| wrong(&all))
    }

    /// Takes a file in under the name of its channel, all of it or nothing; gives that name.
    ///
    /// # Errors
    /// When it is wrong, or there is a channel of this name.
    pub fn add(&self, file: &Path) -> Result<(ChannelName, PathBuf), CommandError> {
        let (name, text) = self.check(file)?;
        let failed = |path: &Path| CommandError::io(path.display().to_string());
        fs::create_dir_all(&self.folder).map_err(failed(&self.folder))?;
        let path = self.folder.join(format!("{name}.toml"));
        let aside = self
            .folder
            .join(format!(".{name}.{}.new", std::process::id()));
        let written = write(&aside, &text).map_err(failed(&aside));
        // Unlike a renaming, a link never replaces what is there.
        let linked = written.and_then(|()| match fs::hard_link(&aside, &path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let text = format!("{} exists already", path.display());
                Err(CommandError::Failed(text))
            }
            linked => linked.map_err(failed(&path)),
        });
        // What was written aside is of no use in either case.
        let _ = fs::remove_file(&aside);
        linked.map(|()| (name, path))
    }

    /// Reads a file that is to be added: the name of its channel, and what it holds.
    ///
    /// # Errors
    /// When it is wrong, or there is a channel of this name.
    pub fn check(&self, file: &Path) -> Result<(ChannelName, String), CommandError> {
        let text = read(file)?;
        let mut files = self.texts()?;
        files.push((file.display().to_string(), text.clone()));
        let all = Definition::read_all(&files, &self.secrets()?).map_err(|all| wrong(&all))?;
        let last = all.last().map(|definition| definition.facts().name);
        let name = last.ok_or_else(|| CommandError::Failed("no channel".to_owned()))?;
        Ok((name, text))
    }

    /// The files, by name, with their texts.
    fn texts(&self) -> Result<Vec<(String, String)>, CommandError> {
        let text = |path: &PathBuf| Ok((path.display().to_string(), read(path)?));
        self.paths()?.iter().map(text).collect()
    }

    fn paths(&self) -> Result<Vec<PathBuf>, CommandError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries,
        };
        let failed = || CommandError::io(self.folder.display().to_string());
        let mut paths = Vec::new();
        for entry in entries.map_err(failed())? {
            let path = entry.map_err(failed())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(".toml") && !name.starts_with('.') {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn secrets_file(&self) -> PathBuf {
        self.folder.with_file_name("secrets.toml")
    }

    /// Every secret that there is.
    ///
    /// # Errors
    /// When the file cannot be read, is wrong, or others may read it.
    pub fn secrets(&self) -> Result<Secrets, CommandError> {
        let file = self.secrets_file();
        let mut secrets = match fs::metadata(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Secrets::new(),
            Err(error) => return Err(CommandError::io(file.display().to_string())(error)),
            Ok(meta) => {
                private(&file, &meta)?;
                read_secrets(&file.display().to_string(), &read(&file)?)
                    .map_err(|error| wrong(&[error]))?
            }
        };
        secrets.extend(secrets_of_environment());
        Ok(secrets)
    }
}

/// Refuses a file with secrets that others may read.
#[cfg(unix)]
fn private(file: &Path, meta: &fs::Metadata) -> Result<(), CommandError> {
    use std::os::unix::fs::PermissionsExt as _;
    if meta.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    let file = file.display();
    Err(CommandError::Failed(format!(
        "{file} can be read by others; run: chmod 600 {file}"
    )))
}

#[cfg(not(unix))]
fn private(_file: &Path, _meta: &fs::Metadata) -> Result<(), CommandError> {
    Ok(())
}

fn read(file: &Path) -> Result<String, CommandError> {
    fs::read_to_string(file).map_err(CommandError::io(file.display().to_string()))
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut out = File::create(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

fn wrong(errors: &[vin_channel::ConfigError]) -> CommandError {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    CommandError::Failed(lines.join("\n"))
}
