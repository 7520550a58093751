//! Python environments under the target folder, each made once from its requirements.

use crate::run;
use std::path::PathBuf;

/// The folder of an environment with what `requirements` names, one package with its version a line.
pub fn environment(name: &str, requirements: &str) -> Result<PathBuf, String> {
    let folder = run::target().join(name);
    let mark = folder.join("has.txt");
    if std::fs::read_to_string(&mark).is_ok_and(|has| has == requirements) {
        return Ok(folder);
    }
    println!("making a Python environment in {}", folder.display());
    run::succeed(run::command("python3").args(["-m", "venv"]).arg(&folder))?;
    let wanted = folder.join("wanted.txt");
    run::write(&wanted, requirements)?;
    let mut pip = run::command(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]);
    run::succeed(pip.arg(&wanted))?;
    run::write(&mark, requirements)?;
    Ok(folder)
}
