//! The examples for data engines, run in the real ones; their rows are those of one process.

use crate::package;
use crate::run::{self, Failure, cargo, none_left};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../examples/engines/requirements.txt");
const SAME: &str = "examples/engines/same.py";
/// Rows of the table that all of them decode.
const ROWS: usize = 2_000;

/// The table: numbered cars, some of them no VINs.
fn table() -> (String, String) {
    let (mut table, mut lines) = ("no,vin\n".to_owned(), String::new());
    let starts = [
        "1HGCM82633A",
        "WP0AA2978BL",
        "LSVAM4187C2",
        "00000000000",
        "JTDKN3DU5A0",
    ];
    for n in 0..ROWS {
        let vin = match n % 7 {
            6 => format!("no vin {n}"),
            kind => format!("{}{n:06}", starts[kind % starts.len()]),
        };
        table += &format!("{n},{vin}\n");
        lines += &format!("{vin}\n");
    }
    (table, lines)
}

struct Engines {
    environment: PathBuf,
    programs: PathBuf,
    folder: PathBuf,
}

impl Engines {
    /// Runs an example, and compares what it wrote with what one process wrote.
    fn check(&self, example: &str, arguments: &[&Path], out: &Path) -> Result<(), String> {
        println!("engines: {example}");
        let mut command = self.python(&format!("examples/engines/{example}"));
        run::succeed(command.args(arguments))?;
        let mut same = self.python(SAME);
        run::succeed(same.arg(self.folder.join("whole.csv")).arg(out))
    }

    /// The Python of the environment with a script; what it starts finds the program.
    fn python(&self, script: &str) -> Command {
        let mut command = run::command(self.environment.join("bin/python"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut paths = vec![self.programs.clone(), self.environment.join("bin")];
        paths.extend(std::env::split_paths(&path));
        if let Ok(paths) = std::env::join_paths(paths) {
            command.env("PATH", paths);
        }
        command.env("PYSPARK_PYTHON", self.environment.join("bin/python"));
        // Workers of a cluster on this machine speak to each other over loopback, whatever its name is.
        command.env("SPARK_LOCAL_IP", "127.0.0.1");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command.arg(run::root().join(script));
        command
    }
}

/// Runs every example.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    none_left(arguments)?;
    run::succeed(&mut cargo(&["build", "--locked", "--package", "chejia"]))?;
    let folder = run::target().join("engines");
    let _ = std::fs::remove_dir_all(&folder);
    let engines = Engines {
        environment: package::installed("engines-python", REQUIREMENTS, false)?,
        programs: run::target().join("debug"),
        folder: folder.clone(),
    };
    let at = |name: &str| folder.join(name);
    let (table, lines) = table();
    run::write(&at("cars.csv"), table)?;
    run::write(&at("cars.txt"), lines)?;
    let mut whole = run::command(run::target().join("debug/chejia"));
    whole
        .arg("batch")
        .arg(at("cars.csv"))
        .arg("-o")
        .arg(at("whole.csv"));
    whole.args([
        "--columns",
        "status,vin,brand,typename,match.year",
        "--as-of",
        "2026-11-24",
    ]);
    run::succeed(&mut whole)?;

    let cluster = Path::new("local-cluster[2,1,1024]");
    let (csv, txt) = (at("cars.csv"), at("cars.txt"));
    for (example, arguments, out) in [
        (
            "duckdb_arrow.py",
            &[csv.as_path(), &at("duckdb.parquet")][..],
            at("duckdb.parquet"),
        ),
        (
            "chdb_function.py",
            &[&at("clickhouse"), &csv, &at("chdb.parquet")],
            at("chdb.parquet"),
        ),
        (
            "spark_arrow.py",
            &[cluster, &csv, &at("spark")],
            at("spark"),
        ),
        ("spark_pipe.py", &[cluster, &txt, &at("pipe")], at("pipe")),
    ] {
        engines.check(example, arguments, &out)?;
    }
    Ok(())
}
