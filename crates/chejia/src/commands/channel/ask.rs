//! `chejia channel test`: one real call.

use super::{no_channel, yuan};
use crate::CommandError;
use crate::channels::ChannelFiles;
use crate::cli::ChannelTest;
use crate::commands::{print_json, with_accounts};
use crate::outside::SystemClock;
use crate::settings::Settings;
use serde_json::{Map, Value as Json, json};
use vin_channel::{Outcome, Query};
use vin_core::field::FIELDS;
use vin_core::{Lang, Value, Vehicle};
use vin_service::{Clock as _, Node, OrderNumber, Trial, try_out};

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
    let trial = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let order = OrderNumber::reserve(store, node, query.today).await?;
        Ok(try_out(store, &*clock, order, &**channel, &query).await?)
    })?;
    let Trial { attempt, outcome } = trial;
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
