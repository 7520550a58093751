//! What was asked, what it cost and what it taught: `explain`, `unknown`, `settle`, `margin`,
//! `learned`, `forget`.

use super::yuan;
use crate::CommandError;
use crate::cli;
use crate::commands::package::deed;
use crate::commands::{print_json, with_accounts};
use crate::outside::SystemClock;
use serde_json::{Value as Json, json};
use vin_service::Clock as _;
use vin_store::{LoggedAttempt, Settlement, Settling};

/// Prints the call of an order and its route.
pub fn explain(args: &cli::ChannelExplain) -> Result<(), CommandError> {
    let order = args.order.number();
    let (call, attempts, settlements) = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let attempts = store.attempts(order).await?;
        Ok((
            store.call(order).await?,
            attempts,
            store.settlements(order).await?,
        ))
    })?;
    if call.is_none() && attempts.is_empty() {
        let text = format!("there is no order {} in the log of calls", args.order);
        return Err(CommandError::Failed(text));
    }
    if let Some(call) = call {
        print_json(&json!({
            "order_no": args.order.as_str(),
            "at": call.at,
            "vin": call.vin,
            "code": call.code,
            "level": call.level,
            "channel": call.channel,
            "charged": call.count,
        }))?;
    }
    attempts.iter().try_for_each(|logged| {
        let mut one = shown(logged);
        let place = i64::from(logged.attempt.place);
        let before = settlements.iter().filter(|said| said.place == place);
        let before: Vec<_> = before.map(settled).collect();
        // What holds is shown anyway.
        if before.len() > 1 {
            one["corrected"] = json!(before[..before.len() - 1]);
        }
        print_json(&one)
    })
}

/// Prints the attempts whose bill is unknown.
pub fn unknown(args: &cli::ChannelUnknown) -> Result<(), CommandError> {
    let attempts = with_accounts(&args.settings, async |accounts| {
        Ok(accounts.store().unknown_attempts(args.limit).await?)
    })?;
    attempts
        .iter()
        .map(shown)
        .try_for_each(|one| print_json(&one))
}

/// Settles one of them, or corrects that.
pub fn settle(args: &cli::ChannelSettle) -> Result<(), CommandError> {
    let now = SystemClock::new().unix();
    let (order, place) = (args.order.number(), i64::from(args.place));
    let billed = args.billed == cli::Bill::Yes;
    with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let deed = deed(&args.why, now);
        let settling = match args.correct {
            true => Settling::Correction,
            false => Settling::First,
        };
        let settled = store.settle_attempt(order, place, billed, settling, deed);
        Ok(settled.await?)
    })?;
    print_json(&json!({
        "order_no": args.order.as_str(),
        "place": place,
        "billed": if billed { "yes" } else { "no" },
    }))
}

/// Prints what channels cost and products brought, in yuan.
pub fn margin(args: &cli::ChannelMargin) -> Result<(), CommandError> {
    let (channels, products) = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let channels = store.channel_sums(args.month).await?;
        Ok((channels, store.product_sums(args.month).await?))
    })?;
    for sum in channels {
        print_json(&json!({
            "channel": sum.channel,
            "calls": sum.calls,
            "hits": sum.hits,
            "no_records": sum.no_records,
            "faults": sum.calls - sum.hits - sum.no_records,
            "billed": sum.billed,
            "cost": yuan(sum.cost),
            "unknown": sum.unknown,
            "unknown_cost": yuan(sum.unknown_cost),
        }))?;
    }
    for sum in products {
        print_json(&json!({
            "product": sum.product,
            "charged": sum.charged,
            "revenue": yuan(sum.revenue),
            "cost": yuan(sum.cost),
            "unknown_cost": yuan(sum.unknown_cost),
            "margin": yuan(sum.revenue - sum.cost),
        }))?;
    }
    Ok(())
}

/// Prints rules.
pub fn learned(args: &cli::ChannelLearned) -> Result<(), CommandError> {
    let rules = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        Ok(store.learned(args.name.as_deref(), args.all).await?)
    })?;
    for rule in rules {
        let fields = rule.fields.lines().filter_map(|line| line.split_once('\t'));
        let fields = fields.map(|(path, value)| (path.to_owned(), json!(value)));
        print_json(&json!({
            "build": rule.prefix,
            "channel": rule.channel,
            "lang": rule.lang,
            "state": rule.state,
            "answers": rule.answers,
            "first_at": rule.first_at,
            "last_at": rule.last_at,
            "why": rule.why,
            "fields": Json::Object(fields.collect()),
        }))?;
    }
    Ok(())
}

/// Forgets rules.
pub fn forget(args: &cli::ChannelForget) -> Result<(), CommandError> {
    let gone = with_accounts(&args.settings, async |accounts| {
        let store = accounts.store();
        let build = args.build.as_deref();
        Ok(store.forget_learned(&args.name, build).await?)
    })?;
    if gone == 0 {
        let text = format!("nothing like that was learned of {}", args.name);
        return Err(CommandError::Failed(text));
    }
    print_json(&json!({ "channel": args.name, "forgotten": gone }))
}

fn shown(logged: &LoggedAttempt) -> Json {
    let attempt = &logged.attempt;
    let mut shown = json!({
        "order_no": format!("{:018}", attempt.order),
        "place": attempt.place,
        "at": attempt.at,
        "channel": attempt.channel,
        "kind": attempt.kind,
        "began_ms": attempt.began_ms,
        "took_ms": attempt.took_ms,
        "outcome": attempt.outcome,
        "billed": attempt.billed.name(),
        "cost": yuan(attempt.cost.into()),
        "detail": attempt.detail,
    });
    if let Some(said) = &logged.settled {
        shown["settled"] = settled(said);
    }
    shown
}

fn settled(said: &Settlement) -> Json {
    json!({
        "number": said.number,
        "billed": if said.billed { "yes" } else { "no" },
        "at": said.at,
        "reason": said.reason,
        "actor": said.actor,
    })
}
