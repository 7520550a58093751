//! The list of commands, and what several of them need.

mod account;
pub mod backup;
mod batch;
mod channel;
pub mod data;
mod decode;
mod key;
mod ledger;
mod manual;
mod mcp;
mod package;
mod serve;

use crate::CommandError;
use crate::cli::{Cli, Command};
use crate::outside::{SystemClock, SystemRandom};
use crate::settings::{Address, SettingArgs, Settings};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vin_redis::RedisUrl;
use vin_service::{Accounts, MasterKey, Random as _, Vault};
use vin_store::{DataDir, DatabaseUrl, Store};

/// Runs a command.
pub fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(args) => serve::run(&args),
        Command::Decode(args) => decode::run(args),
        Command::Batch(args) => batch::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Account(command) => account::run(command),
        Command::Key(command) => key::run(command),
        Command::Package(command) => package::run(command),
        Command::Ledger(command) => ledger::run(command),
        Command::Channel(command) => channel::run(command),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Data(command) => data::run(&command),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::pages(&args),
    }
}

/// Opens the accounts that the settings name; makes what is missing.
async fn open_accounts(settings: &Settings) -> Result<Accounts, CommandError> {
    let redis = settings.redis.as_ref().map(redis_url).transpose()?;
    let patience = match settings.redis_timeout_ms {
        ms @ 1..=10_000 => Duration::from_millis(ms.into()),
        _ => {
            let text = "redis_timeout_ms must be 1 to 10000";
            return Err(CommandError::Usage(text.to_owned()));
        }
    };
    let (store, data_dir) = open_store(settings).await?;
    let master = match &settings.secret_key {
        Some(text) => DataDir::parse_master_key(text).ok_or_else(|| {
            CommandError::Usage("secret_key must have 64 hexadecimal digits".to_owned())
        })?,
        None => {
            let mut fresh = [0; 32];
            SystemRandom.fill(&mut fresh);
            data_dir.master_key(fresh)?
        }
    };
    let vault = Vault::new(&MasterKey(master));
    let accounts = Accounts::open(store, vault, SystemClock::new(), Arc::new(SystemRandom));
    let accounts = accounts.await?;
    Ok(match redis {
        Some(url) => accounts.share(url, patience).await?,
        None => accounts,
    })
}

fn redis_url(address: &Address) -> Result<RedisUrl, CommandError> {
    RedisUrl::parse(address.reveal()).map_err(|error| CommandError::Usage(error.to_string()))
}

/// Opens the database that the settings name, and the data directory.
async fn open_store(settings: &Settings) -> Result<(Store, DataDir), CommandError> {
    let url = settings.database.as_ref().map(Address::reveal);
    let url = url.map(DatabaseUrl::parse);
    let url = url.transpose()?;
    let data_dir = DataDir::open(&settings.data_dir)?;
    let url = url.unwrap_or_else(|| default_database(data_dir.path()));
    Ok((Store::open(&url).await?, data_dir))
}

fn default_database(data_dir: &Path) -> DatabaseUrl {
    DatabaseUrl::Sqlite(data_dir.join("chejia.db"))
}

/// Runs one short task on the accounts, beside a server that may be running.
fn with_accounts<R, F>(
    args: &SettingArgs,
    task: impl FnOnce(Accounts) -> F,
) -> Result<R, CommandError>
where
    F: Future<Output = Result<R, CommandError>>,
{
    let settings = Settings::load(args, None)?;
    start_log(&settings.log, &settings.log_format)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::io("runtime"))?;
    runtime.block_on(async {
        let accounts = open_accounts(&settings).await?;
        let result = task(accounts.clone()).await;
        accounts.close().await;
        result
    })
}

/// Sends the log to standard error.
fn start_log(filter: &str, format: &str) -> Result<(), CommandError> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|error| CommandError::Usage(format!("log: {error}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    match format {
        "text" => log.init(),
        "json" => log.json().flatten_event(true).init(),
        other => {
            let text = format!("log_format must be text or json, not {other:?}");
            return Err(CommandError::Usage(text));
        }
    }
    Ok(())
}

/// Prints one line of data.
fn print(line: &impl std::fmt::Display) -> Result<(), CommandError> {
    quiet_when_closed(writeln!(io::stdout(), "{line}"))
}

/// Prints a JSON object of one line.
fn print_json(value: &serde_json::Value) -> Result<(), CommandError> {
    print(value)
}

/// A reader that has seen enough, such as `head`, is no failure.
fn quiet_when_closed(written: io::Result<()>) -> Result<(), CommandError> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(CommandError::io("standard output")),
    }
}

/// The first line of standard input, without its line break.
fn first_line_of_stdin() -> Result<String, CommandError> {
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .map_err(CommandError::io("standard input"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
