//! The arguments of `batch`.

use super::{LangArg, parse_date};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use vin_batch::Format;
use vin_core::Date;

/// `batch`.
#[derive(Debug, Args)]
pub struct Batch {
    /// The file to read, csv, tsv, txt, xlsx, parquet or jsonl by its ending; - for standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// The file to write, its format by its ending; - for standard output, which is also the default
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// The format of the input [default: by its ending]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub from: Option<FormatArg>,
    /// The format of the output [default: by its ending; on standard output that of the input, or csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub to: Option<FormatArg>,
    /// The column that holds the VINs [default: found by its name, or by what stands in it]
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// The columns to add, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// The language of the values
    #[arg(long, value_enum, default_value = "zh")]
    pub lang: LangArg,
    /// Add a column that tells where each value comes from
    #[arg(long)]
    pub explain: bool,
    /// Leave out rows whose vehicle is not known
    #[arg(long)]
    pub only_hits: bool,
    /// Add what the NHTSA vPIC procedure gives, a column for each of its variables
    #[arg(long, conflicts_with_all = ["explain", "lang"])]
    pub vpic: bool,
    /// How many threads decode [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// The day to decode for, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// Use the data that was imported into this data directory [default: the built-in data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// A format on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatArg {
    /// Separated by commas, or by semicolons where the first line has more of them
    Csv,
    /// Separated by tabs
    Tsv,
    /// One VIN a line, only read
    Txt,
    /// A workbook
    Xlsx,
    /// Apache Parquet
    Parquet,
    /// One JSON object a line
    Jsonl,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Tsv => Self::Tsv,
            FormatArg::Txt => Self::Txt,
            FormatArg::Xlsx => Self::Xlsx,
            FormatArg::Parquet => Self::Parquet,
            FormatArg::Jsonl => Self::Jsonl,
        }
    }
}
