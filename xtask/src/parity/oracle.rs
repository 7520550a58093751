//! The oracle: a Python package in an environment of its own, driven by one script.

use crate::{python, run};
use std::path::{Path, PathBuf};

/// The decoder that we compare with, in exactly this version.
pub const PACKAGE: &str = "ultravin==3.0.2";
const SCRIPT: &str = include_str!("oracle.py");

/// A Python that has the package.
pub struct Oracle {
    environment: PathBuf,
    script: PathBuf,
}

impl Oracle {
    /// The given environment, or one made under the target folder.
    pub fn ready(given: Option<&Path>) -> Result<Self, String> {
        let environment = match given {
            Some(folder) => folder.to_owned(),
            None => python::environment("oracle", PACKAGE)?,
        };
        let script = run::target().join("parity/oracle.py");
        run::write(&script, SCRIPT)?;
        let oracle = Self {
            environment,
            script,
        };
        run::output(run::command(oracle.program("python")).args(["-c", "import ultravin"]))?;
        Ok(oracle)
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.environment.join("bin").join(name)
    }

    /// Runs one command of the script; gives what it prints.
    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let mut python = run::command(self.program("python"));
        run::output(python.arg(&self.script).args(arguments))
    }

    /// Makes the corpus in `folder`, unless this script has made it there.
    pub fn make_corpus(&self, folder: &Path) -> Result<(), String> {
        let mark = folder.join("made-by.py");
        if std::fs::read_to_string(&mark).is_ok_and(|made_by| made_by == SCRIPT) {
            return Ok(());
        }
        let said = self.ask(&["make", &folder.to_string_lossy()])?;
        print!("{}", String::from_utf8_lossy(&said));
        run::write(&mark, SCRIPT)
    }

    /// A covering selection of `count` lines: question, tab, answer.
    pub fn golden(&self, folder: &Path, count: usize) -> Result<String, String> {
        let folder = folder.to_string_lossy();
        text(self.ask(&["golden", &folder, &count.to_string()])?)
    }

    /// The answer to one line, with its line feed; `folder` is for the files on the way.
    pub fn answer(&self, folder: &Path, line: &str) -> Result<String, String> {
        let file = folder.join("one.txt");
        run::write(&file, format!("{line}\n"))?;
        text(self.ask(&["decode", &file.to_string_lossy()])?)
    }

    /// A file of `count` realistic cars, made once.
    pub fn cars(&self, count: usize) -> Result<PathBuf, String> {
        let file = run::target().join(format!("bench/cars-{count}.txt"));
        if !file.exists() {
            run::write(&file, "")?;
            self.ask(&["cars", &file.to_string_lossy(), &count.to_string()])?;
        }
        Ok(file)
    }

    /// A file of cars of 2010 to 2026, so many of each make.
    pub fn cars_of_makes(&self, makes: &[(String, usize)]) -> Result<PathBuf, String> {
        let file = run::target().join("coverage/makes.txt");
        run::write(&file, "")?;
        let path = file.to_string_lossy().into_owned();
        let makes = makes.iter().map(|(make, count)| format!("{make}={count}"));
        let arguments: Vec<_> = ["makes".to_owned(), path]
            .into_iter()
            .chain(makes)
            .collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        self.ask(&arguments)?;
        Ok(file)
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|e| format!("the oracle's answer: {e}"))
}
