//! `chejia channel …`

mod ask;
mod books;
mod csv;

use super::{print_json, with_accounts};
use crate::CommandError;
use crate::channels::ChannelFiles;
use crate::cli::{Channel, ChannelFile, ChannelHistory, ChannelWhy, OneChannel, SettingArgs};
use crate::outside::SystemClock;
use crate::settings::Settings;
use serde_json::{Value as Json, json};
use vin_channel::{ChannelName, Facts};
use vin_service::Clock as _;
use vin_store::{ChannelChange, ChannelRow, Deed};

/// Manages channels.
pub fn run(command: Channel) -> Result<(), CommandError> {
    let state = |state| ChannelChange {
        state: Some(state),
        ..ChannelChange::default()
    };
    match command {
        Channel::List(args) => list(&args.settings),
        Channel::Add(args) => add(&args),
        Channel::Test(args) => ask::test(&args),
        Channel::Enable(args) => change(&args, state("enabled")),
        Channel::Disable(args) => change(&args, state("disabled")),
        Channel::Drain(args) => change(&args, state("draining")),
        Channel::Weight(args) => {
            let change_to = ChannelChange {
                weight: Some(args.weight),
                ..ChannelChange::default()
            };
            change(&args.channel, change_to)
        }
        Channel::Tier(args) => {
            let change_to = ChannelChange {
                tier: Some(args.tier),
                ..ChannelChange::default()
            };
            change(&args.channel, change_to)
        }
        Channel::Explain(args) => books::explain(&args),
        Channel::Unknown(args) => books::unknown(&args),
        Channel::History(args) => history(&args),
        Channel::Settle(args) => books::settle(&args),
        Channel::Csv(args) => csv::write(&args),
        Channel::Margin(args) => books::margin(&args),
        Channel::Learned(args) => books::learned(&args),
        Channel::Forget(args) => books::forget(&args),
    }
}

fn list(args: &SettingArgs) -> Result<(), CommandError> {
    let files = ChannelFiles::of(&Settings::load(args, None)?).definitions()?;
    let rows = with_accounts(args, async |accounts| {
        Ok(accounts.store().channels().await?)
    })?;
    for definition in &files {
        let facts = definition.facts();
        let row = rows.iter().find(|row| row.name == facts.name.as_str());
        print_json(&joined(shown(facts), said(row)))?;
    }
    // What was said about a channel whose file is gone, or lies on another machine.
    let is_here = |row: &&ChannelRow| {
        let mut names = files.iter().map(|file| file.facts().name);
        names.any(|name| name.as_str() == row.name)
    };
    for row in rows.iter().filter(|row| !is_here(row)) {
        let name = json!({ "channel": row.name, "file": false });
        print_json(&joined(name, said(Some(row))))?;
    }
    Ok(())
}

fn history(args: &ChannelHistory) -> Result<(), CommandError> {
    let changes = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let name = args.name.as_deref();
        Ok(store.channel_changes(name, args.limit).await?)
    })?;
    changes.iter().try_for_each(|row| {
        let change = json!({ "channel": row.name, "version": row.version });
        print_json(&joined(change, said(Some(row))))
    })
}

fn add(args: &ChannelFile) -> Result<(), CommandError> {
    let files = ChannelFiles::of(&Settings::load(&args.settings, None)?);
    let (name, _) = files.check(&args.file)?;
    let now = SystemClock::new().unix();
    let (row, path) = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let deed = deed(&args.why, now);
        if args.disabled {
            // Before the file is there, so that no server asks it in between.
            let disabled = ChannelChange {
                state: Some("disabled"),
                ..ChannelChange::default()
            };
            store.set_channel(name.as_str(), disabled, deed).await?;
        }
        let (name, path) = files.add(&args.file)?;
        // Servers look at the files again when something was said about a channel.
        let unchanged = ChannelChange::default();
        let row = store.set_channel(name.as_str(), unchanged, deed).await?;
        Ok((row, path))
    })?;
    let file = json!({ "channel": name.as_str(), "file": path.display().to_string() });
    print_json(&joined(file, said(Some(&row))))
}

fn change(args: &OneChannel, change: ChannelChange<'_>) -> Result<(), CommandError> {
    let name =
        ChannelName::parse(&args.name).map_err(|error| CommandError::Usage(error.to_string()))?;
    let settings = Settings::load(&args.settings, None)?;
    // A file that is wrong must not keep the operator from disabling it.
    let known = match ChannelFiles::of(&settings).definitions() {
        Ok(files) => files.iter().map(|file| file.facts().name).collect(),
        Err(_) => vec![name],
    };
    let now = SystemClock::new().unix();
    let row = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let said = store.channels().await?;
        if !known.contains(&name) && !said.iter().any(|row| row.name == name.as_str()) {
            return Err(no_channel(name, &known));
        }
        let deed = deed(&args.why, now);
        Ok(store.set_channel(name.as_str(), change, deed).await?)
    })?;
    print_json(&joined(json!({ "channel": row.name }), said(Some(&row))))
}

/// That there is no such channel, and which there are.
fn no_channel(name: ChannelName, known: &[ChannelName]) -> CommandError {
    let names: Vec<_> = known.iter().map(ChannelName::as_str).collect();
    let names = match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    };
    CommandError::Failed(format!("there is no channel {name}; there are: {names}"))
}

fn deed(why: &ChannelWhy, at: i64) -> Deed<'_> {
    Deed {
        at,
        reason: &why.reason,
        actor: &why.actor,
    }
}

/// What the file of a channel says of it.
fn shown(facts: &Facts) -> Json {
    let rate = facts
        .rate
        .map(|rate| json!({ "count": rate.count, "seconds": rate.per.as_secs_f64() }));
    json!({
        "channel": facts.name.as_str(),
        "title": facts.title,
        "per_call": yuan(facts.price.per_call.into()),
        "per_hit": yuan(facts.price.per_hit.into()),
        "idempotent": facts.idempotent,
        "timeout_ms": facts.timeout.as_millis() as u64,
        "rate": rate,
        "trust": facts.trust,
        "learns": facts.learns,
    })
}

/// What the operator said of a channel, or what holds while he said nothing.
fn said(row: Option<&ChannelRow>) -> Json {
    match row {
        None => json!({ "state": "enabled", "tier": 1, "weight": 100 }),
        Some(row) => json!({
            "state": row.state,
            "tier": row.tier,
            "weight": row.weight,
            "changed_at": row.changed_at,
            "reason": row.reason,
            "actor": row.actor,
        }),
    }
}

/// The members of both objects.
fn joined(mut one: Json, other: Json) -> Json {
    if let (Some(one), Json::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

/// 1/10000 yuan as yuan, exactly.
fn yuan(amount: i64) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let amount = amount.unsigned_abs();
    format!("{sign}{}.{:04}", amount / 10_000, amount % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_to_the_last_part_of_a_yuan() {
        for (amount, text) in [(0, "0.0000"), (12_345, "1.2345"), (-50, "-0.0050")] {
            assert_eq!(yuan(amount), text);
        }
    }
}
