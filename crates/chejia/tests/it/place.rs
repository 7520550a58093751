//! A data directory to import into, and a file for it.

use crate::{json_lines, run};
use serde_json::Value as Json;
use std::fs;
use std::path::PathBuf;
use std::process::Output;

/// A VIN that the built-in data does not know.
pub const UNKNOWN: &str = "LXXAB6A20J0000001";

/// A car of the template that it is, and one whose year is none.
pub const CARS: &str = "车型编号,VIN 模式,来源,品牌,车系,年款
A1,LXXAB6A2×××××××××,本厂资料,本厂,一号,2018
A2,LXXAB6A3×××××××××,本厂资料,本厂,二号,20l8
";

/// A data directory with a file to import in it.
pub struct Place {
    pub dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("cars.csv"), CARS).expect("written");
        Self { dir }
    }

    pub fn file(&self) -> String {
        self.dir.path().join("cars.csv").display().to_string()
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("var")
    }

    pub fn packs(&self) -> PathBuf {
        self.data().join("packs")
    }

    pub fn args<'a>(&self, args: &[&'a str], data: &'a str) -> Vec<&'a str> {
        [args, &["--data-dir", data]].concat()
    }

    /// Runs `chejia data …` here.
    pub fn run(&self, args: &[&str]) -> Output {
        let data = self.data();
        let args = [&["data"], args].concat();
        run(&self.args(&args, data.to_str().expect("UTF-8")), b"")
    }

    #[track_caller]
    pub fn good(&self, args: &[&str]) -> Json {
        let mut lines = json_lines(&self.run(args));
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    }

    pub fn import(&self) -> Json {
        self.good(&["import", &self.file()])
    }

    /// What lies in the folder of generations.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.packs()).expect("a folder");
        let names = entries.map(|entry| entry.expect("one").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// Changes one byte of the pack of a generation.
pub fn damage(place: &Place, at: usize) {
    let path = place.packs().join("000001/pack");
    let mut bytes = fs::read(&path).expect("a pack");
    bytes[at] ^= 0x40;
    // A new file, as a pack that a server has mapped is never written to.
    fs::remove_file(&path).expect("removed");
    fs::write(&path, bytes).expect("written");
}
