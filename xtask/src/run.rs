//! Where the tree is, how a chore runs other programs, and how it fails.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Why a chore ended early.
#[derive(Debug)]
pub enum Failure {
    /// The command line was wrong.
    Usage(String),
    /// Something did not hold, or did not work.
    Failed(String),
}

impl Failure {
    /// The exit status that says so.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(text) | Self::Failed(text)) = self;
        f.write_str(text)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Failed(text)
    }
}

/// The top folder of the checkout.
pub fn root() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder)
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or `target` in the checkout.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A command that will run in the top folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that started this chore.
///
/// What that cargo told the chore about its own package stays here: there are build scripts which are
/// run again, with all that depends on them, when they find it, so that every other build by hand
/// and by a chore would compile half of the program again.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program.into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// Runs `command` with its output let through.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|e| format!("`{}` cannot be started: {e}", shown(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` ended with {status}", shown(command)))
}

/// Runs `command` and gives what it printed on stdout.
pub fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|e| format!("`{}` cannot be started: {e}", shown(command)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("`{}` ended with {}", shown(command), output.status))
}

/// Reads a file of the tree, or says which one is missing.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Writes a file, with the folders above it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), String> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(path, bytes))
        .map_err(|e| format!("{}: {e}", path.display()))
}

/// The release build of the product.
pub fn release_binary() -> Result<PathBuf, String> {
    succeed(&mut cargo(&[
        "build",
        "--release",
        "--locked",
        "--package",
        "chejia",
    ]))?;
    Ok(target().join("release/chejia"))
}

/// Takes `--name value` out of `arguments`.
pub fn option(arguments: &mut Vec<String>, name: &str) -> Result<Option<String>, Failure> {
    let Some(at) = arguments.iter().position(|a| a == name) else {
        return Ok(None);
    };
    if at + 1 == arguments.len() {
        return Err(Failure::Usage(format!("{name} needs a value")));
    }
    arguments.remove(at);
    Ok(Some(arguments.remove(at)))
}

/// Takes the switch `name` out of `arguments`.
pub fn switch(arguments: &mut Vec<String>, name: &str) -> bool {
    let before = arguments.len();
    arguments.retain(|a| a != name);
    arguments.len() != before
}

/// Says which argument was not understood, if any is left.
pub fn none_left(arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(word) => Err(Failure::Usage(format!("{word:?} is not understood here"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_and_switches_are_taken_out_and_the_rest_is_refused() {
        let mut arguments = words("--write decode --oracle venv");
        assert_eq!(
            option(&mut arguments, "--oracle").expect("a value"),
            Some("venv".into())
        );
        assert!(switch(&mut arguments, "--write"));
        assert!(!switch(&mut arguments, "--write"));
        assert!(none_left(&arguments).is_err());
        assert!(none_left(&[]).is_ok());
        assert!(option(&mut words("--oracle"), "--oracle").is_err());
    }
}
