//! The channels: how each is doing on this node, what it costs, and what is wanted of it.

use super::{actor, note};
use crate::context::Context;
use crate::format;
use crate::frame::Frame;
use crate::reply::{Problem, Reply, again, html, see};
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;
use vin_core::{FieldId, Vin};
use vin_service::people::{ChannelChange, ChannelRow, ChannelSum, Deed};
use vin_service::{ChannelState, Told};

/// How many changes are shown.
const CHANGES: u32 = 30;

#[derive(Template)]
#[template(path = "admin/channels.html")]
struct Channels {
    f: Frame,
    channels: Vec<Line>,
    sums: Vec<SumLine>,
    month: u32,
    changes: Vec<ChangeLine>,
    states: [(&'static str, &'static str); 3],
    /// What came of a test that was just made.
    tested: Option<Tested>,
    error: &'static str,
}

struct Line {
    name: String,
    title: String,
    mode: &'static str,
    mode_text: &'static str,
    tier: u32,
    weight: u32,
    breaker: &'static str,
    breaker_text: &'static str,
    calls: String,
    hits: String,
    mean: String,
    price: String,
    learns: bool,
}

/// A test of a channel.
struct Tested {
    name: String,
    order: String,
    outcome: String,
    took: String,
    billed: &'static str,
    cost: String,
    detail: String,
    car: String,
}

struct SumLine {
    name: String,
    calls: String,
    hits: String,
    billed: String,
    cost: String,
    unknown: String,
}

struct ChangeLine {
    at: String,
    name: String,
    state: String,
    tier: u32,
    weight: u32,
    reason: String,
    actor: String,
}

/// An amount in 1/10000 yuan.
fn yuan(amount: i64) -> String {
    format!("¥{}.{:04}", format::count(amount / 10_000), amount % 10_000)
}

fn states(cx: &Context) -> [(&'static str, &'static str); 3] {
    [
        ("enabled", cx.t("启用", "enabled")),
        ("draining", cx.t("排空", "draining")),
        ("disabled", cx.t("停用", "disabled")),
    ]
}

fn line(cx: &Context, channel: &ChannelState) -> Line {
    let tally = &channel.tally;
    let hits = tally.ends.get("hit").copied().unwrap_or(0);
    let mode = channel.mode.name();
    let named = states(cx).into_iter().find(|(name, _)| *name == mode);
    let breaker = channel.breaker.name();
    Line {
        name: channel.facts.name.as_str().to_owned(),
        title: channel.facts.title.clone(),
        mode,
        mode_text: named.map_or(mode, |(_, text)| text),
        tier: channel.tier,
        weight: channel.weight,
        breaker,
        breaker_text: match breaker {
            "closed" => cx.t("正常", "works"),
            "open" => cx.t("熔断中", "rests"),
            _ => cx.t("试探中", "being tried"),
        },
        calls: format::count(tally.calls.cast_signed()),
        hits: match tally.calls {
            0 => "—".to_owned(),
            calls => format!("{:.1} %", hits as f64 * 100.0 / calls as f64),
        },
        mean: match tally.calls {
            0 => "—".to_owned(),
            calls => format!("{:.0} ms", tally.total.as_secs_f64() * 1e3 / calls as f64),
        },
        price: yuan(channel.facts.price.most().into()),
        learns: channel.facts.learns,
    }
}

fn sum_line(sum: &ChannelSum) -> SumLine {
    SumLine {
        name: sum.channel.clone(),
        calls: format::count(sum.calls),
        hits: format::count(sum.hits),
        billed: format::count(sum.billed),
        cost: yuan(sum.cost),
        unknown: match sum.unknown {
            0 => "—".to_owned(),
            unknown => format!("{} ≤ {}", format::count(unknown), yuan(sum.unknown_cost)),
        },
    }
}

fn change_line(row: &ChannelRow) -> ChangeLine {
    ChangeLine {
        at: format::time(row.changed_at),
        name: row.name.clone(),
        state: row.state.clone(),
        tier: row.tier,
        weight: row.weight,
        reason: row.reason.clone(),
        actor: row.actor.clone(),
    }
}

pub async fn list(cx: Arc<Context>) -> Result<Reply, Problem> {
    html(&page(&cx, "").await?)
}

