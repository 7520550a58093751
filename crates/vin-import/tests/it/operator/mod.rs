//! Operators' files, with rows made up for the tests: what is taken, refused, merged and said.
//!
//! The ministry's records are not published as files; the fixtures have the columns that it
//! documents, with invented but plausible cells.

mod answers;
mod cars;
mod epa;
mod notices;
mod vpic;

use std::path::{Path, PathBuf};
use vin_import::operator::{self, Kind, Report};

/// A folder of tables as an import finds it.
struct Tables(tempfile::TempDir);

impl Tables {
    fn new() -> Self {
        let tables = Self(tempfile::tempdir().expect("a folder"));
        let mapping = tables.path().join("mapping");
        std::fs::create_dir_all(&mapping).expect("a folder");
        let brands = data().join("mapping/brands.tsv");
        std::fs::copy(brands, mapping.join("brands.tsv")).expect("the table of brands");
        tables
    }

    /// All of the project's tables.
    fn whole() -> Self {
        let tables = Self(tempfile::tempdir().expect("a folder"));
        copy(&data(), tables.path());
        tables
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes an input beside the tables.
    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).expect("an input");
        path
    }

    fn import(&self, name: &str, bytes: &[u8]) -> Result<Report, String> {
        let path = self.file(name, bytes);
        let kind = Kind::detect(&path).map_err(|error| error.to_string())?;
        operator::import(kind, &path, self.path(), &|_| {}).map_err(|error| error.to_string())
    }

    fn table(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join("operator").join(name)).expect("a table")
    }

    /// The rules, without confidence and source.
    fn rules(&self) -> Vec<String> {
        let table = self.table("rules.tsv");
        let rows = table.lines().skip(1);
        rows.map(|row| {
            let cells: Vec<_> = row.split('\t').collect();
            cells[..6].join(" ").trim_end().to_owned()
        })
        .collect()
    }

    /// The cars, each as `column=value` pairs; those of `hidden` are left out.
    fn cars(&self, hidden: &[&str]) -> Vec<String> {
        let table = self.table("cars.tsv");
        let mut rows = table.lines().map(|row| row.split('\t'));
        let columns: Vec<_> = rows.next().expect("a header").collect();
        rows.map(|row| {
            let pairs = columns.iter().zip(row);
            let shown = pairs.filter(|(name, cell)| !cell.is_empty() && !hidden.contains(name));
            let shown = shown.map(|(name, cell)| match *name {
                "carid" => cell.replace("15000000", "…"),
                name => format!("{name}={cell}"),
            });
            shown.collect::<Vec<_>>().join(" ")
        })
        .collect()
    }
}

/// The project's tables.
fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(std::fs::copy(&path, &to).expect("copied")),
        }
    }
}

/// The refusals of a report: `file, line, column: value: reason`.
fn refusals(report: &Report) -> Vec<String> {
    let rows = report.refused.rows.iter();
    rows.map(|r| {
        format!(
            "{}, {}, {}: {}: {}",
            r.file, r.line, r.column, r.value, r.reason
        )
    })
    .collect()
}

#[test]
fn what_a_file_is_shows_in_what_it_holds() {
    let tables = Tables::new();
    let detect = |bytes: &[u8]| {
        let kind = Kind::detect(&tables.file("input", bytes));
        kind.map(|kind| kind.spec().name)
            .map_err(|error| error.to_string())
    };
    assert_eq!(detect("车型编号,品牌\n1,大众\n".as_bytes()), Ok("cars"));
    assert_eq!(
        detect("car,brand,typename\n1,大众,x\n".as_bytes()),
        Ok("cars")
    );
    assert_eq!(
        detect("WMI,键,字段,值\nLSV,N,品牌,大众\n".as_bytes()),
        Ok("cars")
    );
    assert_eq!(
        detect("车辆型号,识别代号\nAB1,x\n".as_bytes()),
        Ok("notices")
    );
    assert_eq!(
        detect("[{\"产品型号\":\"AB1\",\"企业名称\":\"某\"}]".as_bytes()),
        Ok("notices")
    );
    assert_eq!(detect(b"id,make,VClass\n"), Ok("epa"));
    assert_eq!(detect(b"efid,id,salesArea,standard\n"), Ok("epa"));
    let error = detect("品牌,轴距\n大众,2700\n".as_bytes()).expect_err("no kind");
    assert!(error.contains("found the columns 品牌, 轴距"), "{error}");
    let error = detect(b"%PDF-1.7\n1 0 obj\n").expect_err("no kind");
    assert!(error.contains("two known labels"), "{error}");
    for spec in operator::KINDS {
        assert_eq!(Kind::named(spec.name), Some(spec.kind));
    }
}

#[test]
fn a_file_of_which_no_row_can_be_taken_is_an_error_that_names_the_first() {
    let tables = Tables::new();
    let error = tables.import("a.csv", "车型编号,品牌,轴距\nA,大众,2.7m\nB,,\n".as_bytes());
    assert_eq!(
        error.expect_err("nothing taken"),
        "a.csv: none of 2 rows could be taken; line 2, column 轴距: \"2.7m\": \
         not a number of at least 0 without its unit"
    );
}

#[test]
fn a_report_lists_no_more_refusals_than_it_keeps_and_counts_all() {
    let tables = Tables::new();
    let mut text = "车型编号,品牌\nA,大众\n".to_owned();
    for _ in 0..1_500 {
        text += "A,大众\n";
    }
    let report = tables
        .import("a.csv", text.as_bytes())
        .expect("one is taken");
    assert_eq!((report.rows_read, report.rows_taken), (1_501, 1));
    assert_eq!(
        (report.refused.rows.len(), report.refused.count),
        (1_000, 1_500)
    );
    assert_eq!(report.refused.rows[999].line, 1_002);
}
