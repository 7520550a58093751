//! The commands that manage accounts, keys, packages and the ledger.

use crate::settings::SettingArgs;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use vin_service::{Networks, OrderNumber, Rate};

/// `account …`.
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account, and print {"account_id":…}
    Create(AccountCreate),
    /// Suspend an account; servers refuse its keys within 5 seconds
    Suspend(OneAccount),
    /// Let a suspended account go on
    Resume(OneAccount),
    /// Say that the holder's real name has been verified
    Verify(OneAccount),
    /// Print every account, one JSON line each
    List(Settings),
}

/// `account create`.
#[derive(Debug, Args)]
pub struct AccountCreate {
    /// The phone number that the account is known by
    #[arg(long)]
    pub phone: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    pub password_stdin: bool,
    /// The holder's real name has been verified
    #[arg(long)]
    pub verified: bool,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// Where the settings are, and nothing else.
#[derive(Debug, Args)]
pub struct Settings {
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// An account.
#[derive(Debug, Args)]
pub struct OneAccount {
    /// The id of the account
    #[arg(long, value_name = "ID")]
    pub account: i64,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `key …`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key, and print {"key":"…","secret":"…"}
    Create(Box<KeyCreate>),
    /// Make a key in place of another, which works on for a while, and print the new one
    Rotate(KeyRotate),
    /// Revoke a key for ever; servers refuse it within 5 seconds
    Revoke(KeyRevoke),
}

/// `key create`.
#[derive(Debug, Args)]
pub struct KeyCreate {
    /// The id of the account
    #[arg(long, value_name = "ID")]
    pub account: i64,
    /// A name for the key
    #[arg(long, default_value = "", hide_default_value = true)]
    pub name: String,
    /// Demand a signature with every request
    #[arg(long)]
    pub signature: bool,
    /// At most so many calls in so many seconds, such as 100/60
    #[arg(long, value_name = "N/SECONDS", value_parser = rate)]
    pub rate: Option<Rate>,
    /// At most so many calls in a day of China
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub daily_cap: Option<u32>,
    /// A network that may use it, such as 203.0.113.0/24; may be given several times
    #[arg(long = "ip", value_name = "CIDR", value_parser = network)]
    pub ip: Vec<String>,
    /// A host whose pages may use it, such as example.com or *.example.com; may be given several times
    #[arg(long = "referer", value_name = "HOST")]
    pub referer: Vec<String>,
    /// End it after so many days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `key rotate`.
#[derive(Debug, Args)]
pub struct KeyRotate {
    /// Read the old key from the first line of standard input
    #[arg(long, required = true)]
    pub key_stdin: bool,
    /// For how many seconds the old key works on
    #[arg(long, value_name = "SECONDS", default_value = "86400", value_parser = clap::value_parser!(u32).range(0..=31_536_000))]
    pub overlap: u32,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `key revoke`.
#[derive(Debug, Args)]
pub struct KeyRevoke {
    /// Read the key from the first line of standard input
    #[arg(long, required = true)]
    pub key_stdin: bool,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `package …`.
#[derive(Debug, Subcommand)]
pub enum Package {
    /// Give an account calls, and print {"package_id":…,"remaining":…}
    Grant(PackageGrant),
    /// Print the packages of an account, one JSON line each
    List(OneAccount),
    /// Print what can be bought, one JSON line each
    Products(Settings),
    /// Set what a number of calls costs, and for how long they can be used
    Price(PackagePrice),
}

/// `package grant`.
#[derive(Debug, Args)]
pub struct PackageGrant {
    /// The id of the account
    #[arg(long, value_name = "ID")]
    pub account: i64,
    /// How many calls
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub calls: u32,
    /// For how many days they can be used [default: for ever]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
    /// Why and by whom.
    #[command(flatten)]
    pub why: Why,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `package price`.
#[derive(Debug, Args)]
pub struct PackagePrice {
    /// How many calls
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub calls: u32,
    /// What they cost, in yuan, such as 99 or 99.50
    #[arg(long, value_name = "YUAN", value_parser = fen)]
    pub price: i64,
    /// For how many days they can be used [default: for ever]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
    /// How far questions are taken that packages sold from now on pay for [default: as the interface says]
    #[arg(long, value_enum)]
    pub policy: Option<PolicyArg>,
    /// Sell it to accounts without a verified name, and let them call
    #[arg(long)]
    pub unnamed: bool,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// How far a question is taken.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum PolicyArg {
    /// The own vehicle data only
    LocalOnly,
    /// The next channel, until one knows the vehicle
    FirstHit,
    /// As `first_hit`, and further channels fill what is empty
    Fusion,
}

impl PolicyArg {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LocalOnly => "local_only",
            Self::FirstHit => "first_hit",
            Self::Fusion => "fusion",
        }
    }
}

/// `ledger …`.
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Recompute every balance from the entries, and print {"ok":…,"accounts":…,"charges":…}
    Check(Settings),
    /// Put calls into a package, or with a negative number take them out
    Adjust(LedgerAdjust),
    /// Give back what an order cost, once
    Refund(LedgerRefund),
}

/// `ledger adjust`.
#[derive(Debug, Args)]
pub struct LedgerAdjust {
    /// The id of the package
    #[arg(long, value_name = "ID")]
    pub package: i64,
    /// How many calls, such as 10 or -10
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-1_000_000_000..=1_000_000_000))]
    pub calls: i64,
    /// Why and by whom.
    #[command(flatten)]
    pub why: Why,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `ledger refund`.
#[derive(Debug, Args)]
pub struct LedgerRefund {
    /// The number of the order, 18 digits
    #[arg(long, value_name = "NUMBER", value_parser = order)]
    pub order: OrderNumber,
    /// Why and by whom.
    #[command(flatten)]
    pub why: Why,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `backup` and `restore`.
#[derive(Debug, Args)]
pub struct BackupFile {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// Why a balance is changed by hand, and by whom; both stand in the ledger.
#[derive(Debug, Args)]
pub struct Why {
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = text)]
    pub reason: String,
    /// Who
    #[arg(long, value_name = "TEXT", default_value = "command line", value_parser = text)]
    pub actor: String,
}

fn rate(text: &str) -> Result<Rate, String> {
    let wrong = || "a rate is CALLS/SECONDS, such as 100/60, up to 1000000 in 86400".to_owned();
    Rate::parse(text).ok_or_else(wrong)
}

fn network(text: &str) -> Result<String, String> {
    let right = Networks::parse(text).is_some();
    right
        .then(|| text.to_owned())
        .ok_or_else(|| "a network is 203.0.113.0/24, 203.0.113.7 or 2001:db8::/32".to_owned())
}

pub(super) fn order(text: &str) -> Result<OrderNumber, String> {
    OrderNumber::parse(text).ok_or_else(|| "an order number has 18 digits".to_owned())
}

pub(super) fn text(text: &str) -> Result<String, String> {
    let right =
        (1..=200).contains(&text.trim().chars().count()) && !text.contains(char::is_control);
    right
        .then(|| text.trim().to_owned())
        .ok_or_else(|| "1 to 200 characters on one line".to_owned())
}

/// A price in yuan, as hundredths.
fn fen(text: &str) -> Result<i64, String> {
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let read = || {
        let (yuan, digits): (i64, i64) = (yuan.parse().ok()?, fen.parse().ok()?);
        let fen = if fen.len() == 1 { digits * 10 } else { digits };
        yuan.checked_mul(100)?.checked_add(fen)
    };
    let right = plain(yuan) && plain(fen) && fen.len() <= 2;
    let price = right
        .then(read)
        .flatten()
        .filter(|price| *price <= 100_000_000_000);
    price.ok_or_else(|| "a price is 99 or 99.50, in yuan".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_to_the_hundredth() {
        for (text, wanted) in [("99", 9_900), ("99.5", 9_950), ("0.05", 5), ("1.50", 150)] {
            assert_eq!(fen(text), Ok(wanted));
        }
        for text in ["", "-1", "1.234", "1,5", ".5", "1.", "9999999999999999999"] {
            assert!(fen(text).is_err(), "{text}");
        }
    }
}