async fn page(cx: &Context, error: &'static str) -> Result<Channels, Problem> {
    let store = cx.accounts().store();
    let month = cx.app.today().number() / 100;
    let sums = store.channel_sums(month.into()).await?;
    let changes = store.channel_changes(None, CHANGES).await?;
    let said: HashMap<_, _> = store
        .channels()
        .await?
        .into_iter()
        .map(|row| (row.name.clone(), row))
        .collect();
    let channels = cx.service().channels();
    let with_wishes = |channel: &ChannelState| {
        let mut line = line(cx, channel);
        // What was wanted a moment ago holds before this node has followed.
        if let Some(row) = said.get(&line.name) {
            (line.tier, line.weight) = (row.tier, row.weight);
        }
        line
    };
    Ok(Channels {
        f: cx.frame("通道", "Channels"),
        channels: channels.iter().map(with_wishes).collect(),
        sums: sums.iter().map(sum_line).collect(),
        month,
        changes: changes.iter().map(change_line).collect(),
        states: states(cx),
        tested: None,
        error,
    })
}

/// Asks a channel about a VIN, which may cost money; the books hold it as a test.
pub async fn test(cx: Arc<Context>) -> Result<Reply, Problem> {
    cx.must_be_confirmed()?;
    let name = cx.param("name");
    let Ok(vin) = Vin::parse(cx.form.text("vin")) else {
        let error = cx.t("请输入 17 位车架号。", "Type a VIN of 17 characters.");
        return again(&page(&cx, error).await?);
    };
    if !cx.form.is_set("paid") {
        let error = cx.t(
            "测试是真实调用，可能产生费用，请勾选确认。",
            "A test is a real call and may cost money: tick the box.",
        );
        return again(&page(&cx, error).await?);
    }
    let trial = cx.service().test_channel(name, vin).await?;
    let trial = trial.ok_or(Problem::NotFound)?;
    let attempt = &trial.attempt;
    let order = format!("{:018}", attempt.order);
    let detail = format!(
        "order {order}: {}, {}",
        attempt.outcome,
        yuan(attempt.cost.into())
    );
    note(&cx, "channel.test", &format!("channel {name}"), &detail).await?;
    let mut page = page(&cx, "").await?;
    let car = match &trial.outcome {
        Told::Hit(found) => {
            let text = |field| found.vehicle.text(field);
            match text(FieldId::Name) {
                "" => [text(FieldId::Brand), text(FieldId::TypeName)].join(" "),
                name => name.to_owned(),
            }
        }
        Told::NoRecord | Told::Fault(_) => String::new(),
    };
    page.tested = Some(Tested {
        name: name.to_owned(),
        order,
        outcome: attempt.outcome.to_string(),
        took: format!("{} ms", attempt.took_ms),
        billed: attempt.billed.name(),
        cost: yuan(attempt.cost.into()),
        detail: attempt.detail.clone(),
        car,
    });
    html(&page)
}

pub async fn change(cx: Arc<Context>) -> Result<Reply, Problem> {
    let name = cx.param("name");
    let known = cx.service().channels();
    if !known
        .iter()
        .any(|channel| channel.facts.name.as_str() == name)
    {
        return Err(Problem::NotFound);
    }
    let form = &cx.form;
    let state = states(&cx)
        .into_iter()
        .find(|(name, _)| *name == form.get("state"));
    let tier = form.number::<u32>("tier").filter(|tier| *tier <= 99);
    let weight = form
        .number::<u32>("weight")
        .filter(|weight| *weight <= 10_000);
    let reason = form.text("reason");
    let (Some((state, _)), Some(tier), Some(weight), false) =
        (state, tier, weight, reason.is_empty())
    else {
        let error = cx.t(
            "层级为 0 至 99，权重为 0 至 10000，并须填写原因。",
            "A tier is 0 to 99, a weight 0 to 10000, and a reason is needed.",
        );
        return again(&page(&cx, error).await?);
    };
    let actor = actor(&cx)?;
    let wanted = ChannelChange {
        state: Some(state),
        tier: Some(tier),
        weight: Some(weight),
    };
    let deed = Deed {
        at: cx.accounts().now(),
        reason,
        actor: &actor,
    };
    cx.accounts()
        .store()
        .set_channel(name, wanted, deed)
        .await?;
    let detail = format!("{state}, tier {tier}, weight {weight}: {reason}");
    note(&cx, "channel.change", &format!("channel {name}"), &detail).await?;
    see("/admin/channels?done=channel")
}
