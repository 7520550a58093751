//! The arguments of `chejia channel …`.

use super::manage::{Settings, order, text};
use crate::settings::SettingArgs;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use vin_core::{Parsed, Vin};
use vin_service::OrderNumber;

/// `channel …`.
#[derive(Debug, Subcommand)]
pub enum Channel {
    /// Print every channel, one JSON line each
    List(Settings),
    /// Check a channel's file and copy it into the directory of channels
    Add(ChannelFile),
    /// Ask a channel about one VIN; this is a real call, which may cost money
    Test(ChannelTest),
    /// Ask a channel again
    Enable(OneChannel),
    /// Ask a channel no more, not even for questions under way; servers follow within 5 seconds
    Disable(OneChannel),
    /// Ask a channel no more, except for questions under way
    Drain(OneChannel),
    /// Set how often a channel comes first within its tier
    Weight(ChannelWeight),
    /// Set the tier of a channel; lower tiers are asked first
    Tier(ChannelTier),
    /// Print who was asked for an order, in which turn, and what that cost
    Explain(ChannelExplain),
    /// Print the attempts of which only the upstream's bill tells whether they cost anything
    Unknown(ChannelUnknown),
    /// Print what was changed of channels, when, why and by whom, the latest first
    History(ChannelHistory),
    /// Enter what the upstream's bill says of such an attempt, or correct that
    Settle(ChannelSettle),
    /// Write the attempts of a month as CSV, to be compared with upstreams' bills
    Csv(ChannelCsv),
    /// Print what every channel cost and every product brought in a month
    Margin(ChannelMargin),
    /// Print what the answers of channels have taught, one JSON line each
    Learned(ChannelLearned),
    /// Forget what a channel has taught, all of it or one rule
    Forget(ChannelForget),
}

/// Why a channel is changed, and by whom.
#[derive(Debug, Args)]
pub struct ChannelWhy {
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, value_parser = said)]
    pub reason: String,
    /// Who
    #[arg(long, value_name = "TEXT", default_value = "command line", value_parser = text)]
    pub actor: String,
}

/// `channel add`.
#[derive(Debug, Args)]
pub struct ChannelFile {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Do not ask it before it is enabled
    #[arg(long)]
    pub disabled: bool,
    /// Why and by whom.
    #[command(flatten)]
    pub why: ChannelWhy,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel test`.
#[derive(Debug, Args)]
pub struct ChannelTest {
    /// The name of the channel
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The VIN
    #[arg(value_name = "VIN", value_parser = vin)]
    pub vin: Parsed,
    /// The model year that you believe in
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(1900..=2100))]
    pub year: Option<u16>,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// A channel.
#[derive(Debug, Args)]
pub struct OneChannel {
    /// The name of the channel
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Why and by whom.
    #[command(flatten)]
    pub why: ChannelWhy,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel weight`.
#[derive(Debug, Args)]
pub struct ChannelWeight {
    /// The channel.
    #[command(flatten)]
    pub channel: OneChannel,
    /// 0 to 10000; 100 is usual, and 0 comes last
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub weight: u32,
}

/// `channel tier`.
#[derive(Debug, Args)]
pub struct ChannelTier {
    /// The channel.
    #[command(flatten)]
    pub channel: OneChannel,
    /// 0 to 99; 1 is usual
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(0..=99))]
    pub tier: u32,
}

/// `channel explain`.
#[derive(Debug, Args)]
pub struct ChannelExplain {
    /// The number of the order, 18 digits
    #[arg(value_name = "ORDER", value_parser = order)]
    pub order: OrderNumber,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel unknown`.
#[derive(Debug, Args)]
pub struct ChannelUnknown {
    /// How many at most, the oldest first
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// What a bill says of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bill {
    /// It stands on the bill
    Yes,
    /// It does not
    No,
}

/// `channel settle`.
#[derive(Debug, Args)]
pub struct ChannelSettle {
    /// The number of the order, 18 digits
    #[arg(value_name = "ORDER", value_parser = order)]
    pub order: OrderNumber,
    /// The place of the attempt in the order's route, from 1
    #[arg(value_name = "PLACE", value_parser = clap::value_parser!(u32).range(1..))]
    pub place: u32,
    /// Whether it stands on the upstream's bill
    #[arg(long, value_enum)]
    pub billed: Bill,
    /// Correct what was entered before; both stay in the books
    #[arg(long)]
    pub correct: bool,
    /// Why and by whom.
    #[command(flatten)]
    pub why: super::Why,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel history`.
#[derive(Debug, Args)]
pub struct ChannelHistory {
    /// One channel [default: all]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel csv`.
#[derive(Debug, Args)]
pub struct ChannelCsv {
    /// One channel [default: all]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The month
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: i64,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel margin`.
#[derive(Debug, Args)]
pub struct ChannelMargin {
    /// The month
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: i64,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel learned`.
#[derive(Debug, Args)]
pub struct ChannelLearned {
    /// One channel [default: all]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Rules that are not or no more in force, too
    #[arg(long)]
    pub all: bool,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// `channel forget`.
#[derive(Debug, Args)]
pub struct ChannelForget {
    /// The channel
    #[arg(value_name = "NAME")]
    pub name: String,
    /// One rule: positions 1-8, 10 and 11 of its VINs [default: all of the channel]
    #[arg(long, value_name = "BUILD", value_parser = build)]
    pub build: Option<String>,
    /// Where the settings are.
    #[command(flatten)]
    pub settings: SettingArgs,
}

/// A reason that may be missing.
fn said(reason: &str) -> Result<String, String> {
    match reason {
        "" => Ok(String::new()),
        reason => text(reason),
    }
}

fn vin(text: &str) -> Result<Parsed, String> {
    Vin::parse(text).map_err(|error| error.to_string())
}

/// `2026-11` as 202611.
fn month(text: &str) -> Result<i64, String> {
    let number = |part: &str| part.parse::<i64>().ok();
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let read = || {
        let (year, month) = text.split_once('-')?;
        let right = year.len() == 4 && month.len() == 2 && plain(year) && plain(month);
        let (year, month) = right.then_some((number(year)?, number(month)?))?;
        ((2000..2100).contains(&year) && (1..=12).contains(&month)).then_some(year * 100 + month)
    };
    read().ok_or_else(|| "a month is written YYYY-MM, such as 2026-11".to_owned())
}

fn build(text: &str) -> Result<String, String> {
    let right = text.len() == 10 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    right
        .then(|| text.to_ascii_uppercase())
        .ok_or_else(|| "a build has 10 characters: positions 1-8, 10 and 11 of a VIN".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_two_digits() {
        assert_eq!(month("2026-11"), Ok(202_611));
        for text in [
            "2026-13", "2026-00", "26-11", "2026-1", "202611", "2026-+1", "",
        ] {
            assert!(month(text).is_err(), "{text}");
        }
    }
}
