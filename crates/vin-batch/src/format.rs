//! The formats of files.

use std::path::Path;

/// The format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Values separated by commas, or by semicolons where the first line has more of them.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// One VIN a line; only read.
    Txt,
    /// A workbook.
    Xlsx,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// Every format with the endings of its files.
    pub const ALL: [(Self, &'static [&'static str]); 6] = [
        (Self::Csv, &["csv"]),
        (Self::Tsv, &["tsv", "tab"]),
        (Self::Txt, &["txt"]),
        (Self::Xlsx, &["xlsx"]),
        (Self::Parquet, &["parquet", "pq"]),
        (Self::Jsonl, &["jsonl", "ndjson"]),
    ];

    /// The format that a file's name says; `None` when it says none.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        let named = |(_, endings): &&(Self, &[&str])| endings.contains(&ending.as_str());
        Self::ALL.iter().find(named).map(|(format, _)| *format)
    }

    /// Its name, which is the ending of its files.
    pub fn name(self) -> &'static str {
        let row = Self::ALL.iter().find(|(format, _)| *format == self);
        row.map_or("", |(_, endings)| endings[0])
    }

    /// Whether it is read from its end, and so needs a file.
    pub fn needs_a_file(self) -> bool {
        matches!(self, Self::Xlsx | Self::Parquet)
    }
}
