//! The command line: every command with its arguments.

mod batch;
mod channel;
mod data;
mod manage;
mod mcp;

pub use crate::settings::SettingArgs;
pub use batch::{Batch, FormatArg};
pub use channel::{
    Bill, Channel, ChannelCsv, ChannelExplain, ChannelFile, ChannelForget, ChannelHistory,
    ChannelLearned, ChannelMargin, ChannelSettle, ChannelTest, ChannelUnknown, ChannelWhy,
    OneChannel,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use data::{Data, DataArgs, DataBack, DataImport, DataTemplate};
pub use manage::{Account, BackupFile, Key, Ledger, Package, PolicyArg, Why};
pub use mcp::Mcp;
use std::net::SocketAddr;
use std::path::PathBuf;
use vin_core::{Date, Lang};

/// Chejia (车架): decode vehicle identification numbers, and serve the answers over HTTP.
#[derive(Debug, Parser)]
#[command(
    name = "chejia",
    version,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the HTTP interface
    Serve(Serve),
    /// Decode VINs, without a server, database or network
    Decode(Decode),
    /// Decode a file of VINs, and keep its columns
    Batch(Batch),
    /// Give tools to an assistant, over the Model Context Protocol
    Mcp(Mcp),
    /// Manage accounts
    #[command(subcommand)]
    Account(Account),
    /// Manage keys
    #[command(subcommand)]
    Key(Key),
    /// Manage packages of calls
    #[command(subcommand)]
    Package(Package),
    /// Check and correct the ledger
    #[command(subcommand)]
    Ledger(Ledger),
    /// Manage channels: upstreams that are asked beside the own vehicle data
    #[command(subcommand)]
    Channel(Channel),
    /// Write everything in the database into a file; the master key, secret.key, is not part of it
    Backup(BackupFile),
    /// Read a backup into a new, empty database, of either kind
    Restore(BackupFile),
    /// Tell about the vehicle data, and import your own
    #[command(subcommand)]
    Data(Data),
    /// Print what a shell needs to complete commands and options
    Completions(Completions),
    /// Write the manual pages, one for each command
    Man(Man),
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The folder to write them into
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Make a demo account with the key "demo", on a loopback address only
    #[arg(long)]
    pub demo: bool,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `decode`.
#[derive(Debug, Args)]
pub struct Decode {
    /// VINs, or - for one per line on standard input; "VIN,YEAR" adds a model-year hint
    #[arg(required = true, value_name = "VIN")]
    pub vins: Vec<String>,
    /// Print what the NHTSA vPIC procedure gives, for any text
    #[arg(long, conflicts_with_all = ["explain", "lang"])]
    pub vpic: bool,
    /// Tell where each value comes from
    #[arg(long)]
    pub explain: bool,
    /// The model year that you believe in
    #[arg(long)]
    pub year: Option<String>,
    /// The language of the values
    #[arg(long, value_enum, default_value = "zh")]
    pub lang: LangArg,
    /// The day to decode for, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// Use the data that was imported into this data directory [default: the built-in data]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// How many threads decode standard input [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date is written YYYY-MM-DD".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }
}
