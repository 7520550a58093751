//! The arguments of `chejia data …`.

use crate::settings::SettingArgs;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use vin_import::operator::{KINDS, Kind};

/// `data …`.
#[derive(Debug, Subcommand)]
pub enum Data {
    /// Print which data is in force, its sources, months and licences, as JSON
    Info(DataArgs),
    /// Check every byte of the built-in data and of the data in force
    Verify(DataArgs),
    /// Import a file, and put the new data in force
    Import(DataImport),
    /// Write an empty template for cars and rules of VINs
    Template(DataTemplate),
    /// List the generations of imported data that are kept
    List(DataArgs),
    /// Return to the former generation, and at the end to the built-in data
    Back(DataBack),
    /// Compile the imported tables again, as is needed after an upgrade of the program
    Rebuild(DataArgs),
}

/// Where the data directory is.
#[derive(Clone, Debug, Args)]
pub struct DataArgs {
    /// The data directory [default: ./var]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// A TOML file with settings; the environment (CHEJIA_DATA_DIR, …) and arguments override it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl From<&DataArgs> for SettingArgs {
    fn from(args: &DataArgs) -> Self {
        Self {
            data_dir: args.data_dir.clone(),
            config: args.config.clone(),
            ..Self::default()
        }
    }
}

/// `data import`.
#[derive(Debug, Args)]
pub struct DataImport {
    /// The file, or its http or https address
    #[arg(value_name = "FILE|URL")]
    pub from: String,
    /// What the file is [default: told from what it holds]
    #[arg(long, value_parser = kinds())]
    pub kind: Option<Kind>,
    /// Where the data directory is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// `data template`.
#[derive(Debug, Args)]
pub struct DataTemplate {
    /// The file to write: a workbook when it ends with .xlsx, else text with commas
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
}

/// `data back`.
#[derive(Debug, Args)]
pub struct DataBack {
    /// The generation to put in force; 0 is the built-in data [default: the former one]
    #[arg(long, value_name = "NUMBER")]
    pub to: Option<u32>,
    /// Where the data directory is.
    #[command(flatten)]
    pub data: DataArgs,
}

/// Reads the name of a kind of file.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let names = KINDS
        .iter()
        .map(|kind| PossibleValue::new(kind.name).help(kind.en));
    PossibleValuesParser::new(names)
        .try_map(|name| Kind::named(&name).ok_or("this kind of file is not known"))
}
