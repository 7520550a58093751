//! `chejia channel test`: one real call.

use super::{no_channel, yuan};
use crate::CommandError;
use crate::channels::ChannelFiles;
use crate::cli::ChannelTest;
use crate::commands::{print_json, with_accounts};
use crate::outside::SystemClock;
use crate::settings::Settings;
use serde_json::{Map, Value as Json, json};
use vin_channel::route::End;
use vin_channel::{Outcome, Query};
use vin_core::field::FIELDS;
use vin_core::{Lang, Value, Vehicle};
use vin_service::{Clock as _, Node, OrderNumber, bill};
use vin_store::{ASKED, Attempt};

/// Asks a channel about a VIN, and records that it was a test.
pub fn test(args: &ChannelTest) -> Result<(), CommandError> {
    let settings = Settings::load(&args.settings, None)?;
    let node = Node::new(settings.node).ok_or_else(|| {
        CommandError::Usage(format!("node must be 0 to 999, not {}", settings.node))
    })?;
    let channels = ChannelFiles::of(&settings).load()?;
    let found = channels
        .iter()
        .find(|channel| channel.facts().name.as_str() == args.name);
    let Some(channel) = found else {
        let name = vin_channel::ChannelName::parse(&args.name)
            .map_err(|error| CommandError::Usage(error.to_string()))?;
        let known: Vec<_> = channels.iter().map(|one| one.facts().name).collect();
        return Err(no_channel(name, &known));
    };
    let facts = channel.facts();
    let clock = SystemClock::new();
    let query = Query {
        vin: args.vin,
        year: args.year,
        lang: Lang::Zh,
        today: clock.china_date(),
    };
    let (attempt, outcome) = with_accounts(&args.settings, async |accounts| {
        // A database that cannot be written costs no call, and no crash loses one.
        let store = accounts.store();
        let order = OrderNumber::reserve(store, node, query.today).await?;
        let lost = facts.lost();
        let asked = Attempt {
            order: order.number(),
            place: 1,
            at: clock.unix(),
            lot: None,
            channel: facts.name.as_str().to_owned(),
            kind: "test".into(),
            began_ms: 0,
            took_ms: 0,
            outcome: ASKED.into(),
            billed: bill(lost.billed),
            cost: lost.amount,
            detail: String::new(),
        };
        store.record_attempts(std::slice::from_ref(&asked)).await?;
        let began = clock.steady();
        let outcome = channel.ask(&query, facts.timeout).await;
        let took = clock.steady().saturating_sub(began);
        let cost = facts.cost(&outcome);
        let (end, detail) = End::of(&outcome);
        let attempt = Attempt {
            at: clock.unix(),
            took_ms: u32::try_from(took.as_millis()).unwrap_or(u32::MAX),
            outcome: end.name().into(),
            billed: bill(cost.billed),
            cost: cost.amount,
            detail,
            ..asked
        };
        store
            .record_attempts(std::slice::from_ref(&attempt))
            .await?;
        Ok((attempt, outcome))
    })?;
    let mut shown = json!({
        "order_no": format!("{:018}", attempt.order),
        "channel": attempt.channel,
        "outcome": attempt.outcome,
        "took_ms": attempt.took_ms,
        "billed": attempt.billed.name(),
        "cost": yuan(attempt.cost.into()),
        "detail": attempt.detail,
    });
    if let Outcome::Hit(found) = &outcome {
        let misfits = found.misfits.iter().map(|id| id.spec().path);
        shown["level"] = json!(found.level.name());
        shown["misfits"] = misfits.collect();
        shown["vehicle"] = fields(&found.vehicle);
    }
    print_json(&shown)?;
    match outcome {
        Outcome::Fault(fault) => Err(CommandError::Failed(format!(
            "{} did not answer: {fault}",
            facts.name
        ))),
        Outcome::Hit(_) | Outcome::NoRecord => Ok(()),
    }
}

/// The fields that are filled, by their paths.
fn fields(vehicle: &Vehicle<'_>) -> Json {
    let filled = FIELDS.iter().filter_map(|field| {
        let value = match vehicle.get(field.id) {
            Value::Unknown => return None,
            Value::Int(number) => json!(number),
            Value::Text(text) => json!(text),
            Value::Texts(texts) => json!(texts),
        };
        Some((field.path.to_owned(), value))
    });
    Json::Object(filled.collect::<Map<_, _>>())
}
